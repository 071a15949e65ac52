//! One run of one contestant, and whether it counts.

use std::time::Duration;

use crate::binaries::Binaries;
use crate::measure::{Measured, measure};
use crate::race::{Pairing, Race};
use crate::task::Selection;

/// What happened in one run.
#[derive(Debug)]
pub(crate) struct Run {
    /// Counted from 1.
    pub(crate) round: usize,
    pub(crate) pairing: Pairing,
    pub(crate) outcome: Result<Measured, Failure>,
}

/// Why a run does not count, however fast it was.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: String,
    /// `None` when it could not even be begun.
    pub(crate) measured: Option<Measured>,
}

/// Lets the contestant of a pairing go over its distance once. Meanwhile `look` is called
/// now and then with the time that has passed.
///
/// Whatever goes wrong is the failure of this run alone: the others may go well.
pub(crate) fn run(
    race: &Race,
    pairing: Pairing,
    round: usize,
    binaries: &Binaries,
    look: impl FnMut(Duration),
) -> Run {
    let (contestant, distance) = (race.contestant(pairing), race.distance(pairing));
    let files = contestant.files(&Selection::of(distance.flags));
    let outcome = match measure(binaries, contestant, distance, race.seed, look) {
        Ok(measured) => match loss(&measured, distance.flags, files) {
            None => Ok(measured),
            Some(reason) => Err(Failure { reason, measured: Some(measured) }),
        },
        Err(error) => Err(Failure { reason: error.to_string(), measured: None }),
    };
    Run { round, pairing, outcome }
}

/// What is missing in a run; `None` when nothing is.
///
/// The site must have answered well as often as there are `flags`, and `files` images
/// must have been saved.
fn loss(measured: &Measured, flags: usize, files: usize) -> Option<String> {
    let Measured { status, saved, .. } = *measured;
    let flags = flags as u64;
    // What the program says itself comes first: it explains more than what is missing.
    if !status.success() {
        return Some(match &measured.last_words {
            Some(words) => format!("{status}: {words}"),
            None => status.to_string(),
        });
    }
    let seen = match &measured.seen {
        Ok(seen) => seen,
        Err(error) => return Some(error.to_string()),
    };
    if saved < files {
        Some(format!("only {saved} of {files} flags were saved"))
    } else if seen.good() < flags {
        Some(format!("the site gave only {} of {flags} flags", seen.good()))
    } else if seen.failed > 0 {
        Some(format!("the site saw {} requests fail", seen.failed))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::Seen;
    use crate::site::SiteError;
    use crate::testing::{ended_with, measured};

    fn of_three(saved: usize, answered: u64, failed: u64) -> Option<String> {
        let seen = Seen { requests: answered, answered, failed, ..Seen::default() };
        loss(&Measured { saved, seen: Ok(seen), ..measured(0.1) }, 3, 3)
    }

    #[test]
    fn a_run_counts_when_every_flag_was_given_and_saved() {
        assert_eq!(of_three(3, 3, 0), None);
        // One who asks twice has all flags in the end.
        assert_eq!(of_three(3, 4, 0), None);
    }

    #[test]
    fn a_run_that_lost_something_does_not_count() {
        for (saved, answered, failed, expected) in [
            (2, 3, 0, "only 2 of 3 flags were saved"),
            (3, 2, 0, "the site gave only 2 of 3 flags"),
            (3, 3, 1, "the site gave only 2 of 3 flags"),
            (3, 4, 1, "the site saw 1 requests fail"),
        ] {
            let lost = of_three(saved, answered, failed);
            assert_eq!(lost.as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_a_program_says_of_its_end_comes_first() {
        let status = ended_with(3);
        let silent = Measured { status, saved: 0, ..measured(0.1) };
        assert_eq!(loss(&silent, 20, 20), Some(status.to_string()));
        let last_words = Some("error: no disk".to_owned());
        let seen = Err(SiteError::StillInFlight);
        let silent_site = Measured { last_words, seen, ..silent };
        let expected = format!("{status}: error: no disk");
        assert_eq!(loss(&silent_site, 20, 20), Some(expected));
        let well = Measured { status: ended_with(0), ..silent_site };
        assert!(loss(&well, 20, 20).unwrap().contains("still has requests in flight"));
    }
}
