/** Which keys the page takes, and which it leaves to what has the focus. */

/** Where letters are typed. */
const FIELD =
  "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
/** What the arrow keys and the space bar move or choose. */
const OWN_KEYS = `input, [role=grid], [tabindex]:not([tabindex="-1"])`;
const PRESSED_BY_SPACE = "button, summary, a";

/**
 * Offers each key to the `takers` in turn, until one says that it has taken it. What is
 * typed, and what an element does with a key itself, is not offered.
 */
export function listen(takers) {
  document.addEventListener("keydown", (event) => {
    const isOther =
      event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented;
    if (isOther || belongsTo(event.target, event.key)) {
      return;
    }
    if (takers.some((taker) => taker.press(event.key))) {
      event.preventDefault();
    }
  });
}

function belongsTo(element, key) {
  if (element.closest(`${FIELD}, dialog`)) {
    return true;
  }
  const isLetter = key.length === 1 && key !== " ";
  if (element.closest(OWN_KEYS)) {
    return !isLetter && key !== "Escape";
  }
  return key === " " && element.closest(PRESSED_BY_SPACE) !== null;
}
