// Asks for the trend report; sheet.js, which comes before it, shows the answer. Bars begin at zero, and are drawn beside
// the same numbers in writing.
"use strict";

const LENGTH = 160;
const EDGE = 2;
const WORDED = new Set(document.getElementById("worded").dataset.names.split(" "));

FILL.width = (place, value) => { place.setAttribute("width", value); };
FILL.at = (place, value) => { place.setAttribute("d", `M${value} 0v16`); };

let cursor = "";

function request() {
  const asked = search();
  keepInAddress(asked);
  if (cursor) asked.set("cursor", cursor);
  cursor = "";
  return `/api/v1/trend-report?${asked}`;
}

const few = (number) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(number);
const length = (part, whole) => (whole ? Math.round((LENGTH * part) / whole) : 0);

// A name is a word of the page, or one that a pack gives its code, or it stands as it is.
function named(name, titles) {
  const [pack, code] = name.split(/\/(.*)/);
  if (WORDED.has(name)) return { word: name, called: null, code: "", of_pack: "", name: "" };
  return titles[name] ? { called: titles[name], of_pack: pack, code, name: "" } : { called: null, of_pack: "", code: "", name };
}

function departureOf(said, titles) {
  const [kind, name] = said.split(/:(.*)/);
  return { kind, ...named(name, titles) };
}

function lineOf(line, largest, titles) {
  return {
    ...line,
    ...named(line.name, titles),
    n: String(line.n),
    bar: length(line.n, largest),
    mark: line.expected === null ? "" : String(Math.min(LENGTH - EDGE, Math.max(EDGE, length(line.expected, largest)))),
    expected: line.expected === null ? "" : few(line.expected),
    chance: line.chance === null ? "" : few(line.chance),
    before: String(line.before),
    before_days: String(line.before_days),
    has_cases: line.cases !== null,
    cases: String(line.cases ?? ""),
    per_case: line.per_case === null ? "" : few(line.per_case),
  };
}

function tableOf(lines, titles) {
  const largest = Math.max(0, ...lines.map((line) => Math.max(line.n, line.expected ?? 0)));
  return lines.map((line) => lineOf(line, largest, titles));
}

function stageOf(stage, longest, titles) {
  const said = (number) => (number === null ? "" : few(number));
  return {
    ...stage,
    ...named(stage.name, titles),
    bar: length(stage.median_days ?? 0, longest),
    mark: stage.limit_days === null ? "" : String(Math.min(LENGTH - EDGE, Math.max(EDGE, length(stage.limit_days, longest)))),
    n: String(stage.n),
    median_days: said(stage.median_days),
    ninth_decile_days: said(stage.ninth_decile_days),
    limit_days: said(stage.limit_days),
    overrun: String(stage.overrun),
    open_and_late: String(stage.open_and_late),
    late: stage.overrun + stage.open_and_late > 0,
  };
}

function sheet(body) {
  const longest = Math.max(0, ...body.stages.map((stage) => Math.max(stage.median_days ?? 0, stage.limit_days ?? 0)));
  const departing = body.conformance.filter((found) => !found.conforms);
  return ["sheet", {
    ...body,
    ...Object.fromEntries(Object.entries(body.tables).map(([name, lines]) => [name, tableOf(lines, body.titles)])),
    stages: body.stages.map((stage) => stageOf(stage, longest, body.titles)),
    departing: departing.map((found) => ({
      ...found,
      page: both(`/${language}/audit/cases/${found.case_id}`),
      departures: found.departures.map((said) => departureOf(said, body.titles)),
    })),
    conforming: String(body.conforming),
    of_cases: String(body.of_cases),
    // Those that depart come first: after one that conforms there is nothing more to name.
    next_cursor: body.conformance.at(-1)?.conforms === false ? body.next_cursor : null,
  }];
}

async function takeCopy(table) {
  const asked = search();
  asked.set("table", table);
  const response = await handOver(`/api/v1/trend-report.csv?${asked}`, `trend-${table}.csv`);
  if (!response?.ok) answer.replaceChildren(await problem(response));
}

async function showMore(button) {
  cursor = button.value;
  const [name, matter] = await ask({ request, sheet });
  if (name !== "sheet") return show(name, matter);
  const each = document.getElementById("sheet").content.getElementById("departing-case");
  const added = copies(each, matter);
  const first = added[0]?.querySelector("a");
  document.getElementById("departing").append(...added);
  if (matter.next_cursor) button.value = matter.next_cursor;
  else button.parentElement.remove();
  first?.focus();
}

document.addEventListener("click", (event) => {
  const copied = event.target.closest("[data-copy]");
  const more = event.target.closest("[data-more]");
  if (copied) takeCopy(copied.value);
  if (more) showMore(more);
});

answerWith({ request, sheet });
