//! Which runs there were, and what happened in each of them.
//!
//! Nothing here knows a clock or a lock: every moment is given, as the time since the
//! server started, so that tests decide what time it is.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use flags_server::{Card, Deck, FlagFile, countries};
use serde::{Serialize, Serializer};

/// How many runs are kept. A class of 30 fits, and the memory has a bound.
const RUNS: usize = 50;
/// How many requests of a run are kept one by one. All 676 codes fit; a load test does
/// not, and of that only the numbers are told.
const BARS: usize = 1000;
/// How long a client without a run in its name has to do nothing before its next
/// request begins a new run. A person who starts the same command again takes longer,
/// and no profile keeps a client waiting between two requests.
const PAUSE: Duration = Duration::from_secs(5);
/// What is shown of a client's name and of a path, in characters.
const CLIENT: usize = 80;
const LABEL: usize = 40;

/// The latest runs, the oldest first. Their ids have no gaps.
#[derive(Debug, Clone)]
pub(crate) struct Runs {
    /// What every run deals its cards from.
    seed: Option<u64>,
    latest: VecDeque<Run>,
    next_id: u64,
    /// The oldest run that a reader of the changes can know.
    oldest_told: u64,
}

/// What makes two requests belong to the same run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key<'a> {
    pub(crate) site: &'a Arc<str>,
    pub(crate) address: IpAddr,
    pub(crate) agent: &'a [u8],
}

/// A request that has begun, to be handed in when it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Begun {
    run: u64,
    at: Duration,
    /// The index of its bar, for those that have one.
    bar: Option<usize>,
    /// What its run has dealt it.
    pub(crate) card: Card,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    /// With this status, after the site had held it back for so long.
    Answered { status: u16, delay: Duration },
    /// The client went away before there was an answer.
    GivenUp,
}

#[derive(Debug, Clone)]
struct Run {
    agent: Box<[u8]>,
    numbers: Numbers,
    bars: Vec<Bar>,
    deck: Deck,
    free_lanes: BinaryHeap<Reverse<u32>>,
    lanes: u32,
    is_changed: bool,
}

/// What is told of a run, but for its bars.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    id: u64,
    site: Arc<str>,
    client: String,
    run: Option<String>,
    address: IpAddr,
    started: Milliseconds,
    ended: Option<Milliseconds>,
    requests: u64,
    answered: u64,
    failed: u64,
    not_found: u64,
    in_flight: u64,
    largest_in_flight: u64,
    longest_delay: Milliseconds,
    sum_of_times: Milliseconds,
}

#[derive(Debug, Clone, Serialize)]
struct Bar {
    number: usize,
    lane: u32,
    label: Label,
    flag: Option<FlagFile>,
    start: Milliseconds,
    end: Option<Milliseconds>,
    status: Option<u16>,
    #[serde(skip)]
    is_changed: bool,
}

/// What a request asked for. Texts of their own are only for what is not on the site,
/// so that a copy of 50,000 bars is a copy of bytes.
#[derive(Debug, Clone, PartialEq)]
enum Label {
    File(FlagFile),
    Other(Arc<str>),
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Milliseconds(Duration);

impl Runs {
    /// Every run gets a deck of its own with this `seed`, so that runs can be compared:
    /// the one that is the fastest was not only lucky.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self { seed, latest: VecDeque::new(), next_id: 0, oldest_told: 0 }
    }

    pub(crate) fn begin(&mut self, key: &Key, path: &str, now: Duration) -> Begun {
        let index = self.index_for(key, now);
        let run = &mut self.latest[index];
        run.is_changed = true;
        let numbers = &mut run.numbers;
        numbers.requests += 1;
        numbers.in_flight += 1;
        numbers.largest_in_flight = numbers.largest_in_flight.max(numbers.in_flight);
        let id = numbers.id;
        let file = FlagFile::at(path);
        let card = run.deck.deal(file);
        let has_bar = run.bars.len() < BARS;
        let bar = has_bar.then(|| run.begin_bar(Label::new(file, path), now));
        Begun { run: id, at: now, bar, card }
    }

    /// Nothing happens where the run is not kept any more.
    pub(crate) fn end(&mut self, begun: Begun, outcome: Outcome, now: Duration) {
        let Some(oldest) = self.latest.front().map(|run| run.numbers.id) else { return };
        let Some(index) = begun.run.checked_sub(oldest) else { return };
        let run = &mut self.latest[usize::try_from(index).expect("there are few runs")];
        run.is_changed = true;
        let numbers = &mut run.numbers;
        numbers.ended = Some(Milliseconds(now));
        numbers.answered += 1;
        numbers.in_flight -= 1;
        numbers.sum_of_times.0 += now.saturating_sub(begun.at);
        match outcome {
            Outcome::Answered { status, delay } => {
                // That there is no such flag is an answer, and no failure of the site.
                numbers.not_found += u64::from(status == 404);
                numbers.failed += u64::from(status >= 400 && status != 404);
                numbers.longest_delay.0 = numbers.longest_delay.0.max(delay);
            }
            Outcome::GivenUp => numbers.failed += 1,
        }
        if let Some(bar) = begun.bar {
            run.end_bar(bar, outcome, now);
        }
    }

    /// Forgets all runs. Requests that are in flight are then ended in vain.
    pub(crate) fn clear(&mut self) {
        self.latest.clear();
        self.forget_changes();
    }

    /// What changed up to now is no change any more.
    pub(crate) fn forget_changes(&mut self) {
        self.oldest_told = self.oldest();
        for run in &mut self.latest {
            if std::mem::take(&mut run.is_changed) {
                run.bars.iter_mut().for_each(|bar| bar.is_changed = false);
            }
        }
    }

    /// Everything, as JSON.
    pub(crate) fn everything(&self, sites: &impl Serialize, now: Duration) -> String {
        let runs = self.latest.iter().map(|run| run.tell(run.bars.iter().collect()));
        json(&Told {
            now: Milliseconds(now),
            sites: Some(sites),
            runs: runs.collect(),
            removed: Vec::new(),
        })
    }

    /// What changed since the last call, as JSON, if anything did.
    pub(crate) fn take_changes(&mut self, now: Duration) -> Option<String> {
        let changed = self.latest.iter().filter(|run| run.is_changed);
        let runs: Vec<_> = changed
            .map(|run| run.tell(run.bars.iter().filter(|bar| bar.is_changed).collect()))
            .collect();
        let removed: Vec<_> = (self.oldest_told..self.oldest()).collect();
        if runs.is_empty() && removed.is_empty() {
            return None;
        }
        let text =
            json(&Told::<()> { now: Milliseconds(now), sites: None, runs, removed });
        self.forget_changes();
        Some(text)
    }

    /// The id of the oldest run, or of the next where there is none.
    fn oldest(&self) -> u64 {
        self.latest.front().map_or(self.next_id, |run| run.numbers.id)
    }

    /// The place of the run that a request belongs to, which may begin with it.
    fn index_for(&mut self, key: &Key, now: Duration) -> usize {
        // From the newest on: with few runs this is faster than a table of them, and
        // where a client has two runs, the newer is the one to go on.
        let latest = self.latest.iter().rposition(|run| run.has(key));
        if let Some(index) = latest.filter(|&index| self.latest[index].goes_on(now)) {
            return index;
        }
        if self.latest.len() == RUNS {
            self.latest.pop_front();
        }
        self.latest.push_back(Run::new(self.next_id, key, Deck::new(self.seed), now));
        self.next_id += 1;
        self.latest.len() - 1
    }
}

impl Run {
    fn new(id: u64, key: &Key, deck: Deck, now: Duration) -> Self {
        let agent = String::from_utf8_lossy(key.agent);
        let (client, run) = match split_agent(&agent) {
            Some((client, run)) => (client, Some(run.to_owned())),
            None => (&*agent, None),
        };
        let numbers = Numbers {
            id,
            site: Arc::clone(key.site),
            client: cut(client, CLIENT),
            run,
            address: key.address,
            started: Milliseconds(now),
            ended: None,
            requests: 0,
            answered: 0,
            failed: 0,
            not_found: 0,
            in_flight: 0,
            largest_in_flight: 0,
            longest_delay: Milliseconds::default(),
            sum_of_times: Milliseconds::default(),
        };
        Self {
            agent: key.agent.into(),
            numbers,
            bars: Vec::new(),
            deck,
            free_lanes: BinaryHeap::new(),
            lanes: 0,
            is_changed: true,
        }
    }

    fn has(&self, key: &Key) -> bool {
        // The agent first, since that is where most of them differ.
        *self.agent == *key.agent
            && self.numbers.address == key.address
            && self.numbers.site == *key.site
    }

    /// Whether a request of the same client that arrives now belongs to this run.
    fn goes_on(&self, now: Duration) -> bool {
        let Numbers { run, in_flight, ended, .. } = &self.numbers;
        run.is_some()
            || *in_flight > 0
            || ended.is_none_or(|ended| now.saturating_sub(ended.0) < PAUSE)
    }

    fn begin_bar(&mut self, label: Label, now: Duration) -> usize {
        let lane = self.free_lanes.pop().map_or(self.lanes, |Reverse(lane)| lane);
        self.lanes = self.lanes.max(lane + 1);
        let number = self.bars.len();
        self.bars.push(Bar {
            number,
            lane,
            label,
            flag: None,
            start: self.since_start(now),
            end: None,
            status: None,
            is_changed: true,
        });
        number
    }

    fn end_bar(&mut self, number: usize, outcome: Outcome, now: Duration) {
        let end = self.since_start(now);
        let bar = &mut self.bars[number];
        bar.is_changed = true;
        bar.end = Some(end);
        if let Outcome::Answered { status, .. } = outcome {
            bar.status = Some(status);
            bar.flag = if status == 200 { bar.label.picture() } else { None };
        }
        self.free_lanes.push(Reverse(bar.lane));
    }

    fn since_start(&self, now: Duration) -> Milliseconds {
        Milliseconds(now.saturating_sub(self.numbers.started.0))
    }

    fn tell<'a>(&'a self, bars: Vec<&'a Bar>) -> ToldRun<'a> {
        ToldRun { numbers: &self.numbers, bars }
    }
}

impl Label {
    fn new(file: Option<FlagFile>, path: &str) -> Self {
        match file {
            Some(file) => Self::File(file),
            None => Self::Other(cut(path, LABEL).into()),
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

/// To the microsecond, which no screen can show and no network can keep.
impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(clippy::cast_precision_loss, reason = "exact for 285 years")]
        serializer.serialize_f64(self.0.as_micros() as f64 / 1000.0)
    }
}

#[derive(Serialize)]
struct Told<'a, S> {
    now: Milliseconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    sites: Option<&'a S>,
    runs: Vec<ToldRun<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed: Vec<u64>,
}

#[derive(Serialize)]
struct ToldRun<'a> {
    #[serde(flatten)]
    numbers: &'a Numbers,
    bars: Vec<&'a Bar>,
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has only texts, numbers and lists")
}

/// Takes `flags-async/0.1.0 (run 8f3a2c)` apart. The downloaders give every run such a
/// name of its own; a text that is longer is no run but a part of the client's name.
fn split_agent(agent: &str) -> Option<(&str, &str)> {
    let (client, run) = agent.strip_suffix(')')?.rsplit_once("(run ")?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric();
    let is_run = (1..=16).contains(&run.len()) && run.bytes().all(is_name);
    is_run.then_some((client.trim_end(), run))
}

/// At most so many characters of a text, the last of which says that there were more.
fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fastrand::Rng;
    use serde_json::Value;

    use super::*;

    const RUN: &str = "flags-async/0.1.0 (run 8f3a2c)";
    const OK: Outcome = Outcome::Answered { status: 200, delay: Duration::ZERO };
    const NOT_FOUND: Outcome = Outcome::Answered { status: 404, delay: Duration::ZERO };

    /// The runs of one site and one address.
    struct Record {
        runs: Runs,
    }

    impl Default for Record {
        fn default() -> Self {
            Self { runs: Runs::new(None) }
        }
    }

    impl Record {
        fn begin(&mut self, agent: &str, path: &str, now: u64) -> Begun {
            let (site, address) = (&"BOOK".into(), [127, 0, 0, 1].into());
            let key = Key { site, address, agent: agent.as_bytes() };
            self.runs.begin(&key, path, Duration::from_millis(now))
        }

        fn end(&mut self, begun: Begun, outcome: Outcome, now: u64) {
            self.runs.end(begun, outcome, Duration::from_millis(now));
        }

        fn told(&self) -> Value {
            told(&self.runs.everything(&[(); 0], Duration::ZERO))
        }

        fn changes(&mut self) -> Option<Value> {
            self.runs.take_changes(Duration::ZERO).as_deref().map(told)
        }

        /// The only run that there is.
        fn run(&self) -> Value {
            let told = self.told();
            assert_eq!(told["runs"].as_array().unwrap().len(), 1);
            told["runs"][0].clone()
        }
    }

    fn told(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    fn ids(told: &Value) -> Vec<u64> {
        let runs = told["runs"].as_array().unwrap();
        runs.iter().map(|run| run["id"].as_u64().unwrap()).collect()
    }

    #[test]
    fn a_run_is_told_as_the_page_expects_it() {
        let mut record = Record::default();
        let first = record.begin(RUN, "/flags/br/br.gif", 1000);
        let second = record.begin(RUN, "/flags/br/metadata.json", 1001);
        let delay = Duration::from_micros(7500);
        record.end(first, Outcome::Answered { status: 200, delay }, 1008);
        record.end(second, Outcome::GivenUp, 1010);
        record.begin(RUN, "/flags/zz/zz.gif", 1012);
        let expected = serde_json::json!({
            "id": 0, "site": "BOOK", "client": "flags-async/0.1.0", "run": "8f3a2c",
            "address": "127.0.0.1", "started": 1000.0, "ended": 1010.0,
            "requests": 3, "answered": 2, "failed": 1, "notFound": 0,
            "inFlight": 1, "largestInFlight": 2,
            "longestDelay": 7.5, "sumOfTimes": 17.0,
            "bars": [
                {"number": 0, "lane": 0, "label": "BR", "flag": "br/br.gif",
                 "start": 0.0, "end": 8.0, "status": 200},
                {"number": 1, "lane": 1, "label": "BR metadata", "flag": null,
                 "start": 1.0, "end": 10.0, "status": null},
                {"number": 2, "lane": 0, "label": "ZZ", "flag": null,
                 "start": 12.0, "end": null, "status": null},
            ],
        });
        assert_eq!(record.run(), expected);
        assert_eq!(record.told()["removed"], Value::Null);
    }

    #[test]
    fn a_run_is_one_site_one_address_and_one_agent() {
        let mut runs = Runs::new(None);
        let mut begin = |site: &str, address: [u8; 4], agent: &str| {
            let (site, address) = (&site.into(), address.into());
            let key = Key { site, address, agent: agent.as_bytes() };
            runs.begin(&key, "/flags/br/br.gif", Duration::ZERO).run
        };
        let here = [127, 0, 0, 1];
        assert_eq!(begin("BOOK", here, "curl/8"), 0);
        assert_eq!(begin("LOCAL", here, "curl/8"), 1);
        assert_eq!(begin("BOOK", [10, 0, 0, 1], "curl/8"), 2);
        assert_eq!(begin("BOOK", here, "curl/9"), 3);
        assert_eq!(begin("BOOK", here, ""), 4);
        for (site, address, agent, run) in [
            ("BOOK", here, "curl/8", 0),
            ("LOCAL", here, "curl/8", 1),
            ("BOOK", [10, 0, 0, 1], "curl/8", 2),
            ("BOOK", here, "curl/9", 3),
            ("BOOK", here, "", 4),
        ] {
            assert_eq!(begin(site, address, agent), run);
        }
    }

    #[test]
    fn every_run_deals_from_a_deck_of_its_own() {
        let mut record = Record { runs: Runs::new(Some(1)) };
        let mut cards = |agent| {
            ["/flags/br/br.gif", "/flags/br/br.gif", "/flags/us/us.gif", "/flags/one"]
                .map(|path| record.begin(agent, path, 0).card)
        };
        let dealt = cards(RUN);
        assert_eq!(dealt, cards("a (run 2)"));
        assert_eq!(dealt, cards("curl/8"));
        assert_ne!(dealt, cards("curl/8"), "it goes on where it was");
        assert_ne!(dealt[0], dealt[1]);
    }

    #[test]
    fn after_a_pause_a_client_without_a_run_begins_another() {
        let mut record = Record::default();
        let long = record.begin("curl/8", "/flags/br/br.gif", 0);
        // As long as anything is in flight there is no pause.
        let short = record.begin("curl/8", "/flags/br/br.gif", 60_000);
        record.end(short, OK, 60_001);
        let short = record.begin("curl/8", "/flags/br/br.gif", 69_000);
        record.end(short, OK, 69_001);
        record.end(long, OK, 70_000);
        assert_eq!(record.begin("curl/8", "/flags/br/br.gif", 74_999).run, 0);
        assert_eq!(record.runs.latest.len(), 1);

        let mut record = Record::default();
        for (now, run) in [(0, 0), (4_999, 0), (10_000, 1), (15_000, 2), (15_001, 2)] {
            let begun = record.begin("curl/8", "/flags/br/br.gif", now);
            assert_eq!(begun.run, run, "{now}");
            record.end(begun, OK, now);
        }
        // A client that names its run is believed.
        for now in [20_000, 90_000] {
            let begun = record.begin(RUN, "/flags/br/br.gif", now);
            assert_eq!(begun.run, 3);
            record.end(begun, OK, now);
        }
    }

    #[test]
    fn a_bar_takes_the_lowest_lane_that_is_free() {
        let mut record = Record::default();
        let mut begun: Vec<_> = (0..3).map(|now| record.begin(RUN, "/", now)).collect();
        let (third, second, first) =
            (begun.pop().unwrap(), begun.pop().unwrap(), begun.pop().unwrap());
        record.end(third, OK, 3);
        record.end(first, OK, 4);
        record.begin(RUN, "/", 5);
        record.begin(RUN, "/", 6);
        record.begin(RUN, "/", 7);
        record.end(second, Outcome::GivenUp, 8);
        record.begin(RUN, "/", 9);
        let run = record.run();
        let lanes = run["bars"].as_array().unwrap().iter().map(|bar| &bar["lane"]);
        assert!(lanes.eq(&[0, 1, 2, 0, 2, 3, 1]), "{run}");
        assert_eq!(run["largestInFlight"], 4);
    }

    #[test]
    fn only_what_is_no_answer_has_failed() {
        for (status, failed, not_found) in
            [(200, 0, 0), (404, 0, 1), (400, 1, 0), (405, 1, 0), (418, 1, 0), (500, 1, 0)]
        {
            let mut record = Record::default();
            let begun = record.begin(RUN, "/flags/br/br.gif", 0);
            record.end(begun, Outcome::Answered { status, delay: Duration::ZERO }, 1);
            let run = record.run();
            assert_eq!(
                (&run["failed"], &run["notFound"]),
                (&failed.into(), &not_found.into())
            );
            assert_eq!(run["answered"], 1);
            let has_picture = run["bars"][0]["flag"] == "br/br.gif";
            assert_eq!(has_picture, status == 200, "{status}");
        }
    }

    #[test]
    fn an_agent_is_taken_apart_only_where_it_ends_with_a_run() {
        for (agent, expected) in [
            ("flags-async/0.1.0 (run 8f3a2c)", Some(("flags-async/0.1.0", "8f3a2c"))),
            ("a (run 1) (run 2)", Some(("a (run 1)", "2"))),
            ("(run 8f3a2c)", Some(("", "8f3a2c"))),
            ("flags-async/0.1.0", None),
            ("a (run )", None),
            ("a (run 8f3a2c) b", None),
            ("a (run <b>)", None),
            ("a (run 0123456789abcdef0)", None),
            ("a (X11; Linux)", None),
            ("", None),
        ] {
            assert_eq!(split_agent(agent), expected, "{agent}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_and_still_tells_runs_apart() {
        let mut record = Record::default();
        let long = "ä".repeat(100);
        record.begin(&long, &format!("/flags/{long}"), 0);
        let run = record.run();
        let client = run["client"].as_str().unwrap();
        assert_eq!(client.chars().count(), 80);
        assert!(client.ends_with("ä…"));
        let label = run["bars"][0]["label"].as_str().unwrap();
        assert_eq!(label.chars().count(), 40);
        assert!(label.starts_with("/flags/ä") && label.ends_with("ä…"));
        assert_eq!(record.begin(&format!("{long}x"), "/", 0).run, 1);
        assert_eq!(record.begin(&long, "/", 0).run, 0);
        let exactly = "x".repeat(80);
        assert_eq!(cut(&exactly, 80), exactly);
    }

    #[test]
    fn an_agent_that_is_no_text_is_shown_as_far_as_it_is() {
        let mut runs = Runs::new(None);
        let (site, address) = (&"BOOK".into(), [127, 0, 0, 1].into());
        for agent in [&b"a\xff"[..], b"a\xfe"] {
            runs.begin(&Key { site, address, agent }, "/", Duration::ZERO);
        }
        let told = told(&runs.everything(&(), Duration::ZERO));
        assert_eq!(told["runs"][0]["client"], "a\u{fffd}");
        assert_eq!(ids(&told), [0, 1]);
    }

    #[test]
    fn of_a_long_run_only_the_numbers_are_told() {
        let mut record = Record::default();
        for number in 0..100_000 {
            let begun = record.begin(RUN, "/flags/br/br.gif", 0);
            let outcome = if number % 4 == 0 { NOT_FOUND } else { OK };
            record.end(begun, outcome, 1);
        }
        let run = &record.runs.latest[0];
        assert_eq!((run.bars.len(), run.lanes, run.free_lanes.len()), (BARS, 1, 1));
        let run = record.run();
        assert_eq!(run["bars"].as_array().unwrap().len(), BARS);
        assert_eq!(
            (&run["requests"], &run["answered"]),
            (&100_000.into(), &100_000.into())
        );
        assert_eq!((&run["failed"], &run["notFound"]), (&0.into(), &25_000.into()));
        assert_eq!(run["sumOfTimes"], 100_000.0);
        // From here on a change is as short as for a run without bars.
        record.changes();
        let begun = record.begin(RUN, "/flags/br/br.gif", 0);
        record.end(begun, OK, 1);
        let changes = record.changes().unwrap();
        assert_eq!(changes["runs"][0]["bars"], serde_json::json!([]));
        assert_eq!(changes["runs"][0]["requests"], 100_001);
    }

    #[test]
    fn of_many_runs_the_latest_are_kept() {
        let mut record = Record::default();
        let first = record.begin("agent 0", "/", 0);
        record.changes();
        for number in 1..1_000 {
            let begun = record.begin(&format!("agent {number}"), "/", 0);
            record.end(begun, OK, 0);
        }
        assert_eq!(record.runs.latest.len(), RUNS);
        assert!(record.runs.latest.capacity() <= 2 * RUNS);
        assert!(ids(&record.told()).into_iter().eq(950..1_000));
        let changes = record.changes().unwrap();
        assert_eq!(changes["removed"].as_array().unwrap().len(), 950);
        // It was in flight all the time, and its run is gone.
        record.end(first, OK, 0);
        assert_eq!(record.changes(), None);
    }

    #[test]
    fn what_was_told_is_not_told_again() {
        let mut record = Record::default();
        assert_eq!(record.changes(), None);
        let first = record.begin(RUN, "/flags/br/br.gif", 0);
        let second = record.begin(RUN, "/flags/us/us.gif", 0);
        record.begin("another", "/", 0);
        assert_eq!(ids(&record.changes().unwrap()), [0, 1]);
        assert_eq!(record.changes(), None);
        record.end(second, OK, 1);
        let changes = record.changes().unwrap();
        assert_eq!(ids(&changes), [0]);
        assert_eq!(changes["runs"][0]["bars"].as_array().unwrap().len(), 1);
        assert_eq!(changes["runs"][0]["bars"][0]["number"], 1);
        assert_eq!(
            (&changes["sites"], &changes["removed"]),
            (&Value::Null, &Value::Null)
        );
        record.end(first, OK, 1);
        record.runs.forget_changes();
        assert_eq!(record.changes(), None);
    }

    #[test]
    fn what_was_cleared_never_comes_back() {
        let mut record = Record::default();
        let begun = record.begin(RUN, "/flags/br/br.gif", 0);
        record.runs.clear();
        assert!(ids(&record.told()).is_empty());
        record.end(begun, OK, 1);
        assert_eq!(record.changes(), None);
        assert_eq!(record.begin(RUN, "/flags/br/br.gif", 2).run, 1);
        record.end(begun, OK, 3);
        assert_eq!(record.run()["inFlight"], 1);
    }

    /// What a page knows: the runs by their id, and the bars of each by their number.
    #[derive(Debug, Clone, Default, PartialEq)]
    struct Page(BTreeMap<u64, (Value, BTreeMap<u64, Value>)>);

    impl Page {
        fn from_everything(told: &Value) -> Self {
            let mut page = Self::default();
            page.apply(told);
            page
        }

        fn apply(&mut self, told: &Value) {
            for id in told["removed"].as_array().into_iter().flatten() {
                self.0.remove(&id.as_u64().unwrap());
            }
            for run in told["runs"].as_array().unwrap() {
                let mut numbers = run.clone();
                let bars = numbers.as_object_mut().unwrap().remove("bars").unwrap();
                let known = self.0.entry(run["id"].as_u64().unwrap()).or_default();
                known.0 = numbers;
                for bar in bars.as_array().unwrap() {
                    known.1.insert(bar["number"].as_u64().unwrap(), bar.clone());
                }
            }
        }
    }

    #[test]
    fn all_changes_together_are_the_same_as_everything() {
        for seed in 0..20 {
            let mut random = Rng::with_seed(seed);
            let mut record = Record::default();
            let mut in_flight = Vec::new();
            let mut pages = vec![Page::default()];
            let agents = random.usize(1..120);
            let mut now = 0;
            for _ in 0..600 {
                now += random.u64(0..20);
                match random.u8(0..100) {
                    0 => {
                        record.runs.clear();
                        let everything = Page::from_everything(&record.told());
                        pages.fill(everything);
                    }
                    1..5 => pages.push(Page::from_everything(&record.told())),
                    5..8 => now += 5_000,
                    8..20 => {
                        let Some(changes) = record.changes() else { continue };
                        for page in &mut pages {
                            page.apply(&changes);
                        }
                    }
                    20..60 if !in_flight.is_empty() => {
                        let begun =
                            in_flight.swap_remove(random.usize(..in_flight.len()));
                        let statuses = [200, 404, 418];
                        let status = statuses[random.usize(..statuses.len())];
                        let delay = Duration::from_millis(random.u64(..5000));
                        let answered = Outcome::Answered { status, delay };
                        let outcome =
                            if random.bool() { answered } else { Outcome::GivenUp };
                        record.end(begun, outcome, now);
                    }
                    _ => {
                        let number = random.usize(..agents);
                        let has_run = number % 2 == 0;
                        let run = if has_run {
                            format!(" (run {number})")
                        } else {
                            String::new()
                        };
                        let agent = format!("agent {number}{run}");
                        in_flight.push(record.begin(&agent, "/flags/br/br.gif", now));
                    }
                }
            }
            if let Some(changes) = record.changes() {
                for page in &mut pages {
                    page.apply(&changes);
                }
            }
            let everything = Page::from_everything(&record.told());
            for page in pages {
                assert_eq!(page, everything, "seed {seed}");
            }
        }
    }
}
