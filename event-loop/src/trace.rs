//! Tells the steps of a run as they happen, and at its end where the time went.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use flags_common::{CountryCode, Job, Steps, in_words, plural};

use crate::event::Event;
use crate::event_loop::EventLoop;
use crate::picture::draw;
use crate::step::Step;

/// An event loop for a job, which tells its steps where the command line asks for them.
///
/// # Panics
///
/// When the system has no descriptor left. [`Job::concurrency`] leaves some.
#[must_use]
pub fn event_loop(job: &Job) -> EventLoop {
    let event_loop = if job.is_verbose() || job.draws_steps() {
        let trace = Arc::new(Trace::new(job));
        job.show_at_end(Arc::clone(&trace) as Arc<dyn Steps>);
        let job = job.clone();
        EventLoop::new(move |step| {
            let line = trace.lock().note(step);
            if let Some(line) = line.filter(|_| job.is_verbose()) {
                job.println(line);
            }
        })
    } else {
        EventLoop::new(|_| {})
    };
    event_loop.expect("a descriptor is left for it")
}

/// What has been seen of a loop, behind a lock: Ctrl-C may ask for it at any moment.
struct Trace(Mutex<Seen>);

struct Seen {
    codes: Vec<CountryCode>,
    start: Instant,
    /// Why each task is polled next.
    reasons: Vec<&'static str>,
    /// Which task waits for which event.
    sleepers: HashMap<Event, usize>,
    /// What the task that is being polled waits for.
    waits_for: BTreeSet<Event>,
    polls: usize,
    /// When each wait began, while it lasts, and how long all others took.
    waiting_since: Option<Duration>,
    waited: Duration,
    /// The time of the last step.
    elapsed: Duration,
    /// All steps, where they are to be drawn.
    steps: Option<Vec<(Duration, Step)>>,
}

impl Trace {
    fn new(job: &Job) -> Self {
        Self(Mutex::new(Seen {
            codes: job.codes().collect(),
            start: Instant::now(),
            reasons: Vec::new(),
            sleepers: HashMap::new(),
            waits_for: BTreeSet::new(),
            polls: 0,
            waiting_since: None,
            waited: Duration::ZERO,
            elapsed: Duration::ZERO,
            steps: job.draws_steps().then(Vec::new),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Steps for Trace {
    fn summary(&self) -> String {
        self.lock().summary()
    }

    fn to_svg(&self) -> String {
        let seen = self.lock();
        let steps = seen.steps.as_deref().unwrap_or_default();
        draw(&seen.codes, steps, seen.times().0, &seen.summary())
    }
}

impl Seen {
    /// Notes a step that is taken now, and returns the line that tells it.
    fn note(&mut self, step: Step) -> Option<String> {
        self.elapsed = self.start.elapsed();
        if let Some(since) = self.waiting_since.take() {
            self.waited += self.elapsed.saturating_sub(since);
        }
        if let Some(steps) = &mut self.steps {
            steps.push((self.elapsed, step));
        }
        let (task, text) = match step {
            Step::Begin(tasks) => {
                self.reasons = vec!["❷ is polled, and begins"; tasks];
                let they = match tasks {
                    1 => "1 future becomes a task, and stands".to_owned(),
                    _ => format!("{tasks} futures become tasks, and stand"),
                };
                (None, format!("❶ {they} in the queue"))
            }
            Step::Poll(task) => {
                self.polls += 1;
                self.waits_for.clear();
                let reason = "❻ goes on: its waker has been called by a task or a thread";
                let reason = mem::replace(&mut self.reasons[task], reason);
                (Some(task), reason.to_owned())
            }
            Step::WaitFor(event) => {
                self.waits_for.insert(event);
                return None;
            }
            Step::Pending(task) => {
                let events = mem::take(&mut self.waits_for);
                self.sleepers.extend(events.iter().map(|&event| (event, task)));
                // Whoever waits for a socket waits for its time-out as well.
                let until = match events.last() {
                    Some(event) => event.to_string(),
                    None => "a task or a thread calls its waker".to_owned(),
                };
                (Some(task), format!("❸ Pending until {until}"))
            }
            Step::Ready(task) => {
                (Some(task), "  Ready: the task has finished".to_owned())
            }
            Step::Wait { sockets, timeout } => {
                self.waiting_since = Some(self.elapsed);
                let what = match sockets {
                    0 if timeout.is_some() => "the time".to_owned(),
                    0 => "another thread".to_owned(),
                    _ => format!("{sockets} {}", plural(sockets, "socket")),
                };
                let most =
                    timeout.map(|time| format!(", for at most {}", in_words(time)));
                let most = most.unwrap_or_default();
                (None, format!("❹ the queue is empty: waiting for {what}{most}"))
            }
            Step::Wake(event) => {
                let task = self.sleepers.remove(&event);
                if let Some(task) = task {
                    self.reasons[task] = "❻ goes on";
                }
                (task, format!("❺ {event}"))
            }
            Step::Bell => (None, "❺ another thread has called a waker".to_owned()),
        };
        let code = task.map(|task| self.codes[task].to_string()).unwrap_or_default();
        let milliseconds = self.elapsed.as_secs_f64() * 1e3;
        Some(format!("{milliseconds:7.1} ms  {code:2} {text}"))
    }

    /// How long the loop has run so far, and how much of it it has waited.
    fn times(&self) -> (Duration, Duration) {
        match self.waiting_since {
            // Ctrl-C has come in the middle of a wait.
            Some(since) => {
                let now = self.start.elapsed();
                (now, self.waited + now.saturating_sub(since))
            }
            None => (self.elapsed, self.waited),
        }
    }

    /// Where the time went.
    fn summary(&self) -> String {
        let (elapsed, waited) = self.times();
        format!(
            "The loop waited for {:.0} ms; its {} {}, and all else, took {:.0} ms.",
            waited.as_secs_f64() * 1e3,
            self.polls,
            plural(self.polls, "poll"),
            elapsed.saturating_sub(waited).as_secs_f64() * 1e3,
        )
    }
}
