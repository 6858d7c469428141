import { html, useEffect, useState } from "/vendor/preact.js";
import { get, query, useChanges } from "/live.js";
import { CONTINENTS, Failure, Glyph, Head, Panel, percent } from "/parts.js";

const TYPES = ["A", "AAAA", "CNAME", "HTTPS", "MX", "NS", "SOA", "SRV", "SVCB", "TXT"];

export function Explain({ params }) {
  const [asked, setAsked] = useState(params.name ? { name: params.name, type: params.type || "A", client: params.client || "" } : null);
  const [answer, setAnswer] = useState(null);
  const [error, setError] = useState(null);
  const changes = useChanges();
  useEffect(() => {
    if (!asked) return undefined;
    const control = new AbortController();
    get("explain?" + query(asked), control.signal)
      .then((data) => { setAnswer(data); setError(null); })
      .catch((problem) => { if (problem.name !== "AbortError") { setError(problem); setAnswer(null); } });
    return () => control.abort();
  }, [asked, changes]);
  const submit = (event) => {
    event.preventDefault();
    const form = Object.fromEntries([...new FormData(event.target)].map(([key, value]) => [key, value.trim()]));
    history.replaceState(null, "", "#/explain?" + query(form));
    setAsked({ ...form });
  };
  return html`
    <${Head} title="Explain">Why a client gets the answer it gets, from the very plan that serves.<//>
    <form class="filter" onSubmit=${submit}>
      <label class="grow">Name <input name="name" required value=${asked?.name || ""} placeholder="www.example.com" autocapitalize="off" autocomplete="off" spellcheck="false"/></label>
      <label>Type <input name="type" list="types" value=${asked?.type || "A"} size="8" autocomplete="off" spellcheck="false"/><datalist id="types">${TYPES.map((type) => html`<option value=${type}/>`)}</datalist></label>
      <label class="grow">Client <input name="client" value=${asked?.client || ""} placeholder="address or prefix" autocapitalize="off" autocomplete="off" spellcheck="false"/></label>
      <button class="primary">Explain</button>
    </form>
    <div aria-live="polite"><${Failure} error=${error}/>${answer && html`<${Picture} answer=${answer}/>`}</div>
    ${asked && !answer && !error && html`<p class="loading">Looking…</p>`}
    ${!asked && html`<p class="empty">Ask as a client would: a name, a type, and where the client is. The client may be a prefix, as resolvers send it in a client subnet; without one, the answer is for this machine.</p>`}`;
}

/** From the client to the records, one step below the other. */
function Picture({ answer }) {
  const place = answer.place;
  const answered = answer.lookups.some((link) => link.records.length > 0);
  const where = [place.city, place.subdivision, place.country && country(place.country), CONTINENTS[place.continent]].filter(Boolean).join(", ") || "nowhere known";
  return html`
    <ol class="chain">
      <li><div class="step"><h2>The client</h2><p><b class="mono">${answer.client}</b> is in <b>${where}</b>${place.asn > 0 && html`, AS${place.asn}`}</p>
        <p class="quiet">${place.prefix} in ${place.database}</p></div></li>
      ${answer.lookups.map((link, i) => html`<li key=${i}><div class="step"><h2>${i === 0 ? "asks for" : "which leads to"} <span class="mono">${link.name}</span> ${i === 0 && answer.type}</h2>
        <p>${link.zone ? html`in zone <b>${link.zone}</b>: ` : ""}${link.outcome}</p>
        ${link.policy && html`<div class="tree why"><ul><${Why} node=${link.policy}/></ul></div>`}
        ${link.records.length > 0 && html`<pre class="records">${link.records.join("\n")}</pre>`}
        ${link.ttlReason && html`<p class="quiet">TTL: ${link.ttlReason}</p>`}</div></li>`)}
      <li><div class="step end"><h2><${Glyph} kind=${answer.rcode === "NOERROR" && answered ? "good" : "warn"}/>${answer.rcode}${answer.rcode === "NOERROR" && !answered ? ", no records (NODATA)" : ""}</h2>
        <p>Client-subnet scope <b>/${answer.scopePrefixLength}</b>: ${answer.scopeReason}.</p></div></li>
    </ol>
    <details class="text"><summary>The same as text</summary><pre>${answer.text}</pre></details>`;
}

const names = new Intl.DisplayNames("en", { type: "region" });

function country(code) {
  try { return names.of(code); } catch { return code; }
}

const STANDINGS = {
  chosen: ["good", "chosen"], drawn: ["good", "drawn"], reserve: ["idle", "reserve"], unhealthy: ["bad", "unhealthy"],
  "not-applicable": ["idle", "not for this client"], "no-records": ["idle", "no records"],
};

/** A node of the tree of reasons; what is chosen is drawn strong, what is not stays pale. */
function Why({ node, branch, dead = false }) {
  const on = !dead && (!branch || branch.standing === "chosen" || branch.standing === "drawn");
  const standing = branch && (dead && STANDINGS[branch.standing][0] === "good" ? ["idle", "not reached"] : STANDINGS[branch.standing]);
  return html`<li class=${on ? "on" : "off"}>
    <div class="node ${node ? node.kind : "endpoint"}">
      ${branch && branch.selector && html`<span class="selector">${branch.selector}</span>`}
      ${standing && html`<${Glyph} kind=${standing[0]} label=${standing[1]}/>`}
      ${!node || node.kind === "endpoint" ? html`<b>${branch ? (branch.selector && branch.id.includes(branch.selector) ? "" : branch.id) : node.what}</b>` : html`<span class="label">${branch && branch.id !== node.what && !(branch.selector && branch.id.includes(branch.selector)) ? branch.id : ""}</span> <span class="keyword">${node.kind === "alias" ? "alias of " + node.what : node.what}</span>`}
      ${branch && branch.standing === "drawn" && html`<span class="share">${percent(branch.share)}</span>`}
      ${branch && branch.reason && html`<span class="reason">${branch.reason}</span>`}
      ${(node && node.healthCheck) || (branch && branch.healthCheck) ? html`<a class="its" href=${"#/checks?" + query({ q: (node && node.healthCheck) || branch.healthCheck })}>its check</a>` : ""}
    </div>
    ${node && node.branches.length > 0 && html`<ul>${node.branches.map((each, i) => html`<${Why} key=${i} node=${each.node} branch=${each} dead=${!on}/>`)}</ul>`}
  </li>`;
}
