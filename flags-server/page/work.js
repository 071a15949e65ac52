/**
 * Who works, and where the time went: what a downloader tells of its threads, together
 * with what the site has seen of its requests. Nothing here draws.
 */

import { elapsed, formatTime, isOver } from "./runs.js";
import { words } from "./words.js";

/**
 * The threads of a run with the spans in which they were at work, or none where the
 * client does not tell. Once its report is there, that is everything; before that, a
 * thread is known to have been at work when it sent a request and when it got the answer.
 *
 * @returns {{role: string, work: [number, number][]}[]}
 */
export function threads(run) {
  if (run.report) {
    return run.report.threads;
  }
  const rows = {};
  for (const { thread, start, end, isLost } of run.bars) {
    if (!thread) {
      continue;
    }
    rows[thread] ??= { role: "downloads", work: [] };
    rows[thread].work.push([start, start]);
    if (end !== null && !isLost) {
      rows[thread].work.push([end, end]);
    }
  }
  return Object.values(rows);
}

/** How many threads, and how much of the time a processor worked for them. */
export function threadsInWords(run) {
  const rows = threads(run);
  if (rows.length === 0) {
    return "";
  }
  const saving = rows.filter(({ role }) => role === "saves").length;
  const parts = [words.threads(rows.length - saving, saving)];
  // Not every client knows for how long a processor has worked for it.
  if (run.report && run.report.cpu !== null) {
    const { cpu, elapsed } = run.report;
    parts.push(words.cpu(formatTime(cpu), formatTime(elapsed)));
  }
  return parts.join(" · ");
}

/**
 * Where the time of a run went, in shares of (places in flight × time), once it is over.
 * At each moment, a place is in flight, or a thread works on its flag. Otherwise it waits
 * for its turn, if there are flags that have not begun and no thread is free to begin
 * one; or it is idle. Without the report of the client, only the first is known.
 *
 * @returns {{part: string, share: number}[]}
 */
export function whereTheTimeWent(run, now) {
  if (!isOver(run, now) || run.requests === 0) {
    return [];
  }
  const total = Math.max(elapsed(run, now), run.report?.elapsed ?? 0);
  const area = total * run.largestInFlight;
  if (area === 0) {
    return [];
  }
  const isKnown = run.report && !run.report.truncated && run.bars.length === run.requests;
  const parts = isKnown
    ? sweep(run, total)
    : { site: run.sumOfTimes, rest: Math.max(area - run.sumOfTimes, 0) };
  return Object.entries(parts).map(([part, time]) => ({ part, share: time / area }));
}

/** Adds up what each place does from one change to the next. */
function sweep(run, total) {
  const changes = [];
  const note = (time, kind, number) => changes.push({ time, kind, number });
  for (const { start, end } of run.bars) {
    note(start, "begun", 1);
    note(start, "inFlight", 1);
    note(end, "inFlight", -1);
  }
  let free = 0;
  for (const { role, work } of run.report.threads) {
    const canBegin = role === "downloads" ? 1 : 0;
    free += canBegin;
    for (const [from, to] of work) {
      note(Math.min(from, total), "working", 1);
      note(Math.min(from, total), "free", -canBegin);
      note(Math.min(to, total), "working", -1);
      note(Math.min(to, total), "free", canBegin);
    }
  }
  note(total, "begun", 0);
  changes.sort((one, other) => one.time - other.time);

  const state = { begun: 0, inFlight: 0, working: 0, free };
  const parts = { site: 0, turn: 0, work: 0, idle: 0 };
  let before = 0;
  for (const { time, kind, number } of changes) {
    let places = run.largestInFlight;
    const take = (wanted) => {
      const taken = Math.min(wanted, places);
      places -= taken;
      return taken * (time - before);
    };
    parts.site += take(state.inFlight);
    parts.work += take(state.working);
    parts.turn += take(state.free > 0 ? 0 : run.requests - state.begun);
    parts.idle += take(places);
    before = time;
    state[kind] += number;
  }
  return parts;
}
