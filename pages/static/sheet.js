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
let asked = 0;

const valueAt = (matter, path) => (path === "." ? matter : path.split(".").reduce((found, name) => found?.[name], matter));
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

async function ask({ request, sheet }) {
  const headers = credentials();
  if (headers === null) return ["state-unauthenticated", {}];
  const [address, said] = [request()].flat();
  if (said) headers.set("Content-Type", "application/json");
  let response, body;
  try {
    response = await fetch(address, {
      method: said ? "POST" : "GET", body: said && JSON.stringify(said), headers, cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(SECONDS * 1000),
    });
    body = await response.json();
  } catch {
    // What answered without sense stands between here and the service, unless it said by a number what is wrong.
    return [response && !response.ok ? state(response.status) : "state-offline", {}];
  }
  if (!response.ok) return [state(response.status), { detail: body.detail }];
  return sheet(body);
}

// `request` says which address is asked, and with which body if what it names may stand in no address; `sheet` which of the page's sheets shows the answer, and with what.
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
  document.getElementById("no-script").remove();
  form.hidden = false;
  show("state-empty");
}
