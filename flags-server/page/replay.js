/**
 * A replay: a cursor that goes through all runs that are seen, from event to event or
 * with the time, and the bar of buttons that moves it.
 */

import { momentInWords, momentOfMany, stops } from "./moment.js";
import { byProgram, elapsed, formatTime, programOf, titleOf } from "./runs.js";
import { write } from "./text.js";
import { words } from "./words.js";

/** Slower than it was, for what is over too soon. */
const SLOW = 0.25;
/** For how long a sentence tells of what has happened, while time goes on. */
const READ = 400;
/** Of more runs than this, a line tells of all those of a program together. */
const TOLD = 6;
/** What is closer together than this share of the longest run is one event. */
const TOGETHER = 1 / 400;

export class Replay {
  /** Where it is, in milliseconds since the start of each run; null if there is none. */
  time = null;
  isPlaying = false;
  /** Where somebody points to in one of the runs, in the same way. */
  pointed = null;
  /** What has happened since then is told. */
  #from = 0;
  #rate = 1;
  #playedUpTo = 0;
  #bar = document.getElementById("replay");
  #told = document.getElementById("replay-told");
  #wantsLessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  #seen;
  #planFrame;

  /**
   * `seen` returns the runs that it goes through and the time of the server, and
   * `planFrame` has the page drawn anew.
   */
  constructor(seen, planFrame) {
    this.#seen = seen;
    this.#planFrame = planFrame;
    for (const button of document.querySelectorAll("[data-replay]")) {
      button.addEventListener("click", () => this.press(button.dataset.replay));
    }
    this.#wantsLessMotion.addEventListener("change", () => {
      this.isPlaying &&= !this.#wantsLessMotion.matches;
      planFrame();
    });
  }

  /** Where the one cursor is that goes through all runs; null if there is none. */
  get cursor() {
    return this.time ?? this.pointed;
  }

  /** Takes a key, or what a button has in its stead. Returns whether it is one of its. */
  press(key) {
    const isKnown = this.#do(key);
    if (isKnown) {
      this.#planFrame();
    }
    return isKnown;
  }

  #do(key) {
    const isActive = this.time !== null;
    if (this.#seen().runs.length === 0) {
      return false;
    }
    if (key === " " && !this.#wantsLessMotion.matches) {
      this.#playOrPause();
    } else if (key === "ArrowRight" || key === " ") {
      this.#step((stops, time) => stops.find((stop) => stop > time) ?? stops.at(-1));
    } else if (!isActive) {
      return false;
    } else if (key === "ArrowLeft") {
      this.#step((stops, time) => stops.findLast((stop) => stop < time) ?? stops[0]);
    } else if (key === "Home") {
      this.#step((stops) => stops[0]);
    } else if (key === "End") {
      this.#step((stops) => stops.at(-1));
    } else if (key.toLowerCase() === "s") {
      this.#rate = this.#rate === 1 ? SLOW : 1;
    } else if (key === "Escape") {
      this.#end();
    } else {
      return false;
    }
    return true;
  }

  #end() {
    this.time = null;
    this.isPlaying = false;
    write(this.#told, "");
  }

  #playOrPause() {
    const { runs, now } = this.#seen();
    if (this.time === null || this.time >= longest(runs, now)) {
      this.time = 0;
    }
    this.isPlaying = !this.isPlaying;
    this.#playedUpTo = performance.now();
    if (!this.isPlaying) {
      this.#tell();
    }
  }

  #step(choose) {
    const { runs, now } = this.#seen();
    const all = stops(runs, longest(runs, now) * TOGETHER);
    this.isPlaying = false;
    this.time = choose(all, this.time ?? -Infinity);
    this.#from = all[all.indexOf(this.time) - 1] ?? -Infinity;
    this.#tell();
  }

  /** Says aloud where it has stopped. While it plays nobody could follow. */
  #tell() {
    const { runs } = this.#seen();
    const each = runs.map((run) => `${titleOf(run)}: ${this.words(run)}`);
    const sentences = runs.length > TOLD ? this.#programsInWords() : each;
    write(this.#told, [formatTime(this.time), ...sentences].join(". "));
  }

  /** A line for each program, where there are too many runs for one each. */
  #programsInWords() {
    const { runs, now } = this.#seen();
    const programs = new Set([...runs].sort(byProgram).map(programOf));
    return [...programs].map((program) => {
      const those = runs.filter((run) => programOf(run) === program);
      return `${program}: ${momentOfMany(those, this.time, now)}`;
    });
  }

  /** Goes on with the time, up to the end of the longest run. */
  advance(present) {
    const { runs, now } = this.#seen();
    if (this.time !== null && runs.length === 0) {
      this.#end();
    }
    if (!this.isPlaying) {
      return;
    }
    const end = longest(runs, now);
    this.time = Math.min(this.time + (present - this.#playedUpTo) * this.#rate, end);
    this.#from = this.time - READ * this.#rate;
    this.#playedUpTo = present;
    if (this.time >= end) {
      this.isPlaying = false;
      this.#tell();
    }
  }

  /** What a run does where the cursor is. */
  words(run) {
    return momentInWords(run, this.#from, this.time, this.#seen().now);
  }

  /** Brings the bar of buttons up to date. */
  draw() {
    const isActive = this.time !== null;
    const { runs } = this.#seen();
    const hasMotion = !this.#wantsLessMotion.matches;
    document.body.classList.toggle("replaying", isActive);
    const part = (name) => this.#bar.querySelector(`.${name}`);
    write(part("at"), isActive ? formatTime(this.time) : "");
    write(part("play"), this.isPlaying ? words.pause : words.play);
    const rate = this.#rate === 1 ? "1×" : "¼×";
    write(part("rate"), rate);
    part("rate").setAttribute("aria-label", words.speed(rate));
    write(part("help"), hasMotion ? words.help : words.helpWithoutMotion);
    part("play").hidden = !hasMotion;
    part("rate").hidden = !hasMotion;
    for (const name of ["back", "rate", "end"]) {
      part(name).disabled = !isActive;
    }
    document.getElementById("to-replay").disabled = runs.length === 0;
    const isClass = isActive && runs.length > TOLD;
    write(part("programs"), isClass ? this.#programsInWords().join("\n") : "");
  }
}

function longest(runs, now) {
  return Math.max(0, ...runs.map((run) => elapsed(run, now)));
}
