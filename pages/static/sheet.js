// Asks the API with the reader's own token, and fills the page's own sheets with the answer. It has no words of its own,
// writes text and never markup, and keeps nothing: the token lives in its field alone, and goes into one header.
"use strict";

const SECONDS = 20;
const chinese = document.documentElement.lang.startsWith("zh");
const language = chinese ? "zh" : "en";
const locale = chinese ? "zh-CN" : "en-GB";
const written = { year: "numeric", month: "long", day: "numeric" };
const day = new Intl.DateTimeFormat(locale, { ...written, timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(locale, { ...written, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const zone = (at) => new Intl.DateTimeFormat(locale, { timeZoneName: "short" })
  .formatToParts(at).find((part) => part.type === "timeZoneName").value;
const STATES = { 401: "unauthenticated", 403: "not_allowed", 404: "missing", 422: "malformed" };

const form = document.getElementById("ask");
const asking = document.getElementById("asking");
const answer = document.getElementById("answer");
const fields = [...document.querySelectorAll("[data-filter]")];
let asked = 0;

const valueAt = (matter, path) => (path === "." ? matter : path.split(".").reduce((found, name) => found?.[name], matter));
const value = (id) => document.getElementById(id).value.trim();
const both = (path) => ({ en: path, zh: path });
const trailOf = (position) => both(`/${language}/audit?from_position=${position}&to_position=${position}`);
const isThere = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

const FILL = {
  text: (place, value) => { place.textContent = value ?? ""; },
  said: (place, value) => { place.textContent = value?.[language] ?? ""; },
  day: (place, value) => { place.dateTime = value; place.textContent = day.format(new Date(value)); },
  // In the reader's own time, and saying so.
  moment: (place, value) => {
    const at = new Date(value);
    place.dateTime = value;
    place.textContent = `${moment.format(at)} · ${zone(at)}`;
  },
  value: (place, value) => { place.value = value; },
  class: (place, value) => { place.classList.add(value); },
  // Only an address on this host: a value that is none leaves plain text behind.
  href: (place, value) => {
    const address = value?.[language] ?? "";
    if (/^\/(?!\/)/.test(address)) place.setAttribute("href", address);
    else place.replaceWith(...place.childNodes);
  },
};

function dropped(place, matter) {
  const { if: wanted, unless, is } = place.dataset;
  const [path, expected] = is === undefined ? [] : is.split("=");
  return (
    (wanted !== undefined && !isThere(valueAt(matter, wanted))) ||
    (unless !== undefined && isThere(valueAt(matter, unless))) ||
    (path !== undefined && valueAt(matter, path) !== expected)
  );
}

function copies(place, matter) {
  const value = valueAt(matter, place.dataset.each ?? place.dataset.with);
  const spoken = "spoken" in place.dataset ? value?.[language] : value;
  const parts = Array.isArray(spoken) ? spoken : spoken ? [spoken] : [];
  return parts.map((part) => filled(place, part));
}

function fill(place, matter) {
  if (place instanceof HTMLTemplateElement) {
    place.replaceWith(...copies(place, matter));
  } else if (dropped(place, matter)) {
    place.remove();
  } else {
    for (const child of [...place.children]) fill(child, matter);
    for (const [how, write] of Object.entries(FILL)) {
      if (how in place.dataset) write(place, valueAt(matter, place.dataset[how]));
    }
  }
}

function filled(template, matter) {
  const copy = template.content.cloneNode(true);
  for (const child of [...copy.children]) fill(child, matter);
  return copy;
}

function show(name, matter = {}) {
  answer.replaceChildren(filled(document.getElementById(name), matter));
  asking.textContent = "";
}

const state = (status) => `state-${STATES[status] ?? "fault"}`;

function credentials() {
  const token = document.getElementById("token").value.trim().replace(/^Bearer\s+/i, "");
  try {
    return new Headers({ Accept: "application/json", Authorization: `Bearer ${token}` });
  } catch {
    return null; // a letter that no header can carry: it is no token
  }
}

// With a body it is sent under a key of its own. Nothing comes back from where nobody answers.
async function call(path, body, signal) {
  const headers = credentials();
  if (headers === null) return new Response(null, { status: 401 });
  if (body) {
    headers.set("Content-Type", "application/json");
    headers.set("Idempotency-Key", [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
  const method = body ? "POST" : "GET";
  const sent = { method, headers, body: body && JSON.stringify(body), signal };
  return fetch(path, { ...sent, cache: "no-store", credentials: "omit", redirect: "error" }).catch(() => null);
}

async function problem(response) {
  const told = response ? await response.json().catch(() => ({})) : {};
  return filled(document.getElementById(response ? state(response.status) : "state-offline"), { detail: told.detail });
}

// Hands the reader a file, and whoever asked for it the response, to tell what stood in its way.
async function handOver(path, name) {
  const response = await call(path);
  if (!response?.ok) return response;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return response;
}

const said = (field) => (field.type === "checkbox" ? (field.checked ? field.value : "") : field.value.trim());

function search() {
  return new URLSearchParams(fields.map((field) => [field.dataset.filter, said(field)]).filter(([, value]) => value));
}

function keepInAddress(asked) {
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
}

function readAddress() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = fields.find((found) => found.dataset.filter === name);
    if (field?.type === "checkbox") field.checked = value === "true";
    else if (field) field.value = value;
  }
  const more = document.querySelector(".ask-more");
  if (more) more.open = fields.some((field) => more.contains(field) && said(field));
}

// Fields that belong to one choice alone are there once it is made.
function fitFields() {
  for (const fields of form.querySelectorAll("[data-when]")) {
    const [id, choice] = fields.dataset.when.split("=");
    fields.hidden = fields.disabled = value(id) !== choice;
  }
}

async function ask({ request, sheet }) {
  const [address, sent] = [request()].flat();
  const response = await call(address, sent, AbortSignal.timeout(SECONDS * 1000));
  let body;
  try {
    body = await response.json();
  } catch {
    // What answered without sense stands between here and the service, unless it said by a number what is wrong.
    return [response && !response.ok ? state(response.status) : "state-offline", {}];
  }
  if (!response.ok) return [state(response.status), { detail: body.detail }];
  return sheet(body);
}

// `request` says which address is asked, and with which body if what it names may stand in no address; `sheet` which of
// the page's sheets shows the answer, and with what.
function answerWith(questions) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const turn = ++asked;
    answer.replaceChildren();
    asking.textContent = asking.dataset.asking;
    const [name, matter] = await ask(questions);
    if (turn !== asked) return; // asked again meanwhile
    show(name, matter);
    answer.querySelector("h2").focus();
  });
  form.addEventListener("change", fitFields);
  readAddress();
  fitFields();
  document.getElementById("no-script").remove();
  form.hidden = false;
  show("state-empty");
}
