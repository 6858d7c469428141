import { html, useMemo, useState } from "/vendor/preact.js";
import { query, useApi } from "/live.js";
import { Badge, Empty, Failure, Glyph, Head, Panel, clock, moment, plural, span, useSettled } from "/parts.js";

const WORDS = { "start": "Started", "stop": "Stopped", "override-set": "Override set", "override-ended": "Override ended", "reload": "Loaded", "reload-refused": "Load refused", "rollback": "Went back" };

function look(entry) {
  switch (entry.kind) {
    case "health": return entry.to === "unhealthy" ? ["bad", "down"] : entry.to === "held" ? ["warn", "held"] : ["good", "up"];
    case "reload-refused": return ["bad", WORDS[entry.kind]];
    case "override-set": return ["hand", WORDS[entry.kind]];
    case "reload": return ["good", WORDS[entry.kind]];
    default: return ["idle", WORDS[entry.kind] || entry.kind];
  }
}

/** Entries of the journal, the newest first. */
export function Entries({ entries, marked }) {
  return html`<ol class="entries">${entries.map((entry) => {
    const [kind, word] = look(entry);
    return html`<li key=${entry.sequence} class=${marked === entry.sequence ? "marked" : ""}>
      <time datetime=${entry.at} title=${moment(entry.at)}>${clock(entry.at)}</time>
      <span class="what"><${Glyph} kind=${kind}/><b>${word}</b></span>
      <span class="subject">${subject(entry)}</span>
      <span class="because">${because(entry)}</span></li>`;
  })}</ol>`;
}

const subject = (entry) => entry.kind.startsWith("reload") ? "generation " + entry.subject
  : entry.kind === "start" || entry.kind === "stop" ? "Meridian " + entry.subject
  : entry.kind.startsWith("override") ? entry.subject + (entry.to ? " → " + entry.to : "") : entry.subject;

const because = (entry) => entry.kind === "override-set" ? entry.reason + " (" + entry.cause + ")"
  : entry.kind === "health" && entry.cause !== "verdict" ? entry.cause + ": " + entry.reason : entry.reason || entry.cause;

export function Timeline({ params }) {
  const [text, setText] = useState(params.q || "");
  const [at, setAt] = useState(null);
  const q = useSettled(text);
  const { data, error } = useApi("journal?" + query({ q, limit: 1000 }));
  const overview = useApi("overview");
  const past = useMemo(() => (data ? rewind(data.entries) : null), [data]);
  return html`
    <${Head} title="Timeline">What happened, and how things were at any time of it.<//>
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="grow">Find <input type="search" value=${text} onInput=${(event) => { setText(event.target.value); setAt(null); }} placeholder="check, override, reason" spellcheck="false"/></label>
    </form>
    <${Failure} error=${error}/>
    ${past && data.entries.length > 0 && html`<${Rewind} past=${past} at=${at} setAt=${setAt} now=${overview.data && !q ? overview.data.checks.down : null}/>`}
    ${data && (data.entries.length === 0 ? html`<${Empty}>${q ? "Nothing like that has happened." : "Nothing has happened since the start."}<//>`
      : html`<${Panel} title=${at === null ? "The latest first" : "Until " + moment(past[at].at)} aside=${plural(data.entries.length, "entry", "entries")}>
        <${Entries} entries=${at === null ? data.entries.slice(0, 300) : past.slice(0, at + 1).map((each) => each.entry).reverse().slice(0, 300)} marked=${at === null ? null : past[at].entry.sequence}/><//>`)}`;
}

/**
 * The entries from the oldest on, each with the checks that were down just after it. What was down before the first entry
 * is known from those that came back later.
 */
export function rewind(newestFirst) {
  const entries = [...newestFirst].reverse();
  const down = new Map();
  const held = new Set();
  const seen = new Set();
  for (const entry of entries) {
    if (entry.kind === "health" && !seen.has(entry.subject)) {
      seen.add(entry.subject);
      if (entry.from === "unhealthy") down.set(entry.subject, null);
    }
  }
  return entries.map((entry) => {
    if (entry.kind === "health") {
      if (entry.to === "unhealthy") down.set(entry.subject, entry);
      else down.delete(entry.subject);
      if (entry.to === "held") held.add(entry.subject);
      else held.delete(entry.subject);
    }
    return { entry, at: entry.at, count: down.size, held: held.size, down: down.size <= 200 ? new Map(down) : null };
  });
}

function Rewind({ past, at, setAt, now }) {
  const first = Date.parse(past[0].at), last = Math.max(Date.now(), Date.parse(past[past.length - 1].at) + 1);
  const most = Math.max(1, ...past.map((each) => each.count));
  const x = (time) => ((time - first) / (last - first || 1)) * 1000;
  const y = (count) => 92 - (count / most) * 80;
  let path = "M0 " + y(0);
  for (const each of past) path += "H" + x(Date.parse(each.at)).toFixed(1) + "V" + y(each.count).toFixed(1);
  path += "H1000";
  const shown = at === null ? past.length - 1 : at;
  const point = past[shown];
  const down = point.down ? [...point.down] : [];
  return html`<${Panel} title="Checks down over time" aside=${at === null ? "now" : html`<button class="quiet" onClick=${() => setAt(null)}>Back to now</button>`}>
    <div class="rewind">
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="at most ${most} down, from ${moment(past[0].at)} until now">
        <path class="area" d=${path + "V92H0Z"}/><path class="edge" d=${path}/><path class="axis" d="M0 92.5H1000"/>
        ${at !== null && html`<path class="cursor" d=${"M" + x(Date.parse(point.at)).toFixed(1) + " 2V98"}/>`}
      </svg>
      <input type="range" min="0" max=${past.length - 1} value=${shown} aria-label="Rewind: change number"
        aria-valuetext=${"after change " + (shown + 1) + " of " + past.length + ", " + moment(point.at) + ", " + point.count + " down"}
        onInput=${(event) => setAt(Number(event.target.value))}/>
      <p class="ends"><span>${moment(past[0].at)}</span><span>now</span></p>
    </div>
    <div class="then" aria-live="polite">
      <h3>${at === null ? "Now" : moment(point.at)}: ${plural(at === null && now !== null ? now : point.count, "check")} down${point.held > 0 ? ", " + point.held + " failing and held up" : ""}</h3>
      ${down.length > 0 && html`<ul class="chips">${down.slice(0, 40).map(([id, entry]) => html`<li key=${id}><a class="chip" href=${"#/checks?" + query({ q: id })} title=${entry ? entry.reason : ""}>${id}${entry ? html` <small>${span(Date.parse(point.at) - Date.parse(entry.at))}</small>` : ""}</a></li>`)}</ul>`}
      ${down.length > 40 && html`<p class="quiet">and ${down.length - 40} more</p>`}
    </div>
  <//>`;
}
