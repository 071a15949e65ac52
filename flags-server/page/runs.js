/**
 * What the page knows of the runs, and what can be computed from it. Nothing here draws
 * or listens, so all of it can be tried without a page.
 *
 * Times are milliseconds. Those of a run count from the start of the server, and those of
 * a bar from the start of its run.
 *
 * @typedef {object} Bar one request
 * @property {number} number counts the requests of its run, from 0
 * @property {number} lane the lowest that was free when it arrived
 * @property {string} label what was asked for
 * @property {?string} flag the path of its picture, once it was answered with a flag
 * @property {number} start
 * @property {?number} end null while it is in flight
 * @property {?number} status null while it is in flight, or when the client gave up
 * @property {?number} thread which thread of the client sent it, from 1, if it said so
 * @property {true} [isLost] the server went away before it was answered
 *
 * @typedef {object} Run the requests of one client
 * @property {string} key tells it from all others, those of former servers too
 * @property {boolean} isOld of a server that has gone
 * @property {number} id the larger, the newer
 * @property {string} site
 * @property {string} client
 * @property {?string} run
 * @property {?string} name of the person who started it, if it was given
 * @property {string} address
 * @property {number} started
 * @property {?number} ended
 * @property {number} requests
 * @property {number} answered
 * @property {number} failed
 * @property {number} notFound
 * @property {number} inFlight
 * @property {number} largestInFlight
 * @property {number} sumOfTimes of the requests that have ended
 * @property {Bar[]} bars only the first thousand
 * @property {[number, number][]} [inFlightOverTime] where there are more than have bars
 * @property {?Report} report what the client itself says after its end
 *
 * @typedef {object} Report times count from the run's first URL
 * @property {number} elapsed
 * @property {?number} cpu
 * @property {{role: string, work: [number, number][]}[]} threads
 * @property {boolean} [truncated]
 */

import { words } from "./words.js";

/** The programs in the order in which they are taught. */
export const PROGRAMS = [
  "flags-seq",
  "flags-threadpool",
  "flags-threadpool-ac",
  "flags-async",
  "flags-async-ac",
];
/** Nothing has happened in a run for this long, so it is taken to be over. */
const QUIET = 1000;

/** All runs, kept up to date by the events of the server. */
export class Runs {
  /** @type {Map<string, Run>} The oldest first. */
  #runs = new Map();
  /** How far the clock of this page is ahead of the server's. */
  #ahead = 0;
  /** The server's time when the connection was lost. */
  #stoppedAt = 0;
  /** Counts the servers that this page has seen, each of which begins with run 0. */
  #generation = 0;
  #server;
  /** What was cleared last, for as long as that can be undone. */
  #cleared = new Map();

  /** The address of this page's reader, as the server sees it. */
  you = null;
  /** Whether this page's reader may clear the runs for everybody. */
  isLoopback = true;
  sites = [];

  /** The oldest first. */
  get all() {
    return [...this.#runs.values()];
  }

  /** The run with a key, while it is kept. */
  get(key) {
    return this.#runs.get(key);
  }

  /** Whether requests are in flight that the page hears of. */
  get isMoving() {
    return this.#stoppedAt === null && this.all.some((run) => run.inFlight > 0);
  }

  /** Takes over the whole state. Only runs of a server that has gone stay. */
  replace(event, received) {
    if (this.#server !== undefined && this.#server !== event.server) {
      this.#age(this.now(received));
    }
    this.#server = event.server;
    this.you = event.you ?? null;
    this.isLoopback = event.isLoopback ?? true;
    this.sites = event.sites;
    this.#ahead = received - event.now;
    this.#stoppedAt = null;
    const told = event.runs.map((run) => this.#withKey(run));
    const kept = this.all.filter((run) => run.isOld);
    this.#runs = new Map([...kept, ...told].map((run) => [run.key, run]));
  }

  /** Takes over what has changed. Returns the keys of the runs in which it has. */
  change({ now, runs, removed = [] }, received) {
    this.hear({ now }, received);
    for (const id of removed) {
      this.#runs.delete(this.#key(id));
    }
    return runs.map((told) => {
      const changed = this.#withKey(told);
      const known = this.#runs.get(changed.key);
      const bars = known?.bars ?? [];
      for (const bar of changed.bars) {
        bars[bar.number] = bar;
      }
      this.#runs.set(changed.key, { ...known, ...changed, bars });
      return changed.key;
    });
  }

  /** The server lives: time goes on, where it had been stopped too. */
  hear({ now }, received) {
    const ahead = received - now;
    if (this.#stoppedAt === null) {
      this.#adjust(ahead);
    } else {
      this.#ahead = ahead;
      this.#stoppedAt = null;
    }
  }

  /** Forgets all runs. */
  clear() {
    this.#cleared = new Map([...this.#cleared, ...this.#runs]);
    this.#runs = new Map();
  }

  /** Brings back those of former servers. The others are told anew. */
  undoClear() {
    const old = [...this.#cleared].filter(([, run]) => run.isOld);
    this.#runs = new Map([...old, ...this.#runs]);
    this.forgetCleared();
  }

  /** Forgets those of former servers, which no server knows of. */
  clearOld() {
    this.#runs = new Map(
      this.all.filter((run) => !run.isOld).map((run) => [run.key, run]),
    );
  }

  /** From now on, what was cleared last does not come back. */
  forgetCleared() {
    this.#cleared = new Map();
  }

  /**
   * Lets the time stand still: without news, a bar that grows would tell of a request
   * that may have ended long ago.
   */
  stop(received) {
    this.#stoppedAt ??= received - this.#ahead;
  }

  /** The time of the server when this page's clock shows `received`. */
  now(received) {
    return this.#stoppedAt ?? received - this.#ahead;
  }

  #key(id) {
    return `${this.#generation}-${id}`;
  }

  #withKey(run) {
    return { ...run, key: this.#key(run.id), isOld: false };
  }

  /** What is known so far is of a server that has gone. How it went on is unknown. */
  #age(now) {
    this.#generation += 1;
    for (const [key, run] of this.#runs) {
      if (!run.isOld) {
        const end = elapsed(run, now);
        const bars = run.bars.map((bar) =>
          bar.end === null ? { ...bar, end, isLost: true } : bar,
        );
        const ended = run.started + end;
        this.#runs.set(key, { ...run, bars, ended, inFlight: 0, isOld: true });
      }
    }
  }

  /**
   * No event arrives early, so the clock follows at once to the better. Where one is
   * late, it follows slowly, lest all bars jump back; it has to, as no two clocks run
   * equally fast.
   */
  #adjust(ahead) {
    const late = ahead - this.#ahead;
    this.#ahead += late > 0 ? late / 20 : late;
  }
}

/**
 * From the first request of a run to its last answer, or to now; and where the client has
 * said how long it took, that: it also works before and after what the site sees of it,
 * and where the site answers at once, that is most of the time.
 */
export function elapsed(run, now) {
  const seen = elapsedAtSite(run, now);
  return run.report && run.inFlight === 0 ? Math.max(run.report.elapsed, seen) : seen;
}

/** From the first request of a run to its last answer, or to now. */
export function elapsedAtSite(run, now) {
  const end = run.inFlight > 0 ? Math.max(now, run.ended ?? 0) : run.ended;
  return Math.max((end ?? run.started) - run.started, 0);
}

/** Whether a run is over, as far as the site can know. */
export function isOver(run, now) {
  return run.inFlight === 0 && (run.isOld || now - run.ended >= QUIET || !!run.report);
}

/** How many requests were in flight on average: the sum of their times by the time. */
export function averageInFlight(run, now) {
  const passed = elapsed(run, now);
  let sum = run.sumOfTimes;
  if (run.inFlight > 0) {
    for (const bar of run.bars) {
      if (bar.end === null) {
        sum += Math.max(passed - bar.start, 0);
      }
    }
  }
  return passed > 0 ? sum / passed : run.inFlight;
}

/**
 * How many times as fast a run was as one flag after another, or null. That is said only
 * where it was measured: against the latest run of flags-seq with the same flags on the
 * same site, preferably on the same computer, and where neither lost a flag.
 */
export function timesAsFast(run, all, now) {
  if (programOf(run) === "flags-seq" || !isWhole(run, now)) {
    return null;
  }
  const asked = whatWasAsked(run);
  const isMeasure = (other) =>
    programOf(other) === "flags-seq" &&
    other.site === run.site &&
    other.isOld === run.isOld &&
    isWhole(other, now) &&
    whatWasAsked(other) === asked;
  const measures = all.filter(isMeasure);
  const near = measures.filter((other) => other.address === run.address);
  const measure = near.at(-1) ?? measures.at(-1);
  // Both by the same clock: that of the site, where one of them does not tell its own.
  const time = measure?.report && run.report ? elapsed : elapsedAtSite;
  return measure ? time(measure, now) / time(run, now) : null;
}

/** Whether a run is over, has lost nothing and is known request by request. */
function isWhole(run, now) {
  const isKnown = run.bars.length === run.requests && !run.bars.some((bar) => bar.isLost);
  return isOver(run, now) && run.failed === 0 && isKnown && elapsedAtSite(run, now) > 0;
}

/** The same text for the same requests, in whatever order. */
export function whatWasAsked(run) {
  return run.bars
    .map((bar) => bar.label)
    .sort()
    .join("\n");
}

/** How many lanes the bars of a run need. */
export function lanes(run) {
  return run.bars.reduce((most, bar) => Math.max(most, bar.lane + 1), 1);
}

/**
 * How many requests of a run were in flight at which time, as `[time, number]`: the
 * number holds until the next time. The last one is that of now.
 */
export function inFlightSteps(run, now) {
  const passed = elapsed(run, now);
  if (run.requests > run.bars.length) {
    return [[0, 0], ...(run.inFlightOverTime ?? []), [passed, run.inFlight]];
  }
  const changes = run.bars.flatMap(({ start, end }) =>
    end === null
      ? [[start, 1]]
      : [
          [start, 1],
          [end, -1],
        ],
  );
  changes.sort(([one], [other]) => one - other);
  let number = 0;
  const steps = changes.map(([time, change]) => [time, (number += change)]);
  return [[0, 0], ...steps, [passed, run.inFlight]];
}

/** How a request ended, or that it did not yet. */
export function outcome(bar) {
  if (bar.isLost) {
    return "not known";
  }
  if (bar.end === null) {
    return "in flight";
  }
  if (bar.status === null) {
    return "given up";
  }
  if (bar.status === 404) {
    return "not found";
  }
  return bar.status >= 400 ? "error" : "done";
}

/**
 * How many requests of a run ended in which way. Beyond those that have bars it is not
 * known which of those that failed were errors, and which were given up by the client.
 */
export function results(run) {
  const { failed, notFound } = run;
  const done = run.answered - failed - notFound;
  if (run.requests > run.bars.length) {
    return { done, notFound, failed, errors: 0, givenUp: 0 };
  }
  const givenUp = run.bars.filter((bar) => outcome(bar) === "given up").length;
  return { done, notFound, failed: 0, errors: failed - givenUp, givenUp };
}

/** What those requests that were answered well are called: flags, if they all are. */
export function nameOfDone(run) {
  const isNoFlag = (bar) => outcome(bar) === "done" && bar.flag === null;
  return run.bars.some(isNoFlag) ? words.answers : words.flags;
}

/** The name of a client and its version, where its own text is in the usual form. */
export function nameAndVersion(client) {
  const [, name, version] = /^([\w.-]+)\/(\d[\w.-]*)$/.exec(client) ?? [];
  return name ? { name, version } : { name: client || words.nameless };
}

/** The name of the program that a run is of. */
export function programOf(run) {
  return nameAndVersion(run.client).name;
}

/** By what to call a run: the name of its person, or of the program and the run. */
export function titleOf(run) {
  return run.name ?? [programOf(run), run.run].filter(Boolean).join(" ");
}

/** Compares the programs of two runs by the order in which they are taught. */
export function byProgram(one, other) {
  const [first, second] = [one, other].map(programOf);
  const place = (program) => {
    const index = PROGRAMS.indexOf(program);
    return index < 0 ? PROGRAMS.length : index;
  };
  return place(first) - place(second) || (first < second ? -1 : Number(first > second));
}

/** A time in the unit that people would say it in. */
export function formatTime(milliseconds, digits = 2) {
  return milliseconds < 999.5
    ? words.milliseconds(milliseconds.toFixed(milliseconds < 9.95 ? 1 : 0))
    : words.seconds((milliseconds / 1000).toFixed(digits));
}

/** A run in one sentence. */
export function inWords(run, now) {
  return words.inWords({
    ...results(run),
    name: run.name,
    program: programOf(run),
    site: words.siteName(run.site),
    areFlags: nameOfDone(run) === words.flags,
    requests: run.requests,
    lanes: lanes(run),
    inFlight: run.inFlight,
    atMost: run.largestInFlight,
    onAverage: averageInFlight(run, now).toFixed(1),
    elapsed: formatTime(elapsed(run, now)),
  });
}
