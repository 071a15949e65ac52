/** One run on the page, as a row, as a strip or as both, and what can be done with it. */

import { Row } from "./row.js";
import { programOf, titleOf } from "./runs.js";
import { Strip } from "./strip.js";

/** How often the rows of a class grow: that is one event of the server. */
const ROW_PERIOD = 50;

/**
 * The element of a run. What is pressed in it is told by events:
 * `open`, `pin` and `hide`.
 */
export class View {
  #strip;
  #row;
  #isRow = false;
  #isOpen = false;
  #isInView = false;
  #isPrinted = false;
  #isUpToDate = false;
  #drawnAt = 0;

  constructor(run) {
    const template = document.getElementById("run");
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.dataset.run = run.key;
    this.#strip = new Strip(this.element.querySelector(".strip"));
    this.#row = new Row(this.element.querySelector(".row"));
    this.element.querySelector(".row").addEventListener("click", () => {
      this.#isOpen = !this.#isOpen;
      this.#arrange();
      this.element.dispatchEvent(new CustomEvent("open", { bubbles: true }));
    });
    for (const name of ["pin", "hide"]) {
      this.element.querySelector(`.${name}`).addEventListener("click", () => {
        this.element.dispatchEvent(new CustomEvent(name, { bubbles: true }));
      });
    }
  }

  /** Takes over what is new. */
  update(run, surroundings) {
    this.run = run;
    this.#shown.forEach((part) => part.update(run, surroundings));
    this.element.classList.toggle("old", run.isOld);
    this.element.dataset.program = programOf(run);
    this.element.setAttribute("aria-label", titleOf(run));
    for (const name of ["pin", "hide"]) {
      const button = this.element.querySelector(`.${name}`);
      const word = button.querySelector("span").textContent;
      button.setAttribute("aria-label", `${word} ${titleOf(run)}`);
    }
    this.writeNumbers(surroundings);
    this.#isUpToDate = false;
  }

  /** Whether it is a row of a class, or shown in full. */
  get isRow() {
    return this.#isRow;
  }

  set isRow(isRow) {
    if (this.#isRow !== isRow) {
      this.#isRow = isRow;
      this.#arrange();
    }
  }

  set isPinned(isPinned) {
    const button = this.element.querySelector(".pin");
    button.setAttribute("aria-pressed", String(isPinned));
    this.element.classList.toggle("pinned", isPinned);
  }

  /** Whether anybody can see it. What nobody sees is not drawn and keeps no pixels. */
  set isInView(isInView) {
    this.#isInView = isInView;
    if (!isInView) {
      this.#strip.free();
      this.#row.free();
    }
    this.#isUpToDate = false;
  }

  /** Whether it is seen on paper, wherever it is on the screen. */
  set isPrinted(isPrinted) {
    this.#isPrinted = isPrinted;
    if (!isPrinted && !this.#isInView) {
      this.isInView = false;
    }
    this.#isUpToDate = false;
  }

  /** Has it drawn in the next frame. */
  outdate() {
    this.#isUpToDate = false;
  }

  /** Whether it is in view and anything is new, while time goes on or stands still. */
  needsDrawing(isTimeMoving) {
    const isDue = !this.#isRow || performance.now() - this.#drawnAt >= ROW_PERIOD;
    const isMoving = isTimeMoving && this.run.inFlight > 0 && isDue;
    return (this.#isInView || this.#isPrinted) && (isMoving || !this.#isUpToDate);
  }

  draw(surroundings) {
    this.#shown.forEach((part) => part.draw(this.run, surroundings));
    this.#isUpToDate = true;
    this.#drawnAt = performance.now();
  }

  /** Writes what changes with the time alone, too. */
  writeNumbers(surroundings) {
    this.#shown.forEach((part) => part.writeNumbers(this.run, surroundings));
    this.element.classList.toggle("moving", this.run.inFlight > 0);
  }

  /** The row, the strip, or both. What is not shown costs nothing. */
  get #shown() {
    if (!this.#isRow) {
      return [this.#strip];
    }
    return this.#isOpen ? [this.#row, this.#strip] : [this.#row];
  }

  #arrange() {
    const row = this.element.querySelector(".row");
    row.hidden = !this.#isRow;
    row.setAttribute("aria-expanded", String(this.#isOpen));
    this.element.querySelector(".strip").hidden = this.#isRow && !this.#isOpen;
    this.element.classList.toggle("is-row", this.#isRow);
    this.#strip.free();
    this.outdate();
  }
}
