/**
 * The page: listens to the server, and shows each run as a strip of its own.
 *
 * Everything that a client has sent gets into the page as text (`textContent`) and
 * never as markup.
 */

import { drawAxis, drawRun, laneHeight, Pictures, readColours, Scale } from "./chart.js";
import { clearBy, Command } from "./controls.js";
import {
  done, elapsed, formatTime, inWords, lanes, nameAndVersion, outcome, Runs, speedUp,
} from "./runs.js";

/** A run is finished when it has been quiet for so long. */
const QUIET = 1000;
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
/** @type {Map<number, Strip>} */
const strips = new Map();
let colours = readColours();
let room = roomForRun();
let isFramePlanned = false;

/** One run on the page: its head, its canvas, and its table once that is opened. */
class Strip {
  #head = {};
  #canvas;
  #details;
  #rows = [];
  #texts = new Map();
  #isInView = false;
  #isUpToDate = false;

  constructor(run) {
    this.element = byId("run").content.firstElementChild.cloneNode(true);
    for (const name of ["name", "version", "origin"]) {
      this.#head[name] = this.element.querySelector(`.${name}`);
    }
    for (const number of this.element.querySelectorAll("dl > div")) {
      this.#head[number.className] = number.querySelector("dd");
    }
    this.element.dataset.run = run.id;
    const title = this.element.querySelector("h3");
    title.id = `run-${run.id}`;
    this.element.setAttribute("aria-labelledby", title.id);
    this.#canvas = this.element.querySelector("canvas");
    this.#details = this.element.querySelector("details");
    this.#details.addEventListener("toggle", () => this.#fillTable());
    this.update(run);
  }

  /** Takes over what is new, and tells the head and the ears. */
  update(run) {
    const isOther = this.run && this.run.started !== run.started;
    this.run = run;
    const { name, version = "" } = nameAndVersion(run.client);
    this.#write(this.#head.name, name);
    this.#write(this.#head.version, version);
    const origin = [run.run && `run ${run.run}`, run.site, run.address];
    this.#write(this.#head.origin, origin.filter(Boolean).join(" · "));
    this.#canvas.style.height = `${Math.ceil(lanes(run) * laneHeight(run, room))}px`;
    this.#canvas.setAttribute("aria-label", inWords(run, currentTime()));
    if (isOther) {
      this.#rows = [];
    }
    this.#fillTable();
    this.writeNumbers(currentTime());
    this.#isUpToDate = false;
  }

  /** Whether anybody can see it. What nobody sees is not drawn and keeps no pixels. */
  set isInView(isInView) {
    this.#isInView = isInView;
    if (!isInView) {
      this.#canvas.width = 0;
      this.#canvas.height = 0;
    }
    this.#isUpToDate = false;
  }

  /** Has it drawn in the next frame. */
  outdate() {
    this.#isUpToDate = false;
  }

  /** Whether it is in view and anything is new. */
  get needsDrawing() {
    const isMoving = runs.isMoving && this.run.inFlight > 0;
    return this.#isInView && (isMoving || !this.#isUpToDate);
  }

  draw(now) {
    drawRun(this.#canvas, this.run, { now, scale, room, colours, pictures });
    this.#isUpToDate = true;
  }

  /** Writes what changes with the time alone, too. */
  writeNumbers(now) {
    const { run } = this;
    // Hundredths that nobody can read would only flicker.
    const digits = run.inFlight > 0 ? 1 : 2;
    this.#write(this.#head.done, done(run));
    this.#write(this.#head.failed, run.failed);
    this.#write(this.#head["not-found"], run.notFound);
    this.#write(this.#head["in-flight"], run.inFlight);
    this.#write(this.#head.largest, run.largestInFlight);
    this.#write(this.#head.elapsed, formatTime(elapsed(run, now), digits));
    this.#write(this.#head["speed-up"], `${speedUp(run, now).toFixed(1)}×`);
    this.#head.failed.parentElement.hidden = run.failed === 0;
    this.#head["not-found"].parentElement.hidden = run.notFound === 0;
    this.element.classList.toggle("moving", run.inFlight > 0);
  }

  /** Brings the table up to date, if it is open. */
  #fillTable() {
    if (!this.#details.open) {
      return;
    }
    const { run } = this;
    const body = this.#details.querySelector("tbody");
    const kept = run.bars.length < run.requests ? `the first ${run.bars.length} of ` : "";
    const title = `${nameAndVersion(run.client).name}: ${kept}${run.requests} requests`;
    this.#write(this.#details.querySelector("caption"), title);
    this.#details.querySelector(".scroll").setAttribute("aria-label", title);
    run.bars.forEach((bar, index) => {
      if (this.#rows[index]?.bar !== bar) {
        const element = row(bar);
        this.#rows[index]?.element.replaceWith(element);
        this.#rows[index] = { bar, element };
      }
    });
    if (body.children.length !== this.#rows.length) {
      body.replaceChildren(...this.#rows.map(({ element }) => element));
    }
  }

  /** Writes text into an element unless it is there already, which costs less. */
  #write(element, text) {
    if (this.#texts.get(element) !== text) {
      this.#texts.set(element, text);
      element.textContent = text;
    }
  }
}

/** A line of the table. */
function row(bar) {
  const result = outcome(bar);
  const cells = [
    bar.number + 1,
    bar.label,
    bar.lane + 1,
    formatTime(bar.start),
    bar.end === null ? "–" : formatTime(bar.end - bar.start),
    bar.status === null ? result : `${bar.status} ${result}`,
  ];
  const line = document.createElement("tr");
  line.append(...cells.map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  }));
  return line;
}

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
      const added = new Strip(run);
      strips.set(run.id, added);
      byId("runs").prepend(added.element);
      view.observe(added.element);
    } else if (strip.run !== run) {
      strip.update(run);
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
  const now = currentTime();
  if (scale.fit(runs.all, now, runs.isMoving)) {
    drawAxis(byId("axis"), scale);
    strips.forEach((strip) => strip.outdate());
  }
  const outdated = [...strips.values()].filter((strip) => strip.needsDrawing);
  // First all that measures the page, then all that changes it, so that the browser
  // has to lay it out only once.
  outdated.forEach((strip) => strip.draw(now));
  outdated.forEach((strip) => strip.writeNumbers(now));
  if (runs.isMoving) {
    planFrame();
  }
}

/** Draws everything anew. */
function drawAll() {
  strips.forEach((strip) => strip.outdate());
  planFrame();
}

function currentTime() {
  return runs.now(performance.now());
}

/** How high the bars of a run may be, so that two full ones and a thin one fit. */
function roomForRun() {
  return Math.min(Math.max((innerHeight - BESIDES) / 2.05, 200), 400);
}

/** Says aloud which runs have finished, once they have been quiet for a while. */
class Announcer {
  /** When a run that is not finished was last heard of. */
  #heard = new Map();
  #timer = null;

  hear(changed) {
    for (const { id } of changed) {
      this.#heard.set(id, performance.now());
    }
    this.#timer ??= setTimeout(() => this.#look(), QUIET);
  }

  #look() {
    this.#timer = null;
    const finished = [];
    for (const [id, heard] of this.#heard) {
      const run = strips.get(id)?.run;
      const isQuiet = performance.now() - heard >= QUIET * 0.9;
      if (!run || (isQuiet && run.inFlight === 0)) {
        this.#heard.delete(id);
        finished.push(...(run ? [run] : []));
      }
    }
    if (finished.length > 0) {
      byId("news").textContent = finished.length <= 3
        ? finished.map((run) => `Finished: ${inWords(run, currentTime())}`).join(" ")
        : `${finished.length} runs have finished.`;
    }
    if (this.#heard.size > 0) {
      this.#timer = setTimeout(() => this.#look(), QUIET);
    }
  }
}

const announcer = new Announcer();

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
  strips.forEach((strip) => strip.update(strip.run));
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
