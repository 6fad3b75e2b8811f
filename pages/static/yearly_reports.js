// Asks for the list of yearly reports, or for one of them; sheet.js, which comes before it, shows the answer. Which report
// is open stands in the address, so that it can be sent to whoever may read it.
"use strict";

let wanted = null;

FILL.column = (place, value) => { place.dataset.label = value; };

const named = ({ year, number }) => `${year}/${number}`;

function reportRequest() {
  const [year, number] = wanted ?? [];
  keepInAddress(new URLSearchParams(wanted ? { year, number } : {}));
  if (!wanted) return "/api/v1/yearly-reports";
  wanted = null; // asked again by the form, it is the list
  return `/api/v1/yearly-reports/${year}/parts?${new URLSearchParams({ number, language })}`;
}

function blockOf(block) {
  const { is, head, rows, text } = block;
  if (is === "facts") return { facts: { rows: rows.map(([label, says]) => ({ label, says })) } };
  if (is !== "table") return { text };
  const lines = rows.map(([first, ...rest]) => ({ first, rest: rest.map((says, place) => ({ says, label: head[place + 1] })) }));
  return { table: { head, lines } };
}

function reportSheet(body) {
  if (body.reports) return ["sheet-list", { reports: body.reports.map((found) => ({ ...found, named: named(found) })) }];
  const parts = body.parts.map((part) => ({ ...part, blocks: part.blocks.map(blockOf) }));
  return ["sheet-report", { ...body, named: named(body), parts }];
}

async function takePaper(year, number) {
  const asked = new URLSearchParams({ number, language, format: "pdf" });
  const response = await handOver(`/api/v1/yearly-reports/${year}?${asked}`, `yearly-report-${year}-${number}-${language}.pdf`);
  if (!response?.ok) answer.replaceChildren(await problem(response));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  const report = button.value ? button.value.split("/") : null;
  if (button.dataset.act === "paper") return takePaper(...report);
  wanted = report;
  form.requestSubmit();
});

const kept = new URLSearchParams(location.search);
if (kept.has("year")) wanted = [kept.get("year"), kept.get("number") ?? "1"];
answerWith({ request: reportRequest, sheet: reportSheet });
