/**
 * Which runs are compared with each other, and what may be said of them together.
 * Nothing here draws or listens.
 */

import {
  byProgram,
  formatTime,
  isOver,
  programOf,
  timesAsFast,
  whatWasAsked,
} from "./runs.js";
import { words } from "./words.js";

/** How many runs fit on a screen so that the last row can read what is written there. */
export const MOST = 5;
/** The programs of the course that differ in how they wait, and in nothing else. */
const WAYS = ["flags-seq", "flags-threadpool", "flags-async"];
/** Two areas are the same where the larger is no more than this times the other. */
const SAME = 1.03;

/** What is chosen for a program that shall not be seen. */
export const LEFT_OUT = "-";

/**
 * One run of each program of one site: the one that was chosen, else the latest that is
 * pinned, else the latest.
 */
export class Choice {
  /** What was chosen for a program: the key of a run, or that it is left out. */
  #chosen = new Map();
  #site = null;

  set site(name) {
    this.#site = name;
  }

  /** The site that was chosen, while it has runs; else that of the newest run. */
  siteOf(runs) {
    const isThere = runs.some(({ site }) => site === this.#site);
    return isThere ? this.#site : (runs.at(-1)?.site ?? null);
  }

  /** Chooses the run with a key, or to leave the program out; an empty text: neither. */
  choose(program, chosen) {
    this.#chosen.set(program, chosen);
  }

  /** What is chosen for a program: nothing means its latest run. */
  chosen(program) {
    return this.#chosen.get(program) ?? "";
  }

  /** The runs of each program at the site, in the order in which these are taught. */
  programs(runs) {
    const site = this.siteOf(runs);
    const programs = new Map();
    for (const run of runs.filter((run) => run.site === site).sort(byProgram)) {
      const program = programOf(run);
      programs.set(program, [...(programs.get(program) ?? []), run]);
    }
    return programs;
  }

  /** Those that are compared, and the programs for which there is no room. */
  runs(runs, pinned) {
    const programs = [...this.programs(runs)].filter(
      ([program]) => this.chosen(program) !== LEFT_OUT,
    );
    const runOf = ([program, those]) =>
      those.find(({ key }) => key === this.chosen(program)) ??
      those.findLast(({ key }) => pinned.has(key)) ??
      those.at(-1);
    return {
      shown: programs.slice(0, MOST).map(runOf),
      withoutRoom: programs.slice(MOST).map(([program]) => program),
    };
  }
}

/** What the comparison is of. */
export function title(runs) {
  const programs = runs.map(programOf);
  const areWays = programs.every((program) => WAYS.includes(program));
  const isOne = runs.length >= 2 && haveSameFlags(runs);
  return words.comparing(runs.length, areWays, isOne ? runs[0].requests : null);
}

/**
 * How many times as fast a run was as that of flags-seq beside it, or why that is not
 * said; nothing for flags-seq itself.
 */
export function factor(run, runs, now) {
  if (programOf(run) === "flags-seq") {
    return "";
  }
  const times = timesAsFast(run, runs, now);
  if (times !== null) {
    return words.factor(times.toFixed(1));
  }
  const measure = runs.find((other) => programOf(other) === "flags-seq");
  if (!measure) {
    return words.noMeasure;
  }
  if (!isOver(run, now)) {
    return "";
  }
  return words.noFactor(whyNot([measure, run], now) ?? words.tooLittle);
}

/** Why these runs cannot be compared, or null. */
function whyNot(runs, now) {
  const going = runs.filter((run) => !isOver(run, now));
  if (going.length > 0) {
    return words.notDone(names(going), going.length > 1);
  }
  const broken = runs.find(({ bars }) => bars.some(({ isLost }) => isLost));
  if (broken) {
    return words.serverWent(programOf(broken));
  }
  const loser = runs.find(({ failed }) => failed > 0);
  if (loser) {
    return words.lostFlags(programOf(loser), loser.failed, loser.requests);
  }
  const long = runs.find((run) => run.requests > run.bars.length);
  if (long) {
    return words.onlyFirst(programOf(long), long.bars.length);
  }
  if (!haveSameFlags(runs)) {
    const numbers = new Set(runs.map(({ requests }) => requests));
    const asked = runs.map((run) => words.numberIn(run.requests, programOf(run)));
    return numbers.size > 1 ? words.otherNumbers(words.list(asked)) : words.otherFlags;
  }
  return null;
}

/** What may be said of all pale areas: that they are the same only where they are. */
export function aboutAreas(runs, now) {
  if (runs.length < 2) {
    return "";
  }
  const reason = whyNot(runs, now);
  if (reason !== null) {
    return words.areasNotCompared(reason);
  }
  const areas = runs.map((run) => run.sumOfTimes);
  const [least, most] = [Math.min(...areas), Math.max(...areas)];
  if (most <= least * SAME) {
    const [from, to] = [least, most].map((area) => formatTime(area, 1));
    return words.sameArea(runs.length, from, to);
  }
  const each = runs.map((run) =>
    words.numberIn(formatTime(run.sumOfTimes, 1), programOf(run)),
  );
  return words.areasDiffer(words.list(each));
}

/**
 * What no way to wait can fall below: the slowest flag. Where that is the same for all
 * runs, it is one line through all of them, and said of the last one only.
 */
export function limits(runs, now) {
  const over = runs.map((run) => (isOver(run, now) ? slowest(run) : null));
  const known = over.filter((limit) => limit !== null);
  const times = known.map(({ time }) => time);
  const isCommon =
    known.length === runs.length && Math.max(...times) <= Math.min(...times) * SAME;
  if (!isCommon || runs.length === 0) {
    const text = (limit) =>
      limit ? words.ownLimit(limit.flag, formatTime(limit.time)) : "";
    return { common: null, texts: over.map(text) };
  }
  const { time, flag } = known.at(-1);
  const text = words.limit(flag, formatTime(time));
  return {
    common: time,
    texts: runs.map((_, index) => (index === runs.length - 1 ? text : "")),
  };
}

/** The longest delay that the site dealt, and to which flag; null where it dealt none. */
function slowest(run) {
  const took = (bar) => (bar.end ?? bar.start) - bar.start;
  const [longest] = [...run.bars].sort((one, other) => took(other) - took(one));
  const time = run.longestDelay;
  // Where most of the time went elsewhere, the delay is no limit.
  if (!longest || !(time > took(longest) / 2)) {
    return null;
  }
  return {
    time,
    flag: /^[a-z]{2}$/i.test(longest.label) ? ` (${longest.label.toUpperCase()})` : "",
  };
}

/** Who waits for how many, as far as that is known, and for how long in all. */
export function whoWaits(run) {
  return words.waitingInAll(run.name, waiting(run), formatTime(run.sumOfTimes));
}

function waiting(run) {
  const number = run.largestInFlight;
  const sending = new Set(run.bars.map(({ thread }) => thread ?? null));
  if (number === 1) {
    return words.oneAfterAnother;
  }
  if (sending.has(null) || run.requests > run.bars.length) {
    return words.inFlightAtMost(number);
  }
  if (sending.size === 1) {
    return words.oneWaits(number);
  }
  return number > sending.size
    ? words.manyWait(sending.size, number)
    : words.eachWaits(sending.size);
}

/** Whether runs have asked for the same, each as often. */
function haveSameFlags(runs) {
  const [first, ...others] = runs.map(whatWasAsked);
  return others.every((asked) => asked === first);
}

function names(runs) {
  return words.list(runs.map(programOf));
}
