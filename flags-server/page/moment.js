/**
 * What a run did at a moment, in words: from its requests, which the site has seen, and
 * from the report of its threads, where the client has sent one. That a thread slept or
 * saved is said of no other client. Nothing here draws or listens.
 */

import {
  elapsed,
  elapsedAtSite,
  formatTime,
  inFlightSteps,
  isOver,
  outcome,
} from "./runs.js";
import { words } from "./words.js";

/** So many flags are named one by one. */
const NAMED = 3;
/** How far apart the clocks of client and site may be, as a share of the run. */
const FAR_APART = 1 / 20;

/** What was computed of a run, which is another object as soon as it changes. */
const knownEvents = new WeakMap();
const knownSteps = new WeakMap();

/**
 * The times at which to stop, going from event to event through all runs. Events that
 * are closer to the first one than `together` are one stop, or one would press a key
 * twenty times for twenty requests that are sent at once.
 */
export function stops(runs, together) {
  const times = runs.flatMap((run) => events(run).map(({ time }) => time));
  const found = [];
  let first = -Infinity;
  for (const time of times.sort((one, other) => one - other)) {
    if (found.length > 0 && time - first <= together) {
      found[found.length - 1] = time;
    } else {
      found.push(time);
      first = time;
    }
  }
  return found;
}

/** What a run did after `from` and up to `to`, and how many are in flight then. */
export function momentInWords(run, from, to, now) {
  const happened = events(run).filter(({ time }) => time > from && time <= to);
  if (isOver(run, now) && to >= elapsedAtSite(run, now)) {
    const end = words.doneAfter(formatTime(elapsed(run, now)));
    return happened.length > 0 ? words.lastMoment(tell(run, happened), end) : end;
  }
  const what = happened.length > 0 ? tell(run, happened) : meanwhile(run, to);
  return words.moment(what, inFlightAt(run, to, now));
}

/** What runs did up to a time, where they are too many for a sentence each. */
export function momentOfMany(runs, time, now) {
  const done = runs.filter(
    (run) => isOver(run, now) && time >= elapsedAtSite(run, now),
  ).length;
  const inFlight = runs.reduce((sum, run) => sum + inFlightAt(run, time, now), 0);
  return words.ofMany(inFlight, runs.length, done);
}

/** How many requests were in flight at a time. */
function inFlightAt(run, time, now) {
  let steps = knownSteps.get(run);
  if (!steps) {
    steps = inFlightSteps(run, now);
    knownSteps.set(run, steps);
  }
  return steps.findLast(([from]) => from <= time)?.[1] ?? 0;
}

/** When requests were sent and ended, in order, as far as that is known one by one. */
function events(run) {
  let events = knownEvents.get(run);
  if (!events) {
    events = run.bars.flatMap((bar) => {
      const asked = { time: bar.start, bar, isEnd: false };
      const isKnown = bar.end !== null && !bar.isLost;
      return isKnown ? [asked, { time: bar.end, bar, isEnd: true }] : [asked];
    });
    events.sort((one, other) => one.time - other.time);
    knownEvents.set(run, events);
  }
  return events;
}

/** What happened, and in detail where one thread did it all. */
function tell(run, happened) {
  const threads = new Set(happened.map(({ bar }) => bar.thread ?? null));
  if (threads.has(null)) {
    return withoutThread(happened);
  }
  const [thread, ...others] = threads;
  return others.length > 0 ? ofMany(happened) : ofThread(run, thread, happened);
}

/** "CD arrives, FR is asked for": who does it is not known. */
function withoutThread(events) {
  const { asked, ends } = split(events);
  const parts = ends.map(({ how, bars }) => ended(how, bars));
  if (asked.length > 0) {
    parts.push(words.areAskedFor(flags(asked), asked.length > 1));
  }
  return words.chain(parts);
}

/** "5 threads get 5 flags, 2 threads ask for FR and DE". */
function ofMany(events) {
  const { asked, ends } = split(events);
  const threads = (bars) => new Set(bars.map(({ thread }) => thread)).size;
  const parts = ends.map(({ how, bars }) =>
    how === "done" ? words.threadsGet(threads(bars), flags(bars)) : ended(how, bars),
  );
  if (asked.length > 0) {
    parts.push(words.threadsAskFor(threads(asked), flags(asked)));
  }
  return words.chain(parts);
}

/** "thread 1 wakes for CD, saves it, asks for FR, sleeps again". */
function ofThread(run, thread, events) {
  const { asked, ends } = split(events);
  const work = workOf(run, thread);
  const last = events.at(-1).time;
  const firstEnd = events.find(({ isEnd }) => isEnd)?.time ?? -Infinity;
  const before = asked.filter(({ start }) => start < firstEnd);
  const after = asked.filter(({ start }) => start >= firstEnd);
  const parts = before.length > 0 ? [words.asksFor(flags(before))] : [];
  for (const { how, bars } of ends) {
    if (how === "done") {
      const verb = work && hasWoken(work, bars[0]) ? words.wakesFor : words.gets;
      parts.push(verb(flags(bars)));
      if (work && work.savers === 0) {
        parts.push(words.saves(bars.length > 1));
      }
    } else if (how === "given up") {
      parts.push(words.givesUp(flags(bars)));
    } else {
      parts.push(words.learns(flags(bars), how, bars.length > 1, bars[0].status));
    }
  }
  if (after.length > 0) {
    parts.push(words.asksFor(flags(after)));
  }
  if (work && sleepsAfter(work, last)) {
    parts.push(ends.length > 0 ? words.sleepsAgain : words.sleeps);
  }
  const saving = work ? saversAt(run, ends) : "";
  return words.ofThread(thread, words.chain(parts)) + saving;
}

/** ", thread 2 saves it", where a thread of its own does so at that moment. */
function saversAt(run, ends) {
  const bars = ends.find(({ how }) => how === "done")?.bars ?? [];
  const apart = clocksApart(run);
  const savers = run.report.threads
    .map(({ role, work }, index) => ({ role, work, thread: index + 1 }))
    .filter(({ role }) => role === "saves")
    .filter(({ work }) =>
      bars.some(({ end }) =>
        work.some(([from, to]) => from <= end + apart && to >= end - apart),
      ),
    );
  const areMany = bars.length > 1;
  if (savers.length === 1) {
    return words.saver(savers[0].thread, areMany);
  }
  return savers.length > 1 ? words.savers(savers.length, areMany) : "";
}

/** What no event tells: who works and who sleeps between two of them. */
function meanwhile(run, time) {
  const work = workOf(run, 1);
  if (!work) {
    return words.nothingArrives;
  }
  const { threads } = run.report;
  const awake = threads.flatMap(({ work }, index) =>
    work.some(([from, to]) => from <= time && time <= to) ? [index + 1] : [],
  );
  if (awake.length > 0) {
    return awake.length === 1
      ? words.threadWorks(awake[0])
      : words.threadsWork(awake.length);
  }
  return threads.length === 1 ? words.threadSleeps : words.noneWorks(threads.length);
}

/**
 * The spans in which a thread was at work, where all of them are known, and the clocks
 * are close enough to say which of them belongs to which answer.
 */
function workOf(run, thread) {
  const { report } = run;
  const row = report?.threads[thread - 1];
  if (!row || report.truncated || clocksApart(run) > report.elapsed * FAR_APART) {
    return null;
  }
  const savers = report.threads.filter(({ role }) => role === "saves").length;
  return { spans: row.work, savers, apart: clocksApart(run) };
}

/**
 * How much later the site may have seen what the client tells: no more than the client's
 * time is longer than the site's. Less than that, neither is before the other.
 */
function clocksApart({ report, started, ended }) {
  return Math.max(report.elapsed - (ended - started), 1);
}

/** Whether a thread began to work when an answer came, and did not do so all along. */
function hasWoken({ spans, apart }, { start, end }) {
  const isLong = end - start > 2 * apart;
  return isLong && spans.some(([from]) => from >= end - apart && from <= end + apart);
}

/** Whether a thread does nothing after an event until it is at work again. */
function sleepsAfter({ spans, apart }, time) {
  const next = spans.find(([from]) => from > time + apart);
  const span = spans.findLast(([from]) => from <= time + apart);
  return next !== undefined && span !== undefined && next[0] > span[1];
}

/** Events of the same kind together, in the order of the first of each. */
function split(events) {
  const ends = new Map();
  for (const { bar } of events.filter(({ isEnd }) => isEnd)) {
    const how = outcome(bar);
    ends.set(how, [...(ends.get(how) ?? []), bar]);
  }
  return {
    asked: events.filter(({ isEnd }) => !isEnd).map(({ bar }) => bar),
    ends: [...ends].map(([how, bars]) => ({ how, bars })),
  };
}

/** How requests ended. */
function ended(how, bars) {
  return words.ended(flags(bars), how, bars.length > 1, bars[0].status);
}

/** "CD", "CD and FR", or "20 flags". */
function flags(bars) {
  if (bars.length > NAMED) {
    return words.numberOfFlags(bars.length);
  }
  const names = bars.map(({ label }) =>
    label.replace(/^[a-z]{2}\b/i, (c) => c.toUpperCase()),
  );
  return words.list(names);
}
