//! One line per request, for those who want to watch.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::Response;

use crate::connections::Connection;
use crate::invisible::is_invisible;
use crate::site::Delay;

/// How many lines may wait to be written.
const WAITING: usize = 1000;
/// How long they may take at the end of the program.
const PATIENCE: Duration = Duration::from_millis(500);

/// Writes a line to stderr for every request.
///
/// A thread of its own writes them, since a terminal that is stopped, or a pager that
/// shows its first page, takes no more, and would stop all who write to it. As long as
/// that lasts, lines are left out, and then it says how many.
#[derive(Debug)]
pub struct RequestLog {
    pen: Pen,
    ended: Receiver<()>,
}

/// What a site needs in order to write lines.
#[derive(Debug, Clone)]
struct Pen {
    lines: SyncSender<String>,
    left_out: Arc<AtomicU64>,
}

impl RequestLog {
    /// Starts the thread that writes.
    ///
    /// # Errors
    ///
    /// What the system says when it has no thread left.
    pub fn start() -> io::Result<Self> {
        Self::to(io::stderr())
    }

    fn to(mut output: impl Write + Send + 'static) -> io::Result<Self> {
        let (lines, written) = mpsc::sync_channel::<String>(WAITING);
        let (end, ended) = mpsc::sync_channel(0);
        let left_out = Arc::new(AtomicU64::new(0));
        let pen = Pen { lines, left_out: Arc::clone(&left_out) };
        let write = move || {
            // Nobody may be there to read it, which must not stop the site.
            for line in written {
                let _ = output.write_all(line.as_bytes());
                let missing = left_out.swap(0, Ordering::Relaxed);
                if missing > 0 {
                    let _ = writeln!(output, "({missing} lines are left out)");
                }
            }
            drop(end);
        };
        thread::Builder::new().name("request-log".to_owned()).spawn(write)?;
        Ok(Self { pen, ended })
    }

    /// Adds a line for every request to `app`: client, method, path, status, bytes and
    /// delay. The client's address comes from [`serve`](crate::serve).
    pub fn log(&self, app: Router) -> Router {
        let pen = self.pen.clone();
        app.layer(middleware::from_fn_with_state(pen, line_for))
    }

    /// Waits until all is written, but not for a terminal that is stopped. All sites have
    /// to be gone before, as each could write more.
    pub fn finish(self) {
        drop(self.pen);
        // Nothing is sent; it is over when the other end is dropped.
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

async fn line_for(
    State(pen): State<Pen>,
    ConnectInfo(Connection { client, .. }): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let is_head = request.method() == Method::HEAD;
    let path = escaped(request.uri().path());
    let mut line = Line {
        request: format!("{client} {} {path}", request.method()),
        outcome: "was not answered".to_owned(),
        pen,
    };
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let bytes = if is_head { 0 } else { response.body().size_hint().lower() };
    let delay = response.extensions().get().map_or(0.0, |Delay(time)| time.as_secs_f64());
    line.outcome = format!("{status} {bytes} bytes after {delay:.3}s");
    response
}

/// A path as one can read it, and as it can do nothing to a terminal. What is control in
/// ASCII is refused in a request, but there is more.
fn escaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for character in path.chars() {
        if is_invisible(character) {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
    }
    text
}

/// Written when it is dropped, which happens to every request, even to one that is not
/// run to its end because the client went away.
struct Line {
    request: String,
    outcome: String,
    pen: Pen,
}

impl Drop for Line {
    fn drop(&mut self) {
        // In one piece, so that lines of two threads do not mix.
        let line = format!("{} {}\n", self.request, self.outcome);
        if self.pen.lines.try_send(line).is_err() {
            self.pen.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::Sender;

    use super::*;

    /// A terminal that takes each line only when it is told to.
    struct Stopped {
        turns: Mutex<Receiver<()>>,
        text: Sender<u8>,
    }

    impl Write for Stopped {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // At the end of the test it goes on by itself.
            let _ = self.turns.lock().unwrap().recv();
            for &byte in bytes {
                self.text.send(byte).unwrap();
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_terminal_that_is_stopped_stops_nobody_and_learns_what_it_has_missed() {
        let (go_on, turns) = mpsc::channel();
        let (text, written) = mpsc::channel();
        let log = RequestLog::to(Stopped { turns: Mutex::new(turns), text }).unwrap();
        for number in 0..5000 {
            let request = format!("{number}");
            let (outcome, pen) = ("200".to_owned(), log.pen.clone());
            drop(Line { request, outcome, pen });
        }
        drop(go_on);
        log.finish();
        let text: Vec<u8> = written.iter().collect();
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("0 200\n"), "{text}");
        let lines = text.lines().filter(|line| line.ends_with(" 200")).count();
        let missing = text
            .lines()
            .filter_map(|line| {
                line.strip_prefix('(')?.split(' ').next()?.parse::<usize>().ok()
            })
            .sum::<usize>();
        assert!((WAITING..=WAITING + 1).contains(&lines), "{lines}");
        assert_eq!(lines + missing, 5000);
    }

    #[test]
    fn nothing_in_a_path_steers_a_terminal_or_turns_the_direction() {
        assert_eq!(escaped("/flags/br/br.gif"), "/flags/br/br.gif");
        assert_eq!(escaped("/국기/ä\u{1f600}"), "/국기/ä\u{1f600}");
        assert_eq!(escaped("/a\u{9b}31m\u{2028}b"), "/a\\u{9b}31m\\u{2028}b");
        assert_eq!(escaped("/\u{202e}fig.rb\u{2066}"), "/\\u{202e}fig.rb\\u{2066}");
        assert_eq!(escaped("/\u{85}"), "/\\u{85}");
    }
}
