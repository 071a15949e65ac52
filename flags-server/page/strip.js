/** How a run looks on the page, apart from its bars. */

import { drawRun, laneHeight } from "./chart.js";
import {
  done,
  elapsed,
  formatTime,
  inWords,
  lanes,
  nameAndVersion,
  outcome,
  speedUp,
} from "./runs.js";

/** One run on the page: its head, its canvas, and its table once that is opened. */
export class Strip {
  #head = {};
  #canvas;
  #details;
  #rows = [];
  #texts = new Map();
  #isInView = false;
  #isUpToDate = false;

  constructor(run, surroundings) {
    this.element = document
      .getElementById("run")
      .content.firstElementChild.cloneNode(true);
    for (const name of ["name", "version", "origin"]) {
      this.#head[name] = this.element.querySelector(`.${name}`);
    }
    for (const number of this.element.querySelectorAll("dl > div")) {
      this.#head[number.className] = number.querySelector("dd");
    }
    this.element.dataset.run = run.id;
    const title = this.element.querySelector("h3");
    title.id = `run-${run.id}`;
    this.element.setAttribute("aria-labelledby", title.id);
    this.#canvas = this.element.querySelector("canvas");
    this.#details = this.element.querySelector("details");
    this.#details.addEventListener("toggle", () => this.#fillTable());
    this.update(run, surroundings);
  }

  /** Takes over what is new, and tells the head and the ears. */
  update(run, { now, room }) {
    const isOther = this.run && this.run.started !== run.started;
    this.run = run;
    const { name, version = "" } = nameAndVersion(run.client);
    this.#write(this.#head.name, name);
    this.#write(this.#head.version, version);
    const origin = [run.run && `run ${run.run}`, run.site, run.address];
    this.#write(this.#head.origin, origin.filter(Boolean).join(" · "));
    this.#canvas.style.height = `${Math.ceil(lanes(run) * laneHeight(run, room))}px`;
    this.#canvas.setAttribute("aria-label", inWords(run, now));
    if (isOther) {
      this.#rows = [];
    }
    this.#fillTable();
    this.writeNumbers(now);
    this.#isUpToDate = false;
  }

  /** Whether anybody can see it. What nobody sees is not drawn and keeps no pixels. */
  set isInView(isInView) {
    this.#isInView = isInView;
    if (!isInView) {
      this.#canvas.width = 0;
      this.#canvas.height = 0;
    }
    this.#isUpToDate = false;
  }

  /** Has it drawn in the next frame. */
  outdate() {
    this.#isUpToDate = false;
  }

  /** Whether it is in view and anything is new, while time goes on or stands still. */
  needsDrawing(isTimeMoving) {
    const isMoving = isTimeMoving && this.run.inFlight > 0;
    return this.#isInView && (isMoving || !this.#isUpToDate);
  }

  draw(surroundings) {
    drawRun(this.#canvas, this.run, surroundings);
    this.#isUpToDate = true;
  }

  /** Writes what changes with the time alone, too. */
  writeNumbers(now) {
    const { run } = this;
    // Hundredths that nobody can read would only flicker.
    const digits = run.inFlight > 0 ? 1 : 2;
    this.#write(this.#head.done, done(run));
    this.#write(this.#head.failed, run.failed);
    this.#write(this.#head["not-found"], run.notFound);
    this.#write(this.#head["in-flight"], run.inFlight);
    this.#write(this.#head.largest, run.largestInFlight);
    this.#write(this.#head.elapsed, formatTime(elapsed(run, now), digits));
    this.#write(this.#head["speed-up"], `${speedUp(run, now).toFixed(1)}×`);
    this.#head.failed.parentElement.hidden = run.failed === 0;
    this.#head["not-found"].parentElement.hidden = run.notFound === 0;
    this.element.classList.toggle("moving", run.inFlight > 0);
  }

  /** Brings the table up to date, if it is open. */
  #fillTable() {
    if (!this.#details.open) {
      return;
    }
    const { run } = this;
    const body = this.#details.querySelector("tbody");
    const kept = run.bars.length < run.requests ? `the first ${run.bars.length} of ` : "";
    const title = `${nameAndVersion(run.client).name}: ${kept}${run.requests} requests`;
    this.#write(this.#details.querySelector("caption"), title);
    this.#details.querySelector(".scroll").setAttribute("aria-label", title);
    run.bars.forEach((bar, index) => {
      if (this.#rows[index]?.bar !== bar) {
        const element = row(bar);
        this.#rows[index]?.element.replaceWith(element);
        this.#rows[index] = { bar, element };
      }
    });
    if (body.children.length !== this.#rows.length) {
      body.replaceChildren(...this.#rows.map(({ element }) => element));
    }
  }

  /** Writes text into an element unless it is there already, which costs less. */
  #write(element, text) {
    if (this.#texts.get(element) !== text) {
      this.#texts.set(element, text);
      element.textContent = text;
    }
  }
}

/** A line of the table. */
function row(bar) {
  const result = outcome(bar);
  const cells = [
    bar.number + 1,
    bar.label,
    bar.lane + 1,
    formatTime(bar.start),
    bar.end === null ? "–" : formatTime(bar.end - bar.start),
    bar.status === null ? result : `${bar.status} ${result}`,
  ];
  const line = document.createElement("tr");
  line.append(
    ...cells.map((text) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      return cell;
    }),
  );
  return line;
}
