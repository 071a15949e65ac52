//! How many flags may be in flight at once.

use std::cmp::min;

use super::command_line::Defaults;

/// The most flags that are downloaded at once from a site that is not on this machine,
/// unless more is asked for: a class must not turn into a denial of service.
const POLITE: usize = 30;

/// Open files that are not for flags: the standard streams, the event loops of client
/// and site, its listener, the pipe by which the handler of Ctrl-C is woken.
const RESERVED_FILES: u64 = 24;

/// What the number depends on.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances {
    /// How many flags there are to download.
    pub(crate) flags: usize,
    /// The number that `--max-req` gives.
    pub(crate) asked: Option<usize>,
    pub(crate) site_is_loopback: bool,
    pub(crate) site_is_embedded: bool,
    /// The process's limit of open files; `None` where there is no such limit.
    pub(crate) open_files: Option<u64>,
}

/// How many flags may be in flight at once, and what there is to say about it.
pub(crate) fn choose(
    defaults: &Defaults,
    circumstances: &Circumstances,
) -> (usize, Vec<String>) {
    let mut notices = Vec::new();
    let mut wanted = circumstances.asked.unwrap_or(defaults.concurrency);
    let default_is_impolite = circumstances.asked.is_none() && wanted > POLITE;
    if default_is_impolite && !circumstances.site_is_loopback {
        wanted = POLITE;
        notices.push(format!(
            "note: the site is not on this machine, so at most {POLITE} flags are \
             downloaded at once; --max-req asks for another number"
        ));
    }
    let wanted = min(wanted, circumstances.flags);
    // Each flag in flight holds a connection and, for a moment, a file; the embedded
    // site holds the other end of the connection.
    let files_each = if circumstances.site_is_embedded { 3 } else { 2 };
    let fitting = circumstances.open_files.map_or(u64::MAX, |limit| {
        (limit.saturating_sub(RESERVED_FILES) / files_each).max(1)
    });
    let fitting = usize::try_from(fitting).unwrap_or(usize::MAX);
    if fitting < wanted {
        notices.push(format!(
            "note: this system's limit of open files leaves room for {fitting} flags at \
             once instead of {wanted}; `ulimit -n` raises it"
        ));
    }
    (min(wanted, fitting), notices)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASYNC: Defaults = Defaults { flags: 20, concurrency: 1000 };

    const EVERY: Circumstances = Circumstances {
        flags: 676,
        asked: None,
        site_is_loopback: true,
        site_is_embedded: true,
        open_files: None,
    };

    #[test]
    fn it_is_never_more_than_there_are_flags() {
        let (concurrency, notices) = choose(&ASYNC, &EVERY);
        assert_eq!((concurrency, notices.len()), (676, 0));
    }

    #[test]
    fn what_is_asked_for_counts() {
        let asked = Circumstances { asked: Some(7), ..EVERY };
        assert_eq!(choose(&ASYNC, &asked), (7, vec![]));
    }

    #[test]
    fn a_distant_site_is_treated_politely_unless_more_is_asked_for() {
        let distant = Circumstances { site_is_loopback: false, ..EVERY };
        let (concurrency, notices) = choose(&ASYNC, &distant);
        assert_eq!(concurrency, 30);
        assert!(notices[0].contains("at most 30"), "{notices:?}");
        let asked = Circumstances { asked: Some(200), ..distant };
        assert_eq!(choose(&ASYNC, &asked), (200, vec![]));
    }

    #[test]
    fn a_low_limit_of_open_files_lowers_it_with_a_notice() {
        for (open_files, embedded, expected) in
            [(256, true, 77), (256, false, 116), (64, true, 13), (10, true, 1)]
        {
            let low = Circumstances {
                open_files: Some(open_files),
                site_is_embedded: embedded,
                ..EVERY
            };
            let (concurrency, notices) = choose(&ASYNC, &low);
            assert_eq!(concurrency, expected);
            assert!(notices[0].contains("limit of open files"), "{notices:?}");
        }
    }
}
