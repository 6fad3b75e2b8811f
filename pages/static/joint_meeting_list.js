// Asks for the joint meetings; sheet.js, which comes before it, shows the answer.
"use strict";

function listRequest() {
  const state = value("state");
  return `/api/v1/joint-meetings?limit=100${state ? `&state=${state}` : ""}`;
}

function listSheet(body) {
  const meetings = body.meetings.map((found) => ({
    ...found,
    page: both(`/${language}/joint-meetings/${found.meeting_id}`),
    items_text: String(found.items),
    findings_text: String(found.findings),
    resolutions_text: String(found.resolutions),
  }));
  meetings.sort((one, other) => other.held_on.localeCompare(one.held_on));
  return ["sheet", { meetings }];
}

answerWith({ request: listRequest, sheet: listSheet });
