//! What the tests of this crate share.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use flags_server::CountryCode;
use http::StatusCode;

use crate::download::flag::Flag;
use crate::download::recorder::Recorder;
use crate::report::pictures::Pictures;
use crate::report::streams::{Screen, Streams, Style};
use crate::report::timeline::{Outcome, Stamps, Timeline};
use crate::report::waterfall::Waterfall;
use crate::report::worker::Worker;

/// A GIF image of one pixel.
pub(crate) const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

pub(crate) fn code(text: &str) -> CountryCode {
    CountryCode::new(text).unwrap()
}

/// What has been written, for a test to look at.
#[derive(Clone, Default)]
pub(crate) struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Two streams that end up on one page, as on a terminal.
pub(crate) fn screen(style: Style, page: &Page) -> Streams {
    Streams::new(page.clone(), page.clone(), Screen::Both, style)
}

/// The record of a run of this many flags, which shows what happens on a page.
pub(crate) fn recorder(flags: usize, style: Style, page: &Page) -> Arc<Recorder> {
    let folder = PathBuf::from("downloads");
    Arc::new(Recorder::new(flags, folder, screen(style, page), Pictures::default()))
}

/// A flag of that run.
pub(crate) fn flag(country: &str, recorder: &Arc<Recorder>) -> Flag {
    Flag::new(code(country), 1, "http://site/flags", Path::new(""), Arc::clone(recorder))
}

/// A flag in flight on this thread from the first to the second moment, which are in
/// milliseconds since `began`; its first byte arrives in the middle.
pub(crate) fn stamps(country: &str, began: Instant, (start, end): (u64, u64)) -> Stamps {
    let at = |milliseconds| began + Duration::from_millis(milliseconds);
    let this_thread = worker(1);
    Stamps {
        code: code(country),
        outcome: Outcome::Downloaded,
        error: None,
        is_reported: false,
        url: format!("http://site/flags/{country}"),
        started: Some((at(start), this_thread)),
        first_byte: Some((at(start.midpoint(end)), StatusCode::OK)),
        complete: Some((at(end), 2000)),
        ended: at(end),
        saver: Some((at(end), this_thread)),
    }
}

/// The thread of this number, of which the first is this one.
pub(crate) fn worker(number: usize) -> Worker {
    let id = match number {
        1 => thread::current().id(),
        // One that has come and gone: no other will have its id.
        _ => thread::spawn(|| thread::current().id()).join().unwrap(),
    };
    Worker { number, id }
}

/// A flag that the thread of this number has downloaded and saved.
pub(crate) fn by(number: usize, stamps: Stamps) -> Stamps {
    let worker = worker(number);
    Stamps {
        started: stamps.started.map(|(moment, _)| (moment, worker)),
        saver: stamps.saver.map(|(moment, _)| (moment, worker)),
        ..stamps
    }
}

/// The record of flags that were in flight in these spans of time.
pub(crate) fn timeline(flags: &[(&str, (u64, u64))]) -> Timeline {
    let mut timeline = Timeline::new();
    for &(country, span) in flags {
        timeline.add(stamps(country, timeline.began(), span));
    }
    timeline
}

/// A flag that was answered with this status.
pub(crate) fn lost(stamps: Stamps, outcome: Outcome, status: StatusCode) -> Stamps {
    Stamps {
        outcome,
        error: Some(status.to_string()),
        first_byte: Some((stamps.ended, status)),
        complete: None,
        saver: None,
        ..stamps
    }
}

/// Three flags on two threads; one of them was not found. The first bytes arrive in the
/// middle of the bars.
pub(crate) fn waterfall() -> Waterfall {
    let mut timeline = timeline(&[("BR", (0, 800)), ("CN", (800, 1000))]);
    let missing = by(2, stamps("ZZ", timeline.began(), (200, 600)));
    timeline.add(lost(missing, Outcome::NotFound, StatusCode::NOT_FOUND));
    let cpu_time = Some(Duration::from_millis(13));
    Waterfall::new(&timeline, 2, Duration::from_secs(1), cpu_time)
}
