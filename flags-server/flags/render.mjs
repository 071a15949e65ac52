// Renders the flag images of the flag site and writes the table of countries.
//
// Source: the npm package flag-icons 7.5.0 (MIT, see LICENSE-flag-icons), of which it
// uses flags/4x3/*.svg and country.json. Only the entries that country.json marks as ISO
// 3166-1 are used; the script stops if they are not exactly 249.
//
// To run it again, with Node 20.11 or newer, from the root of the repository:
//
//     npm install --prefix ../flag-tools flag-icons@7.5.0 wasm-vips@0.0.19
//     node flags-server/flags/render.mjs ../flag-tools
//
// The argument is the directory of the npm install, kept outside the repository. The same
// versions give the same bytes on every run.
//
// It writes
//   - {cc}.gif beside this script: 160x120, at most 64 colours, opaque, no extensions;
//   - the lines between `countries! {` and `};` in ../src/countries.rs;
//   - LICENSE-flag-icons beside this script: a copy of the licence of flag-icons.
//
// The image library libvips does all the work on pixels. Its WebAssembly build is used,
// because sharp, the usual binding, knows GIF tables of 16 and 256 colours, none between.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const VERSIONS = { "flag-icons": "7.5.0", "wasm-vips": "0.0.19" };
const COUNTRY_COUNT = 249;

const WIDTH = 160;
const HEIGHT = 120;
// Drawn at the final size, shapes that share an edge let the shape below shine through.
// So each flag is drawn 8 times too large, and every 8x8 pixels are averaged into one.
const OVERSAMPLING = 8;
// The resolution at which one CSS pixel, the unit of the drawings, is one pixel.
const CSS_DPI = 96;
// The drawings are 640 units wide. The scale of libvips counts from 72 dots per inch.
const SCALE = ((WIDTH * OVERSAMPLING) / 640) * (72 / CSS_DPI);

// These drawings end up to 4 units short of the border, which leaves a rim of another
// colour. They are drawn a little larger, and what then stands out is cut off.
const SHORT_DRAWINGS = ["bs", "cv", "fo", "gy", "kn", "na", "pa"];
const ENLARGEMENT = 1.02;

// What country.json spells differently from the rest of its own list.
const NAME_CORRECTIONS = {
  ax: "Åland Islands", // "Aland"; Curaçao and Réunion keep their accents
  vg: "British Virgin Islands", // "Virgin Islands (British)"
  vi: "U.S. Virgin Islands", // "Virgin Islands (U.S.)"
};

if (process.argv.length !== 3) {
  throw new Error("usage: node flags-server/flags/render.mjs DIRECTORY_OF_NPM_INSTALL");
}
const packages = path.resolve(process.argv[2], "node_modules");
const require = createRequire(import.meta.url);
for (const [name, wanted] of Object.entries(VERSIONS)) {
  const { version } = require(path.join(packages, name, "package.json"));
  if (version !== wanted) {
    throw new Error(`${name} is version ${version}, not ${wanted}`);
  }
}
const flagIcons = path.join(packages, "flag-icons");
const startVips = require(path.join(packages, "wasm-vips"));
const vips = await startVips({ dynamicLibraries: ["vips-resvg.wasm"] });

const countries = readCountries();
let totalBytes = 0;
for (const { code } of countries) {
  const gif = renderGif(code);
  fs.writeFileSync(path.join(import.meta.dirname, `${code}.gif`), gif);
  totalBytes += gif.length;
}
writeTable(countries);
fs.copyFileSync(
  path.join(flagIcons, "LICENSE"),
  path.join(import.meta.dirname, "LICENSE-flag-icons"),
);
console.log(`${countries.length} images, ${totalBytes} bytes`);

function readCountries() {
  const countries = require(path.join(flagIcons, "country.json"))
    .filter((country) => country.iso)
    .map(({ code, name }) => ({ code, name: NAME_CORRECTIONS[code] ?? name }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  if (countries.length !== COUNTRY_COUNT) {
    throw new Error(`${countries.length} countries, not ${COUNTRY_COUNT}`);
  }
  return countries;
}

function renderGif(code) {
  const svg = fs.readFileSync(path.join(flagIcons, "flags", "4x3", `${code}.svg`));
  const scale = SHORT_DRAWINGS.includes(code) ? SCALE * ENLARGEMENT : SCALE;
  // Some drawings leave a hair of nothing at the border or between two stripes.
  // Weighted by opacity (premultiplied), such a gap takes the colour around it.
  const image = vips.Image.svgloadBuffer(svg, { dpi: CSS_DPI, scale })
    .gravity("centre", WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING)
    .premultiply()
    .shrink(OVERSAMPLING, OVERSAMPLING)
    .unpremultiply()
    .rint();
  // Nepal, the only flag that is not a rectangle, stands on white.
  const opaque =
    code === "np" ? image.flatten({ background: 255 }) : image.extractBand(0, { n: 3 });
  opaque.setInt("loop", 1); // once, so that the file does not ask for a loop
  // 6 bits stand for 64 colours. Dither would put dots into the flat areas.
  const gif = opaque.gifsaveBuffer({ bitdepth: 6, dither: 0, effort: 10 });
  return withoutControlExtension(Buffer.from(gif));
}

// libvips always writes 8 bytes about animation between the colours and the image.
function withoutControlExtension(gif) {
  const start = 13 + 3 * (2 << (gif[10] & 7));
  if (gif.readUInt16BE(start) !== 0x21f9 || gif[start + 8] !== 0x2c) {
    throw new Error("the GIF file is not built as expected");
  }
  return Buffer.concat([gif.subarray(0, start), gif.subarray(start + 8)]);
}

function writeTable(countries) {
  const file = path.join(import.meta.dirname, "..", "src", "countries.rs");
  const source = fs.readFileSync(file, "utf8");
  const table = /(= countries! \{\n)[^}]*(\};\n)/;
  if (!table.test(source)) {
    throw new Error(`no table of countries in ${file}`);
  }
  const lines = countries.map(({ code, name }) => `    "${code}" "${name}",\n`).join("");
  fs.writeFileSync(
    file,
    source.replace(table, (_, start, end) => start + lines + end),
  );
}
