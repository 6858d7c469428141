// The world in Equal Earth (Šavrič, Patterson, Jenny 2018), the projection that world.js is drawn in.

import { html, useState } from "/vendor/preact.js";
import { short } from "/parts.js";
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

/** Places within a few pixels of each other are one mark. */
export function marks(places) {
  const found = [];
  for (const place of places) {
    const [x, y] = project(place.latitude, place.longitude);
    const near = found.find((mark) => Math.hypot(mark.x - x, mark.y - y) < 9);
    if (near) near.places.push(place);
    else found.push({ x, y, places: [place] });
  }
  return found;
}

const sum = (mark, field) => mark.places.reduce((total, place) => total + place[field], 0);
const largest = (mark) => Math.max(...mark.places.map((place) => place.share));

function kind(mark) {
  const all = sum(mark, "endpoints"), down = sum(mark, "down");
  if (down === all) return "bad";
  if (down > 0 || sum(mark, "held") > 0) return "warn";
  return sum(mark, "unwatched") === all ? "idle" : "good";
}

/** What the API says of single endpoints, as places. */
export const placesOf = (endpoints) => endpoints.filter((each) => each.latitude !== undefined).map((each) => ({
  ...each, endpoint: each.zone + "/" + each.endpoint, endpoints: 1, down: each.healthy ? 0 : 1, held: 0, unwatched: 0,
}));

/**
 * @param fill the colour of a country by its ISO code, or nothing
 * @param size of a mark's circle, 0 to 1, by the largest share of an endpoint there
 * @param onPick what a click or Enter on a mark does; the marks are then one stop of the Tab key, and arrows lead from west to east
 */
export function WorldMap({ places = [], fill, size = (share) => share, label, names = true, scale = 1, onPick }) {
  const all = marks(places).map((mark) => ({ ...mark, size: size(largest(mark)) })).sort((a, b) => b.size - a.size);
  const eastward = [...all].sort((a, b) => a.x - b.x);
  const [stop, setStop] = useState(null);
  const reached = eastward.find((mark) => key(mark) === stop) || eastward[0];
  if (names) place(all, scale);
  return html`<svg class="world" viewBox=${VIEW.join(" ")} role=${onPick ? "group" : "img"} aria-label=${label}>
    <g class="land">${COUNTRIES.map(([code, d], i) => {
      const colour = fill && fill(code);
      return html`<path key=${i} d=${d} class=${colour ? "on" : ""} style=${colour ? { fill: colour } : undefined}/>`;
    })}</g>
    ${all.map((mark) => html`<${Mark} key=${key(mark)} mark=${mark} named=${names} scale=${scale} control=${onPick && {
      role: "button", tabindex: mark === reached ? 0 : -1, "aria-label": says(mark), "data-mark": key(mark),
      onFocus: () => setStop(key(mark)), onClick: () => onPick(mark), onKeyDown: (event) => press(event, mark, eastward, onPick),
    }}/>`)}
  </svg>`;
}

const key = (mark) => mark.x + " " + mark.y;

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Enter and Space pick the mark that has the focus, arrows give it to the next one. */
function press(event, mark, eastward, onPick) {
  const step = STEPS[event.key];
  if (step === undefined && event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  if (step === undefined) return onPick(mark);
  const next = eastward[(eastward.indexOf(mark) + step + eastward.length) % eastward.length];
  event.currentTarget.ownerSVGElement.querySelector(`[data-mark="${key(next)}"]`).focus();
}

function title(mark) {
  const all = sum(mark, "endpoints");
  const named = mark.places.find((place) => place.region);
  const id = short(mark.places[0].endpoint);
  return all === 1 ? id : (named ? named.region : id) + " (" + all + ")";
}

function says(mark) {
  const down = sum(mark, "down"), held = sum(mark, "held");
  return title(mark) + (down ? ", " + down + " down" : "") + (held ? ", " + held + " held" : "");
}

const radius = (size, scale) => scale * (5 + 13 * Math.sqrt(Math.max(0, Math.min(1, size))));

/** Finds each name a side of its mark where it covers no other name and no other mark. */
function place(all, scale) {
  const taken = all.map((mark) => ({ x: mark.x - 6 * scale, y: mark.y - 6 * scale, w: 12 * scale, h: 12 * scale }));
  for (const mark of all) {
    const r = radius(mark.size, scale) + 3 * scale;
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

function Mark({ mark, named, scale, control }) {
  const state = kind(mark);
  return html`<g class="mark ${state} ${control ? "pick" : ""}" transform="translate(${mark.x.toFixed(1)} ${mark.y.toFixed(1)})" ...${control}>
    <title>${says(mark)}</title>
    <circle class="halo" r=${radius(mark.size, scale).toFixed(1)}/>
    <g transform="scale(${scale})">${state === "bad" ? html`<path class="core" d="M-5.5 -2.3 -2.3 -5.5 2.3 -5.5 5.5 -2.3 5.5 2.3 2.3 5.5 -2.3 5.5 -5.5 2.3Z"/><path class="cross" d="M-2.2-2.2 2.2 2.2M2.2-2.2-2.2 2.2"/>`
      : state === "warn" ? html`<path class="core" d="M0-5.4 5.4 4.4-5.4 4.4Z"/>`
      : html`<circle class="core" r="4"/>`}</g>
    ${named && mark.side && html`<text x=${mark.side.dx} y=${mark.side.dy} text-anchor=${mark.side.anchor} style=${{ fontSize: 13 * scale + "px" }}>${title(mark)}</text>`}
  </g>`;
}
