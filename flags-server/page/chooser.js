/** The dialog in which the runs are chosen that are compared. */

import { LEFT_OUT, MOST } from "./comparison.js";
import { formatTime } from "./runs.js";
import { words } from "./words.js";

export class Chooser {
  #dialog = document.getElementById("chooser");
  #fields = this.#dialog.querySelector(".fields");
  #choice;
  #whenChosen;
  /** What is offered, as a text that tells whether it is another offer. */
  #offered = "";

  /** Changes a `choice`, and calls `whenChosen` after that. */
  constructor(choice, whenChosen) {
    this.#choice = choice;
    this.#whenChosen = whenChosen;
    document.getElementById("choose").addEventListener("click", () => {
      this.#dialog.showModal();
    });
    this.#fields.addEventListener("change", ({ target }) => {
      if (target.name === "site") {
        this.#choice.site = target.value;
      } else {
        this.#choice.choose(target.dataset.program, target.value);
      }
      this.#whenChosen();
    });
  }

  /** Offers the sites that have runs, and the runs of each program at the one chosen. */
  offer(all, withoutRoom) {
    const site = this.#choice.siteOf(all);
    const sites = [...new Set(all.map((run) => run.site))];
    const fields = [
      {
        name: "site",
        label: words.site,
        value: site,
        options: sites.map((name) => [name, words.siteName(name)]),
      },
    ];
    for (const [program, runs] of this.#choice.programs(all)) {
      const those = [...runs].reverse().map((run) => [run.key, describe(run)]);
      const options = [["", words.latestRun], ...those, [LEFT_OUT, words.leftOut]];
      const value = this.#choice.chosen(program);
      fields.push({ name: "run", program, label: program, value, options });
    }
    const offered = JSON.stringify([fields, withoutRoom]);
    if (offered === this.#offered) {
      return;
    }
    this.#offered = offered;
    const focused = document.activeElement?.dataset?.program;
    this.#fields.replaceChildren(...fields.map(field));
    this.#fields.querySelector(`[data-program="${CSS.escape(focused ?? "")}"]`)?.focus();
    this.#dialog.querySelector(".room").textContent =
      withoutRoom.length > 0 ? words.onlySome(MOST, withoutRoom.join(", ")) : "";
  }
}

function describe(run) {
  const time = run.inFlight > 0 ? words.inFlight : formatTime(run.ended - run.started);
  const name = run.run ? words.runNamed(run.run) : run.address;
  return [run.name, name, words.requests(run.requests), time].filter(Boolean).join(" · ");
}

function field({ name, program, label, value, options }) {
  const select = document.createElement("select");
  select.name = name;
  select.dataset.program = program ?? "";
  select.append(...options.map(([value, text]) => new Option(text, value)));
  select.value = value;
  const element = document.createElement("label");
  const text = document.createElement("span");
  text.textContent = label;
  element.append(text, select);
  return element;
}
