/** What is seen before the first run: what to do, and what it will look like. */

import { drawRun } from "./chart.js";

/** How long a site has dealt out to wait for twenty flags, in milliseconds. */
const DELAYS = [
  100, 130, 200, 270, 310, 350, 380, 400, 150, 90, 60, 240, 520, 640, 880, 110, 210, 330,
  520, 1290,
];
/** What their pictures have as a common scale. */
const SCALE = { extent: 7500, ticks: () => [] };
/** How high a lane is, in letters. */
const LANE = 0.4;
/** From these addresses nobody else gets here. */
const ALONE = ["localhost", "127.0.0.1", "[::1]"];

export class FirstScreen {
  #element = document.getElementById("empty");
  #surroundings;

  /** Draws with what `surroundings` returns. */
  constructor(surroundings) {
    this.#surroundings = surroundings;
    for (const element of this.#element.querySelectorAll(".address")) {
      element.textContent = `${location.origin}/`;
    }
    const isAlone = ALONE.includes(location.hostname);
    document.getElementById("address").hidden = isAlone;
    document.getElementById("alone").hidden = !isAlone;
    const picture = document.getElementById("qr");
    picture.hidden = isAlone;
    if (!isAlone) {
      // The server draws the address by which it is asked, which is that of this page.
      picture.src = "/live/qr.svg";
    }
    new ResizeObserver(() => this.draw()).observe(this.#element);
  }

  set isShown(isShown) {
    this.#element.hidden = !isShown;
  }

  draw() {
    if (this.#element.hidden) {
      return;
    }
    const { now, colours } = this.#surroundings();
    const letter = parseFloat(getComputedStyle(this.#element).fontSize);
    for (const canvas of this.#element.querySelectorAll("canvas")) {
      const run = ghost(Number(canvas.dataset.atOnce));
      const lane = Math.floor(letter * LANE);
      canvas.style.height = `${run.largestInFlight * lane + 1}px`;
      // What the drawing divides by the lanes of a usual run.
      const room = lane * 20;
      const pictures = { get: () => null };
      drawRun(canvas, run, { now, scale: SCALE, room, colours, pictures });
    }
  }
}

/** A run that has not been: each place in flight takes the next flag when it is free. */
function ghost(atOnce) {
  const free = Array(atOnce).fill(0);
  const bars = DELAYS.map((delay) => {
    const lane = free.indexOf(Math.min(...free));
    const start = free[lane];
    free[lane] += delay;
    return { lane, start, end: free[lane], status: 200, flag: null };
  });
  return {
    started: 0,
    ended: Math.max(...free),
    inFlight: 0,
    requests: bars.length,
    largestInFlight: atOnce,
    bars,
  };
}
