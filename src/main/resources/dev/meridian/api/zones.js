import { html, useState } from "/vendor/preact.js";
import { post, useApi } from "/live.js";
import { Ago, Badge, Empty, Failure, Glyph, Head, Panel, moment, plural, useSettled } from "/parts.js";

export function Zones() {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const status = useApi("status");
  const q = useSettled(text);
  const { data, error } = useApi("zones?limit=500" + (q ? "&q=" + encodeURIComponent(q) : ""));
  const reload = () => {
    setBusy(true);
    post("reload").then(() => setFailure(null), setFailure).finally(() => setBusy(false));
  };
  const load = status.data && status.data.lastReload;
  return html`
    <${Head} title="Zones">${data && plural(data.total, "zone") + " in generation " + data.generation}${status.data && status.data.serving && html`, loaded <${Ago} at=${status.data.serving.at}/> ago`}.<//>
    <${Failure} error=${error || failure}/>
    ${load && html`<${Panel} title="The last load" aside=${html`<button onClick=${reload} disabled=${busy}>${busy ? "Loading…" : "Load now"}</button>`}>
      <p><${Badge} kind=${load.ok ? "good" : "bad"}>${load.ok ? "served" : load.heldBack ? "held back" : "refused"}<//> ${moment(load.at)}, <${Ago} at=${load.at}/> ago, because of ${load.reason}, in ${load.tookMillis} ms.
        ${!load.ok && html` <b>${plural(load.errors, "error")}; generation ${load.generation} is still served.</b>`}</p>
      ${load.problems.length > 0 && html`<ol class="problems">${worstFirst(load.problems).slice(0, 50).map((problem, i) => html`<li key=${i}><${Glyph} kind=${problem.severity === "error" ? "bad" : "warn"} label=${problem.severity}/><span><span class="mono">${problem.file}:${problem.line}:${problem.column}</span> ${problem.message}</span></li>`)}</ol>
        ${load.problems.length > 50 && html`<p class="quiet">and ${load.problems.length - 50} more</p>`}`}
    <//>`}
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="grow">Find <input type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder="example.com" spellcheck="false"/></label></form>
    ${data && (data.zones.length === 0 ? html`<${Empty}>No zone is like that.<//>` : html`<div class="scroll"><table class="table">
      <thead><tr><th>Zone</th><th class="number">Serial</th><th class="number">Records</th><th class="number">Names</th><th class="number">Routed</th></tr></thead>
      <tbody>${data.zones.map((zone) => html`<tr key=${zone.name}><th scope="row"><a href=${"#/names?q=" + encodeURIComponent(zone.name.replace(/\.$/, ""))}>${zone.name}</a></th>
        <td class="number">${zone.serial}</td><td class="number">${zone.records.toLocaleString("en")}</td><td class="number">${zone.names.toLocaleString("en")}</td><td class="number">${zone.routed.toLocaleString("en")}</td></tr>`)}</tbody></table></div>`)}
    ${status.data && html`<${About} status=${status.data}/>`}`;
}

/** Errors are why a load was refused; warnings would have been served. */
function worstFirst(problems) {
  const isError = (problem) => problem.severity === "error";
  return [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
}

function About({ status }) {
  return html`<${Panel} title="This server">
    <dl class="facts">
      <dt>Version</dt><dd>${status.version}</dd>
      <dt>Started</dt><dd>${moment(status.startedAt)}, <${Ago} at=${status.startedAt}/> ago</dd>
      <dt>Answers on</dt><dd class="mono">${status.listeners.join(", ")} <span class="quiet">(UDP and TCP)</span></dd>
      <dt>Geo database</dt><dd>${status.geoip.description}, built ${status.geoip.builtAt.slice(0, 10)}</dd>
    </dl>
    <details><summary>Configuration in force</summary><dl class="facts config">${Object.entries(status.configuration).map(([key, values]) => html`<dt class="mono" key=${key}>${key}</dt><dd class="mono">${values.join(", ") || "–"}</dd>`)}</dl></details>
  <//>`;
}
