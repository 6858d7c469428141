"use strict";

// Every text comes from the server as data and goes in as text: nothing here makes markup of it.

const POLL_MILLIS = 2000;
let lastContact = null;

const byId = (id) => document.getElementById(id);

function element(tag, text, className) {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

function badge(node, text, kind) {
  node.textContent = text;
  node.className = "badge " + kind;
}

function row(...cells) {
  const tr = document.createElement("tr");
  tr.append(...cells);
  return tr;
}

function ago(instant) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(instant)) / 1000));
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 172800) return Math.floor(seconds / 3600) + " h ago";
  return Math.floor(seconds / 86400) + " days ago";
}

function uptime(seconds) {
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return Math.floor(hours / 24) + " days";
  return hours > 0 ? hours + " h" : Math.floor(seconds / 60) + " min " + (seconds % 60) + " s";
}

async function get(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(5000) });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail || body.title), { answered: true });
  return body;
}

function showOverall(status, states) {
  const overall = byId("overall");
  if (status.draining) badge(overall, "draining", "warn");
  else if (!status.ready) badge(overall, "not serving", "bad");
  else if (status.lastReload && !status.lastReload.ok) badge(overall, "serving older data: last load refused", "bad");
  else if (states.unhealthy > 0) badge(overall, "serving, " + states.unhealthy + " unhealthy", "warn");
  else badge(overall, "serving, all healthy", "good");
}

function showServer(status) {
  const facts = [
    ["Version", status.version],
    ["Up", uptime(status.uptimeSeconds)],
    ["Answers on", status.listeners.join(", ") + " (UDP: " + status.udpPath + ", TCP)"],
    ["Generation", status.generation],
    ["Geo database", status.geoip.description + ", built " + status.geoip.builtAt.slice(0, 10)],
  ];
  byId("server").replaceChildren(
    ...facts.flatMap(([term, value]) => [element("dt", term), element("dd", String(value))]));
}

function showReload(reload) {
  if (!reload) return;
  const outcome = reload.ok ? "Loaded" : "Refused, " + reload.errors + " errors; older data is served";
  byId("reload").textContent = outcome + " " + ago(reload.at) + " (" + reload.reason + ", " + reload.tookMillis + " ms)";
  byId("reload").className = reload.ok ? "" : "badge bad";
  byId("problems").replaceChildren(...reload.problems.slice(0, 20).map((p) =>
    element("li", p.file + ":" + p.line + ":" + p.column + ": " + p.severity + ": " + p.message)));
}

function showChecks(states) {
  const total = states.checks.length;
  byId("checks-summary").textContent = total === 0
    ? "No policy asks for a health check."
    : states.healthy + " of " + total + " healthy, " + states.changes + " changes since the start";
  const order = (c) => (c.healthy ? 1 : 0);
  const sorted = [...states.checks].sort((a, b) => order(a) - order(b) || a.id.localeCompare(b.id));
  byId("checks").tBodies[0].replaceChildren(...sorted.map((check) => {
    const state = document.createElement("td");
    const word = check.disabled ? "disabled" : check.known ? (check.healthy ? "healthy" : "unhealthy") : "no data yet";
    const kind = check.disabled || !check.known ? "" : check.healthy ? "good" : "bad";
    state.append(element("span", word, "badge " + kind));
    return row(state, element("td", check.id, "mono"), element("td", ago(check.since)), element("td", check.reason || "—"));
  }));
}

function showZones(zones) {
  byId("zones").tBodies[0].replaceChildren(...zones.map((zone) =>
    row(element("td", zone.name, "mono"), element("td", String(zone.serial), "number"),
      element("td", String(zone.records), "number"), element("td", String(zone.routed), "number"))));
}

let shownGeneration = -1;

async function refresh() {
  try {
    const [status, states] = await Promise.all([get("/api/v1/status"), get("/api/v1/states")]);
    if (status.generation !== shownGeneration) {
      showZones((await get("/api/v1/zones")).zones);
      shownGeneration = status.generation;
    }
    showOverall(status, states);
    showServer(status);
    showReload(status.lastReload);
    showChecks(states);
    lastContact = new Date();
    byId("contact").textContent = "";
    document.body.classList.remove("stale");
  } catch (error) {
    badge(byId("overall"), error.answered ? "error" : "no contact with the server", "bad");
    byId("contact").textContent = lastContact ? "what is shown is from " + lastContact.toLocaleTimeString() : "";
    document.body.classList.add("stale");
  }
  setTimeout(refresh, POLL_MILLIS);
}

byId("reload-now").addEventListener("click", async (event) => {
  event.target.disabled = true;
  try {
    await fetch("/api/v1/reload", { method: "POST", headers: { "X-Meridian-Request": "1" } });
  } finally {
    event.target.disabled = false; // the result shows up with the next refresh
  }
});

byId("explain").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = [...new FormData(event.target)].map(([key, value]) => [key, value.trim()]);
  const query = new URLSearchParams(given.filter(([, value]) => value));
  try {
    byId("explanation").textContent = (await get("/api/v1/explain?" + query)).text;
  } catch (error) {
    byId("explanation").textContent = error.message;
  }
});

refresh();
