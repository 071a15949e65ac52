/** The scale of time that runs share, and the axis that shows it. */

import { elapsed } from "./runs.js";
import { words } from "./words.js";

/** How far apart ticks are at least, in letters. */
const TICK_DISTANCE = 8;

/** How many milliseconds the width of a chart stands for. */
export class Scale {
  extent = 1000;

  /**
   * Makes room for the longest run. It shrinks only when all is quiet, or it would
   * flicker. Returns whether it is another one now.
   */
  fit(runs, now, isMoving) {
    const longest = Math.max(0, ...runs.map((run) => elapsed(run, now)));
    const needed = roundUp(longest);
    const extent = isMoving ? Math.max(needed, this.extent, 1000) : needed;
    const isAnother = extent !== this.extent;
    this.extent = extent;
    return isAnother;
  }

  /** The times that get a tick in an element: as many as fit, at round distances. */
  ticks(element) {
    const distance = TICK_DISTANCE * letterWidth(element);
    const step = roundStep(this.extent / Math.max(element.clientWidth / distance, 1));
    const number = Math.floor(this.extent / step + 1e-9);
    return Array.from({ length: number + 1 }, (_, index) => index * step);
  }

  /** A round time, in the unit of the whole scale. */
  text(time) {
    const [unit, length] =
      this.extent < 1000 ? [words.milliseconds, 1] : [words.seconds, 1000];
    // What is left of a division by ten is no digit that anybody wants to see.
    return unit(Number((time / length).toPrecision(6)));
  }
}

/** Writes the ticks of a scale into an axis, which is for the runs of one site. */
export function drawAxis(axis, scale, site) {
  const ticks = scale.ticks(axis).map((time) => {
    const tick = document.createElement("span");
    const place = time / scale.extent;
    tick.textContent = time === 0 ? "0" : scale.text(time);
    tick.style.left = `${place * 100}%`;
    tick.className = place > 0.96 ? "last" : "";
    return tick;
  });
  const [previous, last] = ticks.slice(-2);
  if (last?.className) {
    // The texts of the last two stand both between them, and there may be no room.
    const letters = previous.textContent.length + last.textContent.length + 2;
    if (letters * letterWidth(axis) > axis.clientWidth / (ticks.length - 1)) {
      previous.textContent = "";
    }
  }
  axis.replaceChildren(...ticks);
  axis.setAttribute(
    "aria-label",
    words.axis(words.siteName(site), scale.text(scale.extent)),
  );
}

/** How wide a letter is in an element, which differs with the size of the window. */
const letters = new WeakMap();

/** How wide a letter is, more or less. It is asked for in every frame, for every run. */
function letterWidth(element) {
  let known = letters.get(element);
  const at = `${innerWidth} by ${innerHeight}`;
  if (known?.at !== at) {
    known = {
      at,
      width: parseFloat(getComputedStyle(element).fontSize) * 0.6,
    };
    letters.set(element, known);
  }
  return known.width;
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 and 10, times a power of ten, from 10 ms. */
function roundUp(time) {
  const needed = Math.max(time * 1.01, 10);
  const power = 10 ** Math.floor(Math.log10(needed));
  const round = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((n) => n * power >= needed);
  return round * power;
}

/** The next of 1, 2, 5 and 10, times a power of ten. */
function roundStep(time) {
  const power = 10 ** Math.floor(Math.log10(time));
  return [1, 2, 5, 10].find((n) => n * power >= time) * power;
}
