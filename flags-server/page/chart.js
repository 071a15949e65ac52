/**
 * The drawing: one time scale for all runs, the axis above them, and the bars of a run in
 * a canvas. Where lanes are not squeezed they are equally high in all runs, so that the
 * same work covers the same area, however it is arranged.
 */

import { elapsed, lanes, outcome } from "./runs.js";

/** A picture in a lane lower than this is a blot. */
const LOWEST_PICTURE = 9;
/** How many lanes share the height that a run gets. A run with fewer is lower. */
const USUAL_LANES = 20;
/** How far apart ticks are at least, in letters. */
const TICK_DISTANCE = 8;

/** How many milliseconds the width of the page stands for. */
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
    const [unit, length] = this.extent < 1000 ? ["ms", 1] : ["s", 1000];
    // What is left of a division by ten is no digit that anybody wants to see.
    return `${Number((time / length).toPrecision(6))} ${unit}`;
  }
}

/** Writes the ticks of a scale into the axis. */
export function drawAxis(axis, scale) {
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
    `One time scale for all runs, from 0 to ${scale.text(scale.extent)}`,
  );
}

/** How high a lane is, when a run may be as high as `room`. */
export function laneHeight(run, room) {
  const height = room / Math.max(lanes(run), USUAL_LANES);
  // In whole pixels of the screen, which is what makes edges sharp, if there are enough.
  const pixels = Math.floor(height * devicePixelRatio);
  return pixels > 0 ? pixels / devicePixelRatio : height;
}

/** The colours, which the style sheet decides. */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    done: colour("done"),
    "in flight": colour("in-flight"),
    failed: colour("failed"),
    "given up": colour("failed"),
    "not found": colour("not-found"),
    edge: colour("edge"),
    grid: colour("grid"),
    background: colour("background"),
  };
}

/** The pictures of the flags, each loaded when it is needed first. */
export class Pictures {
  #images = new Map();
  #whenLoaded;

  /** `whenLoaded` is called when there is something more to draw. */
  constructor(whenLoaded) {
    this.#whenLoaded = whenLoaded;
  }

  /** The picture of a flag, or null when it is not there yet. */
  get(path) {
    let image = this.#images.get(path);
    if (!image) {
      image = new Image();
      image.onload = this.#whenLoaded;
      image.src = `/live/flags/${path}`;
      this.#images.set(path, image);
    }
    return image.complete && image.naturalWidth > 0 ? image : null;
  }
}

/** Draws the bars of a run into its canvas. */
export function drawRun(canvas, run, { now, scale, room, colours, pictures }) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const pixels = devicePixelRatio;
  const context = canvas.getContext("2d");
  // To set a size clears the canvas, and costs, even when it is the same.
  const [across, down] = [Math.round(width * pixels), Math.round(height * pixels)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(pixels, 0, 0, pixels, 0, 0);
  context.clearRect(0, 0, width, height);

  context.fillStyle = colours.grid;
  for (const time of scale.ticks(canvas)) {
    context.fillRect(Math.round((time / scale.extent) * width), 0, 1, height);
  }

  const lane = laneHeight(run, room);
  const gap = lane < 4 ? 0 : 1;
  const passed = elapsed(run, now);
  for (const bar of run.bars) {
    const left = (bar.start / scale.extent) * width;
    const right = ((bar.end ?? Math.max(passed, bar.start)) / scale.extent) * width;
    // A pixel less, so that one bar after another in a lane can be told apart.
    const box = { left, top: bar.lane * lane, width: Math.max(right - left - 1, 1) };
    drawBar(context, { ...box, height: lane - gap }, bar, colours, pictures);
  }
}

function drawBar(context, box, bar, colours, pictures) {
  const result = outcome(bar);
  const right = box.left + box.width;
  const isHollow = result === "not found" || result === "given up";
  context.fillStyle = colours[result];
  context.strokeStyle = colours[result];
  context.lineWidth = 1.5;
  if (isHollow && box.height >= 4 && box.width >= 4) {
    const { left, top, width, height } = box;
    context.strokeRect(left + 0.75, top + 0.75, width - 1.5, height - 1.5);
  } else {
    context.fillRect(box.left, box.top, box.width, box.height);
  }

  if (result === "in flight") {
    context.fillStyle = colours.edge;
    context.fillRect(right - 2, box.top, 2, box.height);
  } else if (result === "done") {
    drawFlag(context, box, bar, colours, pictures);
  } else if (result !== "not found" && box.height >= 5) {
    context.strokeStyle = isHollow ? colours.failed : colours.background;
    drawCross(context, right - box.height, box.top, box.height);
  }
}

/** The picture at the end of a bar, or a mark where there is no room for it. */
function drawFlag(context, box, bar, colours, pictures) {
  const right = box.left + box.width;
  const pictureWidth = (box.height * 4) / 3;
  if (box.height >= LOWEST_PICTURE && box.width >= pictureWidth) {
    const picture = bar.flag && pictures.get(bar.flag);
    if (picture) {
      const left = right - pictureWidth;
      context.imageSmoothingQuality = "high";
      context.drawImage(picture, left, box.top, pictureWidth, box.height);
      // Without a frame, a flag with much white would be taken for a gap.
      context.strokeStyle = colours.edge;
      context.lineWidth = 0.5;
      context.strokeRect(left, box.top + 0.25, pictureWidth - 0.25, box.height - 0.5);
      return;
    }
  }
  if (box.width >= 6 && box.height >= 2) {
    context.fillStyle = colours.edge;
    context.fillRect(right - 2, box.top, 2, box.height);
  }
}

function drawCross(context, left, top, size) {
  const margin = Math.min(2, size / 5);
  const [near, far] = [margin, size - margin];
  context.lineWidth = Math.max(1.5, size / 7);
  context.beginPath();
  context.moveTo(left + near, top + near);
  context.lineTo(left + far, top + far);
  context.moveTo(left + near, top + far);
  context.lineTo(left + far, top + near);
  context.stroke();
}

/** How wide a letter is, more or less. */
function letterWidth(element) {
  return parseFloat(getComputedStyle(element).fontSize) * 0.6;
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
