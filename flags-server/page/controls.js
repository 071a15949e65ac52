/**
 * What can be typed: the choice of a program and a site, the command that follows from
 * it, and to copy it.
 */

import { words } from "./words.js";

/** What a program needs so that its picture differs from those of the others. */
const OPTIONS = { "flags-threadpool": "-m 5 " };
/** How long a button tells that it has done its work. */
const FEEDBACK = 2000;

/** The command line for a terminal, which follows the choice in `form`. */
export class Command {
  #form = document.getElementById("choice");
  #siteChoice = document.getElementById("sites");
  #command = document.getElementById("command");
  #behaviour = document.getElementById("behaviour");
  #sites = [];

  constructor() {
    this.#form.addEventListener("change", () => this.#show());
    const opener = document.getElementById("to-command");
    opener.addEventListener("click", () => {
      const isOpen = document.body.classList.toggle("typing");
      opener.setAttribute("aria-expanded", String(isOpen));
    });
    const button = document.getElementById("copy");
    button.addEventListener("click", () => copy(this.#command, button));
  }

  /** Offers these sites, and keeps the choice where it still exists. */
  set sites(sites) {
    if (JSON.stringify(sites) === JSON.stringify(this.#sites)) {
      return;
    }
    const name = new FormData(this.#form).get("site") ?? "BOOK";
    const chosen = sites.find((site) => site.name === name) ?? sites[0];
    this.#sites = sites;
    const legend = this.#siteChoice.querySelector("legend");
    const choices = sites.map((site) => radio(site.name, site === chosen));
    this.#siteChoice.replaceChildren(legend, ...choices);
    this.#show();
  }

  #show() {
    const choice = new FormData(this.#form);
    const site = this.#sites.find(({ name }) => name === choice.get("site"));
    if (site) {
      const program = choice.get("program");
      const url = urlOf(site);
      const text = `cargo run -p ${program} -- ${OPTIONS[program] ?? ""}-s ${url}`;
      const parts = text.split(" ").flatMap((one) => [" ", word(one)]);
      this.#command.replaceChildren(...parts.slice(1));
      this.#behaviour.textContent = words.behaviour(site.behaviour);
      for (const element of document.querySelectorAll(".export")) {
        const isPowerShell = element.dataset.shell === "PowerShell";
        element.textContent = isPowerShell
          ? `$env:FLAGS_SERVER = "${url}"`
          : `export FLAGS_SERVER=${url}`;
      }
    }
  }
}

/**
 * What to type for a site: at the address that has led this reader here, as the server
 * can only guess by which of its addresses others reach it.
 */
function urlOf(site) {
  return `${location.protocol}//${location.hostname}:${site.port}/flags`;
}

function radio(name, isChosen) {
  const input = document.createElement("input");
  input.type = "radio";
  input.name = "site";
  input.value = name;
  input.checked = isChosen;
  const text = document.createElement("span");
  text.textContent = words.siteName(name);
  const label = document.createElement("label");
  label.append(input, text);
  return label;
}

/** Text in which a line does not end after a hyphen. */
function word(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

/**
 * Copies the text of an element. Browsers allow that on localhost only (and by HTTPS);
 * anywhere else the text is selected, which leaves one key to press.
 */
async function copy(element, button) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    button.textContent = words.copied;
    say(words.hasCopied);
  } catch {
    getSelection().selectAllChildren(element);
    button.textContent = words.selected;
    say(words.pressToCopy);
  }
  setTimeout(() => {
    button.textContent = words.copy;
    say("");
  }, FEEDBACK);
}

/** Says something for a while, beside the command. */
export function say(text) {
  document.getElementById("notice").textContent = text;
}
