// Contact with the server: requests, server-sent events, and hooks that keep a view fresh.

import { useEffect, useRef, useState } from "/vendor/preact.js";

const BASE = "/api/v1/";
const PATIENCE_MILLIS = 8000;
const CHANGES_APART_MILLIS = 250;
const CHANGES_APART_AT_MOST_MILLIS = 600;
const SILENCE_MILLIS = 25000;

/** An error that the server explained (RFC 9457). */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || "the server answered " + status);
    this.status = status;
  }
}

const token = () => sessionStorage.getItem("meridian-token");

export function useToken(text) {
  if (text) sessionStorage.setItem("meridian-token", text);
  else sessionStorage.removeItem("meridian-token");
}

async function ask(path, options = {}) {
  const headers = { ...(options.headers || {}) };
  const begun = Date.now();
  if (token()) headers.Authorization = "Bearer " + token();
  const known = options.method ? null : answers.get(path);
  if (known) headers["If-None-Match"] = known.tag;
  const response = await fetch(BASE + path, { ...options, headers, signal: options.signal || AbortSignal.timeout(PATIENCE_MILLIS) });
  if (known && response.status === 304) {
    took = Date.now() - begun;
    return known.data;
  }
  // half an answer is none: only of a refusal the body may be missing
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => ({})));
  const answer = await response.json();
  took = Date.now() - begun;
  const tag = response.headers.get("ETag");
  if (tag && !options.method) remember(path, { tag, data: answer });
  return answer;
}

const MOST_ANSWERS = 40;
const answers = new Map();

/** What is asked again and again and has not changed is not sent again. */
function remember(path, answer) {
  answers.delete(path);
  answers.set(path, answer);
  if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value);
}

export const get = (path, signal) => ask(path, { signal });

export const post = (path, body) => ask(path, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-Meridian-Request": "1" },
  body: body === undefined ? undefined : JSON.stringify(body),
  signal: AbortSignal.timeout(120000),
});

export const query = (values) =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined && value !== null)).toString();

// --- contact ---------------------------------------------------------------------------------------------------------

const listeners = new Set();
export const contact = { lost: false, since: null, last: null, refused: null };
let lastChange = 0;
let pending = 0;
let took = 0;
let changes = 0;
let abort = null;

function tell(kind) {
  for (const listener of [...listeners]) listener(kind);
}

function changed() {
  if (pending) return;
  // a server that takes long to answer is asked more seldom
  const apart = Math.min(CHANGES_APART_AT_MOST_MILLIS, Math.max(CHANGES_APART_MILLIS, took));
  const wait = Math.max(0, lastChange + apart - Date.now());
  pending = setTimeout(() => {
    pending = 0;
    lastChange = Date.now();
    changes++;
    tell("changed");
  }, wait);
}

function heard() {
  contact.last = Date.now();
  if (contact.lost) {
    contact.lost = false;
    contact.since = null;
    tell("contact");
    changed();
  }
}

function lost() {
  if (!contact.lost) {
    contact.lost = true;
    contact.since = contact.last || Date.now();
    tell("contact");
  }
}

function refused(status) {
  if (contact.refused !== status) {
    contact.refused = status;
    tell("contact");
  }
}

/** Reads the stream by hand: EventSource can send no token. */
async function listen(lastId) {
  abort = new AbortController();
  let silence = setTimeout(() => abort.abort(), SILENCE_MILLIS);
  let id = lastId;
  try {
    const headers = {};
    if (token()) headers.Authorization = "Bearer " + token();
    if (lastId) headers["Last-Event-ID"] = lastId;
    const response = await fetch(BASE + "events", { headers, signal: abort.signal });
    if (response.status === 401 || response.status === 403) {
      refused(response.status);
      return id;
    }
    if (!response.ok) throw new Error("events: " + response.status);
    refused(null);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE_MILLIS);
      heard();
      rest += value;
      const parts = rest.split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const line = (name) => (part.match(new RegExp("^" + name + ": (.*)$", "m")) || [])[1];
        id = line("id") || id;
        if (line("event")) changed();
      }
    }
  } finally {
    clearTimeout(silence);
  }
  return id;
}

export async function stayInContact() {
  let id = null;
  for (let failures = 0; ; failures++) {
    const before = Date.now();
    try {
      id = await listen(id);
      if (contact.refused) await new Promise((resolve) => listeners.add(function once(kind) {
        if (kind === "token") { listeners.delete(once); resolve(); }
      }));
    } catch { /* told below */ }
    if (!contact.refused) lost();
    if (Date.now() - before > 10000) failures = 0;
    await new Promise((resolve) => setTimeout(resolve, Math.min(5000, 500 * 2 ** Math.min(failures, 4))));
  }
}

export function signIn(text) {
  useToken(text);
  contact.refused = null;
  tell("token");
  tell("contact");
}

// --- hooks -----------------------------------------------------------------------------------------------------------

/** Renders anew when contact is lost or found. */
export function useContact() {
  const [, set] = useState(0);
  useEffect(() => {
    const listener = (kind) => kind === "contact" && set((n) => n + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return contact;
}

/** The time, every so often: for ages. */
export function useClock(millis = 1000) {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), millis);
    return () => clearInterval(timer);
  }, [millis]);
  return now;
}

/** Counts changes on the server; grows with time too if `every` is given. */
export function useChanges(every = 0) {
  const [count, set] = useState(0);
  useEffect(() => {
    const listener = (kind) => kind === "changed" && set((n) => n + 1);
    listeners.add(listener);
    const timer = every ? setInterval(() => document.hidden || set((n) => n + 1), every) : 0;
    return () => { listeners.delete(listener); clearInterval(timer); };
  }, [every]);
  return count;
}

/** What a path answers, asked again whenever the server has changed. Keeps the last answer meanwhile. */
export function useApi(path, every = 0) {
  const count = useChanges(every);
  const [state, set] = useState({ data: null, error: null, path: null });
  const asking = useRef(null);
  useEffect(() => {
    const mine = { path, control: new AbortController(), busy: false, again: false };
    asking.current = mine;
    return () => mine.control.abort();
  }, [path]);
  useEffect(() => {
    if (path !== null) refresh(asking.current, set);
  }, [path, count]);
  return state.path === path ? state : { ...state, data: path && state.path && sameList(path, state.path) ? state.data : null, error: null };
}

/** Asks once. While a question is open it is not asked anew: a server where much changes would never be heard out. */
function refresh(mine, set) {
  if (mine.busy) {
    mine.again = true;
    return;
  }
  mine.busy = true;
  const gone = mine.control.signal;
  get(mine.path, AbortSignal.any([gone, AbortSignal.timeout(PATIENCE_MILLIS)]))
    .then((data) => { heard(); if (!gone.aborted) set((old) => (old.data === data && old.path === mine.path && !old.error ? old : { data, error: null, path: mine.path })); })
    .catch((error) => { if (!gone.aborted) set((old) => ({ data: old.path === mine.path ? old.data : null, error, path: mine.path })); })
    .finally(() => {
      mine.busy = false;
      if (mine.again && !gone.aborted) {
        mine.again = false;
        refresh(mine, set);
      }
    });
}

/** Two pages of one list: the old one may stay until the new one is there. */
const sameList = (a, b) => a.split("?")[0] === b.split("?")[0];
