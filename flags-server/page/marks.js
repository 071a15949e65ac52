/**
 * The grammar of all pictures: waiting is pale with an outline, work is dark, failure is
 * crossed or hatched. Each mark has its own shape besides its colour, and stands out from
 * what is beside it by 3:1 at least.
 */

/** A picture in a lane lower than this is a blot. */
const LOWEST_PICTURE = 9;
/** In a lane lower than this lines are hatched upright. */
const LOWEST_HATCH = 5;
/** How wide the mark at the end of a bar is at least, and the tick of a low one. */
const MARK = 7;
const TICK = 3;

/** The colours, which the style sheet decides. */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    waiting: colour("waiting"),
    outline: colour("outline"),
    work: colour("work"),
    failed: colour("failed"),
    notFound: colour("not-found"),
    grid: colour("grid"),
    text: colour("text"),
    background: colour("background"),
  };
}

/** The pictures of the flags, each loaded when it is needed first. */
export class Pictures {
  #images = new Map();
  #whenLoaded;

  /** `whenLoaded` is called when there is something more to draw. */
  constructor(whenLoaded) {
    this.#whenLoaded = whenLoaded;
  }

  /** The picture of a flag, or null when it is not there yet. */
  get(path) {
    let image = this.#images.get(path);
    if (!image) {
      image = new Image();
      image.onload = this.#whenLoaded;
      image.src = `/live/flags/${path}`;
      this.#images.set(path, image);
    }
    return image.complete && image.naturalWidth > 0 ? image : null;
  }
}

/** Draws a request that ended, or not, as its outcome says. */
export function drawBar(context, box, bar, outcome, colours, pictures) {
  if (outcome === "given up") {
    drawHatched(context, box, colours);
    return;
  }
  const isOpen = outcome === "in flight" || outcome === "not known";
  drawWaiting(context, box, colours, isOpen);
  if (outcome === "done") {
    drawFlag(context, box, bar, colours, pictures);
  } else if (outcome === "error") {
    drawError(context, endOf(box), colours);
  } else if (outcome === "not found") {
    drawNotFound(context, endOf(box), colours);
  }
}

/** Pale, with an outline, which is open to the right while nobody knows the end. */
export function drawWaiting(context, { left, top, width, height }, colours, isOpen) {
  context.fillStyle = colours.outline;
  context.fillRect(left, top, width, height);
  if (width > 2 && height > 2) {
    context.fillStyle = colours.waiting;
    context.fillRect(left + 1, top + 1, width - (isOpen ? 1 : 2), height - 2);
  }
}

/** The square at the end of a bar, or as much of it as the bar is wide. */
function endOf({ left, top, width, height }) {
  const mark = Math.min(width, Math.max(height, MARK));
  return { left: left + width - mark, top, width: mark, height };
}

/** The picture at the end of a bar, or a dark tick where there is no room for it. */
function drawFlag(context, box, bar, colours, pictures) {
  const right = box.left + box.width;
  const width = Math.round((box.height * 4) / 3);
  const picture =
    box.height >= LOWEST_PICTURE &&
    box.width >= width &&
    bar.flag &&
    pictures.get(bar.flag);
  if (!picture) {
    context.fillStyle = colours.work;
    const tick = Math.min(TICK, box.width);
    context.fillRect(right - tick, box.top, tick, box.height);
    return;
  }
  const left = right - width;
  // Without a frame, a flag with much white would be taken for a gap.
  context.fillStyle = colours.work;
  context.fillRect(left, box.top, width, box.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, left + 1, box.top + 1, width - 2, box.height - 2);
}

/** A full square with a cross. */
function drawError(context, { left, top, width, height }, colours) {
  context.fillStyle = colours.failed;
  context.fillRect(left, top, width, height);
  if (height < 5 || width < 5) {
    return;
  }
  const size = Math.min(width, height);
  const [near, far] = [size * 0.22, size * 0.78];
  const [x, y] = [left + (width - size) / 2, top + (height - size) / 2];
  context.strokeStyle = colours.background;
  context.lineWidth = Math.max(1.5, size / 7);
  context.beginPath();
  context.moveTo(x + near, y + near);
  context.lineTo(x + far, y + far);
  context.moveTo(x + near, y + far);
  context.lineTo(x + far, y + near);
  context.stroke();
}

/** An empty frame, where otherwise the flag would be. */
function drawNotFound(context, { left, top, width, height }, colours) {
  context.fillStyle = colours.notFound;
  context.fillRect(left, top, width, height);
  const line = 2;
  if (width > 2 * line) {
    // Of a low one only the sides are left, which is still no full square.
    const inset = height < 6 ? 0 : line;
    context.fillStyle = colours.background;
    context.fillRect(left + line, top + inset, width - 2 * line, height - 2 * inset);
  }
}

/** Hatched from its start, since all that time was in vain. */
function drawHatched(context, { left, top, width, height }, colours) {
  context.fillStyle = colours.background;
  context.fillRect(left, top, width, height);
  if (height < LOWEST_HATCH) {
    context.fillStyle = colours.failed;
    for (let x = left; x < left + width; x += 6) {
      context.fillRect(x, top, Math.min(3, left + width - x), height);
    }
    return;
  }
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = colours.failed;
  context.lineWidth = 2;
  const distance = 7;
  context.beginPath();
  // Through whole multiples, so that the lines do not wander while a bar grows.
  const first = Math.floor((left - height) / distance) * distance;
  for (let x = first; x < left + width; x += distance) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
  context.strokeStyle = colours.failed;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, Math.max(width - 1, 0.1), height - 1);
}
