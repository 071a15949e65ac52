/** To clear the page, for everybody who has it open, and to undo that. */

import { say } from "./controls.js";
import { words } from "./words.js";

/** How long a reason is to be read. */
const READING = 10_000;

export class Clearing {
  #button = document.getElementById("clear");
  #toast = document.getElementById("cleared");
  #runs;
  #show;
  #ends = 0;
  #timer;

  /** `show` brings the page in line with the runs. */
  constructor(runs, show) {
    this.#runs = runs;
    this.#show = show;
    this.#button.addEventListener("click", () => this.#clear());
    this.#toast.querySelector("button").addEventListener("click", () => this.#undo());
  }

  /** Lets the button say what it can do for this reader. */
  update() {
    const { isLoopback, all } = this.#runs;
    const hasOld = all.some((run) => run.isOld);
    this.#button.textContent = isLoopback || !hasOld ? words.clear : words.clearOld;
    const isAllowed = isLoopback || hasOld;
    this.#button.setAttribute("aria-disabled", String(!isAllowed));
    this.#button.title = isAllowed ? "" : words.clearForLoopback;
  }

  /** The server has cleared the runs, for which somebody asked. */
  cleared({ undoSeconds }) {
    this.#runs.clear();
    this.#ends = performance.now() + undoSeconds * 1000;
    // Others could not undo it, so they are not asked.
    this.#toast.hidden = !this.#runs.isLoopback;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#count(), 250);
    this.#count();
    this.#show();
  }

  /** The server has undone that, and tells its runs next. */
  undone() {
    this.#runs.undoClear();
    this.#withdraw();
  }

  #withdraw() {
    clearInterval(this.#timer);
    this.#toast.hidden = true;
  }

  #count() {
    const left = Math.ceil((this.#ends - performance.now()) / 1000);
    this.#toast.querySelector(".seconds").textContent = words.seconds(Math.max(left, 0));
    if (left <= 0) {
      this.#withdraw();
      this.#runs.forgetCleared();
    }
  }

  async #clear() {
    if (this.#runs.isLoopback) {
      // The runs vanish when the server says so, as on all other pages.
      const response = await fetch("/live/clear", { method: "POST" }).catch(() => null);
      if (!response?.ok) {
        explain(response?.status === 403 ? words.clearForLoopback : words.noAnswer);
      }
    } else if (this.#runs.all.some((run) => run.isOld)) {
      this.#runs.clearOld();
      this.#show();
    } else {
      explain(words.clearForLoopback);
    }
  }

  async #undo() {
    const response = await fetch("/live/undo", { method: "POST" }).catch(() => null);
    if (!response?.ok) {
      explain(response?.status === 409 ? words.tooLate : words.noAnswer);
    }
  }
}

function explain(text) {
  say(text);
  setTimeout(() => say(""), READING);
}
