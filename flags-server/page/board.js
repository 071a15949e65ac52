/** Which runs are shown where: in sections by site, in full, or as rows of a class. */

import { Section } from "./section.js";
import { View } from "./view.js";

/** From so many runs on, each is a row. */
const CLASS = 7;
/**
 * What there is besides the lanes of two runs and a thin one, and besides the rows of a
 * class: in letters, and for the threads in pixels.
 */
const BESIDES = 25;
const THREADS = 125;
const BESIDES_CLASS = 12;
/** How many rows share a screen, between which heights in pixels. */
const ROWS = 30;
const [LOWEST_ROW, HIGHEST_ROW] = [24, 40];

export class Board {
  #element;
  #runs;
  #surroundings;
  #whenChanged;
  /** @type {Map<string, View>} */
  #views = new Map();
  /** @type {Map<string, Section>} */
  #sections = new Map();
  #pinned = new Set();
  #hidden = new Set();
  #isClass = false;
  #room;
  /** Those that can be seen, or soon can, if the page is scrolled. */
  #sight;

  /**
   * Shows `runs` in an element. A view also has to know `surroundings`, and `whenChanged`
   * is called when there is something new to draw.
   */
  constructor(element, runs, surroundings, whenChanged) {
    this.#element = element;
    this.#runs = runs;
    this.#surroundings = surroundings;
    this.#whenChanged = whenChanged;
    this.#sight = new IntersectionObserver((entries) => this.#see(entries), {
      rootMargin: "100px",
    });
    for (const name of ["pin", "hide"]) {
      element.addEventListener(name, ({ target }) => this.#mark(name, target));
    }
    element.addEventListener("open", ({ target }) => {
      const view = this.#views.get(target.dataset.run);
      view.update(view.run, this.#around(view.run));
      whenChanged();
    });
    this.resize();
  }

  get numberOfHidden() {
    return this.#hidden.size;
  }

  /** The runs that are not hidden, and the keys of those that are pinned. */
  get shown() {
    return this.#runs.all.filter((run) => !this.#hidden.has(run.key));
  }

  get pinned() {
    return this.#pinned;
  }

  /** What is seen of each run, and on which scale. */
  get views() {
    return [...this.#views.values()].map((view) => {
      return { view, scale: this.#sections.get(view.run.site).scale };
    });
  }

  /** Brings the views in line with the runs. */
  update(isSorted = false) {
    const all = this.#runs.all;
    const { shown } = this;
    const keys = new Set(shown.map((run) => run.key));
    for (const [key, view] of this.#views) {
      if (!keys.has(key)) {
        this.#sight.unobserve(view.element);
        this.#views.delete(key);
      }
    }
    this.#forget(all);
    const becomesClass = !this.#isClass && shown.length >= CLASS;
    this.#isClass = shown.length >= CLASS;
    this.#element.classList.toggle("class", this.#isClass);
    for (const run of shown) {
      this.#show(run);
    }
    this.#arrange(isSorted || becomesClass);
    this.#whenChanged();
  }

  /** Draws what is new, or moves. */
  draw() {
    const { isMoving } = this.#runs;
    for (const section of this.#sections.values()) {
      const views = this.#viewsOf(section);
      if (section.fit(views, this.#surroundings().now, isMoving)) {
        views.forEach((view) => view.outdate());
      }
    }
    const outdated = [...this.#views.values()].filter((view) =>
      view.needsDrawing(isMoving),
    );
    // First all that measures the page, then all that changes it, so that the browser
    // has to lay it out only once.
    outdated.forEach((view) => view.draw(this.#around(view.run)));
    outdated.forEach((view) => view.writeNumbers(this.#around(view.run)));
  }

  /** On paper there is no out of view, and nobody can scroll. */
  set isPrinted(isPrinted) {
    this.resize();
    for (const section of this.#sections.values()) {
      section.drawAxis();
    }
    for (const view of this.#views.values()) {
      view.isPrinted = isPrinted;
    }
    this.draw();
  }

  /** Has everything drawn anew. */
  outdate() {
    this.#views.forEach((view) => view.outdate());
    this.#whenChanged();
  }

  /** Takes over the size of the window. */
  resize() {
    const letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
    // High enough for two full runs and a thin one, and never higher than the screen.
    const room = (innerHeight - BESIDES * letter - THREADS) / 2.05;
    this.#room = Math.min(Math.max(room, 200), 400);
    const row = Math.floor((innerHeight - BESIDES_CLASS * letter) / ROWS);
    const height = Math.min(Math.max(row, LOWEST_ROW), HIGHEST_ROW);
    this.#element.style.setProperty("--row", `${height}px`);
    this.#views.forEach((view) => view.update(view.run, this.#around(view.run)));
    this.#whenChanged();
  }

  /** Shows the hidden runs again. */
  showHidden() {
    this.#hidden.clear();
    this.update(true);
  }

  #show(run) {
    let view = this.#views.get(run.key);
    if (!view) {
      view = new View(run);
      this.#views.set(run.key, view);
      this.#sight.observe(view.element);
    }
    this.#sectionOf(run.site);
    if (view.run !== run || view.isRow !== this.#isClass) {
      view.isRow = this.#isClass;
      view.update(run, this.#around(run));
    }
    view.isPinned = this.#pinned.has(run.key);
  }

  #arrange(isSorted) {
    const { now } = this.#surroundings();
    for (const [site, section] of this.#sections) {
      const views = this.#viewsOf(section);
      if (views.length === 0) {
        section.element.remove();
        this.#sections.delete(site);
      }
      section.show(views, {
        isClass: this.#isClass,
        isSorted,
        pinned: this.#pinned,
        now,
      });
    }
    this.#element.classList.toggle("many-sites", this.#sections.size > 1);
  }

  /** In the order in which the sites are introduced. */
  #sectionOf(site) {
    let section = this.#sections.get(site);
    if (!section) {
      section = new Section(site, () => this.outdate());
      this.#sections.set(site, section);
      const place = (name) => {
        const index = this.#runs.sites.findIndex((one) => one.name === name);
        return index < 0 ? Infinity : index;
      };
      const sections = [...this.#sections.values()];
      const next = sections
        .filter((other) => place(other.site) > place(site))
        .sort((one, other) => place(one.site) - place(other.site))[0];
      this.#element.insertBefore(section.element, next?.element ?? null);
    }
    return section;
  }

  /** The oldest first. */
  #viewsOf({ site }) {
    const ofSite = this.#runs.all.filter((run) => run.site === site);
    return ofSite.map((run) => this.#views.get(run.key)).filter(Boolean);
  }

  #around(run) {
    const { scale } = this.#sections.get(run.site);
    return { ...this.#surroundings(), scale, room: this.#room };
  }

  #see(entries) {
    for (const { target, isIntersecting } of entries) {
      const view = this.#views.get(target.dataset.run);
      // It may have been removed in the meantime.
      if (view) {
        view.isInView = isIntersecting;
      }
    }
    this.#whenChanged();
  }

  /** A run is pinned, or no longer, or hidden. */
  #mark(name, { dataset: { run: key } }) {
    if (name === "hide") {
      this.#hidden.add(key);
      this.#pinned.delete(key);
      const elements = [...this.#element.querySelectorAll("article")];
      const index = elements.findIndex(({ dataset }) => dataset.run === key);
      const next = elements[index + 1] ?? elements[index - 1];
      this.update();
      // Who works with the keyboard goes on with the next one.
      (next?.querySelector(".hide") ?? this.#element).focus({ preventScroll: true });
    } else {
      if (!this.#pinned.delete(key)) {
        this.#pinned.add(key);
      }
      this.update();
    }
  }

  #forget(all) {
    const kept = new Set(all.map((run) => run.key));
    for (const marked of [this.#pinned, this.#hidden]) {
      marked.forEach((key) => kept.has(key) || marked.delete(key));
    }
  }
}
