/** The texts of the page in the language of its reader, or the one in its address. */

import { en } from "./en.js";
import { ko } from "./ko.js";

const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
const language = asked.toLowerCase().startsWith("ko") ? "ko" : "en";

export const words = { en, ko }[language];

/** Fills in the texts of the markup, also where it is a template. */
export function fillIn() {
  document.documentElement.lang = language;
  document.title = words.title;
  const templates = [...document.querySelectorAll("template")];
  for (const root of [document, ...templates.map(({ content }) => content)]) {
    for (const element of root.querySelectorAll("[data-text]")) {
      // Every second part is to be typed.
      const parts = words[element.dataset.text]
        .replaceAll("{page}", `${location.origin}/`)
        .split("`");
      element.replaceChildren(
        ...parts.map((part, index) => (index % 2 === 1 ? code(part) : part)),
      );
    }
    for (const name of ["aria-label", "title", "alt"]) {
      for (const element of root.querySelectorAll(`[data-${name}]`)) {
        element.setAttribute(name, words[element.getAttribute(`data-${name}`)]);
      }
    }
  }
}

function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}
