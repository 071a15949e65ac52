//! The run as an HTTP Archive, which the network panel of a browser's developer tools
//! imports (HAR 1.2).

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program;
use crate::report::timeline::{Stamps, Timeline};

/// The status of a flag whose answer did not come, or not as a whole, so that the site's
/// own status would not tell it. It is the one that Tornado's HTTP client uses for this,
/// and no site does. With 0, which browsers write, they show a failure as finished when
/// they read it again.
const NO_ANSWER: u16 = 599;

/// The whole file: an entry for each flag whose download has begun, in that order.
pub(crate) fn archive(timeline: &Timeline) -> String {
    let mut lanes = Lanes::default();
    let entries: Vec<_> = timeline
        .in_order_of_start()
        .into_iter()
        .filter_map(|stamps| {
            let (started, _) = stamps.started?;
            let lane = lanes.take(started, stamps.ended);
            Some(entry(timeline, stamps, started, lane))
        })
        .collect();
    let archive = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": program::name(), "version": env!("CARGO_PKG_VERSION") },
            "pages": [],
            "entries": entries,
        }
    });
    format!("{archive:#}\n")
}

fn entry(timeline: &Timeline, stamps: &Stamps, started: Instant, lane: usize) -> Value {
    let first_byte = stamps.waited_until();
    // What failed on the way was received up to its end.
    let complete = stamps.complete.map_or(stamps.ended, |(time, _)| time);
    let wait = milliseconds(first_byte - started);
    let receive = milliseconds(complete - first_byte);
    let started_at = humantime::format_rfc3339_millis(timeline.date(started));
    let bytes = stamps.complete.map(|(_, bytes)| bytes);
    let status = stamps.first_byte.map(|(_, status)| status);
    let answer = status.filter(|status| bytes.is_some() || !status.is_success());
    // What has no answer has an error, and the other way round an answer may have one.
    let reason =
        answer.map_or(stamps.error.as_deref(), |status| status.canonical_reason());
    let saved = match &stamps.error {
        Some(error) => error.clone(),
        None => format!(
            "saved {} ms after its last byte",
            milliseconds(stamps.ended - complete)
        ),
    };
    json!({
        "startedDateTime": started_at.to_string(),
        // Not the time from the start to the end, which may be another one when rounded.
        "time": wait + receive,
        "request": {
            "method": "GET",
            "url": stamps.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "queryString": [],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": answer.map_or(NO_ANSWER, |status| status.as_u16()),
            "statusText": reason.unwrap_or(""),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {
                "size": bytes.unwrap_or(0),
                "mimeType": if stamps.error.is_none() { "image/gif" } else { "" },
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": bytes.map_or(json!(-1), |bytes| json!(bytes)),
            // Where browsers write what went wrong.
            "_error": stamps.error,
        },
        "cache": {},
        "timings": {
            "send": 0,
            "wait": wait,
            "receive": receive,
        },
        "connection": lane.to_string(),
        "comment": saved,
    })
}

/// Lanes, in each of which one flag is in flight at a time: as many as there were flags
/// in flight at once. Each is known by when it is free again.
#[derive(Default)]
struct Lanes(Vec<Instant>);

impl Lanes {
    /// Takes the first lane that is free at `start` until `end`; returns its number,
    /// from 1 on.
    fn take(&mut self, start: Instant, end: Instant) -> usize {
        let lane = self.0.iter().position(|&free| free <= start);
        let lane = lane.unwrap_or_else(|| {
            self.0.push(end);
            self.0.len() - 1
        });
        self.0[lane] = end;
        lane + 1
    }
}

/// A time as archives give it, to the microsecond.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use boon::{Compiler, Schemas};
    use http::StatusCode;

    use super::*;
    use crate::report::timeline::Outcome;
    use crate::testing::{code, timeline};

    /// Two flags one after another and three beside them, which failed: one on the way,
    /// and one without any answer.
    fn example() -> Value {
        let mut timeline = timeline(&[("BR", (0, 800)), ("CN", (800, 1000))]);
        let first = timeline.in_order_of_start()[0];
        let teapot = Stamps {
            code: code("ZZ"),
            outcome: Outcome::Failed,
            error: Some("HTTP status 418 I'm a teapot".to_owned()),
            first_byte: first.first_byte.map(|(time, _)| (time, StatusCode::IM_A_TEAPOT)),
            complete: None,
            ended: first.waited_until(),
            ..first.clone()
        };
        // Its body came drop by drop, until its time was up.
        let drip = Stamps { complete: None, ..first.clone() };
        let error = Some("timed out".to_owned());
        let drip = Stamps { code: code("ZY"), outcome: Outcome::TimedOut, error, ..drip };
        let refused = Stamps { first_byte: None, ..drip.clone() };
        for stamps in [teapot, drip, refused] {
            timeline.add(stamps);
        }
        serde_json::from_str(&archive(&timeline)).unwrap()
    }

    #[test]
    fn it_follows_the_published_schema() {
        let mut compiler = Compiler::new();
        for (name, schema) in SCHEMA {
            let schema = serde_json::from_str(schema).unwrap();
            compiler.add_resource(&format!("http://har/{name}.json"), schema).unwrap();
        }
        let mut schemas = Schemas::new();
        let schema = compiler.compile("http://har/har.json", &mut schemas).unwrap();
        let mut archive = example();
        schemas.validate(&archive, schema).unwrap_or_else(|error| panic!("{error:#}"));
        // The schema does find what is wrong deep inside.
        archive["log"]["entries"][0]["timings"]["wait"] = json!("400 ms");
        assert!(schemas.validate(&archive, schema).is_err());
    }

    #[test]
    fn times_are_in_milliseconds_and_flags_in_flight_at_once_have_lanes_of_their_own() {
        let archive = example();
        let entries = archive["log"]["entries"].as_array().unwrap();
        let timings = |entry: &Value| {
            let timings = &entry["timings"];
            (timings["wait"].as_f64().unwrap(), timings["receive"].as_f64().unwrap())
        };
        assert!(entries.iter().map(timings).eq([
            (400.0, 400.0),
            (400.0, 0.0),
            (400.0, 400.0),
            (800.0, 0.0),
            (100.0, 100.0)
        ]));
        let lanes = entries.iter().map(|entry| entry["connection"].as_str().unwrap());
        assert!(lanes.eq(["1", "2", "3", "4", "1"]));
        let sums = entries.iter().map(|entry| entry["time"].as_f64().unwrap());
        assert!(sums.eq([800.0, 400.0, 800.0, 800.0, 200.0]));
    }

    #[test]
    fn what_has_no_whole_answer_is_a_failure_with_its_reason() {
        let archive = example();
        let entries = archive["log"]["entries"].as_array().unwrap();
        let response = |entry: &Value| {
            let response = &entry["response"];
            let [text, error] = ["statusText", "_error"].map(|key| response[key].clone());
            (response["status"].as_u64().unwrap(), text, error)
        };
        let teapot = "HTTP status 418 I'm a teapot";
        let expected = [
            (200, json!("OK"), Value::Null),
            (418, json!("I'm a teapot"), json!(teapot)),
            (599, json!("timed out"), json!("timed out")),
            (599, json!("timed out"), json!("timed out")),
            (200, json!("OK"), Value::Null),
        ];
        assert!(entries.iter().map(response).eq(expected));
    }

    #[test]
    fn dates_are_those_of_the_run() {
        let before = humantime::format_rfc3339_millis(std::time::SystemTime::now());
        let archive = example();
        let date = archive["log"]["entries"][0]["startedDateTime"].as_str().unwrap();
        assert!(before.to_string().as_str() <= date && date.ends_with('Z'), "{date}");
    }

    macro_rules! schema {
        ($($name:literal)*) => {
            [$((
                $name,
                include_str!(concat!("../../tests/har-schema/", $name, ".json")),
            )),*]
        };
    }

    /// That of the npm package har-schema 2.0.0, whose licence stands beside it.
    const SCHEMA: [(&str, &str); 18] = schema![
        "afterRequest" "beforeRequest" "browser" "cache" "content" "cookie" "creator"
        "entry" "har" "header" "log" "page" "pageTimings" "postData" "query" "request"
        "response" "timings"
    ];
}
