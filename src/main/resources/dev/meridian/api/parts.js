// What the views are put together from. Every text goes in as text: nothing here makes markup of data.

import { html, useEffect, useRef, useState, useMemo, useCallback } from "/vendor/preact.js";
import { get, useChanges, useClock } from "/live.js";

export const CONTINENTS = { AF: "Africa", AN: "Antarctica", AS: "Asia", EU: "Europe", NA: "North America", OC: "Oceania", SA: "South America" };

// --- words -----------------------------------------------------------------------------------------------------------

export const plural = (n, one, many = one + "s") => n.toLocaleString("en") + " " + (n === 1 ? one : many);

export function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return seconds + " s";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes + " min";
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours + " h " + (minutes % 60) + " min";
  return Math.floor(hours / 24) + " days";
}

export const clock = (instant) => new Date(instant).toLocaleTimeString("en-GB");

export function moment(instant) {
  const at = new Date(instant);
  const today = new Date().toDateString() === at.toDateString();
  return (today ? "" : at.toLocaleDateString("en-GB", { day: "numeric", month: "short" }) + ", ") + at.toLocaleTimeString("en-GB");
}

export function percent(share) {
  if (share === 0) return "0%";
  if (share < 0.001) return "<0.1%";
  const value = Number((share * 100).toFixed(1));
  return (value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)) + "%";
}

export function list(words, most = 4) {
  if (words.length === 0) return "";
  const shown = words.length > most ? [...words.slice(0, most - 1), words.length - most + 1 + " more"] : words;
  return shown.length === 1 ? shown[0] : shown.slice(0, -1).join(", ") + " and " + shown[shown.length - 1];
}

export function continents(codes) {
  if (codes.length === 0) return "nobody";
  if (codes.filter((code) => code !== "AN").length >= 6) return "the whole world";
  return list(codes.map((code) => CONTINENTS[code] || code), 6);
}

export const short = (endpoint) => endpoint.slice(endpoint.indexOf("/") + 1);

// --- small things ----------------------------------------------------------------------------------------------------

/** How long ago, with the time of day for whoever points at it. */
export function Ago({ at, prefix = "" }) {
  const now = useClock(5000);
  return html`<time datetime=${at} title=${moment(at)}>${prefix}${span(now - Date.parse(at))}</time>`;
}

const GLYPHS = {
  good: html`<path d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z" class="fill"/><path d="m4.8 8.3 2.2 2.2 4.3-4.8" class="cut"/>`,
  bad: html`<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" class="fill"/><path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" class="cut"/>`,
  warn: html`<path d="M8 1.2 15.4 14.4H.6Z" class="fill"/><path d="M8 5.8v4.2m0 1.9v.3" class="cut"/>`,
  idle: html`<circle cx="8" cy="8" r="6" class="ring"/><path d="M5 8h6" class="line"/>`,
  hand: html`<path d="M8 1 15 8 8 15 1 8Z" class="fill"/><path d="M8 4.6v4m0 2.2v.3" class="cut"/>`,
};

/** A state by shape as well as by colour. */
export const Glyph = ({ kind, label }) => html`
  <svg class="glyph ${kind}" viewBox="0 0 16 16" role=${label ? "img" : undefined} aria-label=${label} aria-hidden=${label ? undefined : "true"}>${GLYPHS[kind]}</svg>`;

export const Badge = ({ kind, children }) => html`<span class="badge ${kind}"><${Glyph} kind=${kind}/>${children}</span>`;

export function checkState(check) {
  if (check.cause === "override") return { kind: "hand", word: check.healthy ? "set up" : "set down" };
  if (check.disabled) return { kind: "idle", word: "disabled" };
  if (!check.known && check.cause === "no-data") return { kind: "idle", word: "no data" };
  if (check.cause === "guard") return { kind: "warn", word: "held" };
  if (check.cause === "damping") return { kind: "warn", word: "damped" };
  return check.healthy ? { kind: "good", word: "up" } : { kind: "bad", word: "down" };
}

export const Meter = ({ share, kind = "", label }) => html`
  <span class="meter ${kind}" role="img" aria-label=${label || percent(share)}><span style=${{ width: Math.max(share > 0 ? 1.5 : 0, share * 100) + "%" }}></span></span>`;

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

export const Failure = ({ error }) => error && error.name !== "AbortError" ? html`<p class="failure" role="alert"><${Glyph} kind="bad"/> ${error.message}</p>` : null;

export const Head = ({ title, children }) => html`<header class="head"><h1>${title}</h1>${children && html`<div class="lead">${children}</div>`}</header>`;

export const Panel = ({ title, aside, children, className = "" }) => html`
  <section class="panel ${className}">${title && html`<header><h2>${title}</h2>${aside && html`<div class="aside">${aside}</div>`}</header>`}${children}</section>`;

// --- history ---------------------------------------------------------------------------------------------------------

/** Latencies of the last results. */
export function Spark({ recent, width = 96, height = 24 }) {
  if (!recent || recent.micros.length < 2) return html`<span class="none" aria-hidden="true">–</span>`;
  const top = Math.max(...recent.micros, 1000);
  const x = (i) => (i / (recent.micros.length - 1)) * (width - 4) + 2;
  const y = (micros) => height - 3 - (micros / top) * (height - 6);
  const points = recent.micros.map((micros, i) => x(i).toFixed(1) + "," + y(micros).toFixed(1)).join(" ");
  const last = recent.micros.length - 1;
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img"
      aria-label="latency of the last ${recent.micros.length} probes, now ${millis(recent.micros[last])}, highest ${millis(top)}">
    <polyline points=${points}/><circle cx=${x(last)} cy=${y(recent.micros[last])} r="2"/></svg>`;
}

export const millis = (micros) => micros >= 10000 ? Math.round(micros / 1000) + " ms" : (micros / 1000).toFixed(1) + " ms";

const OUTCOMES = { p: "passed", f: "failed", u: "unknown" };

/** The last results, one bar each: tall and green passed, short and red failed. */
export function Strip({ recent, width = 120, height = 20 }) {
  if (!recent || recent.outcomes.length === 0) return html`<span class="none" aria-hidden="true">–</span>`;
  const step = width / recent.outcomes.length;
  const failed = [...recent.outcomes].filter((each) => each === "f").length;
  return html`<svg class="strip" viewBox="0 0 ${width} ${height}" width=${width} height=${height} preserveAspectRatio="none" role="img"
      aria-label="${failed} of the last ${recent.outcomes.length} probes failed">
    ${[...recent.outcomes].map((outcome, i) => html`<rect class=${OUTCOMES[outcome]} x=${(i * step + 0.5).toFixed(2)} width=${Math.max(1, step - 1).toFixed(2)}
      y=${outcome === "f" ? height * 0.45 : 1} height=${outcome === "f" ? height * 0.55 - 1 : height - 2}/>`)}</svg>`;
}

// --- lists -----------------------------------------------------------------------------------------------------------

const PAGE = 100;

/** Rows of a list that the server pages, of which only those in sight exist. */
export function Rows({ path, field, rowHeight, row, head, label, onTotal, every = 0, empty }) {
  const changes = useChanges(every);
  const [pages, setPages] = useState({});
  const [total, setTotal] = useState(null);
  const [error, setError] = useState(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const box = useRef(null);
  const asking = useRef(null);

  const measure = useCallback(() => {
    if (box.current) {
      const rect = box.current.getBoundingClientRect();
      setView({ top: Math.max(0, -rect.top), height: window.innerHeight });
    }
  }, []);
  useEffect(() => {
    let frame = 0;
    const later = () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(measure); };
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", later);
    measure();
    return () => { window.removeEventListener("scroll", later); window.removeEventListener("resize", later); };
  }, [measure]);
  useEffect(() => { setPages({}); setTotal(null); }, [path]);

  const from = Math.max(0, Math.floor(view.top / rowHeight) - 10);
  const until = Math.min(total ?? PAGE, Math.ceil((view.top + view.height) / rowHeight) + 10);
  const wanted = useMemo(() => {
    const pages = [];
    for (let page = Math.floor(from / PAGE); page * PAGE < Math.max(1, until); page++) pages.push(page);
    return pages.join(",");
  }, [from, until]);

  useEffect(() => {
    const mine = { control: new AbortController(), open: new Set(), again: new Set() };
    asking.current = mine;
    return () => mine.control.abort();
  }, [path, wanted]);
  useEffect(() => {
    const mine = asking.current;
    const gone = mine.control.signal;
    // while a question is open it is not asked anew: a server where much changes would never be heard out
    const ask = (page) => {
      if (mine.open.has(page)) return mine.again.add(page);
      mine.open.add(page);
      return get(path + (path.includes("?") ? "&" : "?") + "offset=" + page * PAGE + "&limit=" + PAGE, gone)
        .then((answer) => {
          if (gone.aborted) return;
          setPages((old) => ({ ...old, [page]: answer[field] }));
          setTotal(answer.total);
          setError(null);
          if (onTotal) onTotal(answer);
        })
        .catch((problem) => gone.aborted || setError(problem))
        .finally(() => {
          mine.open.delete(page);
          if (mine.again.delete(page) && !gone.aborted) ask(page);
        });
    };
    wanted.split(",").forEach(ask);
  }, [path, wanted, changes]);

  const rows = [];
  for (let i = from; i < until; i++) {
    const item = pages[Math.floor(i / PAGE)]?.[i % PAGE];
    rows.push(html`<div role="row" class="row" aria-rowindex=${i + 2} key=${i} style=${{ top: i * rowHeight + "px", height: rowHeight + "px" }}>
      ${item ? row(item) : html`<span role="cell" class="ghost"></span>`}</div>`);
  }
  return html`<${Failure} error=${error}/>
    ${total === 0 ? html`<${Empty}>${empty}<//>` : html`
    <div class="rows" role="table" aria-label=${label} aria-rowcount=${(total ?? 0) + 1}>
      <div role="rowgroup"><div role="row" class="row top" aria-rowindex="1">${head.map((text) => html`<span role="columnheader">${text}</span>`)}</div></div>
      <div role="rowgroup" class="body" ref=${box} style=${{ height: (total ?? 8) * rowHeight + "px" }}>${rows}</div>
    </div>`}`;
}

/** A value that follows what is typed once the typing pauses. */
export function useSettled(value, millis = 200) {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), millis);
    return () => clearTimeout(timer);
  }, [value, millis]);
  return settled;
}

export const phone = () => window.matchMedia("(max-width: 719px)").matches;

export function usePhone() {
  const [is, set] = useState(phone());
  useEffect(() => {
    const media = window.matchMedia("(max-width: 719px)");
    const listener = () => set(media.matches);
    media.addEventListener("change", listener);
    return () => media.removeEventListener("change", listener);
  }, []);
  return is;
}

/** Shares of one thing by endpoint, as one bar. */
export function Shares({ shares, colours }) {
  return html`<span class="shares">${shares.map((each) => html`
    <span class="share" key=${each.endpoint}><i style=${{ background: colours(each.endpoint) }} aria-hidden="true"></i>${each.endpoint} <b>${percent(each.share)}</b></span>`)}</span>`;
}

export function Stack({ shares, colours, label }) {
  return html`<span class="stack" role="img" aria-label=${(label ? label + ": " : "") + (shares.map((each) => each.endpoint + " " + percent(each.share)).join(", ") || "no answer")}>
    ${shares.map((each) => html`<span key=${each.endpoint} style=${{ width: each.share * 100 + "%", background: colours(each.endpoint) }}></span>`)}</span>`;
}

const HUES = 12;

/**
 * A colour for each endpoint: those of one region are shades of one colour. The same for the same endpoint as long as a view
 * lives.
 *
 * @param endpoints objects with endpoint and region
 */
export function useColours(endpoints) {
  const known = useRef({ hues: new Map(), shades: new Map() });
  return useMemo(() => {
    const { hues, shades } = known.current;
    for (const { endpoint, region } of endpoints) {
      if (shades.has(endpoint)) continue;
      const group = region || endpoint;
      if (!hues.has(group)) hues.set(group, { hue: (hues.size % HUES) + 1, members: 0 });
      const family = hues.get(group);
      const shade = Math.min(family.members++, 3) * 22;
      shades.set(endpoint, shade ? "color-mix(in oklab, var(--c" + family.hue + "), var(--shade) " + shade + "%)" : "var(--c" + family.hue + ")");
    }
    return (id) => shades.get(id) || "var(--line-strong)";
  }, [endpoints.map((each) => each.endpoint).join()]);
}
