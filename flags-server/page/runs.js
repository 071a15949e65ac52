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
 *
 * @typedef {object} Run the requests of one client
 * @property {number} id the larger, the newer
 * @property {string} site
 * @property {string} client
 * @property {?string} run
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
 */

/** All runs, kept up to date by the events of the server. */
export class Runs {
  /** @type {Map<number, Run>} */
  #runs = new Map();
  /** How far the clock of this page is ahead of the server's. */
  #ahead = 0;
  /** The server's time when the connection was lost. */
  #stoppedAt = 0;

  /** The oldest first. */
  get all() {
    return [...this.#runs.values()].sort((one, other) => one.id - other.id);
  }

  /** The run with an id, while it is kept. */
  get(id) {
    return this.#runs.get(id);
  }

  /** Whether requests are in flight that the page hears of. */
  get isMoving() {
    return this.#stoppedAt === null && this.all.some((run) => run.inFlight > 0);
  }

  /** Takes over the whole state, whatever was known before. */
  replace({ now, runs }, received) {
    this.#ahead = received - now;
    this.#stoppedAt = null;
    this.#runs = new Map(runs.map((run) => [run.id, run]));
  }

  /** Takes over what has changed. */
  change({ now, runs, removed = [] }, received) {
    this.#adjust(received - now);
    for (const id of removed) {
      this.#runs.delete(id);
    }
    for (const changed of runs) {
      const bars = this.#runs.get(changed.id)?.bars ?? [];
      for (const bar of changed.bars) {
        bars[bar.number] = bar;
      }
      this.#runs.set(changed.id, { ...changed, bars });
    }
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

/** From the first request of a run to its last answer, or to now. */
export function elapsed(run, now) {
  const end = run.inFlight > 0 ? Math.max(now, run.ended ?? 0) : run.ended;
  return Math.max((end ?? run.started) - run.started, 0);
}

/**
 * How many times longer it would have taken to do one after another what was done so
 * far: the sum of all times through the time that has passed.
 */
export function speedUp(run, now) {
  const passed = elapsed(run, now);
  let sum = run.sumOfTimes;
  if (run.inFlight > 0) {
    for (const bar of run.bars) {
      if (bar.end === null) {
        sum += Math.max(passed - bar.start, 0);
      }
    }
  }
  return passed > 0 ? sum / passed : 1;
}

/** How many lanes the bars of a run need. */
export function lanes(run) {
  return run.bars.reduce((most, bar) => Math.max(most, bar.lane + 1), 1);
}

/** How a request ended, or that it did not yet. */
export function outcome(bar) {
  if (bar.end === null) {
    return "in flight";
  }
  if (bar.status === null) {
    return "given up";
  }
  if (bar.status === 404) {
    return "not found";
  }
  return bar.status >= 400 ? "failed" : "done";
}

/** How many requests of a run were answered with what they asked for. */
export function done(run) {
  return run.answered - run.failed - run.notFound;
}

/** The name of a client and its version, where its own text is in the usual form. */
export function nameAndVersion(client) {
  const [, name, version] = /^([\w.-]+)\/(\d[\w.-]*)$/.exec(client) ?? [];
  return name ? { name, version } : { name: client || "a client without a name" };
}

/** A time in the unit that people would say it in. */
export function formatTime(milliseconds, digits = 2) {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(digits)} s`;
}

/** A run in one sentence. */
export function inWords(run, now) {
  const plural = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const parts = [
    `${plural(run.requests, "request")} in ${plural(lanes(run), "lane")}`,
    `${done(run)} done`,
    run.failed > 0 && `${run.failed} failed`,
    run.notFound > 0 && `${run.notFound} not found`,
    run.inFlight > 0 && `${run.inFlight} in flight`,
    `at most ${run.largestInFlight} at once`,
    `${formatTime(elapsed(run, now))} elapsed`,
    `speed-up ${speedUp(run, now).toFixed(1)}`,
  ];
  const title = `${nameAndVersion(run.client).name} at ${run.site}`;
  return `${title}: ${parts.filter(Boolean).join(", ")}.`;
}
