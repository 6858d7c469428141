// The frame of the ops page: navigation, contact, and one view at a time. Addresses are /#/view?what=where.

import { html, render, useEffect, useRef, useState } from "/vendor/preact.js";
import { contact, signIn, stayInContact, useApi, useClock, useContact } from "/live.js";
import { Glyph, clock, span } from "/parts.js";
import { Overview } from "/overview.js";
import { Checks } from "/checks.js";
import { Endpoints } from "/endpoints.js";
import { Names } from "/names.js";
import { Timeline } from "/timeline.js";
import { Explain } from "/explain.js";
import { WhatIf } from "/whatif.js";
import { Overrides } from "/overrides.js";
import { Zones } from "/zones.js";

const VIEWS = [
  { id: "", title: "Overview", view: Overview },
  { id: "checks", title: "Checks", view: Checks },
  { id: "endpoints", title: "Endpoints", view: Endpoints },
  { id: "names", title: "Names", view: Names },
  { id: "timeline", title: "Timeline", view: Timeline },
  { id: "explain", title: "Explain", view: Explain },
  { id: "what-if", title: "What if", view: WhatIf },
  { id: "overrides", title: "Overrides", view: Overrides },
  { id: "zones", title: "Zones", view: Zones },
];

function place() {
  const [path, search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { id: path, key: path + "?" + search, params: Object.fromEntries(new URLSearchParams(search)) };
}

function usePlace() {
  const [where, set] = useState(place());
  useEffect(() => {
    const listener = () => set(place());
    window.addEventListener("hashchange", listener);
    return () => window.removeEventListener("hashchange", listener);
  }, []);
  return where;
}

const LEVELS = { ok: "good", degraded: "warn", critical: "bad" };

function Contact() {
  useContact();
  const now = useClock();
  if (contact.refused) return html`<${SignIn} status=${contact.refused}/>`;
  if (!contact.lost) return null;
  return html`<div class="lost" role="alert"><${Glyph} kind="bad"/>
    <span><b>No contact with the server</b> for ${span(now - contact.since)}. What is shown is from ${clock(contact.since)} and may be wrong. Trying again…</span></div>`;
}

function SignIn({ status }) {
  const submit = (event) => {
    event.preventDefault();
    signIn(new FormData(event.target).get("token").trim());
  };
  return html`<form class="signin" onSubmit=${submit}>
    <p>${status === 403 ? "This token may not do that." : "This server asks for a token."} It stays in this tab only.</p>
    <label>Token <input name="token" type="password" autocomplete="off" required/></label><button>Sign in</button></form>`;
}

function App() {
  const where = usePlace();
  const { data } = useApi("overview");
  const current = VIEWS.find((each) => each.id === where.id) || VIEWS[0];
  const main = useRef(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = (current.id ? current.title + " · " : "") + "Meridian" + (data && data.level !== "ok" ? " (" + data.checks.down + " down)" : "");
  }, [current, data]);
  useEffect(() => {
    if (first.current) first.current = false;
    else { window.scrollTo(0, 0); main.current?.focus({ preventScroll: true }); }
  }, [where.key]);
  const level = data ? LEVELS[data.level] : "idle";
  return html`
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); main.current.focus(); }}>Skip to the content</a>
    <nav aria-label="Views">
      <a class="brand" href="#/"><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.6"/><path d="M8 1.4c-4.4 3.7-4.4 9.5 0 13.2M8 1.4c4.4 3.7 4.4 9.5 0 13.2M1.4 8h13.2"/></svg>Meridian</a>
      <ul>${VIEWS.map((each) => html`<li key=${each.id}><a href="#/${each.id}" aria-current=${each === current ? "page" : undefined}>${each.title}${count(each.id, data)}</a></li>`)}</ul>
    </nav>
    <div class="page ${contact.lost ? "stale" : ""}">
      <div class="bar ${level}"></div>
      <${Contact}/>
      <main id="main" tabindex="-1" ref=${main}><${current.view} params=${where.params} overview=${data} key=${where.key}/></main>
    </div>`;
}

function count(id, data) {
  if (!data) return null;
  const number = { checks: data.checks.down, names: data.names.affected, overrides: data.overrides }[id] || 0;
  const what = { checks: "down", names: "affected", overrides: "in force" }[id];
  return number > 0 ? html` <span class="count" aria-label="${number} ${what}">${number > 999 ? "999+" : number}</span>` : null;
}

document.getElementById("app").replaceChildren();
render(html`<${App}/>`, document.getElementById("app"));
stayInContact();
