// The world in Equal Earth (Šavrič, Patterson, Jenny 2018), the projection that world.js is drawn in.

import { html } from "/vendor/preact.js";
import { CENTRE, COUNTRIES, MERIDIAN, SCALE, VIEW } from "/vendor/world.js";

const A1 = 1.340264, A2 = -0.081106, A3 = 0.000893, A4 = 0.003796, M = Math.sqrt(3) / 2;

/** A place in the coordinates of the picture. */
export function project(latitude, longitude) {
  const lambda = ((((longitude - MERIDIAN + 540) % 360) - 180) * Math.PI) / 180;
  const theta = Math.asin(M * Math.sin((latitude * Math.PI) / 180));
  const t2 = theta * theta, t6 = t2 * t2 * t2;
  const x = (lambda * Math.cos(theta)) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)));
  const y = theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2));
  return [CENTRE[0] + SCALE * x, CENTRE[1] - SCALE * y];
}

/** Endpoints that stand within a few pixels of each other are one mark. */
export function marks(endpoints) {
  const found = [];
  for (const endpoint of endpoints) {
    if (endpoint.latitude === undefined) continue;
    const [x, y] = project(endpoint.latitude, endpoint.longitude);
    const near = found.find((mark) => Math.hypot(mark.x - x, mark.y - y) < 9);
    if (near) near.endpoints.push(endpoint);
    else found.push({ x, y, endpoints: [endpoint] });
  }
  return found;
}

function kind(mark) {
  const down = mark.endpoints.filter((each) => each.state === "unhealthy").length;
  if (down === mark.endpoints.length) return "bad";
  if (down > 0) return "warn";
  return mark.endpoints.every((each) => each.state === "unwatched") ? "idle" : "good";
}

/**
 * @param fill the colour of a country by its ISO code, or nothing
 * @param size of a mark's circle, 0 to 1
 */
export function WorldMap({ endpoints = [], fill, size = () => 0.3, label, names = true, scale = 1, onPick }) {
  const all = marks(endpoints).sort((a, b) => size(b.endpoints) - size(a.endpoints));
  if (names) place(all, size, scale);
  return html`<svg class="world" viewBox=${VIEW.join(" ")} role="img" aria-label=${label}>
    <g class="land">${COUNTRIES.map(([code, d], i) => {
      const colour = fill && fill(code);
      return html`<path key=${i} d=${d} class=${colour ? "on" : ""} style=${colour ? { fill: colour } : undefined}/>`;
    })}</g>
    ${all.map((mark) => html`<${Mark} mark=${mark} size=${size(mark.endpoints)} named=${names} scale=${scale} onPick=${onPick}/>`)}
  </svg>`;
}

const title = (mark) => {
  const ids = [...new Set(mark.endpoints.map((each) => each.endpoint))];
  const regions = [...new Set(mark.endpoints.map((each) => each.region).filter(Boolean))];
  return ids.length === 1 ? ids[0] : (regions[0] || ids[0]) + " (" + ids.length + ")";
};

const radius = (size, scale) => scale * (5 + 13 * Math.sqrt(Math.max(0, Math.min(1, size))));

/** Finds each name a side of its mark where it covers no other name and no other mark. */
function place(all, size, scale) {
  const taken = all.map((mark) => ({ x: mark.x - 6 * scale, y: mark.y - 6 * scale, w: 12 * scale, h: 12 * scale }));
  for (const mark of all) {
    const r = radius(size(mark.endpoints), scale) + 3 * scale;
    const w = title(mark).length * 7.2 * scale, h = 14 * scale;
    const sides = [
      { dx: r, dy: 4 * scale, anchor: "start", x: mark.x + r, y: mark.y - h / 2 },
      { dx: -r, dy: 4 * scale, anchor: "end", x: mark.x - r - w, y: mark.y - h / 2 },
      { dx: 0, dy: r + 10 * scale, anchor: "middle", x: mark.x - w / 2, y: mark.y + r },
      { dx: 0, dy: -r, anchor: "middle", x: mark.x - w / 2, y: mark.y - r - h },
    ];
    const free = sides.find((side) => side.x > 0 && side.x + w < 1000 &&
      !taken.some((box) => side.x < box.x + box.w && side.x + w > box.x && side.y < box.y + box.h && side.y + h > box.y && !(box.x < mark.x && box.x + box.w > mark.x && box.y < mark.y && box.y + box.h > mark.y)));
    mark.side = free || null;
    if (free) taken.push({ x: free.x, y: free.y, w, h });
  }
}

function Mark({ mark, size, named, scale, onPick }) {
  const state = kind(mark);
  const ids = [...new Set(mark.endpoints.map((each) => each.endpoint))];
  return html`<g class="mark ${state} ${onPick ? "pick" : ""}" transform="translate(${mark.x.toFixed(1)} ${mark.y.toFixed(1)})" onClick=${onPick && (() => onPick(mark))}>
    <title>${ids.join(", ")}</title>
    <circle class="halo" r=${radius(size, scale).toFixed(1)}/>
    <g transform="scale(${scale})">${state === "bad" ? html`<path class="core" d="M-5.5 -2.3 -2.3 -5.5 2.3 -5.5 5.5 -2.3 5.5 2.3 2.3 5.5 -2.3 5.5 -5.5 2.3Z"/><path class="cross" d="M-2.2-2.2 2.2 2.2M2.2-2.2-2.2 2.2"/>`
      : state === "warn" ? html`<path class="core" d="M0-5.4 5.4 4.4-5.4 4.4Z"/>`
      : html`<circle class="core" r="4"/>`}</g>
    ${named && mark.side && html`<text x=${mark.side.dx} y=${mark.side.dy} text-anchor=${mark.side.anchor} style=${{ fontSize: 13 * scale + "px" }}>${title(mark)}</text>`}
  </g>`;
}
