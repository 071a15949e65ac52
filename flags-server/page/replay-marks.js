/** The replay on the ordinary page: a cursor in each run, and what the run does there. */

import { write } from "./text.js";

export class ReplayMarks {
  #board;
  /** @type {WeakMap<Element, {strip: Element, row: Element, moment: Element}>} */
  #marks = new WeakMap();
  #isDrawn = false;

  constructor(board) {
    this.#board = board;
  }

  /** Draws where the cursor is, or removes what was drawn where there is none. */
  draw(replay) {
    const isActive = replay.cursor !== null;
    if (!isActive && !this.#isDrawn) {
      return;
    }
    this.#isDrawn = isActive;
    if (!isActive) {
      for (const element of document.querySelectorAll("#runs .of-replay")) {
        element.remove();
      }
      this.#marks = new WeakMap();
      return;
    }
    // First all that measures the page, then all that changes it.
    const views = this.#board.views.map(({ view, scale }) => {
      const share = Math.min(replay.cursor / scale.extent, 1);
      return { view, ...places(view.element, share) };
    });
    for (const { view, strip, row } of views) {
      const marks = this.#marksOf(view.element);
      marks.strip.hidden = strip === null;
      marks.row.hidden = row === null;
      if (strip !== null) {
        Object.assign(marks.strip.style, strip);
        write(marks.moment, replay.time === null ? "" : replay.words(view.run));
      }
      if (row !== null) {
        Object.assign(marks.row.style, row);
      }
    }
  }

  #marksOf(element) {
    let marks = this.#marks.get(element);
    if (!marks) {
      const part = (name, type) => {
        const it = document.createElement(type);
        it.className = `of-replay ${name}`;
        return it;
      };
      marks = {
        strip: part("cursor", "div"),
        row: part("cursor", "span"),
        moment: part("moment", "p"),
      };
      element.querySelector(".threads").after(marks.moment);
      element.querySelector(".strip").append(marks.strip);
      element.querySelector(".track").append(marks.row);
      this.#marks.set(element, marks);
    }
    return marks;
  }
}

/** Where the cursor is in the lanes of a run and in its row, if these are seen. */
function places(element, share) {
  const [lanes, threads] = [".lanes", ".threads"].map((css) =>
    element.querySelector(css),
  );
  const track = element.querySelector(".track canvas");
  const isSeen = (canvas) => canvas.offsetParent !== null;
  const left = (canvas) => `${canvas.offsetLeft + share * canvas.clientWidth}px`;
  const height = threads.offsetTop + threads.offsetHeight - lanes.offsetTop;
  return {
    strip: isSeen(lanes)
      ? { left: left(lanes), top: `${lanes.offsetTop}px`, height: `${height}px` }
      : null,
    row: isSeen(track) ? { left: left(track) } : null,
  };
}
