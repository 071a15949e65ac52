/** How a run looks in a class: a row, with the number in flight as darkness. */

import { drawDensity } from "./chart.js";
import { elapsed, formatTime, inWords, programOf } from "./runs.js";
import { write } from "./text.js";
import { words } from "./words.js";

/** The row of one run, which is a button that opens its strip. */
export class Row {
  #element;
  #canvas;
  #parts = {};
  #end = 0;

  constructor(element) {
    this.#element = element;
    this.#canvas = element.querySelector("canvas");
    for (const name of ["who", "you", "program", "time", "lost"]) {
      this.#parts[name] = element.querySelector(`.${name}`);
    }
  }

  update(run, { now, you }) {
    const program = programOf(run);
    const atOnce = `${program} · ${words.atOnce(run.largestInFlight)}`;
    write(this.#parts.who, run.name ?? (run.run ? words.runNamed(run.run) : run.address));
    write(this.#parts.you, run.address === you ? words.you : "");
    write(this.#parts.program, atOnce);
    this.#element.setAttribute("aria-label", inWords(run, now));
  }

  draw(run, surroundings) {
    drawDensity(this.#canvas, run, surroundings);
    const { extent } = surroundings.scale;
    const passed = elapsed(run, surroundings.now);
    this.#end = (passed / extent) * this.#canvas.clientWidth;
  }

  free() {
    this.#canvas.width = 0;
    this.#canvas.height = 0;
  }

  writeNumbers(run, { now }) {
    const digits = run.inFlight > 0 ? 1 : 2;
    write(this.#parts.time, formatTime(elapsed(run, now), digits));
    write(this.#parts.lost, run.failed > 0 ? words.numberLost(run.failed) : "");
    // Not by its place in the layout, which a growing bar would shift in every frame.
    const ends = this.#parts.time.parentElement;
    ends.style.transform = `translateX(${this.#end}px)`;
  }
}
