/** How a run looks in full: its numbers, its requests, who worked, and its table. */

import { drawRun, drawThreads, runHeight, threadsHeight } from "./chart.js";
import {
  averageInFlight,
  elapsed,
  formatTime,
  inWords,
  nameAndVersion,
  nameOfDone,
  results,
  timesAsFast,
} from "./runs.js";
import { Table } from "./table.js";
import { write } from "./text.js";
import { threadsInWords, whereTheTimeWent } from "./work.js";
import { words } from "./words.js";

/** The strip of one run, in an element that is there already. */
export class Strip {
  #element;
  #canvas;
  #threads;
  #table;
  #numbers = {};

  constructor(element) {
    this.#element = element;
    this.#canvas = element.querySelector(".lanes");
    this.#threads = element.querySelector(".threads");
    this.#table = new Table(element.querySelector("details"));
    for (const number of element.querySelectorAll("dl > div")) {
      this.#numbers[number.className] = number.querySelector("dd");
    }
  }

  /** Takes over what is new, but for what changes with the time alone. */
  update(run, { now, room, you }) {
    const { name, version = "" } = nameAndVersion(run.client);
    const head = (css, text) => write(this.#element.querySelector(css), text);
    head(".person", run.name ?? "");
    head(".name", name);
    head(".version", version);
    const address = run.address === you ? words.you : run.address;
    const time = run.isOld && words.beforeRestart;
    const place = [
      run.run && words.runNamed(run.run),
      words.siteName(run.site),
      address,
      time,
    ];
    head(".origin", place.filter(Boolean).join(" · "));
    head(".who-works", threadsInWords(run));
    head(".done dt", nameOfDone(run));
    this.#canvas.style.height = `${runHeight(run, room)}px`;
    this.#canvas.setAttribute("aria-label", inWords(run, now));
    this.#threads.style.height = `${threadsHeight(run)}px`;
    this.#threads.setAttribute("aria-label", threadsInWords(run));
    this.#table.update(run);
  }

  draw(run, surroundings) {
    drawRun(this.#canvas, run, surroundings);
    drawThreads(this.#threads, run, surroundings);
  }

  /** What nobody sees keeps no pixels. */
  free() {
    for (const canvas of [this.#canvas, this.#threads]) {
      canvas.width = 0;
      canvas.height = 0;
    }
  }

  /** Writes what changes with the time, too. */
  writeNumbers(run, { now, all }) {
    // Hundredths that nobody can read would only flicker.
    const digits = run.inFlight > 0 ? 1 : 2;
    const { done, notFound, errors, givenUp, failed } = results(run);
    const factor = timesAsFast(run, all, now);
    const seldom = {
      "not-found": notFound,
      errors,
      "given-up": givenUp,
      failed,
      "in-flight": run.inFlight,
      factor: factor === null ? 0 : words.times(factor.toFixed(1)),
    };
    for (const [name, number] of Object.entries(seldom)) {
      write(this.#numbers[name], number);
      this.#numbers[name].parentElement.hidden = number === 0;
    }
    write(this.#numbers.done, done);
    write(this.#numbers.largest, run.largestInFlight);
    write(this.#numbers.average, averageInFlight(run, now).toFixed(1));
    write(this.#numbers.elapsed, formatTime(elapsed(run, now), digits));
    this.#writeShares(whereTheTimeWent(run, now));
  }

  #writeShares(parts) {
    const shares = this.#element.querySelector(".shares");
    // What takes part in a hundred is seen neither in the bar nor in the words.
    const shown = parts.filter(({ share }) => share >= 0.005);
    const text = JSON.stringify(shown);
    if (shares.dataset.parts === text) {
      return;
    }
    shares.dataset.parts = text;
    const bar = shown.map(({ part, share }) => {
      const piece = document.createElement("span");
      piece.className = part;
      piece.style.flexGrow = share;
      return piece;
    });
    const items = shown.map(({ part, share }) => {
      const word = document.createElement("li");
      word.className = part;
      word.textContent = `${words.part[part]} ${Math.round(share * 100)} %`;
      return word;
    });
    shares.querySelector(".bar").replaceChildren(...bar);
    shares.querySelector("ul").replaceChildren(...items);
    shares.hidden = shown.length === 0;
  }
}
