/**
 * The runs of one site, one below the other, on a time scale of their own: one long run
 * at another site does not squeeze them.
 *
 * The runs are placed by transforms and glide, so that a run that comes or goes moves the
 * others where the eye can follow, and nothing jumps.
 */

import { byProgram, elapsed, isOver } from "./runs.js";
import { drawAxis, Scale } from "./scale.js";
import { words } from "./words.js";

/** Between two programs in a class, in pixels. */
const BETWEEN_PROGRAMS = 7;

export class Section {
  scale = new Scale();
  #axis;
  #list;
  /** The views from above to below. */
  #order = [];
  #heights = new Map();
  #sizes;

  constructor(site, whenResized) {
    const template = document.getElementById("site");
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.setAttribute("aria-label", words.runsAt(words.siteName(site)));
    this.element.querySelector(".site-name").textContent = words.siteName(site);
    this.site = site;
    this.#axis = this.element.querySelector(".axis");
    this.#list = this.element.querySelector(".list");
    // It tells of heights before anything is painted.
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target, borderBoxSize } of entries) {
        this.#heights.set(target, borderBoxSize[0].blockSize);
      }
      this.#place();
    });
    // The axis is as wide as the bars. It is also measured when it appears.
    new ResizeObserver(() => {
      this.drawAxis();
      whenResized();
    }).observe(this.#axis);
  }

  drawAxis() {
    drawAxis(this.#axis, this.scale, this.site);
  }

  /** Makes the scale fit. Returns whether it is another one now. */
  fit(views, now, isMoving) {
    const runs = views.map((view) => view.run);
    const isAnother = this.scale.fit(runs, now, isMoving);
    if (isAnother) {
      this.drawAxis();
    }
    return isAnother;
  }

  /**
   * Puts these views into the list. In a class a run is with those of its program, at
   * their end until all are `sorted` anew, and otherwise the newest comes first.
   */
  show(views, { isClass, isSorted, pinned, now }) {
    const before = new Map(this.#order.map((view, index) => [view, index]));
    const place = (view) => before.get(view) ?? Infinity;
    const isPinned = (view) => pinned.has(view.run.key);
    // Sorting is stable, and the views are the oldest first.
    const order = isClass ? [...views] : [...views].reverse();
    if (isClass) {
      order.sort(
        (one, other) =>
          byProgram(one.run, other.run) ||
          (isSorted
            ? byTime(one.run, other.run, now)
            : compare(place(one), place(other))),
      );
    }
    order.sort((one, other) => isPinned(other) - isPinned(one));
    const shown = new Set(order);
    for (const view of this.#order) {
      if (!shown.has(view)) {
        this.#sizes.unobserve(view.element);
        this.#heights.delete(view.element);
        view.element.remove();
      }
    }
    order.forEach((view, index) => {
      // The order of reading is that of the page, too.
      if (this.#list.children[index] !== view.element) {
        moveTo(this.#list, view.element, this.#list.children[index] ?? null);
      }
      if (!before.has(view)) {
        this.#sizes.observe(view.element);
      }
      const above = order[index - 1];
      const isFirst =
        isClass &&
        above &&
        (byProgram(above.run, view.run) !== 0 || isPinned(above) !== isPinned(view));
      view.element.classList.toggle("first-of-program", !!isFirst);
    });
    this.#order = order;
    this.#place();
  }

  #place() {
    let top = 0;
    for (const { element } of this.#order) {
      const height = this.#heights.get(element);
      if (height === undefined) {
        // It is not measured yet, and will be before anybody sees it.
        continue;
      }
      top += element.classList.contains("first-of-program") ? BETWEEN_PROGRAMS : 0;
      element.style.transform = `translateY(${top}px)`;
      if (!element.classList.contains("placed")) {
        // Only from its first place on does it glide.
        element.getBoundingClientRect();
        element.classList.add("placed");
      }
      top += height;
    }
    this.#list.style.height = `${top}px`;
  }
}

/** Puts an element into a list, which keeps the focus, and where it can, its gliding. */
function moveTo(list, element, before) {
  if (list.moveBefore && element.parentNode === list) {
    list.moveBefore(element, before);
    return;
  }
  const focus = element.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(element, before);
  focus?.focus({ preventScroll: true });
}

/** The fastest first, then those that lost flags, then those that are not over. */
function byTime(one, other, now) {
  const rank = (run) => (isOver(run, now) ? Number(run.failed > 0) : 2);
  return (
    rank(one) - rank(other) ||
    (rank(one) === 2 ? 0 : elapsed(one, now) - elapsed(other, now))
  );
}

/** Also of two that are both infinite. */
function compare(one, other) {
  return one === other ? 0 : one - other;
}
