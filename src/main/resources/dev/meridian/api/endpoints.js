import { html, useState } from "/vendor/preact.js";
import { query, useApi } from "/live.js";
import { Badge, Empty, Failure, Head, Meter, Panel, Ago, percent, plural, usePhone } from "/parts.js";
import { WorldMap } from "/map.js";

const STATES = { healthy: ["good", "up"], unhealthy: ["bad", "down"], unwatched: ["idle", "not checked"] };

export function Endpoints({ params }) {
  const [text, setText] = useState(params.q || "");
  const [picked, setPicked] = useState(null);
  const { data, error } = useApi("endpoints?limit=1000");
  const small = usePhone();
  if (!data) return html`<${Head} title="Endpoints"/><${Failure} error=${error}/>`;
  const all = data.endpoints;
  const down = all.filter((each) => each.state === "unhealthy").length;
  const words = text.toLowerCase();
  const shown = all
    .filter((each) => !picked || picked.includes(each.zone + "/" + each.endpoint))
    .filter((each) => (each.zone + "/" + each.endpoint + " " + (each.region || "") + " " + each.records.join(" ")).toLowerCase().includes(words))
    .sort((a, b) => (a.state === "unhealthy" ? 0 : 1) - (b.state === "unhealthy" ? 0 : 1) || b.share - a.share);
  const nowhere = all.filter((each) => each.latitude === undefined).length;
  return html`
    <${Head} title="Endpoints">${plural(all.length, "endpoint")}, <b>${down} down</b>. A share is of the answers of the names that can use the endpoint, clients weighted by address space.<//>
    <${Panel} className="flush">
      <${WorldMap} endpoints=${all} scale=${small ? 2 : 1} size=${(each) => Math.max(...each.map((one) => one.share))} label="Endpoints on the world map; the table below says the same"
        onPick=${(mark) => setPicked(mark.endpoints.map((each) => each.zone + "/" + each.endpoint))}/>
      ${nowhere > 0 && html`<p class="quiet inset">${plural(nowhere, "endpoint")} without a location ${nowhere === 1 ? "is" : "are"} not on the map.</p>`}
    <//>
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="grow">Find <input type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder="name, address, region" spellcheck="false"/></label>
      ${picked && html`<button type="button" onClick=${() => setPicked(null)}>Show all places</button>`}
    </form>
    ${shown.length === 0 ? html`<${Empty}>No endpoint is like that.<//>` : html`
    <div class="scroll"><table class="table">
      <thead><tr><th>State</th><th>Endpoint</th><th>Where</th><th>Share of answers now</th><th>When all is well</th><th>Answers for</th></tr></thead>
      <tbody>${shown.slice(0, 300).map((each) => html`<${Row} each=${each} key=${each.zone + "/" + each.endpoint}/>`)}</tbody>
    </table></div>
    ${shown.length > 300 && html`<p class="more">${shown.length - 300} more; type to find them.</p>`}`}`;
}

function Row({ each }) {
  const [kind, word] = STATES[each.state];
  const since = each.checks.filter((check) => !check.healthy).map((check) => check.since).sort()[0];
  return html`<tr>
    <td><${Badge} kind=${kind}>${word}<//>${since && html`<small> <${Ago} at=${since}/></small>`}</td>
    <td><a href=${"#/checks?" + query({ q: each.zone + "/" + each.endpoint })}>${each.endpoint}</a><small class="block">${each.zone}</small></td>
    <td>${each.region || (each.latitude === undefined ? html`<span class="quiet">nowhere</span>` : each.latitude + ", " + each.longitude)}<small class="block mono">${each.records.slice(0, 2).join(" ")}</small></td>
    <td class="figures"><${Meter} share=${each.share} kind=${kind}/> ${percent(each.share)}${each.share - each.atBest > 0.005 ? html`<small class="up"> ▲ ${percent(each.share - each.atBest)}</small>` : each.atBest - each.share > 0.005 ? html`<small class="down"> ▼ ${percent(each.atBest - each.share)}</small>` : ""}</td>
    <td class="number">${percent(each.atBest)}</td>
    <td>${each.names.slice(0, 3).map((name) => html`<a class="chip" key=${name.name + name.type} href=${"#/names?" + query({ name: name.name, type: name.type })}>${name.name} <small>${name.type}</small></a> `)}${each.namesInAll > 3 ? html`<span class="quiet">and ${each.namesInAll - 3} more</span>` : ""}</td>
  </tr>`;
}
