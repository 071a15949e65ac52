//! What a program says of a run at its end: what no site can see.

use flags_server::is_invisible;
use serde::{Deserialize, Serialize};

/// The longest text of a report, in bytes.
pub(crate) const LONGEST: usize = 256 * 1024;
/// How many threads it may tell of, and how many spans of work of each.
const THREADS: usize = 200;
const SPANS: usize = 2000;
/// The longest word for what a thread does, in characters.
const ROLE: usize = 40;
/// The longest time, in milliseconds: a week, which no run takes.
const WEEK: f64 = 7.0 * 24.0 * 60.0 * 60.0 * 1000.0;

/// A report that has been looked through, as the text of a JSON object on one line. It
/// stays text, which takes less memory than its numbers.
#[derive(Debug)]
pub(crate) struct Report(Box<str>);

impl Report {
    /// Reads a report; where it is none, says why.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let read: Read =
            serde_json::from_slice(text).map_err(|error| error.to_string())?;
        read.check()?;
        // Written anew, it has nothing that was not looked at.
        let text = serde_json::to_string(&read);
        Ok(Self(text.expect("it has only texts, numbers and lists").into()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

/// A report, with all times in milliseconds since the first URL of the run.
#[derive(Debug, Deserialize, Serialize)]
struct Read {
    /// When the run ended.
    elapsed: f64,
    /// How long processors worked for it, where the system tells.
    cpu: Option<f64>,
    threads: Vec<Thread>,
    /// Whether there was more than could be told.
    #[serde(default)]
    truncated: bool,
}

#[derive(Debug, Deserialize, Serialize)]
struct Thread {
    role: String,
    /// From when to when it worked.
    work: Vec<(f64, f64)>,
}

impl Read {
    fn check(&self) -> Result<(), String> {
        let is_time = |time: f64| (0.0..=WEEK).contains(&time);
        if !is_time(self.elapsed) || !self.cpu.is_none_or(is_time) {
            return Err("a time is negative, or longer than a week".to_owned());
        }
        if self.threads.len() > THREADS {
            return Err(format!("there are more than {THREADS} threads"));
        }
        for Thread { role, work } in &self.threads {
            if role.chars().count() > ROLE || role.contains(is_invisible) {
                return Err(format!("a role is no word of at most {ROLE} characters"));
            }
            if work.len() > SPANS {
                return Err(format!("a thread has more than {SPANS} spans of work"));
            }
            let mut before = 0.0;
            for &(start, end) in work {
                if !(before <= start && start <= end && is_time(end)) {
                    return Err("spans of work are not in their order".to_owned());
                }
                before = end;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(report: &Value) -> Result<Value, String> {
        let report = Report::parse(report.to_string().as_bytes())?;
        Ok(serde_json::from_str(report.text()).unwrap())
    }

    fn with_work(work: &Value) -> Value {
        let threads = json!([{"role": "downloads", "work": work}]);
        json!({"elapsed": 9, "cpu": 1.5, "threads": threads})
    }

    #[test]
    fn a_report_is_told_as_it_came() {
        let report = json!({
            "elapsed": 1302.1,
            "cpu": 13.2,
            "threads": [
                {"role": "downloads", "work": [[0.0, 0.3], [411.2, 411.9]]},
                {"role": "saves", "work": []},
            ],
            "truncated": true,
        });
        assert_eq!(parse(&report), Ok(report));
        let least = json!({"elapsed": 0.0, "cpu": null, "threads": []});
        let mut expected = least.clone();
        expected["truncated"] = false.into();
        assert_eq!(parse(&least), Ok(expected));
    }

    #[test]
    fn what_is_told_is_one_line_and_nothing_unknown() {
        let text = b"{\n\"elapsed\": 1, \"threads\": [],\r\n \"more\": \"<b>\"\n}";
        let report = Report::parse(text).unwrap();
        let expected = r#"{"elapsed":1.0,"cpu":null,"threads":[],"truncated":false}"#;
        assert_eq!(report.text(), expected);
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        let spans = |count: usize| with_work(&vec![[0, 0]; count].into());
        let threads = |count: usize| {
            let thread = json!({"role": "downloads", "work": []});
            json!({"elapsed": 1, "cpu": 1, "threads": vec![thread; count]})
        };
        assert!(parse(&spans(2000)).is_ok() && parse(&threads(200)).is_ok());
        let role =
            |role: &str| json!({"elapsed": 1, "threads": [{"role": role, "work": []}]});
        assert!(parse(&role(&"ä".repeat(40))).is_ok());
        for (report, reason) in [
            (json!({}), "missing field"),
            (json!([]), "expected"),
            (json!({"elapsed": "1", "threads": []}), "invalid type"),
            (json!({"elapsed": -1, "threads": []}), "negative"),
            (json!({"elapsed": 1e12, "threads": []}), "longer than a week"),
            (json!({"elapsed": 1, "cpu": -0.1, "threads": []}), "negative"),
            (threads(201), "more than 200 threads"),
            (spans(2001), "more than 2000 spans"),
            (with_work(&json!([[1, 0]])), "order"),
            (with_work(&json!([[2, 3], [1, 4]])), "order"),
            (with_work(&json!([[-1, 3]])), "order"),
            (with_work(&json!([[0, 1e12]])), "order"),
            (with_work(&json!([[0]])), "invalid length"),
            (role(&"ä".repeat(41)), "role"),
            (role("a\u{202e}b"), "role"),
        ] {
            let error = parse(&report).unwrap_err();
            assert!(error.contains(reason), "{report}: {error}");
        }
        for text in ["", "{", "\u{0}", r#"{"elapsed": 1, "elapsed": 1}"#] {
            assert!(Report::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
