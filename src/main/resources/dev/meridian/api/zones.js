import { html, useState } from "/vendor/preact.js";
import { post, query, useApi } from "/live.js";
import { Ago, Badge, Empty, Failure, Glyph, Head, Panel, moment, plural, useSettled } from "/parts.js";

export function Zones() {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const status = useApi("status");
  const q = useSettled(text);
  const { data, error } = useApi("zones?limit=500" + (q ? "&q=" + encodeURIComponent(q) : ""));
  const reload = () => load("reload");
  const force = (values) => load("reload?" + query({ force: "true", ...values }));
  const load = (path) => {
    setBusy(true);
    post(path).then(() => setFailure(null), setFailure).finally(() => setBusy(false));
  };
  const last = status.data && status.data.lastReload;
  return html`
    <${Head} title="Zones">${data && plural(data.total, "zone") + " in generation " + data.generation}${status.data && status.data.serving && html`, loaded <${Ago} at=${status.data.serving.at}/> ago`}.<//>
    <${Failure} error=${error || failure}/>
    ${last && html`<${Panel} title="The last load" aside=${html`<button onClick=${reload} disabled=${busy}>${busy ? "Loading…" : "Load now"}</button>`}>
      <p><${Badge} kind=${last.ok ? "good" : "bad"}>${last.ok ? "served" : last.heldBack ? "held back" : "refused"}<//> ${moment(last.at)}, <${Ago} at=${last.at}/> ago, because of ${last.reason}, in ${last.tookMillis} ms.
        ${!last.ok && html` <b>${last.heldBack ? plural(last.errors, "reason") : plural(last.errors, "error")}; generation ${last.generation} is still served.</b>`}</p>
      ${last.heldBack && html`<${Force} load=${force} busy=${busy}/>`}
      ${last.problems.length > 0 && html`<ol class="problems">${worstFirst(last.problems).slice(0, 50).map((problem, i) => html`<li key=${i}><${Glyph} kind=${problem.severity === "error" ? "bad" : "warn"} label=${problem.severity}/><span>${problem.file !== "." && html`<span class="mono">${problem.file}:${problem.line}:${problem.column}</span> `}${problem.message}</span></li>`)}</ol>
        ${last.problems.length > 50 && html`<p class="quiet">and ${last.problems.length - 50} more</p>`}`}
    <//>`}
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="grow">Find <input type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder="example.com" spellcheck="false"/></label></form>
    ${data && (data.zones.length === 0 ? html`<${Empty}>No zone is like that.<//>` : html`<div class="scroll"><table class="table">
      <thead><tr><th>Zone</th><th class="number">Serial</th><th class="number">Records</th><th class="number">Names</th><th class="number">Routed</th></tr></thead>
      <tbody>${data.zones.map((zone) => html`<tr key=${zone.name}><th scope="row"><a href=${"#/names?q=" + encodeURIComponent(zone.name.replace(/\.$/, ""))}>${zone.name}</a></th>
        <td class="number">${zone.serial}</td><td class="number">${zone.records.toLocaleString("en")}</td><td class="number">${zone.names.toLocaleString("en")}</td><td class="number">${zone.routed.toLocaleString("en")}</td></tr>`)}</tbody></table></div>`)}
    ${status.data && html`<${About} status=${status.data}/>`}`;
}

/** Files that the gate holds back, and a person who knows better. */
function Force({ load, busy }) {
  const submit = (event) => {
    event.preventDefault();
    load(Object.fromEntries([...new FormData(event.target)].map(([key, value]) => [key, value.trim()])));
  };
  return html`<form class="force" onSubmit=${submit}>
    <p>Nothing is wrong with the files; they would change more at once than the publish gate lets through. If that is meant, serve them all the same; if not, mend or restore them.</p>
    <div class="pair"><label class="grow">Reason <input name="reason" required maxlength="255" placeholder="for whoever looks later"/></label>
      <label>By <input name="author" required maxlength="255" placeholder="your name" autocomplete="username"/></label>
      <button disabled=${busy}>Serve them all the same</button></div></form>`;
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
