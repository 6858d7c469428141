import { html } from "/vendor/preact.js";
import { useApi } from "/live.js";
import { Ago, Badge, Empty, Failure, Glyph, Panel, continents, list, moment, percent, plural, short } from "/parts.js";
import { WorldMap } from "/map.js";
import { Entries } from "/timeline.js";

const LEVELS = { ok: ["good", "All is well"], degraded: ["warn", "Degraded"], critical: ["bad", "Critical"] };

export function Overview() {
  const { data, error } = useApi("overview");
  const status = useApi("status");
  const sites = useApi("endpoints?limit=1000");
  if (!data) return error ? html`<${Failure} error=${error}/>` : html`<p class="loading">Looking…</p>`;
  const [first, ...rest] = data.headline.split("; ");
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
          : worstFirst(data.troubles).map((trouble) => html`<${Trouble} trouble=${trouble} key=${trouble.what}/>`)}
        ${data.troublesInAll > 12 && html`<p class="more"><a href="#/checks?state=down">${plural(data.troublesInAll - 12, "more place")} with checks down</a></p>`}
      </div>
      <div>
        <${Panel} title="Where" aside=${html`<a href="#/endpoints">All endpoints</a>`}>
          <${WorldMap} endpoints=${sites.data ? sites.data.endpoints : []} size=${(each) => Math.max(...each.map((one) => one.share)) * 0.5}
            fill=${(code) => (data.countries[code] ? "color-mix(in oklab, var(--affected) " + Math.round(30 + 70 * data.countries[code]) + "%, var(--land))" : "")} scale=${1.7}
            label=${"World map. Clients affected: " + continents(data.continents)}/>
          <p class="legend"><span><i class="swatch affected"></i>answered differently than planned</span><span><${Glyph} kind="good"/>up</span><span><${Glyph} kind="bad"/>down</span><span><${Glyph} kind="idle"/>not checked</span></p>
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
  if (status.holdingBack) return html`<p class="notice bad" role="status"><${Glyph} kind="bad"/><span>The publish gate holds the newest files back; generation ${status.generation} is served.
    <a href="#/zones">See why, and what to do</a></span></p>`;
  if (!load || load.ok) return null;
  return html`<p class="notice bad" role="status"><${Glyph} kind="bad"/><span>The load of <${Ago} at=${load.at}/> ago was refused with ${plural(load.errors, "error")};
    generation ${load.generation} is still served. <a href="#/zones">See what is wrong</a></span></p>`;
}

function kindOf(trouble) {
  return trouble.effects.some((effect) => effect.failOpen) ? "bad" : trouble.affected || trouble.held ? "warn" : "idle";
}

/** Of twelve troubles those that people feel, then by how many names; of equal ones the latest. */
function worstFirst(troubles) {
  const rank = (trouble) => ["bad", "warn", "idle"].indexOf(kindOf(trouble));
  return troubles.slice(0, 12).sort((a, b) => rank(a) - rank(b) || b.affected - a.affected);
}

function Trouble({ trouble }) {
  const kind = kindOf(trouble);
  const rows = merged(trouble.effects);
  const search = trouble.endpoints.length === 1 ? trouble.endpoints[0] : trouble.endpoints.length ? "/" + short(trouble.endpoints[0]).replace(/\d+$/, "") : trouble.what;
  return html`<article class="trouble ${kind}">
    <header>
      <h3><${Glyph} kind=${trouble.held ? "warn" : "bad"} label=${trouble.held ? "held" : "down"}/>${trouble.what}</h3>
      <p>${trouble.held ? html`failing, <b>held up by the guard</b>` : html`down for <b><${Ago} at=${trouble.since}/></b>, since ${moment(trouble.since)}`}</p>
    </header>
    <dl>
      <dt>What</dt><dd>${trouble.endpoints.length > 0 && html`${list(trouble.endpoints.map(short), 6)}: `}<a href=${"#/checks?" + new URLSearchParams({ q: search })}>${plural(trouble.checksInAll, "check")} ${trouble.held ? "held" : "down"}</a></dd>
      <dt>Why</dt><dd>${trouble.cause === "verdict" ? trouble.reason || trouble.why : trouble.why}</dd>
      <dt>Who</dt><dd>${trouble.affected === 0 ? (trouble.held ? "Whoever is sent there: it is still answered" : "Nobody: no answer changes for it") : html`clients in ${continents(trouble.continents)}, of ${plural(trouble.affected, "name")}`}</dd>
    </dl>
    ${trouble.effects.length > 0 && html`<table class="effects"><thead><tr><th>Name</th><th>Moved</th><th>Answers now</th><th>If that fails too</th></tr></thead><tbody>
      ${rows.slice(0, 5).map((effect) => html`<tr key=${effect.name + effect.types}>
        <td><a href=${"#/names?" + new URLSearchParams({ name: effect.name, type: effect.type })}>${effect.name}</a> <small>${effect.types.join(", ")}</small></td>
        <td class="number">${effect.moved > 0 ? percent(effect.moved) : "–"}</td>
        <td>${effect.failOpen ? html`<${Badge} kind="bad">unhealthy ones<//>` : list(effect.takers.map(short), 3) || "nothing"}</td>
        <td>${next(effect)}</td></tr>`)}</tbody></table>
      ${rows.length > 5 && html`<p class="more"><a href="#/names?affected=true">All names that differ</a></p>`}`}
  </article>`;
}

/** Types of a name to which the same happens are one row. */
function merged(effects) {
  const rows = [];
  for (const effect of effects) {
    const key = JSON.stringify([effect.name, effect.takers, effect.next, effect.failOpen, effect.nextFailsOpen]);
    const same = rows.find((row) => row.key === key);
    if (same) same.types.push(effect.type);
    else rows.push({ ...effect, key, types: [effect.type] });
  }
  return rows;
}

function next(effect) {
  if (effect.nextFailsOpen) return html`<span class="worst">nothing healthy is left</span>`;
  if (effect.next.length === 0) return html`<span class="quiet">${effect.takers.length ? "not checked, stays" : "–"}</span>`;
  return list(effect.next.map(short), 3);
}

function Latest() {
  const { data } = useApi("journal?limit=8");
  if (!data) return null;
  return html`<${Panel} title="Latest changes" aside=${html`<a href="#/timeline">Timeline</a>`}>
    ${data.entries.length ? html`<${Entries} entries=${data.entries}/>` : html`<${Empty}>Nothing has changed since the start.<//>`}<//>`;
}
