/**
 * The view that compares, which is also the one for a projector: a run of each program,
 * one below the other, from the same beginning and on the same scale. A request in flight
 * is equally high everywhere, so that equal areas are equal times of waiting.
 */

import { Block } from "./block.js";
import { Chooser } from "./chooser.js";
import { aboutAreas, Choice, factor, limits, title } from "./comparison.js";
import { isOver, programOf } from "./runs.js";
import { drawAxis, Scale } from "./scale.js";
import { write } from "./text.js";
import { words } from "./words.js";

/** How high a block is at least, in letters: lower where there are many. */
const BLOCK = 6.7;
const LOW_BLOCK = 5.7;
const MANY = 4;
/** How high a lane is at most, in letters. */
const LANE = 1.4;
/** Between two blocks, in letters. */
const BETWEEN = 0.6;

export class Compare {
  #element = document.getElementById("compare");
  #list = this.#element.querySelector("ol");
  #lines = this.#element.querySelector(".lines");
  #cursor = this.#element.querySelector(".cursor");
  #choice = new Choice();
  #chooser;
  #scale = new Scale();
  #shown = [];
  /** @type {Map<string, Block>} by program */
  #blocks = new Map();
  /** From what the picture was drawn that is seen now. */
  #drawn = "";
  #drawnRuns = [];
  #opener = null;
  #board;
  #planFrame;

  /** Takes the runs of a `board`. `planFrame` has the page drawn anew. */
  constructor(board, planFrame) {
    this.#board = board;
    this.#planFrame = planFrame;
    this.#chooser = new Chooser(this.#choice, () => {
      this.#shown = [];
      planFrame();
    });
    for (const id of ["to-compare", "from-compare"]) {
      document.getElementById(id).addEventListener("click", () => this.press("p"));
    }
    addEventListener("popstate", () => this.#follow());
    new ResizeObserver(planFrame).observe(this.#list);
    this.#follow();
  }

  get isOpen() {
    return document.body.classList.contains("comparing");
  }

  /** The runs that are compared. */
  get runs() {
    return this.#shown;
  }

  /** Takes a key, and returns whether it is one of its own. */
  press(key) {
    const isOwn = key.toLowerCase() === "p" || (key === "Escape" && this.isOpen);
    if (!isOwn) {
      return false;
    }
    const address = new URL(location.href);
    if (this.isOpen) {
      address.searchParams.delete("view");
    } else {
      address.searchParams.set("view", "compare");
      this.#opener = document.activeElement;
    }
    history.pushState(null, "", address);
    this.#follow();
    const title = document.getElementById("compare-title");
    (this.isOpen ? title : this.#opener)?.focus();
    return true;
  }

  /** Has it drawn anew, though no run has changed. */
  outdate() {
    this.#drawn = "";
    this.#planFrame();
  }

  /** Draws what is new. While the runs are replayed, no other one takes a place. */
  draw(surroundings, isMoving, replay) {
    if (!this.isOpen) {
      return;
    }
    const { now } = surroundings;
    const { shown: all, pinned } = this.#board;
    const { shown, withoutRoom } = this.#choice.runs(all, pinned);
    this.#chooser.offer(all, withoutRoom);
    const same = this.#shown.map((run) => all.find(({ key }) => key === run.key));
    const isKept = replay.time !== null && same.length > 0 && same.every(Boolean);
    this.#shown = isKept ? same : shown;

    this.#element.classList.toggle("empty", this.#shown.length === 0);
    const nothing = all.length > 0 ? words.allLeftOut : words.nothingToCompare;
    write(this.#element.querySelector(".nothing"), nothing);
    this.#scale.fit(this.#shown, now, isMoving);
    const over = this.#shown.map((run) => isOver(run, now));
    const { clientWidth, clientHeight } = this.#list;
    const drawn = [this.#scale.extent, clientWidth, clientHeight, devicePixelRatio, over];
    const isNew =
      this.#shown.some((run, index) => run !== this.#drawnRuns[index]) ||
      this.#shown.length !== this.#drawnRuns.length ||
      JSON.stringify(drawn) !== this.#drawn;
    if (isNew || (isMoving && this.#shown.some(({ inFlight }) => inFlight > 0))) {
      this.#drawn = JSON.stringify(drawn);
      this.#drawnRuns = this.#shown;
      this.#drawAll({ ...surroundings, scale: this.#scale });
    }
    this.#drawReplay(replay);
  }

  #drawAll(surroundings) {
    const { now } = surroundings;
    const runs = this.#shown;
    const { common, texts } = limits(runs, now);
    write(this.#element.querySelector("h2"), title(runs));
    write(this.#element.querySelector(".site"), words.siteName(runs[0]?.site ?? ""));
    write(this.#element.querySelector(".caption"), aboutAreas(runs, now));
    const blocks = this.#placeBlocks();
    blocks.forEach((block, index) => {
      const said = { factor: factor(runs[index], runs, now), limit: texts[index] };
      block.write(runs[index], surroundings, said);
    });
    const axis = this.#element.querySelector(".axis");
    drawAxis(axis, this.#scale, runs[0]?.site ?? "");
    this.#drawLines(axis, common);

    const letter = parseFloat(getComputedStyle(this.#list).fontSize);
    // Where the page may scroll, the list is as high as what is in it.
    const height = Math.min(this.#list.clientHeight, innerHeight);
    const room = height - letter * BETWEEN * blocks.length;
    blocks.forEach((block, index) => block.measure(runs[index], surroundings, room));
    const areMany = blocks.length >= MANY;
    const lowest = letter * (areMany ? LOW_BLOCK : BLOCK);
    this.#list.classList.toggle("many", areMany);
    const heightOf = (block, lane) => Math.max(block.height(lane), lowest);
    const lane = highestLane(letter * LANE, (lane) => {
      const all = blocks.reduce((sum, block) => sum + heightOf(block, lane), 0);
      return all <= room;
    });
    blocks.forEach((block, index) => {
      block.place(lane, heightOf(block, lane));
      block.draw(runs[index], surroundings, lane);
    });
  }

  /** Has a block for each run, in their order. */
  #placeBlocks() {
    const programs = this.#shown.map(programOf);
    for (const [program, block] of this.#blocks) {
      if (!programs.includes(program)) {
        block.element.remove();
        this.#blocks.delete(program);
      }
    }
    return programs.map((program, index) => {
      const block = this.#blocks.get(program) ?? new Block();
      this.#blocks.set(program, block);
      if (this.#list.children[index] !== block.element) {
        this.#list.insertBefore(block.element, this.#list.children[index] ?? null);
      }
      return block;
    });
  }

  /** Lines from above to below, through all runs: round times, and the limit. */
  #drawLines(axis, limit) {
    const line = (time, name) => {
      const element = document.createElement("div");
      element.className = name;
      element.style.left = `${(time / this.#scale.extent) * 100}%`;
      return element;
    };
    const ticks = this.#scale.ticks(axis).map((time) => line(time, "tick"));
    const limits = limit === null ? [] : [line(limit, "limit-line")];
    this.#lines.replaceChildren(...ticks, ...limits);
  }

  #drawReplay(replay) {
    const isActive = replay.time !== null;
    this.#cursor.hidden = replay.cursor === null;
    if (replay.cursor !== null) {
      const share = Math.min(replay.cursor / this.#scale.extent, 1);
      this.#cursor.style.left = `${share * 100}%`;
    }
    for (const run of this.#shown) {
      this.#blocks.get(programOf(run)).tell(isActive ? replay.words(run) : "");
    }
  }

  /** Shows what the address of the page says. */
  #follow() {
    const isOpen = new URLSearchParams(location.search).get("view") === "compare";
    document.body.classList.toggle("comparing", isOpen);
    this.outdate();
  }
}

/** The greatest height of a lane, in pixels of the screen, with which everything fits. */
function highestLane(most, fits) {
  for (let pixels = Math.floor(most * devicePixelRatio); pixels > 1; pixels -= 1) {
    if (fits(pixels / devicePixelRatio)) {
      return pixels / devicePixelRatio;
    }
  }
  // Lanes would not be told apart any more, so what is drawn are curves.
  for (let height = 1.9; height > 0.05; height *= 0.9) {
    if (fits(height)) {
      return height;
    }
  }
  return 0.05;
}
