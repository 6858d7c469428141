import { html, useState } from "/vendor/preact.js";
import { post, query, useApi, useClock } from "/live.js";
import { Ago, Badge, Empty, Failure, Glyph, Head, Panel, moment, plural, span, useSettled } from "/parts.js";

const ACTIONS = [
  ["drain", "Drain", "out of the answers; calculated checks still go by its probes"],
  ["down", "Down", "unhealthy, and counted so by calculated checks"],
  ["up", "Up", "healthy, whatever its probes say"],
  ["freeze", "Freeze", "stays as it is now"],
  ["weight", "Weight", "as healthy as it is, but taking less or more:"],
];
const TIMES = [["30m", "30 minutes"], ["1h", "1 hour"], ["4h", "4 hours"], ["24h", "1 day"], ["forever", "until ended"]];

export function Overrides({ params }) {
  const { data, error } = useApi("states?limit=1");
  const [failure, setFailure] = useState(null);
  const now = useClock(5000);
  const end = ({ selector, action }) => post("overrides?" + query({ selector, action: action.startsWith("weight=") ? "weight=auto" : "auto" })).then(() => setFailure(null), setFailure);
  return html`
    <${Head} title="Overrides">What people have decided about health checks, in place of their probes. Each is on the disk before it is in force.<//>
    <${Failure} error=${error || failure}/>
    ${data && (data.overrides.length === 0 ? html`<${Empty}>None: every check goes by its probes.<//>` : html`
      <div class="scroll"><table class="table"><thead><tr><th>What</th><th>Checks</th><th>Reason</th><th>By</th><th>Since</th><th>Ends</th><th><span class="hidden">End it</span></th></tr></thead><tbody>
      ${data.overrides.map((each) => html`<tr key=${each.selector + each.action}>
        <td><${Badge} kind="hand">${each.action}<//></td><td class="mono">${each.selector}</td><td>${each.reason}</td><td>${each.author}</td>
        <td><${Ago} at=${each.since}/> ago</td><td>${each.expires ? html`<time datetime=${each.expires} title=${moment(each.expires)}>in ${span(Date.parse(each.expires) - now)}</time>` : html`<b>not by itself</b>`}</td>
        <td><button onClick=${() => end(each)}>End<span class="hidden"> the override of ${each.selector}</span></button></td></tr>`)}</tbody></table></div>`)}
    <${Place} selector=${params.selector || ""}/>`;
}

function Place({ selector: first }) {
  const [selector, setSelector] = useState(first);
  const [action, setAction] = useState("drain");
  const [state, setState] = useState({});
  const settled = useSettled(selector.trim());
  const meant = useApi(settled ? "selected?" + query({ selector: settled }) : null);
  const submit = (event) => {
    event.preventDefault();
    const form = event.target;
    const values = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, value.trim()]));
    if (values.action === "weight") values.action += "=" + values.weight;
    delete values.weight;
    setState({ busy: true });
    try { localStorage.setItem("meridian-author", values.author); } catch { /* not kept then */ }
    post("overrides?" + query(values)).then(
      () => { setState({ done: values.selector + " is set to " + values.action }); form.reset(); setSelector(""); },
      (error) => setState({ error }));
  };
  const author = (() => { try { return localStorage.getItem("meridian-author") || ""; } catch { return ""; } })();
  return html`<${Panel} title="Set one">
    <form class="form" onSubmit=${submit}>
      <label>Checks <input name="selector" required maxlength="255" value=${selector} onInput=${(event) => setSelector(event.target.value)} placeholder="fra-1, or example.com/*" autocapitalize="off" spellcheck="false" aria-describedby="meant"/></label>
      <p id="meant" class="quiet" aria-live="polite">${settled && meant.data ? (meant.data.total === 0 ? "means no check" : "means " + plural(meant.data.total, "check") + ": " + meant.data.checks.slice(0, 3).join(", ") + (meant.data.total > 3 ? "…" : "")) : "An id, a part of one between slashes, with * and ?"}</p>
      <fieldset class="choices"><legend>What</legend>${ACTIONS.map(([value, word, doc]) => html`<label key=${value}><input type="radio" name="action" value=${value} checked=${action === value} onChange=${() => setAction(value)}/> <b>${word}</b> <span>${doc}</span></label>`)}
      ${action === "weight" && html`<label>Of what it would take <input name="weight" required pattern="[0-9]{1,10}%?" maxlength="11" defaultValue="10%" title="10%, or a weight such as 5"/></label>`}</fieldset>
      <div class="pair"><label class="grow">Reason <input name="reason" required maxlength="255" placeholder="for whoever looks later"/></label>
      <label>For <select name="for">${TIMES.map(([value, word]) => html`<option value=${value} selected=${value === "4h"}>${word}</option>`)}</select></label>
      <label>By <input name="author" required maxlength="255" defaultValue=${author} placeholder="your name" autocomplete="username"/></label></div>
      <p class="actions"><button class="primary" disabled=${state.busy}>Set it</button> <a class="button" href=${"#/what-if?" + query({ down: meant.data && meant.data.checks.length ? meant.data.checks.slice(0, 20).join(",") : "" })}>What if first</a>
      ${state.done && html`<span role="status" class="done"><${Glyph} kind="good"/>${state.done}</span>`}</p>
      <${Failure} error=${state.error}/>
    </form><//>`;
}
