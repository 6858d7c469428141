import { html, useState } from "/vendor/preact.js";
import { query, useApi } from "/live.js";
import { Badge, CONTINENTS, Failure, Glyph, Head, Panel, Rows, Shares, Stack, percent, plural, useColours, usePhone, useSettled } from "/parts.js";
import { WorldMap, placesOf } from "/map.js";

export function Names({ params }) {
  return params.name ? html`<${Name} name=${params.name} type=${params.type || ""}/>` : html`<${List} params=${params}/>`;
}

function state(name) {
  if (name.unanswered) return ["bad", "no answer"];
  if (name.failOpen) return ["bad", "fail-open"];
  return name.moved > 0 ? ["warn", "differs"] : ["good", "as planned"];
}

function List({ params }) {
  const [text, setText] = useState(params.q || "");
  const [affected, setAffected] = useState(params.affected === "true");
  const [counts, setCounts] = useState(null);
  const small = usePhone();
  const q = useSettled(text);
  const [seen, setSeen] = useState([]);
  const colours = useColours(seen);
  const onTotal = (answer) => {
    setCounts(answer);
    setSeen(answer.names.flatMap((name) => name.shares));
  };
  return html`
    <${Head} title="Routed names">${counts && plural(counts.total, affected ? "name is" : "name and type", affected ? "names are" : "names and types")}${affected ? " answered differently than planned" : " that policies answer for"}.<//>
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="grow">Find <input type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder="www.example.com" spellcheck="false"/></label>
      <label class="check"><input type="checkbox" checked=${affected} onChange=${(event) => setAffected(event.target.checked)}/> Only those that differ</label>
    </form>
    <div class="list names"><${Rows} path=${"names?" + query({ q, affected: affected ? "true" : "" })} field="names" rowHeight=${small ? 92 : 44} label="Routed names"
      onTotal=${onTotal}
      head=${["State", "Name", "Policy", "Answers now"]} empty=${affected ? "Every name answers as planned." : "No name is like that."}
      row=${(name) => { const [kind, word] = state(name); return html`
        <span role="cell"><${Badge} kind=${kind}>${word}<//></span>
        <span role="cell" class="id"><a href=${"#/names?" + query({ name: name.name, type: name.type })}>${name.name}</a> <small>${name.type}</small></span>
        <span role="cell" class="policy">${name.policy}</span>
        <span role="cell" class="now"><${Stack} shares=${name.shares} colours=${colours} label="answers now"/><${Shares} shares=${name.shares.slice(0, 3)} colours=${colours}/></span>`; }}/></div>`;
}

function Name({ name, type }) {
  const { data, error } = useApi("name?" + query({ name, type }));
  const colours = useColours(data ? data.endpoints : []);
  if (!data) return html`<${Head} title=${name}/><${Failure} error=${error}/>`;
  const [kind, word] = state(data);
  return html`
    <p class="crumb"><a href="#/names">Routed names</a></p>
    <${Head} title=${html`${data.name} <small>${data.type}</small>`}>
      <${Badge} kind=${kind}>${word}<//> ${data.unanswered ? "Nothing healthy is left, so there is no answer" + (data.answering ? " for some." : ".") : data.failOpen ? "Nothing healthy is left, so unhealthy endpoints are answered." : data.moved > 0 ? percent(data.moved) + " of its answers are others than when all is well." : "Everybody gets what the policy prefers."}
      ${" "}<a href=${"#/explain?" + query({ name: data.name, type: data.type })}>Explain an answer</a><//>
    <div class="split even">
      <${Panel} title="Where each region goes">
        <${WorldMap} places=${placesOf(data.endpoints)} names=${false} fill=${(code) => (data.countries[code] ? colours(data.countries[code]) : "")} size=${(share) => share * 0.6}
          label="World map: each country in the colour of the endpoint that answers most of it; the table below says the same"/>
        <p class="legend">${data.endpoints.map((each) => html`<span key=${each.zone + each.endpoint}><i class="swatch" style=${{ background: colours(each.endpoint) }}></i>${each.endpoint}${each.healthy ? "" : " (down)"}</span>`)}</p>
        <table class="table tight"><thead><tr><th>Endpoint</th><th>Should get</th><th>${data.observedAnswers ? "Got, last " + span(data.observedSeconds) : "Got"}</th><th>When all is well</th></tr></thead><tbody>
          ${byShare(data.endpoints).slice(0, 12).map((each) => html`<tr key=${each.zone + each.endpoint} class=${Math.abs(each.share - each.atBest) > 0.0005 ? "differs" : ""}>
            <th scope="row"><i class="swatch" style=${{ background: colours(each.endpoint) }} aria-hidden="true"></i> ${each.endpoint}${each.healthy ? "" : " (down)"}</th>
            <td>${percent(each.share)}</td>
            <td>${each.observed === undefined ? html`<small>${data.observedAnswers === undefined ? "not counted" : "no answers"}</small>` : percent(each.observed)}</td>
            <td>${percent(each.atBest)}</td></tr>`)}</tbody></table>
        ${data.observedAnswers > 0 && html`<p class="note">Of ${plural(data.observedAnswers, "answer", "answers")} given here. What it should get is worked out over all networks of the world; who asks is not the world.</p>`}
        <table class="table tight"><thead><tr><th>Region</th><th>Answers now</th><th>When all is well</th></tr></thead><tbody>
          ${data.regions.filter((region) => region.weight >= 0.001).map((region) => html`<tr key=${region.continent} class=${JSON.stringify(region.shares) === JSON.stringify(region.atBest) ? "" : "differs"}>
            <th scope="row">${CONTINENTS[region.continent] || region.continent}</th>
            <td><${Stack} shares=${region.shares} colours=${colours}/><${Shares} shares=${region.shares.slice(0, 3)} colours=${colours}/></td>
            <td><${Shares} shares=${region.atBest.slice(0, 3)} colours=${colours}/></td></tr>`)}</tbody></table>
      <//>
      <${Panel} title="Its policy, and how each part is">
        <div class="tree"><ul><${Node} node=${data.tree} label=${data.name} colours=${colours}/></ul></div>
      <//>
    </div>`;
}

/** The largest first, each endpoint once. */
function byShare(endpoints) {
  return [...endpoints].sort((a, b) => b.share - a.share || b.atBest - a.atBest);
}

function span(seconds) {
  return seconds < 60 ? seconds + " s" : Math.round(seconds / 60) + " min";
}

const LEAF = { idle: "not checked", good: "healthy", warn: "fails, but is held up", bad: "unhealthy" };

function nodeKind(node) {
  if (!node.healthy) return "bad";
  if (node.held) return "warn";
  return node.kind === "endpoint" && !node.healthCheck ? "idle" : "good";
}

/** A node of a policy tree; endpoints are its leaves. */
function Node({ node, label, selector, colours }) {
  const leaf = node.kind === "endpoint";
  const kind = nodeKind(node);
  return html`<li>
    <div class="node ${node.kind} ${node.healthy ? "" : "unhealthy"}">
      ${selector && html`<span class="selector" title=${selector}>${selector}</span>`}
      <${Glyph} kind=${kind} label=${LEAF[kind]}/>
      ${leaf ? html`<i class="swatch" style=${{ background: colours(node.what) }} aria-hidden="true"></i><b>${node.what}</b>` : html`<span class="label">${label === node.what || (selector && label.includes(selector)) ? "" : label}</span> <span class="keyword">${node.kind === "alias" ? "alias of " + node.what : node.what}</span>`}
      ${leaf && html`<span class="share">${node.share > 0 ? percent(node.share) : node.healthy ? "reserve" : "down"}</span>`}
      ${node.held && html`<span class="reason">fails, held up</span>`}
    </div>
    ${node.branches.length > 0 && html`<ul>${node.branches.map((branch, i) => html`<${Node} key=${i} node=${branch.node} label=${branch.id} selector=${branch.selector} colours=${colours}/>`)}</ul>`}
  </li>`;
}
