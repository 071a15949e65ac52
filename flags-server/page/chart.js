/**
 * The drawings of a run, each in a canvas of its own: its requests in lanes, or as a
 * curve where there are too many; its threads; and the number in flight as darkness.
 * Where lanes are not squeezed they are equally high in all runs, so that the same work
 * covers the same area, however it is arranged.
 */

import { drawBar, drawWaiting } from "./marks.js";
import { elapsed, inFlightSteps, lanes, outcome } from "./runs.js";
import { threads } from "./work.js";
import { words } from "./words.js";

/** How many lanes share the height that a run gets. A run with fewer is lower. */
const USUAL_LANES = 20;
/** A lane lower than this cannot be seen, and a curve tells more. */
const LOWEST_LANE = 2;
/** What many threads share, and how high the row of one is at most. */
const ALL_THREADS = 80;
const HIGHEST_THREAD = 9;
/** Between those that download and those that only save. */
const BEFORE_SAVERS = 4;
/** In a row lower than this a thread that sleeps is a line. */
const LOWEST_THREAD_BOX = 6;
/** How wide work is drawn at least. It takes a moment, and is the point. */
const WORK = 3;
/** So many in flight are as dark as it gets. */
const DARKEST = 100;

/**
 * What is in each canvas: the run, the times from its left to its right, and where its
 * bars are, if they are drawn one by one.
 *
 * @type {WeakMap<Element, {run: Run, extent: number, box: ?(bar: Bar) => object}>}
 */
const drawings = new WeakMap();

/** What was drawn into a canvas last. */
export function drawingOf(canvas) {
  return drawings.get(canvas);
}

/** Whether the requests of a run are too many for lanes. */
export function isCurve(run, room) {
  return run.requests > run.bars.length || room / lanes(run) < LOWEST_LANE;
}

/** How high the canvas of a run is, when a run may be as high as `room`. */
export function runHeight(run, room) {
  return isCurve(run, room) ? room : Math.ceil(lanes(run) * laneHeight(run, room)) + 1;
}

/** How high the canvas of its threads is: nothing where they are not known. */
export function threadsHeight(run) {
  const rows = threads(run);
  const gap = firstSaver(rows) > 0 ? BEFORE_SAVERS : 0;
  return Math.ceil(rows.length * threadHeight(rows.length)) + gap;
}

/** Draws the requests of a run into its canvas. */
export function drawRun(canvas, run, { now, scale, room, colours, pictures }) {
  const { context, width, height } = begin(canvas);
  drawGrid(context, canvas, scale, colours);
  drawings.set(canvas, { run, extent: scale.extent, box: null });
  if (isCurve(run, room)) {
    drawCurve(context, run, { now, scale, colours, width, height });
    return;
  }
  const lane = laneHeight(run, room);
  // Low lanes share their outlines.
  const gap = lane < 6 ? -1 : 1;
  const passed = elapsed(run, now);
  const x = pixels((time) => (time / scale.extent) * width);
  const box = (bar) => {
    const left = x(bar.start);
    const right = x(bar.end ?? Math.max(passed, bar.start));
    // A pixel less, so that one bar after another in a lane can be told apart.
    const width = Math.max(right - left - 1, 1);
    return { left, top: bar.lane * lane, width, height: lane - gap };
  };
  drawings.set(canvas, { run, extent: scale.extent, box });
  for (const bar of run.bars) {
    drawBar(context, box(bar), bar, outcome(bar), colours, pictures);
  }
}

/** Draws a row for each thread: pale while it sleeps, and dark where it works. */
export function drawThreads(canvas, run, { now, scale, colours }) {
  const { context, width, height } = begin(canvas);
  drawings.set(canvas, { run, extent: scale.extent, box: null });
  const rows = threads(run);
  if (rows.length === 0) {
    return;
  }
  const x = pixels((time) => (time / scale.extent) * width);
  const end = x(Math.max(elapsed(run, now), run.report?.elapsed ?? 0));
  const saver = firstSaver(rows);
  const row = (height - (saver > 0 ? BEFORE_SAVERS : 0)) / rows.length;
  if (row < 2) {
    // Together they are one surface, in which each is still at work at its own height.
    drawWaiting(context, { left: 0, top: 0, width: end, height }, colours, false);
  }
  rows.forEach(({ work }, index) => {
    const isSaver = saver > 0 && index >= saver;
    const top = index * row + (isSaver ? BEFORE_SAVERS : 0);
    const high = row < 2 ? 1.5 : row - 1;
    if (row >= LOWEST_THREAD_BOX) {
      drawWaiting(context, { left: 0, top, width: end, height: high }, colours, false);
    } else if (row >= 2) {
      context.fillStyle = colours.outline;
      context.fillRect(0, top + Math.floor((high - 1) / 2), end, 1);
    }
    context.fillStyle = colours.work;
    for (const [from, to] of work) {
      const left = Math.min(x(from), Math.max(end - WORK, 0));
      context.fillRect(left, top, Math.max(x(to) - left, WORK), high);
    }
  });
}

/** Draws the number in flight as darkness, from pale to that of work. */
export function drawDensity(canvas, run, { now, scale, colours }) {
  const { context, width, height } = begin(canvas);
  drawGrid(context, canvas, scale, colours);
  drawings.set(canvas, { run, extent: scale.extent, box: null });
  const x = pixels((time) => (time / scale.extent) * width);
  const box = { left: 0, top: 0, width: Math.max(x(elapsed(run, now)), 1), height };
  drawWaiting(context, box, colours, false);
  const right = Math.max(box.width - 1, 1);
  eachStep(inFlightSteps(run, now), x, right, (left, wide, number) => {
    // On a scale by factors, as 1 and 5 are further apart for the eye than 95 and 100.
    context.globalAlpha = Math.min(Math.log1p(number) / Math.log1p(DARKEST), 1) || 1;
    context.fillStyle = number > 0 ? colours.work : colours.background;
    context.fillRect(left, 1, wide, height - 2);
  });
  context.globalAlpha = 1;
  context.fillStyle = colours.failed;
  for (const bar of run.bars) {
    if (["error", "given up"].includes(outcome(bar))) {
      context.fillRect(Math.max(x(bar.end) - 2, 0), height / 2, 2, height / 2);
    }
  }
}

/** The number in flight as a surface, whose highest point is the highest number. */
function drawCurve(context, run, { now, scale, colours, width, height }) {
  const x = pixels((time) => (time / scale.extent) * width);
  const y = (number) =>
    height - (number / Math.max(run.largestInFlight, 1)) * (height - 2);
  const steps = inFlightSteps(run, now);
  const path = new Path2D();
  path.moveTo(0, height);
  let before = 0;
  for (const [time, number] of steps) {
    path.lineTo(x(time), y(before));
    path.lineTo(x(time), y(number));
    before = number;
  }
  path.lineTo(x(steps.at(-1)[0]), height);
  context.fillStyle = colours.waiting;
  context.fill(path);
  context.strokeStyle = colours.outline;
  context.lineWidth = 1.5;
  context.stroke(path);
  context.fillStyle = colours.text;
  const { fontFamily, fontSize } = getComputedStyle(context.canvas);
  context.font = `${fontSize} ${fontFamily}`;
  context.textBaseline = "top";
  context.fillText(words.numberInFlight(run.largestInFlight), x(steps.at(-1)[0]) + 6, 2);
  // What failed is marked where it ended: there are no bars that could be hatched.
  context.strokeStyle = colours.failed;
  context.lineWidth = 2;
  let last = -Infinity;
  for (const bar of run.bars) {
    const right = bar.end === null ? 0 : x(bar.end);
    if (["error", "given up"].includes(outcome(bar)) && Math.abs(right - last) >= 8) {
      last = right;
      context.beginPath();
      context.moveTo(right - 4, height - 10);
      context.lineTo(right + 4, height - 2);
      context.moveTo(right - 4, height - 2);
      context.lineTo(right + 4, height - 10);
      context.stroke();
    }
  }
}

/** Goes through the steps of a curve that can be seen: the highest of each pixel. */
function eachStep(steps, x, right, draw) {
  let [left, highest, number] = [0, 0, 0];
  for (const [time, next] of steps) {
    const here = Math.min(x(time), right);
    if (here > left) {
      // What came and went within the first pixel would otherwise not be seen.
      draw(left, 1, highest);
      draw(left + 1, here - left - 1, number);
      [left, highest] = [here, 0];
    }
    highest = Math.max(highest, next);
    number = next;
  }
}

/** How high a lane is, when a run may be as high as `room`. */
function laneHeight(run, room) {
  const height = room / Math.max(lanes(run), USUAL_LANES);
  // In whole pixels of the screen, which is what makes edges sharp, if there are enough.
  return Math.floor(height * devicePixelRatio) / devicePixelRatio;
}

/** The index of the first thread that only saves. */
function firstSaver(rows) {
  return rows.findIndex(({ role }) => role === "saves");
}

function threadHeight(number) {
  const height = Math.min(ALL_THREADS / Math.max(number, 1), HIGHEST_THREAD);
  return height < 2 ? height : Math.floor(height * devicePixelRatio) / devicePixelRatio;
}

/** Makes a canvas empty and as fine as the screen. */
function begin(canvas) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext("2d");
  // To set a size clears the canvas, and costs, even when it is the same.
  const across = Math.round(width * devicePixelRatio);
  const down = Math.round(height * devicePixelRatio);
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

function drawGrid(context, canvas, scale, colours) {
  context.fillStyle = colours.grid;
  for (const time of scale.ticks(canvas)) {
    const left = Math.round((time / scale.extent) * canvas.clientWidth);
    context.fillRect(left, 0, 1, canvas.clientHeight);
  }
}

/** The same places, but between two pixels of the screen. */
function pixels(place) {
  return (time) => Math.round(place(time) * devicePixelRatio) / devicePixelRatio;
}
