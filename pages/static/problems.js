// Asks for the register of problems; sheet.js, which comes before it, shows the answer. What is asked for stands in the
// address, and in it alone: the same words are the page, the question and the copy.
"use strict";

const LIMIT = 200;
const DAY = 86_400_000;
let cursor = null;

function request() {
  const asked = search();
  keepInAddress(asked);
  asked.set("sort", "due");
  asked.set("limit", LIMIT);
  if (cursor !== null) asked.set("cursor", cursor);
  cursor = null;
  return `/api/v1/problems?${asked}`;
}

const trail = (position) => ({ position, page: trailOf(position) });

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
  const response = await handOver(`/api/v1/problems.${format}?${search()}`, `problems.${format}`);
  if (!response?.ok) answer.replaceChildren(await problem(response));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button?.dataset.act === "export") takeCopy(button.value);
  if (button?.dataset.act === "more") {
    cursor = button.value;
    form.requestSubmit();
  }
});

answerWith({ request, sheet });
