/**
 * The page: listens to the server, and shows the runs.
 *
 * Everything that a client has sent gets into the page as text (`textContent`) and
 * never as markup.
 */

import { Announcer } from "./announcer.js";
import { Board } from "./board.js";
import { Clearing } from "./clearing.js";
import { Compare } from "./compare.js";
import { listen } from "./connection.js";
import { Command } from "./controls.js";
import { FirstScreen } from "./first.js";
import * as keys from "./keys.js";
import { Pictures, readColours } from "./marks.js";
import { Pointing } from "./pointing.js";
import { Printing } from "./printing.js";
import { Replay } from "./replay.js";
import { ReplayMarks } from "./replay-marks.js";
import { Runs } from "./runs.js";
import { fillIn, words } from "./words.js";

/** How often bars grow for those who asked for less motion. */
const LESS_MOTION = 500;
/** When nothing has changed for so long, a class is sorted; at the latest after that. */
const CALM = 1100;
const PATIENCE = 4000;
/** Nobody wants a row to glide away that they are about to click. */
const AIMING = 2000;

const byId = (id) => document.getElementById(id);
const wantsLessMotion = matchMedia("(prefers-reduced-motion: reduce)");

// Before anything is made of the markup.
fillIn();

const runs = new Runs();
const command = new Command();
const pictures = new Pictures(outdate);
const announcer = new Announcer(runs, (text) => {
  byId("news").textContent = text;
});
let colours = readColours();
let isFramePlanned = false;
let calm;
let sortedAt = 0;
let aimedAt = -Infinity;
const board = new Board(byId("runs"), runs, surroundings, planFrame);
const clearing = new Clearing(runs, show);
const compare = new Compare(board, planFrame);
const replay = new Replay(seen, planFrame);
const pointing = new Pointing(replay, planFrame, (text) => {
  byId("news").textContent = text;
});
const printing = new Printing(board, (isPrinted) => {
  colours = readColours();
  if (!isPrinted) {
    outdate();
  }
});
const firstScreen = new FirstScreen(surroundings);
const replayMarks = new ReplayMarks(board);

/** What the view of a run has to know besides the run. */
function surroundings() {
  const now = runs.now(performance.now());
  return { now, all: runs.all, you: runs.you, colours, pictures };
}

/** The runs that are seen now, which are those that a replay goes through. */
function seen() {
  const now = runs.now(performance.now());
  return { now, runs: compare.isOpen ? compare.runs : board.shown };
}

/** Has everything drawn anew. */
function outdate() {
  board.outdate();
  compare.outdate();
  firstScreen.draw();
}

/** Brings the page in line with the runs. */
function show() {
  const isLate = performance.now() - sortedAt > PATIENCE && !isAiming();
  if (isLate) {
    sortedAt = performance.now();
  }
  board.update(isLate);
  clearTimeout(calm);
  calm = setTimeout(settle, CALM);
  const { length } = runs.all;
  firstScreen.isShown = length === 0;
  document.body.classList.toggle("has-runs", length > 0);
  byId("show-hidden").hidden = board.numberOfHidden === 0;
  byId("show-hidden").textContent = words.showHidden(board.numberOfHidden);
  clearing.update();
}

/** Sorts what has come to rest, and has written what is said only of that. */
function settle() {
  board.update(!isAiming());
  outdate();
  if (isAiming()) {
    calm = setTimeout(settle, CALM);
  }
}

function isAiming() {
  return performance.now() - aimedAt < AIMING;
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
  replay.advance(performance.now());
  board.draw();
  compare.draw(surroundings(), runs.isMoving, replay);
  pointing.draw();
  replayMarks.draw(replay);
  replay.draw();
  if (runs.isMoving || replay.isPlaying) {
    planFrame();
  }
}

function showConnection(state, text) {
  if (byId("connection").dataset.state !== state) {
    byId("connection").dataset.state = state;
    byId("connection").textContent = text;
  }
}

listen(
  {
    runs(event) {
      runs.replace(event, performance.now());
      command.sites = event.sites;
      showConnection("connected", words.connected);
      show();
    },
    changes(event) {
      const changed = runs.change(event, performance.now());
      showConnection("connected", words.connected);
      announcer.hear(changed);
      show();
    },
    heartbeat(event) {
      runs.hear(event, performance.now());
      showConnection("connected", words.connected);
      planFrame();
    },
    cleared(event) {
      clearing.cleared(event);
    },
    undone() {
      clearing.undone();
    },
  },
  () => {
    runs.stop(performance.now());
    showConnection("lost", words.lost);
  },
  () => {
    // What happens meanwhile is told as soon as it is seen again.
    runs.stop(performance.now());
  },
);

addEventListener("resize", () => board.resize());
for (const wish of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(wish).addEventListener("change", () => {
    colours = readColours();
    outdate();
  });
}
keys.listen([replay, compare]);
byId("runs").addEventListener("hide", show);
byId("runs").addEventListener("pointermove", ({ movementX, movementY }) => {
  // Where a row glides away below it, a pointer that rests is told of as well.
  if (movementX !== 0 || movementY !== 0) {
    aimedAt = performance.now();
  }
});
byId("show-hidden").addEventListener("click", () => {
  board.showHidden();
  show();
});
