//! What was seen of one run of the reader's program.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use flags_server::{CountryCode, SeenRequest, countries};

use crate::sentence;
use crate::sentence::Sentence;

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its exit status; `None` when a signal has ended it.
    pub(crate) status: Option<i32>,
    /// What it has printed.
    pub(crate) stdout: String,
    /// What it has said besides.
    pub(crate) stderr: String,
    /// When its process was started.
    pub(crate) began: Instant,
    /// When its process had ended, and its output with it.
    pub(crate) ended: Instant,
    /// What the site has seen, in the order in which it came.
    pub(crate) requests: Vec<SeenRequest>,
    /// The same of the other site, where there is one.
    pub(crate) mirror_requests: Vec<SeenRequest>,
    /// The files that it has left, by their path.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// What [`observe`](crate::observe) has seen from inside: a line for each fact.
    pub(crate) facts: String,
}

impl Run {
    /// How many requests were in flight at the moment when there were most.
    pub(crate) fn most_in_flight(&self) -> usize {
        let came = self.requests.iter().map(|request| request.came);
        came.map(|moment| self.in_flight_at(moment)).max().unwrap_or(0)
    }

    fn in_flight_at(&self, moment: Instant) -> usize {
        let is_in_flight = |request: &&SeenRequest| {
            request.came <= moment && request.end.is_none_or(|end| end.at > moment)
        };
        self.requests.iter().filter(is_in_flight).count()
    }

    /// For which part of the time fewer than this many requests were in flight, from the
    /// first of them until the last one came.
    pub(crate) fn part_below(&self, number: usize) -> f64 {
        let came = self.requests.iter().map(|request| request.came);
        let (Some(first), Some(last)) = (came.clone().min(), came.clone().max()) else {
            return 0.0;
        };
        let ended = self.requests.iter().filter_map(|request| Some(request.end?.at));
        let mut moments: Vec<Instant> =
            came.chain(ended.filter(|&moment| moment < last)).collect();
        moments.sort_unstable();
        let spans = moments.windows(2);
        let below = spans.filter(|span| self.in_flight_at(span[0]) < number);
        let time: Duration = below.map(|span| span[1] - span[0]).sum();
        time.as_secs_f64() / (last - first).as_secs_f64().max(f64::EPSILON)
    }

    /// On how many connections the requests came.
    pub(crate) fn connections(&self) -> usize {
        let numbers = self.requests.iter().map(|request| request.connection);
        numbers.collect::<BTreeSet<_>>().len()
    }

    /// How many threads have sent the requests, as far as the client has said so.
    pub(crate) fn threads(&self) -> usize {
        let threads = self.requests.iter().filter_map(|request| request.thread);
        threads.collect::<BTreeSet<_>>().len()
    }

    /// How many requests were given up before they had an answer.
    pub(crate) fn given_up(&self) -> usize {
        self.requests.iter().filter(|request| request.was_given_up()).count()
    }

    /// When each request came, counted from the first of them.
    pub(crate) fn arrivals(&self) -> Vec<Duration> {
        let Some(first) = self.requests.first() else { return Vec::new() };
        self.requests.iter().map(|request| request.came - first.came).collect()
    }

    /// From the first request to the last answer. How long the program took to start is
    /// left out, since on a busy computer that is by chance.
    pub(crate) fn time_at_the_site(&self) -> Duration {
        let first = self.requests.iter().map(|request| request.came).min();
        let last = self.requests.iter().filter_map(|request| Some(request.end?.at)).max();
        let times = first.zip(last);
        times
            .map_or(Duration::ZERO, |(first, last)| last.saturating_duration_since(first))
    }

    /// The countries whose flag lies in `downloads` exactly as the site has it.
    pub(crate) fn saved(&self) -> BTreeSet<CountryCode> {
        let saved = self.files.iter().filter_map(|(path, image)| {
            let name = path.strip_prefix("downloads/")?.strip_suffix(".gif")?;
            let code = CountryCode::new(name)?;
            (countries::find(code)?.image == image).then_some(code)
        });
        saved.collect()
    }

    /// How many bytes these flags have together.
    pub(crate) fn bytes_saved(&self) -> usize {
        let saved = self.saved();
        let countries = saved.iter().filter_map(|&code| countries::find(code));
        countries.map(|country| country.image.len()).sum()
    }

    /// The last of the facts with this name that was told from inside the program.
    pub(crate) fn fact(&self, name: &str) -> Option<&str> {
        self.facts_of(name).last()
    }

    /// All facts with this name, in the order in which they were told.
    pub(crate) fn facts_of(&self, name: &str) -> impl Iterator<Item = &str> {
        let lines = self.facts.lines();
        lines.filter_map(move |line| line.strip_prefix(name)?.strip_prefix(' '))
    }

    /// Its exit status as it is told to the reader; a dash when a signal has ended it.
    pub(crate) fn told_status(&self) -> String {
        self.status.map_or("–".to_owned(), |status| status.to_string())
    }

    /// That this many flags were saved, whole, and nothing else went wrong.
    ///
    /// # Errors
    ///
    /// What is missing.
    pub(crate) fn expect_flags(&self, number: usize) -> Result<(), Sentence> {
        self.expect_success()?;
        let saved = self.saved().len();
        if saved == number {
            return Ok(());
        }
        Err(sentence!(
            "Flags saved whole: {saved}. It should be {number}.",
            "온전하게 저장된 국기는 {saved}개입니다. {number}개여야 합니다."
        ))
    }

    /// That this many requests were in flight at the moment when there were most.
    ///
    /// # Errors
    ///
    /// How many there were.
    pub(crate) fn expect_in_flight(&self, number: usize) -> Result<(), Sentence> {
        match self.most_in_flight() {
            most if most == number => Ok(()),
            most => Err(sentence!(
                "It had {most} in flight at most, and it should be {number}.",
                "응답 대기 중인 요청이 최대 {most}개였습니다. {number}개여야 합니다."
            )),
        }
    }

    /// That the program ended with status 0.
    ///
    /// # Errors
    ///
    /// What it has said of that.
    pub(crate) fn expect_success(&self) -> Result<(), Sentence> {
        if self.status == Some(0) {
            return Ok(());
        }
        let is_said = |line: &&str| !line.trim().is_empty();
        let mut said = self.stderr.lines().filter(is_said);
        let said = match said.next() {
            // Where it panicked is in this line, and why in the next.
            Some(line) if line.contains("panicked at") => {
                format!("{line} {}", said.next().unwrap_or_default())
            }
            Some(line) => line.to_owned(),
            // The summary of a downloader ends with its errors.
            None => self.stdout.lines().rfind(is_said).unwrap_or("-").to_owned(),
        };
        Err(match self.status {
            Some(status) => sentence!(
                "It ended with status {status} instead of 0, and said: {said}",
                "종료 상태가 0이 아니라 {status}입니다. 프로그램이 남긴 말: {said}"
            ),
            // As where the stack overflows, or memory runs out.
            None => sentence!(
                "A signal ended it before it was done, and it said: {said}",
                "할 일을 마치기 전에 신호(signal)가 프로그램을 끝냈습니다. 프로그램이 남긴 \
                 말: {said}"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use flags_server::{End, Outcome};

    use super::*;

    /// A request that came and ended so many milliseconds after the beginning.
    fn request(began: Instant, (came, ended): (u64, Option<u64>)) -> SeenRequest {
        let after = |milliseconds| began + Duration::from_millis(milliseconds);
        let outcome = Outcome::Answered { status: 200, delay: Duration::ZERO };
        SeenRequest {
            path: "/flags/br/br.gif".to_owned(),
            connection: 1,
            thread: None,
            came: after(came),
            end: ended.map(|ended| End { at: after(ended), outcome }),
        }
    }

    fn run(requests: &[(u64, Option<u64>)]) -> Run {
        let began = Instant::now();
        Run {
            status: Some(0),
            stdout: String::new(),
            stderr: String::new(),
            began,
            ended: began,
            requests: requests.iter().map(|&times| request(began, times)).collect(),
            mirror_requests: Vec::new(),
            files: BTreeMap::new(),
            facts: "polls 3\nseen a b\npolls 4\n".to_owned(),
        }
    }

    #[test]
    fn a_request_is_in_flight_until_its_answer_begins() {
        for (requests, most) in [
            (&[][..], 0),
            (&[(0, Some(10)), (10, Some(20))], 1),
            (&[(0, Some(11)), (10, Some(20))], 2),
            (&[(0, None), (10, Some(20)), (30, Some(40))], 2),
        ] {
            assert_eq!(run(requests).most_in_flight(), most, "{requests:?}");
        }
    }

    #[test]
    fn of_a_fact_that_was_told_twice_the_last_counts() {
        let run = run(&[]);
        assert_eq!(run.fact("polls"), Some("4"));
        assert_eq!(run.fact("seen"), Some("a b"));
        assert_eq!(run.fact("poll"), None);
        assert_eq!(run.facts_of("polls").collect::<Vec<_>>(), ["3", "4"]);
    }

    #[test]
    fn what_a_failed_program_said_is_told_with_the_reason_of_a_panic() {
        let text = |status, stderr: &str, stdout: &str| {
            let (stderr, stdout) = (stderr.to_owned(), stdout.to_owned());
            let run = Run { status, stdout, stderr, ..run(&[]) };
            let sentence = run.expect_success().unwrap_err();
            sentence.text(crate::sentence::Language::English).to_owned()
        };
        let panic = "\nthread 'main' panicked at a.rs:1:2:\nlater\nnote: more\n";
        assert!(text(Some(101), panic, "").ends_with("a.rs:1:2: later"));
        assert!(text(Some(1), "", "1 flag\n19 errors\n").ends_with("said: 19 errors"));
        assert!(text(None, "", "").ends_with("said: -"));
    }
}
