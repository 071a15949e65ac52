/** Text in the page, written only where it is new: to write it costs a layout. */

const written = new WeakMap();

/** Writes text into an element unless it is there already. */
export function write(element, text) {
  if (written.get(element) !== text) {
    written.set(element, text);
    element.textContent = text;
  }
}
