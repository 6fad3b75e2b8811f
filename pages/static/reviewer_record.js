// Asks for one's own record, or for another officer's; sheet.js, which comes before it, shows the answer.
"use strict";

const whose = document.getElementById("whose");
const namedBy = document.getElementById("named-by");
const officer = document.getElementById("officer");

// Who another officer is goes into the body: an address ends up in logs and histories.
function recordRequest() {
  if (whose.value === "mine") return "/api/v1/reviewer-record";
  return ["/api/v1/reviewer-records", { [namedBy.value]: officer.value.trim() }];
}

function waiting(found) {
  return {
    ...found,
    whose: found.own ? "own" : "organs",
    page: found.case_id && both(`/${language}/audit/cases/${found.case_id}`),
    age: String(found.age_days ?? ""),
  };
}

function recordSheet(body) {
  return ["sheet", {
    ...body,
    named: body.name ?? "",
    role_names: (body.roles ?? []).join(" · "),
    due: body.due.map(waiting),
    missed: body.missed.map(waiting),
  }];
}

answerWith({ request: recordRequest, sheet: recordSheet });
