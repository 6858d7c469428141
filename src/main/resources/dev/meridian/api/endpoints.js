import { html, useState } from "/vendor/preact.js";
import { query, useApi } from "/live.js";
import { Badge, Empty, Failure, Head, Meter, Panel, Ago, percent, plural, usePhone, useSettled } from "/parts.js";
import { WorldMap } from "/map.js";

const MOST = 300;

const STATES = { healthy: ["good", "up"], held: ["warn", "held"], unhealthy: ["bad", "down"], unwatched: ["idle", "not checked"] };

export function Endpoints({ params }) {
  const [text, setText] = useState(params.q || "");
  const q = useSettled(text);
  const { data, error } = useApi("endpoints?" + query({ q, limit: MOST, sort: "state" }));
  const overview = useApi("overview");
  const small = usePhone();
  if (!data) return html`<${Head} title="Endpoints"/><${Failure} error=${error}/>`;
  const shown = data.endpoints;
  const places = overview.data ? overview.data.places : [];
  return html`
    <${Head} title="Endpoints">${plural(data.total, "endpoint")}${q ? " found; in all " : ", "}<b>${data.down} down</b>${data.held > 0 && html`, <b>${data.held} held</b>`}. A share is of the answers of the names that can use the endpoint, clients weighted by address space.<//>
    <${Panel} className="flush">
      <${WorldMap} places=${places} scale=${small ? 2 : 1} label="Endpoints on the world map; the table below says the same"
        onPick=${(mark) => setText(mark.places[0].region || mark.places[0].endpoint)}/>
      ${data.unplaced > 0 && html`<p class="quiet inset">${plural(data.unplaced, "endpoint")} without a location ${data.unplaced === 1 ? "is" : "are"} not on the map.</p>`}
    <//>
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="grow">Find <input type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder="name, address, region" spellcheck="false"/></label>
      ${text && html`<button type="button" onClick=${() => setText("")}>Show all</button>`}
    </form>
    ${shown.length === 0 ? html`<${Empty}>No endpoint is like that.<//>` : html`
    <div class="scroll"><table class="table">
      <thead><tr><th>State</th><th>Endpoint</th><th>Where</th><th>Share of answers now</th><th>When all is well</th><th>Answers for</th></tr></thead>
      <tbody>${shown.map((each) => html`<${Row} each=${each} key=${each.zone + "/" + each.endpoint}/>`)}</tbody>
    </table></div>
    ${data.total > shown.length && html`<p class="more">${plural(data.total - shown.length, "more endpoint")}; type to find them.</p>`}`}`;
}

function Row({ each }) {
  const [kind, word] = STATES[each.state];
  const since = each.checks.filter((check) => !check.healthy || check.held).map((check) => check.since).sort()[0];
  return html`<tr>
    <td><${Badge} kind=${kind}>${word}<//>${since && html`<small> <${Ago} at=${since}/></small>`}</td>
    <td><a href=${"#/checks?" + query({ q: each.zone + "/" + each.endpoint })}>${each.endpoint}</a><small class="block">${each.zone}</small></td>
    <td>${each.region || (each.latitude === undefined ? html`<span class="quiet">no location</span>` : each.latitude + ", " + each.longitude)}<small class="block mono">${each.records.slice(0, 2).join(" ")}</small></td>
    <td class="figures"><${Meter} share=${each.share} kind=${kind}/> ${percent(each.share)}${each.share - each.atBest > 0.005 ? html`<small class="up"> ▲ ${percent(each.share - each.atBest)}</small>` : each.atBest - each.share > 0.005 ? html`<small class="down"> ▼ ${percent(each.atBest - each.share)}</small>` : ""}</td>
    <td class="number">${percent(each.atBest)}</td>
    <td>${each.names.slice(0, 3).map((name) => html`<a class="chip" key=${name.name + name.type} href=${"#/names?" + query({ name: name.name, type: name.type })}>${name.name} <small>${name.type}</small></a> `)}${each.namesInAll > 3 ? html`<span class="quiet">and ${each.namesInAll - 3} more</span>` : ""}</td>
  </tr>`;
}
