// Asks what came to supervision, the report by channel, or one's own department's notes; sheet.js shows the answer.
"use strict";

const what = document.getElementById("what");
const WIDEST = 20;
const HIDDEN = "–";

const PATHS = {
  inputs: () => ["supervision-inputs", { limit: 200 }],
  channels: () => ["supervision-channels", { quarter: value("quarter") }],
  notes: () => ["private-notes", { kind: value("kind"), about: value("about") }],
};

function supervisionRequest() {
  const [path, asked] = PATHS[what.value]();
  return `/api/v1/${path}?${new URLSearchParams(Object.entries(asked).filter(([, said]) => said))}`;
}

// A bar of blocks, as long as the count beside the largest one; a count that is hidden has none.
const bar = (count, most) => (count ? "▇".repeat(Math.max(1, Math.round((WIDEST * count) / most))) : "");

function axesOf(channels) {
  const most = Math.max(1, ...channels.map((line) => line.recorded ?? 0));
  return [...new Set(channels.map((line) => line.axis))].map((axis) => ({
    axis,
    lines: channels.filter((line) => line.axis === axis).map((line) => ({
      ...Object.fromEntries(Object.entries(line).map(([name, said]) => [name, said ?? HIDDEN])),
      bar: bar(line.recorded, most),
    })),
  }));
}

function supervisionSheet(body) {
  if (body.inputs) return ["sheet-inputs", body];
  if (body.notes) return ["sheet-notes", body];
  return ["sheet-channels", { ...body, axes: axesOf(body.channels) }];
}

answerWith({ request: supervisionRequest, sheet: supervisionSheet });
