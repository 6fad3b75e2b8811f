// Asks why a case stands where it stands; sheet.js, which comes before it, shows the answer.
"use strict";

function request() {
  const named = value("case");
  const written = value("moment");
  const instant = new Date(written);
  // A moment that is none goes as it was written: the service says what is wrong with it.
  const at = Number.isNaN(instant.getTime()) ? written : instant.toISOString();
  const query = written ? `?${new URLSearchParams({ at })}` : "";
  return `/api/v1/cases/${encodeURIComponent(named)}/explanation${query}`;
}

answerWith({
  request,
  sheet: (body) => ["sheet", { ...body, nothing: body.status === "open" && !body.steps.length }],
});
