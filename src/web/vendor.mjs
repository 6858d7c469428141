// Makes what the ops page vendors: one small library and one map, both readable by a browser as they are.
// npm install --ignore-scripts && npm run vendor

import { build } from "esbuild";
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import countries from "i18n-iso-countries";
import { copyFile, readFile, writeFile } from "node:fs/promises";

const OUT = "../main/resources/dev/meridian/api/vendor/";
const AXE = "../test/resources/dev/meridian/api/axe/";
const WIDTH = 1000;

async function library() {
  const version = async (name) => JSON.parse(await readFile(`node_modules/${name}/package.json`)).version;
  await build({
    stdin: {
      contents: `
        export { h, render, Component, Fragment } from "preact";
        export { useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback, useId } from "preact/hooks";
        import { h } from "preact";
        import htm from "htm";
        export const html = htm.bind(h);`,
      resolveDir: ".",
    },
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    legalComments: "none",
    banner: { js: `/* Preact ${await version("preact")} (MIT, Jason Miller) and htm ${await version("htm")} (Apache-2.0, Google and Jason Miller); see LICENSES.txt. */` },
    outfile: OUT + "preact.js",
  });
  await writeFile(OUT + "LICENSES.txt", [
    "Preact: node_modules/preact/LICENSE\n", await readFile("node_modules/preact/LICENSE", "utf8"),
    "\n---\nhtm: node_modules/htm/LICENSE\n", await readFile("node_modules/htm/LICENSE", "utf8"),
    "\n---\nworld.js: made from Natural Earth's 1:110m countries (public domain, naturalearthdata.com) as packaged by",
    "\nworld-atlas (ISC), projected with d3-geo's Equal Earth (ISC). No code of either is in it.\n",
  ].join(""));
}

async function map() {
  const topology = JSON.parse(await readFile("node_modules/world-atlas/countries-110m.json"));
  const land = feature(topology, topology.objects.countries);
  land.features = land.features.filter((each) => each.id !== "010"); // Antarctica asks for no names
  const projection = geoEqualEarth().rotate([-11, 0]).fitWidth(WIDTH, { type: "Sphere" });
  const path = geoPath(projection).digits(1);
  const [[, top], [, bottom]] = path.bounds(land);
  const shapes = land.features.map((each) => [countries.numericToAlpha2(each.id) ?? own(each.properties.name), path(each)]);
  const rows = shapes.map(([code, d]) => `  ["${code}", "${d}"],`).join("\n");
  await writeFile(OUT + "world.js", `// Natural Earth 1:110m countries, public domain; see LICENSES.txt. Made by src/web/vendor.mjs.
export const VIEW = [0, ${Math.floor(top) - 6}, ${WIDTH}, ${Math.ceil(bottom - top) + 12}];
export const SCALE = ${projection.scale()}, CENTRE = [${projection.translate()}], MERIDIAN = 11;
export const COUNTRIES = [
${rows}
];
`);
}

// Natural Earth has areas without a code of ISO 3166.
const own = (name) => ({ Kosovo: "XK", Somaliland: "SO", "N. Cyprus": "CY" })[name] ?? "";

await library();
await map();
await copyFile("node_modules/axe-core/axe.min.js", AXE + "axe.min.js");
await copyFile("node_modules/axe-core/LICENSE", AXE + "LICENSE");
