//! What the contestants are told: which flags to download, from where, and to where.

use std::cmp::min;
use std::path::Path;

use flags_common::countries::{ALL, MOST_POPULOUS, in_turn};
use flags_server::{CountryCode, FlagFile};

/// What a contestant is told.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    pub(crate) selection: &'a Selection,
    /// The base URL of the site, without a slash at its end.
    pub(crate) url: &'a str,
    pub(crate) destination: &'a Path,
    /// A file with the URL of each flag in a line of its own.
    pub(crate) list: &'a Path,
}

/// Which flags the contestants download: those of the most populous countries or, where
/// these are not enough, of all.
#[derive(Debug)]
pub(crate) struct Selection {
    flags: usize,
    is_all: bool,
    codes: &'static [CountryCode],
}

impl Selection {
    pub(crate) fn of(flags: usize) -> Self {
        let is_all = flags > MOST_POPULOUS.len();
        let codes = if is_all { &ALL[..] } else { &MOST_POPULOUS };
        Self { flags, is_all, codes }
    }

    /// How many flags, where one that is downloaded again counts again.
    pub(crate) fn flags(&self) -> usize {
        self.flags
    }

    /// Whether they are taken from all countries.
    pub(crate) fn is_all(&self) -> bool {
        self.is_all
    }

    /// How many of them are different.
    pub(crate) fn different(&self) -> usize {
        min(self.flags, self.codes.len())
    }

    /// How often the first of them is downloaded, which none is more often.
    pub(crate) fn copies(&self) -> usize {
        self.flags.div_ceil(self.codes.len())
    }

    /// The URL of each flag, as often as it is downloaded.
    pub(crate) fn urls(&self, base_url: &str) -> Vec<String> {
        let flags = in_turn(self.codes, self.flags);
        flags.map(|(code, _)| format!("{base_url}/{}", FlagFile::Image(code))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_url_is_listed_as_often_as_its_flag_is_downloaded() {
        let urls = |flags| Selection::of(flags).urls("http://site/flags");
        assert_eq!(
            urls(2),
            ["bd/bd", "br/br"].map(|flag| format!("http://site/flags/{flag}.gif"))
        );
        assert_eq!(urls(20)[19], "http://site/flags/vn/vn.gif");
        let all = urls(194);
        assert!(all[0].ends_with("/ad/ad.gif") && all[193].ends_with("/zw/zw.gif"));
        let more = urls(200);
        assert_eq!((more.len(), &more[194..]), (200, &all[..6]));
    }
}
