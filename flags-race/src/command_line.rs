//! The command line of the race.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use clap::builder::ArgPredicate;
use flags_common::lead_to_one_file;
use flags_common::values::number;
use flags_server::Latency;

use crate::contestant::{Contestant, Ours};
use crate::distance::Distance;
use crate::race::Race;
use crate::template::Template;

/// The seed unless another is given. Without any, each flag would have another delay in
/// each run, and the one that was only lucky could not be told from the faster one.
const DEFAULT_SEED: u64 = 2477;

/// The site tells of so many requests one by one, and of more only sums.
const MOST_DRAWN: usize = 1000;

/// Races the downloaders against each other
///
/// Each of them downloads the same flags from the same site, in several rounds. The
/// delays of the site are shorter the more flags there are, such that to download them
/// one after another takes about 9 seconds, or 3 with --quick.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80)]
pub(crate) struct Arguments {
    /// How many flags are downloaded in a run; each number has its own runs
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "20,194,600")]
    #[arg(default_value_ifs = [("picture", ArgPredicate::IsPresent, "20"),
                               ("replay", ArgPredicate::IsPresent, "20")])]
    #[arg(value_parser = number(1_usize, 10_000, 194))]
    sizes: Vec<usize>,

    /// The delay of every answer instead: 50ms, or exp:50ms (exponential, by its mean)
    #[arg(long, value_name = "TIME")]
    latency: Option<Latency>,

    /// How often each program runs with each number of flags [default: 5, or 1 if quick]
    #[arg(long, value_name = "N", value_parser = number(1_u16, None, 5))]
    rounds: Option<u16>,

    /// Which of our programs take part: seq, pool, async, or pool:5 for five at once
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    #[arg(default_value = "seq,pool,async")]
    styles: Vec<Ours>,

    /// Let the site draw other delays
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_SEED)]
    #[arg(value_parser = number(0_u64, None, DEFAULT_SEED))]
    seed: u64,

    /// Take less than 20 seconds: one round with shorter delays
    #[arg(long)]
    quick: bool,

    /// Race another program too, for which {url}, {dest} and {list} are filled in
    ///
    /// The command is run by the shell of the system. {url} is the address of the site
    /// without a slash at its end, below which br/br.gif is the flag of Brazil; {list} is
    /// a file with the URL of each flag in a line; {dest} is the folder where the flags
    /// have to be in the end, under any names. To race several, give it several times.
    #[arg(long, value_name = "COMMAND")]
    vs: Vec<Template>,

    /// Draw the result to this file, or to standard output for -
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) chart: Option<PathBuf>,

    /// Draw who waits for what, and who works, in one run of each program
    ///
    /// There is one round then, with 20 flags unless --sizes has another number.
    #[arg(long, value_name = "FILE.svg", conflicts_with = "rounds")]
    pub(crate) picture: Option<PathBuf>,

    /// Draw the same as a picture that moves, at the speed of the runs
    #[arg(long, value_name = "FILE.svg", conflicts_with = "rounds")]
    pub(crate) replay: Option<PathBuf>,

    /// Write all runs and the result to this file, for programs; - is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

impl Arguments {
    /// The race that is asked for.
    pub(crate) fn race(&self) -> Race {
        let is_short = self.quick || self.draws_runs();
        Race {
            contestants: self.contestants(),
            distances: self.distances(),
            rounds: self.rounds.unwrap_or(if is_short { 1 } else { 5 }).into(),
            seed: self.seed,
            scaled_to: self.latency.is_none().then(|| self.total()),
        }
    }

    /// What is wrong with the options together, if anything is.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let files = [&self.json, &self.chart, &self.picture, &self.replay];
        let files: Vec<&PathBuf> = files.into_iter().flatten().collect();
        let is_taken = |number: usize| {
            files[..number].iter().any(|other| lead_to_one_file(other, files[number]))
        };
        if (0..files.len()).any(is_taken) {
            return Some("--json, --chart, --picture and --replay need a file each");
        }
        let sizes = &self.sizes;
        if self.draws_runs()
            && (sizes.len() > 1 || sizes.iter().any(|&size| size > MOST_DRAWN))
        {
            return Some("--picture and --replay take one number of flags, at most 1000");
        }
        None
    }

    /// Whether single runs are drawn.
    fn draws_runs(&self) -> bool {
        self.picture.is_some() || self.replay.is_some()
    }

    /// The distances, the shortest first and each only once.
    fn distances(&self) -> Vec<Distance> {
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.dedup();
        let distance = |flags| match self.latency {
            Some(latency) => Distance { flags, latency },
            None => Distance::scaled(flags, self.total()),
        };
        sizes.into_iter().map(distance).collect()
    }

    /// About how long the delays of one run are together, unless one latency is asked
    /// for.
    fn total(&self) -> Duration {
        Duration::from_secs(if self.quick { 3 } else { 9 })
    }

    /// All who take part, each style only once.
    fn contestants(&self) -> Vec<Contestant> {
        let mut styles = self.styles.clone();
        let mut seen = Vec::new();
        styles.retain(|style| {
            let is_new = !seen.contains(style);
            seen.push(*style);
            is_new
        });
        Contestant::all(&styles, &self.vs)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments, String> {
        let words = ["flags-race"].iter().chain(words);
        Arguments::try_parse_from(words).map_err(|error| error.to_string())
    }

    fn race(words: &[&str]) -> Race {
        parse(words).unwrap().race()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn sizes_and_styles_are_taken_once() {
        let race = race(&["--sizes", "30,20,30", "--styles", "async,seq,async"]);
        let sizes: Vec<usize> =
            race.distances.iter().map(|distance| distance.flags).collect();
        assert_eq!(sizes, [20, 30]);
        let names: Vec<&str> =
            race.contestants.iter().map(|contestant| &*contestant.name).collect();
        assert_eq!(names, ["async", "seq"]);
    }

    #[test]
    fn quick_is_one_round_of_short_delays_unless_more_is_asked_for() {
        assert_eq!(race(&[]).rounds, 5);
        let quick = race(&["--quick"]);
        assert_eq!((quick.rounds, quick.runs()), (1, 9));
        let more = race(&["--quick", "--rounds", "3"]);
        assert_eq!((more.rounds, more.runs()), (3, 27));
        assert_eq!(more.distances[0].mean(), Duration::from_millis(150));
        let latency = race(&["--latency", "50ms"]);
        assert_eq!(latency.scaled_to, None);
        assert_eq!(latency.distances[2].mean(), Duration::from_millis(50));
    }

    #[test]
    fn a_picture_is_of_one_round_of_20_flags_unless_another_number_is_asked_for() {
        for option in ["--picture", "--replay"] {
            let race = race(&[option, "a.svg"]);
            assert_eq!((race.rounds, race.distances.len()), (1, 1));
            assert_eq!(race.distances[0].flags, 20);
        }
        let race = race(&["--picture", "a.svg", "--sizes", "194"]);
        assert_eq!(race.distances[0].flags, 194);
        assert!(parse(&["--picture", "a.svg", "--rounds", "3"]).is_err());
    }

    #[test]
    fn what_cannot_be_done_together_is_named() {
        let contradiction = |words: &[&str]| parse(words).unwrap().contradiction();
        let picture = ["--picture", "a.svg"];
        for more in [["--sizes", "20,194"], ["--sizes", "1001"]] {
            let words = [picture, more].concat();
            assert!(contradiction(&words).unwrap().contains("one number of flags"));
        }
        for more in [["--replay", "a.svg"], ["--json", "a.svg"], ["--chart", "./a.svg"]] {
            let words = [picture, more].concat();
            assert!(contradiction(&words).unwrap().contains("a file each"));
        }
        let words = [picture, ["--replay", "b.svg"], ["--sizes", "1000"]].concat();
        assert_eq!(contradiction(&words), None);
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (option, wrong, allowed) in [
            ("--sizes", "0", "from 1 to 10000"),
            ("--sizes", "10001", "from 1 to 10000"),
            ("--latency", "fast", "exp:359ms"),
            ("--rounds", "0", "from 1 on"),
            ("--styles", "fibre", "seq, pool, async"),
            ("--styles", "seq:3", "one flag at a time"),
            ("--styles", "pool:0", "from 1 to 1000"),
            ("--styles", "async:1001", "from 1 to 1000"),
            ("--seed", "x", "--seed"),
            ("--vs", "curl {url}", "{dest} is needed"),
            ("--vs", "curl {dest}", "{url} is needed"),
        ] {
            let error = parse(&[option, wrong]).unwrap_err();
            assert!(error.contains(&format!("'{wrong}'")) || error.contains(wrong));
            assert!(error.contains(allowed), "{option} {wrong}: {error}");
        }
    }
}
