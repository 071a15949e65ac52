//! Which thread was at work when. It is the other half of a waterfall: twenty flags that
//! wait may need twenty threads, or one.

use std::collections::BTreeMap;
use std::time::Instant;

use super::timeline::{Stamps, Timeline};
use super::worker::Worker;

/// What a thread did for the flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It sent requests; perhaps it saved flags, too.
    Downloads,
    /// It only saved flags.
    Saves,
}

/// The work of one thread.
#[derive(Debug)]
pub(crate) struct ThreadWork {
    pub(crate) role: Role,
    /// From when to when it was at work for a flag: for the moment in which it sent a
    /// request, and from the first byte until the flag was saved, as far as it did that
    /// itself. They are in order, and none touches another.
    pub(crate) spans: Vec<(Instant, Instant)>,
}

/// The threads that had to do with flags, by their numbers.
pub(crate) fn threads(timeline: &Timeline) -> BTreeMap<usize, ThreadWork> {
    let mut threads: BTreeMap<usize, ThreadWork> = BTreeMap::new();
    let all = |role, workers: &mut dyn Iterator<Item = &Worker>| {
        workers
            .map(|worker| (worker.number, ThreadWork { role, spans: Vec::new() }))
            .collect::<Vec<_>>()
    };
    threads.extend(all(Role::Saves, &mut timeline.savers().iter()));
    threads.extend(all(Role::Downloads, &mut timeline.downloaders().iter()));
    for stamps in timeline.in_order_of_start() {
        for (worker, span) in work(stamps) {
            if let Some(thread) = threads.get_mut(&worker.number) {
                thread.spans.push(span);
            }
        }
    }
    for thread in threads.values_mut() {
        join(&mut thread.spans);
    }
    threads
}

/// Who did what of the work for one flag.
fn work(stamps: &Stamps) -> Vec<(Worker, (Instant, Instant))> {
    let Some((started, downloader)) = stamps.started else { return Vec::new() };
    let mut work = vec![(downloader, (started, started))];
    if let Some((first_byte, _)) = stamps.first_byte {
        let received = match stamps.saver {
            Some((_, saver)) if saver != downloader => {
                stamps.complete.map_or(stamps.ended, |(moment, _)| moment)
            }
            _ => stamps.ended,
        };
        work.push((downloader, (first_byte, received)));
    }
    if let Some((began, saver)) = stamps.saver.filter(|(_, saver)| *saver != downloader) {
        work.push((saver, (began, stamps.ended)));
    }
    work
}

/// Puts spans in order, and makes one of those that touch.
fn join(spans: &mut Vec<(Instant, Instant)>) {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{stamps, worker};

    #[test]
    fn a_thread_works_when_it_sends_and_from_the_first_byte_until_the_flag_is_saved() {
        let mut timeline = Timeline::new();
        let began = timeline.began();
        // One after another on this thread, and one beside them that another saves.
        timeline.add(stamps("BR", began, (0, 10)));
        timeline.add(stamps("CN", began, (20, 30)));
        let saved = Some((began + Duration::from_millis(50), worker(2)));
        let mut late = stamps("ID", began, (2, 48));
        late.ended = began + Duration::from_millis(60);
        late.saver = saved;
        timeline.add(late);

        let threads = threads(&timeline);
        let spans = |number: usize| -> Vec<_> {
            let thread: &ThreadWork = &threads[&number];
            let since = |moment| timeline.since_began(moment).as_millis();
            thread.spans.iter().map(|&(from, to)| (since(from), since(to))).collect()
        };
        assert_eq!(spans(1), [(0, 0), (2, 2), (5, 10), (20, 20), (25, 48)]);
        assert_eq!(spans(2), [(50, 60)]);
        let roles = threads.values().map(|thread| thread.role);
        assert!(roles.eq([Role::Downloads, Role::Saves]));
    }

    #[test]
    fn what_touches_is_one() {
        let zero = Instant::now();
        let at = |milliseconds| zero + Duration::from_millis(milliseconds);
        let mut spans =
            vec![(at(5), at(6)), (at(0), at(4)), (at(1), at(2)), (at(4), at(5))];
        join(&mut spans);
        assert_eq!(spans, [(at(0), at(6))]);
    }
}
