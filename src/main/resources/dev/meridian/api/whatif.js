import { html, useEffect, useState } from "/vendor/preact.js";
import { post, query, useApi, useChanges } from "/live.js";
import { Badge, Empty, Failure, Glyph, Head, Meter, Panel, Shares, Stack, continents, list, percent, plural, useColours, useSettled } from "/parts.js";

export function WhatIf({ params }) {
  const [down, setDown] = useState(params.down ? params.down.split(",") : []);
  const [text, setText] = useState("");
  const [model, setModel] = useState(null);
  const [error, setError] = useState(null);
  const q = useSettled(text);
  const sites = useApi("endpoints?" + query({ q, limit: 300 }));
  const changes = useChanges();
  useEffect(() => {
    history.replaceState(null, "", "#/what-if" + (down.length ? "?" + query({ down: down.join(",") }) : ""));
    if (down.length === 0) { setModel(null); setError(null); return; }
    let gone = false;
    post("what-if", { down })
      .then((data) => { if (!gone) { setModel(data); setError(null); } })
      .catch((problem) => { if (!gone) { setError(problem); setModel(null); } });
    return () => { gone = true; };
  }, [down.join(), changes]);
  const toggle = (key) => setDown((old) => (old.includes(key) ? old.filter((each) => each !== key) : [...old, key]));
  return html`
    <${Head} title="What if">Take endpoints down in a model and see who would go where. <b>Traffic is not touched.</b><//>
    <div class="split what-if">
      <${Panel} title="Down in the model" aside=${down.length > 0 && html`<button class="quiet" onClick=${() => setDown([])}>All up again</button>`}>
        <label class="block-label">Find <input type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder="endpoint or region" spellcheck="false"/></label>
        <${Failure} error=${sites.error}/>
        ${sites.data && html`<${Toggles} sites=${sites.data.endpoints} down=${down} toggle=${toggle}/>
          ${sites.data.total > sites.data.endpoints.length && html`<p class="more">${plural(sites.data.total - sites.data.endpoints.length, "more endpoint")}; type to find them.</p>`}`}
      <//>
      <div aria-live="polite">
        <${Failure} error=${error}/>
        ${down.length === 0 ? html`<${Empty}>Choose an endpoint, or a whole region, on the left.<//>` : model && html`<${Outcome} model=${model}/>`}
      </div>
    </div>`;
}

/** Marks what is down in the model and in no list: a check, or what was searched for before. */
const CHOSEN = "\u0000";

function Toggles({ sites, down, toggle }) {
  const groups = new Map();
  for (const site of sites) {
    const key = site.region || "";
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(site);
  }
  for (const key of down) if (!sites.some((site) => site.zone + "/" + site.endpoint === key || site.region === key)) groups.set(CHOSEN + key, []);
  return html`<div class="toggles">${[...groups].sort(([a], [b]) => (a === "") - (b === "") || a.localeCompare(b)).slice(0, 80).map(([region, members]) => html`
    <fieldset key=${region}>
      <legend>${members.length === 0 ? html`<label><input type="checkbox" checked onChange=${() => toggle(region.slice(CHOSEN.length))}/> ${region.slice(CHOSEN.length)}</label>`
        : region && members.length > 1 ? html`<label><input type="checkbox" checked=${down.includes(region)} onChange=${() => toggle(region)}/> all of ${region}</label>` : region || "without a region"}</legend>
      ${members.map((site) => { const key = site.zone + "/" + site.endpoint; return html`
        <label key=${key} class=${site.state === "unhealthy" ? "already" : ""}><input type="checkbox" checked=${down.includes(key) || (region && down.includes(region))} disabled=${region && down.includes(region) && !down.includes(key)} onChange=${() => toggle(key)}/>
          <span>${site.endpoint} <small>${site.zone}</small></span>
          ${site.state === "unhealthy" ? html`<small class="down">down already</small>` : site.state === "held" ? html`<small class="up">held up</small>` : site.state === "unwatched" ? html`<small>not checked</small>` : html`<small>${percent(site.share)}</small>`}</label>`; })}
    </fieldset>`)}</div>`;
}

function Outcome({ model }) {
  const moving = model.endpoints.filter((each) => Math.abs(each.after - each.before) >= 0.001).sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  const colours = useColours(model.endpoints);
  const open = model.names.filter((name) => name.failOpen).length;
  const silent = model.names.filter((name) => name.unanswered).length;
  const over = model.endpoints.filter((each) => each.exceeds && !each.exceedsNow);
  const already = model.endpoints.filter((each) => each.exceeds && each.exceedsNow);
  const kind = open || silent ? "bad" : model.namesInAll || over.length ? "warn" : "good";
  const affected = [...new Set(model.names.flatMap((name) => name.continents))];
  return html`
    <div class="verdict ${kind}">
      <${Glyph} kind=${kind}/>
      <p><b>${model.namesInAll === 0 ? "Nobody would be answered differently." : plural(model.namesInAll, "name") + " would be answered differently, for clients in " + continents(affected) + "."}</b>
      ${open > 0 && html` For ${plural(open, "name")} nothing healthy would be left, and unhealthy endpoints would be answered.`}
      ${silent > 0 && html` For ${plural(silent, "name")} there would be no answer.`}
      ${over.length > 0 && html` <b>${plural(over.length, "endpoint")} would exceed ${over.length === 1 ? "its" : "their"} capacity: ${list(over.map((each) => each.endpoint), 8)}.</b>`}
      ${already.length > 0 && html` ${plural(already.length, "endpoint")} ${already.length === 1 ? "exceeds its" : "exceed their"} capacity already.`}</p>
    </div>
    ${model.unwatched.length > 0 && html`<p class="notice warn"><${Glyph} kind="warn"/><span>No health check watches ${model.unwatched.join(", ")}: nobody would notice, and clients would still be sent there.</span></p>`}
    ${moving.length > 0 && html`<${Panel} title="Endpoints">
      <div class="wide" tabindex="0" role="region" aria-label="Endpoints"><table class="table tight"><thead><tr><th>Endpoint</th><th>Share now</th><th>Then</th><th class="number">Change</th></tr></thead><tbody>
      ${moving.slice(0, 40).map((each) => html`<tr key=${each.zone + each.endpoint}>
        <th scope="row">${each.endpoint} <small>${each.region || each.zone}</small></th>
        <td class="figures"><${Meter} share=${each.before}/> ${percent(each.before)}</td>
        <td class="figures"><${Meter} share=${each.after} kind=${each.exceeds ? "bad" : each.after > each.before ? "warn" : "idle"}/> ${percent(each.after)}${each.capacity !== undefined && html`<small class="block ${each.exceeds ? "down" : ""}">${percent(each.heaviest)} of its heaviest name, capacity ${percent(each.capacity)}</small>`}</td>
        <td class="number">${each.after > each.before ? "▲ +" : "▼ −"}${percent(Math.abs(each.after - each.before))}</td></tr>`)}</tbody></table></div><//>`}
    ${model.names.length > 0 && html`<${Panel} title="Names">
      <div class="wide" tabindex="0" role="region" aria-label="Names"><table class="table tight"><thead><tr><th>Name</th><th>Answers now</th><th>Then</th><th class="number">Moved</th></tr></thead><tbody>
      ${model.names.slice(0, 60).map((name) => html`<tr key=${name.name + name.type}>
        <th scope="row"><a href=${"#/names?" + query({ name: name.name, type: name.type })}>${name.name}</a> <small>${name.type}</small></th>
        <td><${Stack} shares=${name.before} colours=${colours} label="now"/><${Shares} shares=${name.before.slice(0, 3)} colours=${colours}/></td>
        <td><${Stack} shares=${name.after} colours=${colours} label="then"/><${Shares} shares=${name.after.slice(0, 3)} colours=${colours}/>${name.unanswered ? html`<${Badge} kind="bad">no answer<//>` : name.failOpen && html`<${Badge} kind="bad">unhealthy<//>`}</td>
        <td class="number">${percent(name.moved)}</td></tr>`)}</tbody></table></div>
      ${model.namesInAll > 60 && html`<p class="quiet">and ${model.namesInAll - 60} more</p>`}<//>`}`;
}
