/**
 * The page: listens to the server, and shows each run as a strip of its own.
 *
 * Everything that a client has sent gets into the page as text (`textContent`) and
 * never as markup.
 */

import { Announcer } from "./announcer.js";
import { drawAxis, Pictures, readColours, Scale } from "./chart.js";
import { clearBy, Command } from "./controls.js";
import { Runs } from "./runs.js";
import { Strip } from "./strip.js";

/** How long to wait before a new connection where the browser has given up. */
const RETRY = 3000;
/** How often bars grow for those who asked for less motion. */
const LESS_MOTION = 500;
/** What three runs need besides their bars, with the head of the page: in pixels. */
const BESIDES = 310;

const byId = (id) => document.getElementById(id);
const wantsLessMotion = matchMedia("(prefers-reduced-motion: reduce)");

const runs = new Runs();
const scale = new Scale();
const command = new Command();
const pictures = new Pictures(() => drawAll());
const announcer = new Announcer(runs, (text) => {
  byId("news").textContent = text;
});
/** @type {Map<number, Strip>} */
const strips = new Map();
let colours = readColours();
let room = roomForRun();
let isFramePlanned = false;

/** Strips that can be seen, or soon can, if the page is scrolled. */
const view = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const strip = strips.get(Number(target.dataset.run));
      // It may have been removed in the meantime.
      if (strip) {
        strip.isInView = isIntersecting;
      }
    }
    planFrame();
  },
  { rootMargin: "100px" },
);

/** Brings the strips in line with the runs: the newest comes first. */
function showRuns() {
  const all = runs.all;
  for (const [id, strip] of strips) {
    if (!all.some((run) => run.id === id)) {
      view.unobserve(strip.element);
      strip.element.remove();
      strips.delete(id);
    }
  }
  for (const run of all) {
    const strip = strips.get(run.id);
    if (!strip) {
      const added = new Strip(run, surroundings());
      strips.set(run.id, added);
      byId("runs").prepend(added.element);
      view.observe(added.element);
    } else if (strip.run !== run) {
      strip.update(run, surroundings());
    }
  }
  byId("empty").hidden = all.length > 0;
  byId("axis").hidden = all.length === 0;
  planFrame();
}

function planFrame() {
  if (isFramePlanned) {
    return;
  }
  isFramePlanned = true;
  if (wantsLessMotion.matches && runs.isMoving) {
    setTimeout(drawFrame, LESS_MOTION);
  } else {
    requestAnimationFrame(drawFrame);
  }
}

/** Draws what is new. Plans the next frame only while something moves. */
function drawFrame() {
  isFramePlanned = false;
  const around = surroundings();
  if (scale.fit(runs.all, around.now, runs.isMoving)) {
    drawAxis(byId("axis"), scale);
    strips.forEach((strip) => strip.outdate());
  }
  const outdated = [...strips.values()].filter((strip) =>
    strip.needsDrawing(runs.isMoving),
  );
  // First all that measures the page, then all that changes it, so that the browser
  // has to lay it out only once.
  outdated.forEach((strip) => strip.draw(around));
  outdated.forEach((strip) => strip.writeNumbers(around.now));
  if (runs.isMoving) {
    planFrame();
  }
}

/** Draws everything anew. */
function drawAll() {
  strips.forEach((strip) => strip.outdate());
  planFrame();
}

/** What a strip has to know besides its run. */
function surroundings() {
  return { now: runs.now(performance.now()), scale, room, colours, pictures };
}

/** How high the bars of a run may be, so that two full ones and a thin one fit. */
function roomForRun() {
  return Math.min(Math.max((innerHeight - BESIDES) / 2.05, 200), 400);
}

function showConnection(state, text) {
  byId("connection").dataset.state = state;
  byId("connection").textContent = text;
}

/** Listens to the server. After a break the browser connects again by itself. */
function connect() {
  const events = new EventSource("/live/events");
  events.addEventListener("runs", ({ data }) => {
    const event = JSON.parse(data);
    runs.replace(event, performance.now());
    command.sites = event.sites;
    showConnection("connected", "Connected");
    showRuns();
  });
  events.addEventListener("changes", ({ data }) => {
    const event = JSON.parse(data);
    runs.change(event, performance.now());
    announcer.hear(event.runs);
    showRuns();
  });
  events.addEventListener("error", () => {
    runs.stop(performance.now());
    showConnection("lost", "Not connected, trying again…");
    // Answers other than a stream of events, a server that is full for example, end it.
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(connect, RETRY);
    }
  });
}

addEventListener("resize", () => {
  room = roomForRun();
  strips.forEach((strip) => strip.update(strip.run, surroundings()));
  planFrame();
});
// The axis is as wide as the runs. It is also measured when it appears.
new ResizeObserver(() => {
  drawAxis(byId("axis"), scale);
  drawAll();
}).observe(byId("axis"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  colours = readColours();
  drawAll();
});
clearBy(byId("clear"));
connect();
