//! What a run tells the site at its end, for the page on which the site shows all runs:
//! what only the program itself knows, its threads and the time that they worked.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use http::Uri;
use serde_json::json;

use crate::program;
use crate::report::timeline::Timeline;
use crate::report::work::{self, Role, ThreadWork};

/// The longest that the end of a run waits for the site to take the report.
const PATIENCE: Duration = Duration::from_millis(500);

/// How much of a long run is told: this many threads, spans a thread, and spans in all,
/// each of which takes some 20 bytes of the 256 KiB that a site takes.
const MOST_THREADS: usize = 200;
const MOST_SPANS: usize = 2_000;
const MOST_SPANS_IN_ALL: usize = 10_000;

/// The site that a report goes to.
#[derive(Debug)]
pub(crate) struct LiveReport {
    /// Where the site listens.
    host: String,
    port: u16,
    /// How its URL names both.
    authority: String,
}

impl LiveReport {
    /// The report to the site at this URL. `None` where it speaks https, which
    /// `flags-server` does not, and for which a few lines would not be enough.
    pub(crate) fn to(base_url: &str) -> Option<Self> {
        let url: Uri = base_url.parse().ok()?;
        if url.scheme_str() != Some("http") {
            return None;
        }
        // An IPv6 address stands in brackets in a URL, and nowhere else.
        let host = url.host()?.trim_matches(['[', ']']).to_owned();
        let authority = url.authority()?.as_str();
        // What stands before an `@` is for the client only.
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let port = url.port_u16().unwrap_or(80);
        Some(Self { host, port, authority: authority.to_owned() })
    }

    /// Sends a report, and waits for the answer, whatever it is. Nothing depends on it,
    /// so no error is told, and after half a second nobody waits any more.
    ///
    /// It goes straight to the site, past any proxy: whoever shows runs to a class is in
    /// the same network.
    pub(crate) fn send(&self, report: &str) {
        let request = format!(
            "POST /live/report HTTP/1.1\r\nhost: {}\r\nuser-agent: {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{report}",
            self.authority,
            program::user_agent(),
            report.len()
        );
        let address = (self.host.clone(), self.port);
        let (done, ended) = mpsc::channel();
        let exchange = move || -> io::Result<()> {
            // Dropped at the end, however it comes, which is what ends the wait.
            let _done = done;
            let mut site = TcpStream::connect(address)?;
            site.write_all(request.as_bytes())?;
            // A site may drop a request whose sender has gone.
            site.read_exact(&mut [0])
        };
        // On a thread of its own, because to look up a name and to connect to it may take
        // minutes. The end of the program ends it.
        let thread = thread::Builder::new().spawn(|| {
            let _ = exchange();
        });
        if thread.is_ok() {
            let _: Result<(), _> = ended.recv_timeout(PATIENCE);
        }
    }
}

/// The report on a run, from its first URL to its end.
pub(crate) fn report(
    timeline: &Timeline,
    (began, ended): (Instant, Instant),
    cpu: Option<Duration>,
) -> String {
    let threads = work::threads(timeline);
    let most = (MOST_SPANS_IN_ALL / threads.len().clamp(1, MOST_THREADS)).min(MOST_SPANS);
    let is_long = |thread: &ThreadWork| thread.spans.len() > most;
    let truncated = threads.len() > MOST_THREADS
        || threads.values().any(is_long)
        || timeline.every() > 1;
    let since = |moment: Instant| milliseconds(moment.saturating_duration_since(began));
    let thread = |thread: &ThreadWork| {
        let spans = thread.spans.iter().take(most);
        let role = match thread.role {
            Role::Downloads => "downloads",
            Role::Saves => "saves",
        };
        let work: Vec<_> = spans.map(|&(from, to)| [since(from), since(to)]).collect();
        json!({ "role": role, "work": work })
    };
    let threads: Vec<_> = threads.values().take(MOST_THREADS).map(thread).collect();
    let mut report = json!({ "elapsed": since(ended), "threads": threads });
    if let Some(cpu) = cpu {
        report["cpu"] = milliseconds(cpu).into();
    }
    if truncated {
        report["truncated"] = true.into();
    }
    report.to_string()
}

/// To a hundredth, which is less than a thread needs to be woken.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 1e2
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use serde_json::Value;

    use super::*;
    use crate::testing::{by, stamps, timeline};

    fn listener() -> (TcpListener, LiveReport) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/flags", listener.local_addr().unwrap());
        (listener, LiveReport::to(&url).unwrap())
    }

    #[test]
    fn a_report_has_times_since_the_first_url_and_a_role_for_each_thread() {
        let timeline = timeline(&[("BR", (100, 300)), ("CN", (300, 400))]);
        let first = timeline.began() + Duration::from_millis(100);
        let end = first + Duration::from_micros(300_126);
        let cpu = Some(Duration::from_micros(13_204));
        let report: Value =
            serde_json::from_str(&report(&timeline, (first, end), cpu)).unwrap();
        assert_eq!(report["elapsed"], 300.13);
        assert_eq!(report["cpu"], 13.2);
        let threads = json!([
            { "role": "downloads", "work": [[0.0, 0.0], [100.0, 200.0], [250.0, 300.0]] }
        ]);
        assert_eq!(report["threads"], threads);
        assert!(report.get("truncated").is_none(), "{report}");
    }

    #[test]
    fn of_a_long_run_the_first_spans_are_told_in_256_kib() {
        let mut timeline = Timeline::new();
        let began = timeline.began();
        for flag in 0..2_100 {
            for thread in 1..=4 {
                timeline.add(by(thread, stamps("BR", began, (flag * 7, flag * 7 + 1))));
            }
        }
        let text = report(&timeline, (began, Instant::now()), None);
        assert!(text.len() <= 256 << 10, "{}", text.len());
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["truncated"], true);
        let threads = report["threads"].as_array().unwrap();
        let spans = |thread: &Value| thread["work"].as_array().unwrap().len();
        assert!(threads.iter().map(spans).eq([2_000; 4]));
        assert_eq!(threads[0]["work"][1], json!([7.0, 8.0]));
    }

    #[test]
    fn a_report_goes_to_the_root_of_an_http_site_and_nowhere_else() {
        let (listener, site) = listener();
        let page = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 1024];
            while !request.ends_with(b"{}") {
                let length = stream.read(&mut buffer).unwrap();
                assert!(length > 0, "{request:?}");
                request.extend_from_slice(&buffer[..length]);
            }
            write!(stream, "HTTP/1.1 204 No Content\r\n\r\n").unwrap();
            String::from_utf8(request).unwrap()
        });
        site.send("{}");
        let request = page.join().unwrap();
        assert!(request.starts_with("POST /live/report HTTP/1.1\r\n"), "{request}");
        let agent = format!("\r\nuser-agent: {}\r\n", program::user_agent());
        assert!(request.contains(&agent), "{request}");

        assert!(LiveReport::to("https://www.fluentpython.com/data/flags").is_none());
        let site = LiveReport::to("http://me:secret@[::1]:8003/flags").unwrap();
        assert_eq!(
            (&*site.host, site.port, &*site.authority),
            ("::1", 8003, "[::1]:8003")
        );
    }

    #[test]
    fn a_site_that_takes_no_report_holds_nobody_up() {
        let (listener, silent) = listener();
        let began = Instant::now();
        silent.send("{}");
        drop(listener);
        silent.send("{}");
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
