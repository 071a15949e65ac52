/** The requests of a run in words and numbers, for those who want to read them. */

import { formatTime, outcome, titleOf } from "./runs.js";
import { write } from "./text.js";
import { words } from "./words.js";

/** The table of a run, which has rows once it is opened. */
export class Table {
  #details;
  #rows = [];
  #run;

  constructor(details) {
    this.#details = details;
    details.addEventListener("toggle", () => this.#fill());
  }

  update(run) {
    this.#run = run;
    this.#fill();
  }

  #fill() {
    if (!this.#details.open) {
      return;
    }
    const run = this.#run;
    const body = this.#details.querySelector("tbody");
    const title = words.tableOf(titleOf(run), run.bars.length, run.requests);
    write(this.#details.querySelector("caption"), title);
    this.#details.querySelector(".scroll").setAttribute("aria-label", title);
    run.bars.forEach((bar, index) => {
      if (this.#rows[index]?.bar !== bar) {
        const element = line(bar);
        this.#rows[index]?.element.replaceWith(element);
        this.#rows[index] = { bar, element };
      }
    });
    if (body.children.length !== this.#rows.length) {
      body.replaceChildren(...this.#rows.map(({ element }) => element));
    }
  }
}

function line(bar) {
  const result = words.outcome[outcome(bar)];
  const cells = [
    bar.number + 1,
    bar.label,
    bar.thread ?? "–",
    bar.lane + 1,
    formatTime(bar.start),
    bar.end === null || bar.isLost ? "–" : formatTime(bar.end - bar.start),
    bar.status === null ? result : `${bar.status} ${result}`,
  ];
  const element = document.createElement("tr");
  element.append(
    ...cells.map((text) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      return cell;
    }),
  );
  return element;
}
