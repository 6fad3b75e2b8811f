// Asks for the register of problems; sheet.js, which comes before it, shows the answer. What is asked for stands in the
// address, and in it alone: the same words are the page, the question and the copy.
"use strict";

const LIMIT = 200;
const DAY = 86_400_000;
const fields = [...document.querySelectorAll("[data-filter]")];
let cursor = null;

FILL.value = (place, value) => { place.value = value; };

function search() {
  return new URLSearchParams(fields.map((field) => [field.dataset.filter, field.value.trim()]).filter(([, said]) => said));
}

function readAddress() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = fields.find((found) => found.dataset.filter === name);
    if (field) field.value = value;
  }
  document.querySelector(".ask-more").open = fields.some((field) => field.closest(".ask-more") && field.value);
}

function request() {
  const asked = search();
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
  asked.set("sort", "due");
  asked.set("limit", LIMIT);
  if (cursor !== null) asked.set("cursor", cursor);
  cursor = null;
  return `/api/v1/problems?${asked}`;
}

const trail = (position) => {
  const path = `/${language}/audit?from_position=${position}&to_position=${position}`;
  return { position, page: { en: path, zh: path } };
};

// Whole days since the day that it was due: what is overdue is said in words and a number, and not by colour.
function lateDays(problem) {
  const days = Math.floor((Date.now() - Date.parse(problem.due_on)) / DAY);
  return problem.mended_on === null && problem.overdue && days > 0 ? String(days) : "";
}

function problemOf(problem) {
  return {
    ...problem,
    late_days: lateDays(problem),
    proof: problem.evidence.map(trail),
    steps: [
      ...problem.remedies.map((remedy) => ({ on: remedy.reported_on, remedy: { ...remedy, shown: remedy.proof.map(trail) } })),
      ...problem.reopened.map((back) => ({ on: back.reopened_on, back: { ...back, shown: back.evidence.map(trail) } })),
    ].sort((one, another) => one.on.localeCompare(another.on)),
  };
}

function sheet(body) {
  return ["sheet", { ...body, shown: String(body.problems.length), problems: body.problems.map(problemOf) }];
}

async function takeCopy(format) {
  const headers = credentials();
  if (headers === null) return show("state-unauthenticated");
  headers.set("Accept", "*/*");
  const response = await fetch(`/api/v1/problems.${format}?${search()}`, {
    headers, cache: "no-store", credentials: "omit", redirect: "error",
  }).catch(() => null);
  if (!response?.ok) return show(response ? state(response.status) : "state-offline");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `problems.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button?.dataset.act === "export") takeCopy(button.value);
  if (button?.dataset.act === "more") {
    cursor = button.value;
    form.requestSubmit();
  }
});

readAddress();
answerWith({ request, sheet });
