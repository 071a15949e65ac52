//! Where the files of a country lie on the site: the one place that knows the paths.

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

use crate::country_code::CountryCode;

/// A file that the path of a request can name, whether the site has it or not.
///
/// It is displayed, and written to JSON, as its path below the base URL of a site, such
/// as `br/br.gif`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlagFile {
    /// The image of a flag.
    Image(CountryCode),
    /// What there is to know of its country.
    Metadata(CountryCode),
}

impl FlagFile {
    /// How many files there can be.
    pub(crate) const COUNT: usize = 2 * CountryCode::COUNT;

    /// The place of the file in a list of all that there can be.
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Image(code) => code.index(),
            Self::Metadata(code) => CountryCode::COUNT + code.index(),
        }
    }

    /// The file that the path of a request names, such as `/flags/br/br.gif` or
    /// `/flags/br/metadata.json`; `None` where there never is one.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let (folder, file) = path.strip_prefix("/flags/")?.split_once('/')?;
        // Paths tell upper from lower case, and all of ours are in lower case.
        if folder.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let code = CountryCode::new(folder)?;
        match file.strip_suffix(".gif") {
            Some(name) if name == folder => Some(Self::Image(code)),
            _ if file == "metadata.json" => Some(Self::Metadata(code)),
            _ => None,
        }
    }

    /// Where the file is on the site at `base_url`, which has no slash at its end.
    #[must_use]
    pub fn url(self, base_url: &str) -> String {
        format!("{base_url}/{self}")
    }
}

impl Display for FlagFile {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(code) => {
                let code = code.lower_case();
                write!(formatter, "{code}/{code}.gif")
            }
            Self::Metadata(code) => {
                write!(formatter, "{}/metadata.json", code.lower_case())
            }
        }
    }
}

impl Serialize for FlagFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_at_its_own_path() {
        for code in CountryCode::every() {
            for file in [FlagFile::Image(code), FlagFile::Metadata(code)] {
                assert_eq!(FlagFile::at(&format!("/flags/{file}")), Some(file));
            }
        }
        let brazil = CountryCode::new("BR").unwrap();
        assert_eq!(FlagFile::Image(brazil).to_string(), "br/br.gif");
        assert_eq!(FlagFile::Metadata(brazil).to_string(), "br/metadata.json");
        let url = FlagFile::Image(brazil).url("http://site/flags");
        assert_eq!(url, "http://site/flags/br/br.gif");
    }

    #[test]
    fn every_file_has_an_index_of_its_own() {
        let images = CountryCode::every().map(FlagFile::Image);
        let files = images.chain(CountryCode::every().map(FlagFile::Metadata));
        assert!(files.map(FlagFile::index).eq(0..FlagFile::COUNT));
    }

    #[test]
    fn any_other_path_names_no_file() {
        for path in [
            "",
            "/flags",
            "/flags/",
            "/flags/br",
            "/flags/br/",
            "/flags/br/us.gif",
            "/flags/BR/BR.gif",
            "/flags/BR/metadata.json",
            "/flags/br/BR.gif",
            "/flags/br/br.gif/",
            "/flags/br/br.gif.gif",
            "/flags/br/.gif",
            "/flags/bra/bra.gif",
            "/flags/é/é.gif",
            "/flags//br/br.gif",
            "/br/br.gif",
        ] {
            assert_eq!(FlagFile::at(path), None, "{path}");
        }
    }
}
