/** How one run looks beside others: its lanes, its threads, and its time in large. */

import { drawRun, drawThreads, threadsHeight } from "./chart.js";
import { whoWaits } from "./comparison.js";
import { elapsed, formatTime, inWords, lanes, programOf, results } from "./runs.js";
import { write } from "./text.js";
import { threads, threadsInWords } from "./work.js";
import { words } from "./words.js";

/** So few lanes leave room for the time below them, where the longest run needs it. */
const FEW_LANES = 2;
/** The row of a thread is at least so high; all may take this share of the room. */
const LOWEST_THREAD = 3;
const ALL_THREADS = 0.07;
/** Between the lanes and what is below them, in pixels. */
const GAP = 4;

export class Block {
  #parts = {};
  /** How many lanes high its picture is, and where the time is written. */
  #lanes = 1;
  #isBelow = false;
  #threadsHeight = 0;
  #end = 0;

  constructor() {
    const template = document.getElementById("block");
    this.element = template.content.firstElementChild.cloneNode(true);
    for (const element of this.element.querySelectorAll("[class]")) {
      this.#parts[element.className] = element;
    }
  }

  /** Writes what is known of the run, and how it stands beside the others. */
  write(run, { now }, { factor, limit }) {
    const digits = run.inFlight > 0 ? 1 : 2;
    const parts = this.#parts;
    write(parts.program, programOf(run));
    write(parts.way, whoWaits(run));
    write(parts["who-works"], threadsInWords(run));
    write(parts.time, formatTime(elapsed(run, now), digits));
    write(parts.lost, lost(run));
    write(parts.factor, run.inFlight > 0 ? words.numberInFlight(run.inFlight) : factor);
    write(parts.limit, limit);
    parts.lanes.setAttribute("aria-label", inWords(run, now));
    parts.threads.setAttribute("aria-label", threadsInWords(run));
  }

  /** Measures what there is no choice about, before the height of a lane is decided. */
  measure(run, { now, scale }, room) {
    const { plot, result } = this.#parts;
    const isLong = run.requests > run.bars.length;
    this.#lanes = isLong ? run.largestInFlight : lanes(run);
    const lowest = Math.max(threads(run).length * LOWEST_THREAD, room * ALL_THREADS);
    this.#threadsHeight = Math.min(threadsHeight(run), Math.round(lowest));
    this.#end = (elapsed(run, now) / scale.extent) * plot.clientWidth;
    const space = plot.clientWidth - this.#end;
    this.#isBelow = this.#lanes <= FEW_LANES || space < result.offsetWidth + 2 * GAP;
  }

  /** How high the block is with lanes of this height. */
  height(lane) {
    const picture = this.#lanes * lane + GAP + this.#threadsHeight;
    const text = this.#parts.result.offsetHeight;
    return this.#isBelow ? picture + GAP + text : Math.max(picture, text);
  }

  /** Puts everything into its place. */
  place(lane, height) {
    const { lanes, threads, result, end, plot } = this.#parts;
    this.element.style.setProperty("--height", `${height}px`);
    const picture = Math.ceil(this.#lanes * lane) + 1;
    lanes.style.height = `${picture}px`;
    threads.style.height = `${this.#threadsHeight}px`;
    end.style.left = `${this.#end}px`;
    const bottom = picture + GAP + this.#threadsHeight;
    end.style.height = `${bottom}px`;
    const space = plot.clientWidth - result.offsetWidth;
    const left = this.#isBelow ? this.#end - result.offsetWidth : this.#end + 2 * GAP;
    result.style.left = `${Math.max(Math.min(left, space), 0)}px`;
    result.style.top = `${this.#isBelow ? bottom + GAP : 0}px`;
    result.classList.toggle("below", this.#isBelow);
  }

  draw(run, surroundings, lane) {
    // What the drawing divides by the lanes of the run, or by those of a usual one.
    const room = lane * Math.max(this.#lanes, 20);
    drawRun(this.#parts.lanes, run, { ...surroundings, room });
    drawThreads(this.#parts.threads, run, surroundings);
  }

  /** Tells what the run does where the replay is; nothing without one. */
  tell(text) {
    write(this.#parts.moment, text);
  }
}

/** What a run asked for and did not get, each kind by its name. */
function lost(run) {
  return words.losses(results(run)).join(" · ");
}
