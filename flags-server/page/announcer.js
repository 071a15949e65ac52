/** What is said to those who do not see the page. */

import { inWords } from "./runs.js";
import { words } from "./words.js";

/** A run is finished when it has been quiet for this long. */
const QUIET = 1000;

/** Says aloud which runs have finished, once they have been quiet for a while. */
export class Announcer {
  #runs;
  #say;
  /** When a run that is not finished was last heard of. */
  #heard = new Map();
  #timer = null;

  /** Looks the runs up in `runs`, and tells of them by `say`. */
  constructor(runs, say) {
    this.#runs = runs;
    this.#say = say;
  }

  /** Something has changed in the runs with these keys. */
  hear(changed) {
    for (const key of changed) {
      this.#heard.set(key, performance.now());
    }
    this.#timer ??= setTimeout(() => this.#look(), QUIET);
  }

  #look() {
    this.#timer = null;
    const finished = [];
    for (const [key, heard] of this.#heard) {
      const run = this.#runs.get(key);
      const isQuiet = performance.now() - heard >= QUIET * 0.9;
      if (!run || (isQuiet && run.inFlight === 0)) {
        this.#heard.delete(key);
        finished.push(...(run ? [run] : []));
      }
    }
    if (finished.length > 0) {
      const now = this.#runs.now(performance.now());
      const sentences = finished.map((run) => words.finished(inWords(run, now)));
      this.#say(
        finished.length <= 3 ? sentences.join(" ") : words.manyFinished(finished.length),
      );
    }
    if (this.#heard.size > 0) {
      this.#timer = setTimeout(() => this.#look(), QUIET);
    }
  }
}
