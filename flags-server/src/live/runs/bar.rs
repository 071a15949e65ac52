//! One request as a bar, and what is written on it.

use flags_server::{FlagFile, countries};
use serde::{Serialize, Serializer};

use super::client::cut;
use super::milliseconds::Milliseconds;

/// What is shown of a path, in characters.
const PATH: usize = 40;

/// One request, with times since the start of its run.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    pub(super) number: usize,
    pub(super) lane: u32,
    pub(super) label: Label,
    /// Which thread of the client sent it, where it says so.
    pub(super) thread: Option<u16>,
    /// The picture of a flag, once it was answered with one.
    pub(super) flag: Option<FlagFile>,
    pub(super) start: Milliseconds,
    pub(super) end: Option<Milliseconds>,
    pub(super) status: Option<u16>,
    #[serde(skip)]
    pub(super) is_changed: bool,
}

impl Bar {
    pub(super) fn begin(
        number: usize,
        lane: u32,
        label: Label,
        thread: Option<u16>,
        start: Milliseconds,
    ) -> Self {
        let (flag, end, status) = (None, None, None);
        Self { number, lane, label, thread, flag, start, end, status, is_changed: true }
    }

    /// Without a `status` the client has given up.
    pub(super) fn end(&mut self, end: Milliseconds, status: Option<u16>) {
        self.is_changed = true;
        self.end = Some(end);
        self.status = status;
        self.flag = if status == Some(200) { self.label.picture() } else { None };
    }
}

/// What a request asked for. Texts of their own are only for what is not on the site.
#[derive(Debug, PartialEq)]
pub(super) enum Label {
    File(FlagFile),
    Other(Box<str>),
}

impl Label {
    pub(super) fn new(file: Option<FlagFile>, path: &str) -> Self {
        match file {
            Some(file) => Self::File(file),
            None => Self::Other(cut(path, PATH).into()),
        }
    }

    /// The picture that a bar with this label can show.
    fn picture(&self) -> Option<FlagFile> {
        match *self {
            Self::File(file @ FlagFile::Image(code)) => {
                countries::find(code).is_some().then_some(file)
            }
            _ => None,
        }
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::File(FlagFile::Image(code)) => serializer.collect_str(code),
            Self::File(FlagFile::Metadata(code)) => {
                serializer.collect_str(&format_args!("{code} metadata"))
            }
            Self::Other(text) => serializer.serialize_str(text),
        }
    }
}
