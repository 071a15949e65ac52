/**
 * What is pointed at, by the mouse, a finger or the arrow keys: a card that tells of one
 * bar, a frame around it, and the time for the cursor that goes through all runs.
 */

import { drawingOf } from "./chart.js";
import { formatTime, outcome, titleOf } from "./runs.js";
import { write } from "./text.js";
import { words } from "./words.js";

/** Between the frame of a bar and its card, in pixels. */
const GAP = 10;
const LANES = "canvas.lanes";
const PICTURES = `${LANES}, canvas.threads, .track canvas`;

export class Pointing {
  #replay;
  #planFrame;
  #say;
  #card = document.getElementById("card");
  #frame = document.getElementById("picked");
  /** The picture with the bar, and the number of the bar in its run; or neither. */
  #canvas = null;
  #number = null;

  /**
   * Puts the cursor of `replay` where somebody points to. `planFrame` has the page drawn
   * anew, and `say` tells who cannot see it.
   */
  constructor(replay, planFrame, say) {
    this.#replay = replay;
    this.#planFrame = planFrame;
    this.#say = say;
    for (const name of ["pointermove", "pointerdown"]) {
      document.addEventListener(name, (event) => this.#point(event));
    }
    document.addEventListener("mouseleave", () => this.#leave());
    // Before the keys of the whole page, of which the arrows and Escape are some.
    document.addEventListener("keydown", (event) => this.#press(event), true);
    document.addEventListener("focusin", ({ target }) => {
      if (target.matches(LANES) && target.matches(":focus-visible")) {
        this.#choose(target, 0);
      }
    });
    document.addEventListener("focusout", () => this.#leave());
    document.addEventListener("scroll", planFrame, true);
  }

  /** Brings the card and the frame in line with what was drawn. */
  draw() {
    const box = this.#bar && this.#canvas.checkVisibility() ? this.#box() : null;
    this.#card.hidden = box === null;
    this.#frame.hidden = box === null;
    if (box === null) {
      return;
    }
    this.#write();
    const { left, top, width, height } = box;
    Object.assign(this.#frame.style, inPixels({ left, top, width, height }));
    // Below the bar if there is room, and never beyond the sides.
    const { offsetWidth, offsetHeight } = this.#card;
    const below = top + height + GAP;
    const isRoom = below + offsetHeight <= innerHeight;
    Object.assign(
      this.#card.style,
      inPixels({
        left: Math.max(Math.min(left, innerWidth - offsetWidth - GAP), GAP),
        top: isRoom ? below : Math.max(top - GAP - offsetHeight, 0),
      }),
    );
  }

  get #bar() {
    return this.#canvas ? drawingOf(this.#canvas)?.run.bars[this.#number] : undefined;
  }

  /** Where the bar is on the screen; null where it is not drawn by itself. */
  #box() {
    const { box } = drawingOf(this.#canvas);
    const { left, top } = this.#canvas.getBoundingClientRect();
    const it = box?.(this.#bar);
    return it ? { ...it, left: left + it.left, top: top + it.top } : null;
  }

  #point({ target, clientX, clientY }) {
    const canvas = target.closest?.(PICTURES);
    const drawing = canvas && drawingOf(canvas);
    if (!drawing) {
      // Who works with the keyboard may have left the mouse anywhere.
      if (document.activeElement !== this.#canvas) {
        this.#leave();
      }
      return;
    }
    const { left, top, width } = canvas.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const { run, extent, box } = drawing;
    // The last one is drawn above the others.
    const number = box
      ? run.bars.findLastIndex((bar) => {
          const it = box(bar);
          const isInLane = y >= it.top && y < it.top + it.height;
          return isInLane && x >= it.left - 1 && x <= it.left + it.width + 1;
        })
      : -1;
    this.#canvas = number < 0 ? null : canvas;
    this.#number = number;
    this.#replay.pointed = Math.min(Math.max((x / width) * extent, 0), extent);
    this.#planFrame();
  }

  #leave() {
    if (this.#canvas !== null || this.#replay.pointed !== null) {
      this.#canvas = null;
      this.#replay.pointed = null;
      this.#planFrame();
    }
  }

  #press(event) {
    const { target, key } = event;
    const hasModifier = event.ctrlKey || event.altKey || event.metaKey;
    if (!target.matches?.(LANES) || hasModifier) {
      return;
    }
    if (key === "Escape" && this.#bar) {
      this.#leave();
    } else {
      const { run, box } = drawingOf(target) ?? {};
      const at = this.#canvas === target ? this.#number : 0;
      const next = box ? nextBar(run.bars, at, key) : null;
      if (next === null) {
        return;
      }
      this.#choose(target, next);
    }
    event.preventDefault();
  }

  #choose(canvas, number) {
    this.#canvas = canvas;
    this.#number = number;
    const bar = this.#bar;
    if (!bar) {
      return;
    }
    this.#replay.pointed = bar.end ?? bar.start;
    const { run } = drawingOf(canvas);
    const parts = facts(bar).map(([name, text]) => `${name} ${text}`);
    this.#say(`${titleOf(run)}: ${[title(bar), ...parts].join(", ")}`);
    this.#planFrame();
  }

  #write() {
    const bar = this.#bar;
    const picture = this.#card.querySelector("img");
    picture.hidden = !bar.flag;
    if (bar.flag) {
      picture.src = `/live/flags/${bar.flag}`;
    }
    write(this.#card.querySelector("b"), title(bar));
    const list = this.#card.querySelector("dl");
    const known = facts(bar);
    if (list.dataset.facts === JSON.stringify(known)) {
      return;
    }
    list.dataset.facts = JSON.stringify(known);
    list.replaceChildren(
      ...known.flatMap(([name, text]) => {
        const [term, value] = ["dt", "dd"].map((tag) => document.createElement(tag));
        term.textContent = name;
        value.textContent = text;
        return [term, value];
      }),
    );
  }
}

/** What was asked for, and how that ended. */
function title(bar) {
  const result = words.outcome[outcome(bar)];
  return `${bar.label} · ${bar.status === null ? result : `${bar.status} ${result}`}`;
}

/** What is known of a bar, as names and texts. */
function facts(bar) {
  const isKnown = bar.end !== null && !bar.isLost;
  return [
    [words.askedFor, words.at(formatTime(bar.start))],
    isKnown && [words.waited, formatTime(bar.end - bar.start)],
    isKnown && bar.status !== null && [words.received, words.at(formatTime(bar.end))],
    bar.thread && [words.thread, String(bar.thread)],
  ].filter(Boolean);
}

/** The number of the bar to which a key leads; null if it is no such key. */
function nextBar(bars, at, key) {
  const last = bars.length - 1;
  if (key === "ArrowRight" || key === "ArrowLeft") {
    return Math.min(Math.max(at + (key === "ArrowRight" ? 1 : -1), 0), last);
  }
  if (key === "Home" || key === "End") {
    return key === "Home" ? 0 : last;
  }
  if (key !== "ArrowDown" && key !== "ArrowUp") {
    return null;
  }
  // In the next lane, what was in flight at about the same time.
  const { lane, start } = bars[at];
  const next = lane + (key === "ArrowDown" ? 1 : -1);
  const [near] = bars
    .map((bar, number) => ({ bar, number, distance: Math.abs(bar.start - start) }))
    .filter(({ bar }) => bar.lane === next)
    .sort((one, other) => one.distance - other.distance);
  return near?.number ?? at;
}

function inPixels(lengths) {
  return Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => [name, `${length}px`]),
  );
}
