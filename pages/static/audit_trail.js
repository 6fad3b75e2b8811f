// Asks for the audit trail; sheet.js, which comes before it, shows the answer. What is asked for stands in the address,
// and in it alone: the same words are the page, the question, the copy and the saved search.
"use strict";

const LIMIT = 200;
const SHORT = 12;
const LONGEST = 400;
const titles = new Map([...document.getElementById("type").options].map((option) => [option.value, option.text]));
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
let cursor = null;
let paged = false;

FILL.clock = (place, value) => { place.dateTime = value; place.textContent = clock.format(new Date(value)); };

// In the page of a case the case stands in the path; asking for something else leaves that page.
function address(asked) {
  const query = new URLSearchParams(asked);
  const named = query.get("case") ?? "";
  const whole = `/${language}/audit`;
  if (!/^[0-9a-z]{12}$/.test(named)) return query.size ? `${whole}?${query}` : whole;
  query.delete("case");
  return `${whole}/cases/${named}${query.size ? `?${query}` : ""}`;
}

function request() {
  const asked = search();
  history.replaceState(null, "", address(asked));
  asked.set("limit", LIMIT);
  paged = cursor !== null;
  if (paged) asked.set("cursor", cursor);
  cursor = null;
  return `/api/v1/audit-events?${asked}`;
}

const asText = (value) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);

function facts(what, at = "") {
  return Object.entries(what).flatMap(([name, value]) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? facts(value, `${at}${name}.`)
      : [{ name: at + name, value: cut(asText(value)) }]);
}

function entryOf(step) {
  const engine = step.who.officer === "system";
  return {
    ...step,
    engine,
    title: titles.get(step.type) ?? step.type,
    by: engine ? "" : step.who.name ?? step.who.officer,
    unnamed: false,
    organ: engine ? "" : step.who.organ,
    on_behalf_of: step.who.on_behalf_of,
    facts: facts(step.what),
    short: step.hash.slice(0, SHORT),
    proof: both(step.verify),
    case_page: both(`/${language}/audit/cases/${step.case_id}`),
  };
}

// Technical entries that follow each other are one line, and days without entries another.
function rowsOf(steps, whole) {
  const rows = [];
  for (const step of steps) {
    const last = rows.at(-1);
    if (step.technical && last?.folded) {
      last.folded.entries.push(entryOf(step));
      last.folded.count += 1;
    } else if (step.technical) rows.push({ folded: { entries: [entryOf(step)], count: 1 } });
    else rows.push({ entry: entryOf(step) });
    if (step.idle_days > 0) rows.push({ idle: { days: step.idle_days, whole } });
  }
  return rows;
}

function sheet(body) {
  const asked = new URLSearchParams(body.search);
  const whole = [...asked.keys()].every((name) => name === "case") && !body.closed.length;
  const days = Map.groupBy
    ? [...Map.groupBy(body.events, (step) => step.recorded_at.slice(0, 10))]
    : Object.entries(Object.groupBy(body.events, (step) => step.recorded_at.slice(0, 10)));
  return ["sheet", {
    ...body,
    paged,
    shown: String(body.events.length),
    one_case: asked.get("case"),
    days: days.map(([on, steps]) => ({ day: on, rows: rowsOf(steps, whole) })),
  }];
}

async function showChanges(button) {
  const place = button.closest("li").querySelector(".entry-changes");
  const response = await call(`/api/v1/audit-events/${button.value}`);
  if (!response?.ok) return place.replaceChildren(await problem(response));
  const body = await response.json();
  const changes = body.changes.map((change) => ({ ...change, before: asText(change.before), after: asText(change.after) }));
  const unchanged = body.has_state && !changes.length;
  place.replaceChildren(filled(document.getElementById("changes-sheet"), { ...body, changes, unchanged }));
  button.hidden = true;
}

async function showSearches() {
  const place = document.getElementById("searches");
  const response = await call("/api/v1/audit-searches");
  if (!response?.ok) return place.replaceChildren(await problem(response));
  const { searches } = await response.json();
  const listed = searches.map((kept) => ({ ...kept, title: kept.title ?? kept.search_id, page: both(address(new URLSearchParams(kept.address))) }));
  place.replaceChildren(filled(document.getElementById("searches-sheet"), { searches: listed }));
  place.querySelector("h2").focus();
}

async function saveSearch() {
  const kept = Object.fromEntries(search());
  const title = value("search-title");
  const shared = document.getElementById("search-shared").checked;
  const response = await call("/api/v1/audit-searches", { title, search: kept, shared });
  if (response?.ok) await showSearches();
  const told = document.getElementById("search-told");
  told.textContent = response?.ok ? told.dataset.saved : ((await response?.json().catch(() => null))?.detail ?? "");
}

async function removeSearch(button) {
  const response = await call(`/api/v1/audit-searches/${button.value}/removals`, {});
  if (response?.ok) await showSearches();
}

async function takeCopy(button) {
  const name = `audit-trail.${button.value === "ocel" ? "ocel.json" : button.value}`;
  const response = await handOver(`/api/v1/audit-exports/${button.value}?${search()}`, name);
  if (!response?.ok) answer.append(await problem(response));
}

const ACTS = {
  changes: showChanges,
  searches: showSearches,
  save: saveSearch,
  remove: removeSearch,
  export: takeCopy,
  older: (button) => { cursor = button.value; form.requestSubmit(); },
  newest: () => form.requestSubmit(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) ACTS[button.dataset.act](button);
});

answerWith({ request, sheet });
