//! Runs of one site and one address, and what is told of them.

use std::time::Duration;

use serde_json::Value;

use super::{Asked, Begun, Key, Outcome, Runs};

pub(super) const RUN: &str = "flags-async/0.1.0 (run 8f3a2c)";
pub(super) const OK: Outcome = Outcome::Answered { status: 200, delay: Duration::ZERO };
pub(super) const NOT_FOUND: Outcome =
    Outcome::Answered { status: 404, delay: Duration::ZERO };

/// The runs of one site and one address.
pub(super) struct Record {
    pub(super) runs: Runs,
}

impl Default for Record {
    fn default() -> Self {
        Self { runs: Runs::new(None) }
    }
}

impl Record {
    pub(super) fn begin(&mut self, agent: &str, path: &str, now: u64) -> Begun {
        let (site, address) = (&"BOOK".into(), [127, 0, 0, 1].into());
        let key = Key { site, address, agent: agent.as_bytes() };
        let asked = Asked { path, thread: None, name: b"" };
        self.runs.begin(&key, &asked, Duration::from_millis(now))
    }

    pub(super) fn end(&mut self, begun: Begun, outcome: Outcome, now: u64) {
        self.runs.end(begun, outcome, Duration::from_millis(now));
    }

    pub(super) fn told(&mut self) -> Value {
        let mut everything = self.runs.everything();
        let mut text = br#"{"runs":["#.to_vec();
        while let Some(piece) = everything.next_piece(&mut self.runs).unwrap() {
            text.extend(piece);
        }
        text.extend(b"]}");
        told(&text)
    }

    pub(super) fn changes(&mut self) -> Option<Value> {
        self.changes_at(0)
    }

    pub(super) fn changes_at(&mut self, now: u64) -> Option<Value> {
        self.runs.take_changes(Duration::from_millis(now)).as_deref().map(told)
    }

    /// The only run that there is.
    pub(super) fn run(&mut self) -> Value {
        let told = self.told();
        assert_eq!(told["runs"].as_array().unwrap().len(), 1);
        told["runs"][0].clone()
    }
}

fn told(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap()
}

pub(super) fn ids(told: &Value) -> Vec<u64> {
    let runs = told["runs"].as_array().unwrap();
    runs.iter().map(|run| run["id"].as_u64().unwrap()).collect()
}
