import { html } from "/vendor/preact.js";
import { useApi } from "/live.js";
import { Ago, Badge, Empty, Failure, Glyph, Panel, continents, list, moment, percent, plural, short } from "/parts.js";
import { WorldMap } from "/map.js";
import { Entries } from "/timeline.js";

const SHOWN = 12;

const LEVELS = { ok: ["good", "All is well"], degraded: ["warn", "Degraded"], critical: ["bad", "Critical"] };

export function Overview() {
  const { data, error } = useApi("overview");
  const status = useApi("status");
  if (!data) return error ? html`<${Failure} error=${error}/>` : html`<p class="loading">Looking…</p>`;
  const [first, ...rest] = data.headline.split("; ");
  const down = worstFirst(data.troubles.filter((each) => !each.held));
  const held = data.troubles.filter((each) => each.held);
  const [kind, word] = LEVELS[data.level];
  return html`
    <header class="hero ${kind}">
      <p class="level"><${Glyph} kind=${kind}/>${word}</p>
      <h1>${first}</h1>
      <p class="lead">${sentence(rest)}</p>
      ${status.data && html`<${Facts} status=${status.data} overview=${data}/>`}
    </header>
    <${Load} status=${status.data}/>
    <div class="split">
      <div>
        <h2 class="section">What is wrong</h2>
        ${data.troubles.length === 0
          ? html`<${Empty}>${data.checks.total ? "Nothing. Every check is up." : "Nothing is checked."}<//>`
          : html`${down.slice(0, SHOWN).map((trouble) => html`<${Trouble} trouble=${trouble} key=${trouble.what}/>`)}
            ${down.length > SHOWN && html`<p class="more"><a href="#/checks?state=down">${plural(data.troublesInAll - SHOWN - held.length, "more place")} with checks down</a></p>`}
            ${held.length > 0 && html`<${Held} troubles=${held} checks=${data.checks.held}/>`}`}
      </div>
      <div>
        <${Panel} title="Where" aside=${html`<a href="#/endpoints">All endpoints</a>`}>
          <${WorldMap} places=${data.places} size=${(share) => share * 0.5}
            fill=${(code) => (data.countries[code] ? "color-mix(in oklab, var(--affected) " + Math.round(30 + 70 * data.countries[code]) + "%, var(--land))" : "")} scale=${1.7}
            label=${"World map. Clients affected: " + continents(data.continents)}/>
          <p class="legend"><span><i class="swatch affected"></i>answered differently than planned</span><span><${Glyph} kind="good"/>up</span><span><${Glyph} kind="warn"/>some down, or held</span><span><${Glyph} kind="bad"/>down</span><span><${Glyph} kind="idle"/>not checked</span></p>
        <//>
        <${Latest}/>
      </div>
    </div>`;
}

function sentence(clauses) {
  const text = clauses.join("; ");
  // a name stays as it is written
  return /^(all|the|no) /.test(text) ? text[0].toUpperCase() + text.slice(1) + "." : text ? text + "." : "";
}

function Facts({ status, overview }) {
  return html`<ul class="facts">
    <li>Serving <b>generation ${status.generation}</b>${status.serving && html`, loaded <${Ago} at=${status.serving.at}/> ago`}</li>
    <li><a href="#/zones">${plural(status.zones, "zone")}</a>, <a href="#/names">${plural(overview.names.total, "routed name")}</a></li>
    ${overview.overrides > 0 && html`<li><a href="#/overrides">${plural(overview.overrides, "override")} in force</a></li>`}
    <li>Up <${Ago} at=${status.startedAt}/></li>
  </ul>`;
}

function Load({ status }) {
  if (!status) return null;
  if (status.draining) return html`<p class="notice warn" role="status"><${Glyph} kind="warn"/>This server is draining: it is about to stop.</p>`;
  const load = status.lastReload;
  if (status.holdingBack) return html`<p class="notice bad" role="status"><${Glyph} kind="bad"/><span>The publish gate holds the newest files back; generation ${status.generation} is served. <a href="#/zones">See why, and what to do</a></span></p>`;
  if (!load || load.ok) return null;
  return html`<p class="notice bad" role="status"><${Glyph} kind="bad"/><span>The load of <${Ago} at=${load.at}/> ago was refused with ${plural(load.errors, "error")};
    generation ${load.generation} is still served. <a href="#/zones">See what is wrong</a></span></p>`;
}

function kindOf(trouble) {
  return trouble.effects.some((effect) => effect.failOpen || effect.unanswered) ? "bad" : trouble.affected ? "warn" : "idle";
}

/** Those that people feel, then by how many names; of equal ones the latest. */
function worstFirst(troubles) {
  const rank = (trouble) => ["bad", "warn", "idle"].indexOf(kindOf(trouble));
  return [...troubles].sort((a, b) => rank(a) - rank(b) || b.affected - a.affected);
}

function Trouble({ trouble }) {
  const kind = kindOf(trouble);
  const rows = merged(trouble.effects);
  const search = trouble.endpointsInAll === 1 ? trouble.endpoints[0] : trouble.endpoints.length ? "/" + short(trouble.endpoints[0]).replace(/\d+$/, "") : trouble.what;
  return html`<article class="trouble ${kind}">
    <header>
      <h3><${Glyph} kind="bad" label="down"/>${trouble.what}</h3>
      <p>down for <b><${Ago} at=${trouble.since}/></b>, since ${moment(trouble.since)}</p>
    </header>
    <dl>
      <dt>What</dt><dd>${trouble.endpoints.length > 0 && html`${some(trouble)}: `}<a href=${"#/checks?" + new URLSearchParams({ q: search })}>${plural(trouble.checksInAll, "check")} down</a></dd>
      <dt>Why</dt><dd>${why(trouble)}</dd>
      <dt>Who</dt><dd>${trouble.affected === 0 ? "Nobody: no answer changes for it" : html`${plural(trouble.affected, "name")}, for clients in ${continents(trouble.continents)}`}</dd>
    </dl>
    ${trouble.effects.length > 0 && html`<table class="effects"><thead><tr><th>Name</th><th>Moved</th><th>Answers now</th><th>If that fails too</th></tr></thead><tbody>
      ${rows.slice(0, 5).map((effect) => html`<tr key=${effect.name + effect.types}>
        <td><a href=${"#/names?" + new URLSearchParams({ name: effect.name, type: effect.type })}>${effect.name}</a> <small>${effect.types.join(", ")}</small></td>
        <td class="number">${effect.moved > 0 ? percent(effect.moved) : "–"}</td>
        <td>${effect.failOpen ? html`<${Badge} kind="bad">unhealthy<//>` : effect.takers.length ? list(effect.takers.map(short), 3) : effect.unanswered ? html`<${Badge} kind="bad">no answer<//>` : "less of the same"}</td>
        <td>${next(effect)}</td></tr>`)}</tbody></table>
      ${rows.length > 5 && html`<p class="more"><a href="#/names?affected=true">All names that differ</a></p>`}`}
  </article>`;
}

/** The first endpoints by name, and how many more there are. */
function some({ endpoints, endpointsInAll }) {
  return endpointsInAll <= 6 ? list(endpoints.map(short), 6) : endpoints.slice(0, 5).map(short).join(", ") + " and " + (endpointsInAll - 5) + " more";
}

function why(trouble) {
  if (trouble.cause !== "verdict") return trouble.why;
  const reason = trouble.reason || trouble.why;
  return reason.startsWith("Success: ") ? "Its probes pass again, but not often enough yet; the last: " + reason.slice(9) : reason.replace(/^Failure: /, "");
}

/** All that the guard holds, in one: it is one event, and one decision for somebody. */
function Held({ troubles, checks }) {
  const all = troubles.map((each) => each.what);
  const exposed = Math.max(...troubles.map((each) => each.exposed));
  return html`<article class="trouble warn">
    <header>
      <h3><${Glyph} kind="warn" label="held"/>${plural(troubles.length, "place")} ${troubles.length === 1 ? "fails and is" : "fail and are"} held up</h3>
      <p>latest <b><${Ago} at=${troubles[0].since}/></b> ago, since ${moment(troubles[0].since)}</p>
    </header>
    <p>More failed within a minute than the guard lets go down at once. ${plural(checks, "check")} that ${checks === 1 ? "fails still counts" : "fail still count"} as up and will go down bit by bit: <b>${exposed ? "clients are sent to what fails" : "but nothing that fails is answered"}</b>.
      If it is real, set them down by hand. <a href=${"#/what-if?" + new URLSearchParams({ down: all.slice(0, 20).join(",") })}>What if they were down?</a> <a href="#/checks?state=held">See the checks</a></p>
    <table class="effects held"><thead><tr><th>Where</th><th>Fails</th><th>Why</th><th>For</th><th class="number">Names</th></tr></thead><tbody>
      ${troubles.slice(0, SHOWN).map((trouble) => html`<tr key=${trouble.what}>
        <td><b>${trouble.what}</b></td>
        <td>${plural(trouble.checksInAll, "check")}</td>
        <td>${(trouble.reason || trouble.why).replace(/^Failure: /, "")}</td>
        <td><${Ago} at=${trouble.since}/></td>
        <td class="number">${trouble.exposed}</td></tr>`)}</tbody></table>
    ${troubles.length > SHOWN && html`<p class="more">and ${plural(troubles.length - SHOWN, "more place")}</p>`}
  </article>`;
}

/** Types of a name to which the same happens are one row. */
function merged(effects) {
  const rows = [];
  for (const effect of effects) {
    const key = JSON.stringify([effect.name, effect.takers, effect.next, effect.failOpen, effect.nextFailsOpen, effect.unanswered, effect.nextUnanswered]);
    const same = rows.find((row) => row.key === key);
    if (same) same.types.push(effect.type);
    else rows.push({ ...effect, key, types: [effect.type] });
  }
  return rows;
}

function next(effect) {
  if (effect.failOpen || !effect.takers.length) return html`<span class="quiet">–</span>`;
  if (effect.nextFailsOpen) return html`<span class="worst">nothing healthy is left</span>`;
  if (effect.nextUnanswered) return html`<span class="worst">no answer</span>`;
  if (effect.next.length === 0) return html`<span class="quiet">not checked, stays</span>`;
  return list(effect.next.map(short), 3);
}

function Latest() {
  const { data } = useApi("journal?limit=8");
  if (!data) return null;
  return html`<${Panel} title="Latest changes" aside=${html`<a href="#/timeline">Timeline</a>`}>
    ${data.entries.length ? html`<${Entries} entries=${data.entries}/>` : html`<${Empty}>Nothing has changed since the start.<//>`}<//>`;
}
