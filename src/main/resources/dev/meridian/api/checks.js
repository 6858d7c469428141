import { html, useState } from "/vendor/preact.js";
import { query, useApi } from "/live.js";
import { Ago, Badge, Head, Panel, Rows, Spark, Strip, checkState, millis, moment, plural, usePhone, useSettled, span } from "/parts.js";

const STATES = [["", "All"], ["down", "Down"], ["held", "Held up"], ["up", "Up"], ["unknown", "No data"], ["overridden", "Overridden"], ["disabled", "Disabled"]];

const DECIDED = {
  "override": "a person", "disabled": "its definition", "calculated": "other checks", "guard": "the guard: too much went down at once",
  "damping": "damping: it came and went too often", "votes": "the vantage points that are heard, together", "verdict": "its own probes",
  "no-data": "nothing yet: healthy until there is data",
};

export function Checks({ params }) {
  const [text, setText] = useState(params.q || "");
  const [state, setState] = useState(params.state || "");
  const [sort, setSort] = useState("state");
  const [counts, setCounts] = useState(null);
  const [open, setOpen] = useState(null);
  const small = usePhone();
  const q = useSettled(text);
  const path = "states?" + query({ q, state, sort });
  return html`
    <${Head} title="Health checks">${counts && html`${plural(counts.healthy, "check")} up, <b>${counts.unhealthy} down</b>${counts.total !== counts.healthy + counts.unhealthy ? html`; ${counts.total} shown` : ""}`}<//>
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="grow">Find <input type="search" value=${text} onInput=${(event) => setText(event.target.value)} placeholder="endpoint, address, reason" spellcheck="false"/></label>
      <label>State <select value=${state} onChange=${(event) => setState(event.target.value)}>${STATES.map(([value, word]) => html`<option value=${value}>${word}</option>`)}</select></label>
      <label>Order <select value=${sort} onChange=${(event) => setSort(event.target.value)}><option value="state">Down first</option><option value="since">Latest change first</option><option value="id">By name</option></select></label>
    </form>
    ${open && html`<${Check} id=${open} close=${() => setOpen(null)}/>`}
    <div class="list checks"><${Rows} path=${path} field="checks" rowHeight=${small ? 92 : 44} every=${5000} onTotal=${setCounts} label="Health checks"
      head=${["State", "Check", "Since", "Last result", "Latency", "History"]} empty=${q || state ? "No check is like that." : "No policy asks for a health check."}
      row=${(check) => html`<${Row} check=${check} open=${() => { setOpen(check.id); window.scrollTo(0, 0); }}/>`}/></div>`;
}

function Row({ check, open }) {
  const { kind, word } = checkState(check);
  return html`
    <span role="cell"><${Badge} kind=${kind}>${word}<//></span>
    <span role="cell" class="id"><button class="plain" onClick=${open}>${check.id}</button></span>
    <span role="cell" class="since"><${Ago} at=${check.since}/></span>
    <span role="cell" class="reason" title=${reason(check)}>${reason(check)}</span>
    <span role="cell" class="latency"><${Spark} recent=${check.recent}/> <span class="figure">${check.recent && check.recent.micros.length ? millis(check.recent.micros[check.recent.micros.length - 1]) : ""}</span></span>
    <span role="cell" class="history"><${Strip} recent=${check.recent}/></span>`;
}

function reason(check) {
  if (check.cause !== "verdict") return check.why;
  const text = (check.reason || check.why).replace(/^(Success|Failure|Unknown): /, "");
  return !check.healthy && check.consecutivePasses > 0 ? "passes again, " + check.consecutivePasses + " in a row so far: " + text : text;
}

/** One check with all that is known of it. */
function Check({ id, close }) {
  const { data } = useApi("history?" + query({ check: id }), 5000);
  if (!data) return null;
  const check = data.check;
  const { kind, word } = checkState(check);
  const slowest = Math.max(...data.recent.map((each) => each.tookMicros), 1000);
  return html`<${Panel} className="detail" title=${id} aside=${html`<button class="quiet" onClick=${close}>Close</button>`}>
    <div class="columns">
      <dl class="facts">
        <dt>State</dt><dd><${Badge} kind=${kind}>${word}<//> since ${moment(check.since)} (<${Ago} at=${check.since}/>)</dd>
        <dt>Decided by</dt><dd>${DECIDED[check.cause] || check.cause}</dd>
        <dt>Because</dt><dd>${check.why}</dd>
        ${check.weight && html`<dt>Takes</dt><dd>${check.weight} (${check.weightCause === "override" ? "an override" : "slow start"})</dd>`}
        <dt>Last result</dt><dd>${check.reason || "none yet"}${check.observedAt && html`, <${Ago} at=${check.observedAt}/> ago`}</dd>
        <dt>In a row</dt><dd>${plural(check.consecutivePasses, "pass", "passes")}, ${plural(check.consecutiveFailures, "failure")}</dd>
        <dt>Probe</dt><dd>${check.kind}${check.address ? " to " + check.address : ""}</dd>
        ${check.certificateExpires && html`<dt>Certificate</dt><dd>expires in ${span(Date.parse(check.certificateExpires) - Date.now())}</dd>`}
      </dl>
      <div>
        <h3>The last ${data.recent.length} probes</h3>
        <svg class="chart" viewBox="0 0 600 120" preserveAspectRatio="none" role="img" aria-label="latency of the last probes, highest ${millis(slowest)}">
          ${data.recent.map((each, i) => { const height = Math.max(3, (each.tookMicros / slowest) * 104); return html`<rect key=${i} class=${each.outcome} x=${i * 10 + 1} width="8" y=${116 - height} height=${height}><title>${moment(each.at)}: ${each.outcome}, ${millis(each.tookMicros)}</title></rect>`; })}
          <path d="M0 116.5H600" class="axis"/>
        </svg>
        <p class="quiet">${data.recent.length ? html`from ${moment(data.recent[0].at)}; the highest bar is ${millis(slowest)}` : "no probe yet"}</p>
      </div>
    </div>
    <p class="actions"><a class="button" href=${"#/overrides?" + query({ selector: id })}>Override…</a> <a class="button" href=${"#/what-if?" + query({ down: id })}>What if it were down?</a> <a class="button" href=${"#/timeline?" + query({ q: id })}>Its changes</a></p>
  <//>`;
}
