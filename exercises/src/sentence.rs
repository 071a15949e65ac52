//! What is said to the reader, in both languages of the course.

use std::str::FromStr;

/// A language of the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// The language of whoever sits at this computer: English unless that is Korean.
    #[must_use]
    pub fn of_this_computer() -> Self {
        let locale = sys_locale::get_locale().unwrap_or_default();
        let language = locale.split(['-', '_', '.']).next();
        if language == Some("ko") { Self::Korean } else { Self::English }
    }

    /// The folder in which its texts are: `en` or `ko`.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }
}

impl FromStr for Language {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "en" => Ok(Self::English),
            "ko" => Ok(Self::Korean),
            _ => Err("there are en and ko"),
        }
    }
}

/// One sentence, or a few, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    english: String,
    korean: String,
}

impl Sentence {
    /// A sentence that is `english` in the one language and `korean` in the other.
    #[must_use]
    pub fn new(english: impl Into<String>, korean: impl Into<String>) -> Self {
        Self { english: english.into(), korean: korean.into() }
    }

    /// Its text in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Korean => &self.korean,
        }
    }
}

/// A [`Sentence`] from two texts as `format!` takes them: first English, then Korean.
#[macro_export]
macro_rules! sentence {
    ($english:literal, $korean:literal $(,)?) => {
        $crate::sentence::Sentence::new(format!($english), format!($korean))
    };
}
