// Asks how the reader, or a unit, stands by training; sheet.js, which comes before it, shows the answer.
"use strict";

const whose = document.getElementById("whose");

function standingRequest() {
  const [pack, rank] = value("against").split(":");
  const asked = { pack, rank, on: value("on") };
  if (whose.value === "unit") {
    Object.assign(asked, { unit: value("unit"), state: value("state"), falls_out_by: value("falls-out-by") });
  }
  const query = new URLSearchParams(Object.entries(asked).filter(([, said]) => said));
  return `/api/v1/${whose.value === "unit" ? "readiness" : "training-standings/mine"}?${query}`;
}

// What a sheet tells apart is named here: a rank or a part within its pack.
const within = (pack, name) => `${pack.split("@")[0]}:${name}`;

function standing(found, pack, rank) {
  const parts = found.parts.map((part) => ({
    ...part,
    called: within(pack, part.part),
    lacking: Math.max(0, part.at_least - part.hours),
    beyond: part.at_most !== null && part.hours > part.at_most,
  }));
  return { ...found, against: within(pack, rank), parts, lacking_parts: parts.filter((part) => part.lacking) };
}

function standingSheet(body) {
  if (body.people) {
    const people = body.people.map((found) => ({
      ...standing(found, body.pack, found.against),
      serves: within(body.pack, found.rank),
    }));
    return ["sheet-unit", { ...body, people, shown: people.length }];
  }
  const lines = body.lines.map((line) => ({
    ...line,
    kind: line.record && within(body.pack, line.record.kind),
    method: line.record && within(body.pack, line.record.method),
    cited: body.rules[line.rule],
  }));
  return ["sheet-mine", { ...standing(body, body.pack, body.rank), lines, cited: Object.values(body.rules) }];
}

answerWith({ request: standingRequest, sheet: standingSheet });
