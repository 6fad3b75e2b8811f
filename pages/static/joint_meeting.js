// Holds a joint meeting: asks for it, shows what an item is about, and records what the meeting does, each step with
// the reader's own token. sheet.js, which comes before it, fills the sheets.
"use strict";

const id = form.dataset.meeting;
const told = document.getElementById("told");
const base = `/api/v1/joint-meetings/${id}`;
const SPEAKS = "open";
const text = (fields, name) => (fields.get(name) ?? "").trim();
const aboutWhat = (fields) => (text(fields, "about") && text(fields, "id") ? { subject: { kind: text(fields, "about"), id: text(fields, "id") } } : {});
const listed = (said) => said.split(/[,，;；\s]+/).filter(Boolean);
let meeting = null;
let chosen = null;
const dossiers = new Map();

FILL.named = (place, value) => { place.setAttribute("aria-label", value); };
FILL.anchor = (place, value) => { place.id = value; };

// What each form sends; the API says what may be sent, and says no in sentences.
const SENT = {
  "agenda-items": (fields) => ({ title: text(fields, "title"), asked: text(fields, "asked"), ...aboutWhat(fields) }),
  "agenda-additions": (fields) => ({
    title: text(fields, "title"), asked: text(fields, "asked"), reason: text(fields, "reason"), ...aboutWhat(fields),
  }),
  "addition-agreements": (item) => ({ item_id: item }),
  cancellations: (fields) => ({ reason: text(fields, "reason") }),
  "attendance-records": (fields) => ({
    organ: text(fields, "organ"), myself: fields.has("myself"), present: listed(text(fields, "present")),
    absent: text(fields, "absent") ? [{ officer: text(fields, "absent"), reason: text(fields, "reason") }] : [],
  }),
  "called-in-organs": (fields) => ({ organ: text(fields, "organ"), statistics: ["problems", "duties", "requests"] }),
  statements: (fields) => ({ organ: text(fields, "organ"), text: text(fields, "text"), ...onItem() }),
  findings: (fields) => ({
    type: text(fields, "type"), severity: text(fields, "severity"), finding: text(fields, "finding"),
    subject: { kind: text(fields, "kind"), id: text(fields, "id") },
    owner: text(fields, "owner"), accepting: text(fields, "accepting"), evidence: chosenItem()?.evidence ?? [], ...onItem(),
  }),
  resolutions: (fields) => ({
    text: text(fields, "text"), owner: text(fields, "owner"), accepting: text(fields, "accepting"),
    due_on: text(fields, "due_on"), ...onItem(),
  }),
  annotations: (fields) => ({ note: text(fields, "note") }),
  openings: () => ({}),
  closings: () => ({}),
  signatures: () => ({ digest: meeting.minutes.digest }),
};

const chosenItem = () => meeting?.agenda.find((item) => item.item_id === chosen);
const onItem = () => (chosenItem() ? { item_id: chosen } : {});
const called = (officer) => meeting.names[officer] ?? officer;

async function got(path) {
  const response = await call(path);
  return response?.ok ? response.json().catch(() => null) : null;
}

function organsOf(body) {
  const guests = body.called_in.map((one) => ({ organ: one.organ, seat: null, called: true }));
  return [...body.members, ...guests].map((one) => {
    const attended = body.attendance.find((found) => found.organ === one.organ);
    return {
      ...one,
      present: (attended?.present ?? []).map(called),
      absent: (attended?.absent ?? []).map((gone) => ({ who: called(gone.officer), reason: gone.reason ?? "" })),
    };
  });
}

async function roomSheet(body) {
  meeting = body;
  const touched = new Set([...body.statements, ...body.findings, ...body.resolutions].map((said) => said.item_id));
  const place = new Map(body.agenda.map((item, index) => [item.item_id, index + 1]));
  const found = body.called_in.length ? await got(`${base}/statistics`) : null;
  const before = ["convened", "agenda_settled"].includes(body.state);
  return ["sheet", {
    ...body,
    organs: organsOf(body),
    agenda: body.agenda.map((item) => ({ ...item, touched: touched.has(item.item_id) })),
    statements: body.statements.map((said) => ({ ...said, who: said.speaker && called(said.speaker), on_item: String(place.get(said.item_id) ?? "") })),
    signatures: body.signatures.map((signed) => ({ ...signed, people: signed.signed_by.map(called) })),
    figures: (found?.organs ?? []).map((one) => ({
      organ: one.organ, problems: `${one.problems.still_open} / ${one.problems.problems}`, overdue: String(one.problems.overdue),
      duties: `${one.duties.still_open} / ${one.duties.duties}`, silence: String(one.duties.met_with_silence),
      requests: `${one.requests.still_open} / ${one.requests.asked}`, late: String(one.requests.overdue), days: String(one.requests.median_days ?? "–"),
    })),
    can_place: body.state === "convened",
    can_add: ["agenda_settled", SPEAKS].includes(body.state),
    can_attend: before || body.state === SPEAKS,
    can_open: before,
    can_speak: body.state === SPEAKS,
    can_sign: body.state === "closed",
  }];
}

// A case and a problem tell their own story; what else an item points to is read where it stands.
async function matterOf(item) {
  const subject = item.subject;
  const evidence = item.evidence.map((position) => ({ at: String(position), page: trailOf(position) }));
  const shown = { ...item, evidence };
  if (item.addition) {
    const open = ["agenda_settled", SPEAKS].includes(meeting.state);
    shown.addition = { ...item.addition, people: item.addition.proposed_by.map(called), open };
  }
  if (subject?.kind === "case") {
    const found = await got(`/api/v1/cases/${encodeURIComponent(subject.id)}`);
    if (!found) return { ...shown, unread: true };
    const about = found.post ?? found;
    shown.case = {
      case_id: subject.id, version: found.version, post: about.title ?? found.post_title ?? subject.id, unit: about.unit ?? found.unit ?? "",
      stage: found.stage, status: found.status, due_on: found.due_on, pack: String(found.pack ?? ""), trail: both(`/${language}/audit/cases/${subject.id}`),
    };
  } else if (subject?.kind === "problem") {
    const found = await got(`/api/v1/problems/${encodeURIComponent(subject.id)}`);
    if (!found) return { ...shown, unread: true };
    shown.problem = found;
  }
  return shown;
}

// The dossier is read once a version of its case, since each reading goes on the log, and never shown to another token.
document.getElementById("token").addEventListener("input", () => dossiers.clear());
async function dossierOf(of) {
  const key = `${of.case_id}/${of.version}`;
  if (!dossiers.has(key)) {
    const found = await got(`/api/v1/cases/${encodeURIComponent(of.case_id)}/dossier?format=json&language=${language}`);
    if (!found) return { parts: [] };
    dossiers.set(key, {
      ...found, parts: found.parts.map((part) => ({
        ...part, anchor: `part-${part.number}`, blocks: part.blocks.map((block) => ({ ...block, named: part.title })),
      })),
    });
  }
  return dossiers.get(key);
}

async function showParts(of, item, open) {
  const found = await dossierOf(of);
  const place = document.getElementById("parts");
  if (chosen !== item || !place) return;
  place.replaceChildren(filled(document.getElementById("parts-sheet"), found));
  for (const anchor of open) document.getElementById(anchor)?.setAttribute("open", "");
}

async function choose(item, focus) {
  const open = chosen === item ? [...answer.querySelectorAll(".dossier-part[open]")].map((part) => part.id) : [];
  chosen = item;
  for (const button of answer.querySelectorAll(".agenda-item")) {
    button.toggleAttribute("aria-current", button.value === item);
    if (button.value === item) button.setAttribute("aria-current", "true");
  }
  const found = chosenItem();
  const place = document.getElementById("matter");
  if (!found || !place) return;
  const shown = await matterOf(found);
  if (chosen !== item) return; // another one was chosen meanwhile
  place.replaceChildren(filled(document.getElementById("matter-sheet"), shown));
  if (focus) place.querySelector("h4").focus();
  if (shown.case) await showParts(shown.case, item, open);
}

// What was written and not sent stays where it was, and so does what was open.
function kept(sent) {
  const forms = [...answer.querySelectorAll("form[data-act]")].filter((one) => one.dataset.act !== sent);
  return forms.map((one) => [one.dataset.act, new FormData(one), one.closest("details")?.open ?? false]);
}

function putBack(drafts) {
  for (const [act, fields, open] of drafts) {
    const one = answer.querySelector(`form[data-act="${act}"]`);
    if (!one) continue;
    for (const [name, value] of fields) if (one.elements[name] && one.elements[name].type !== "checkbox") one.elements[name].value = value;
    if (one.closest("details")) one.closest("details").open = open;
  }
}

function settle() {
  for (const select of answer.querySelectorAll("select[data-second]")) select.selectedIndex = Math.min(1, select.options.length - 1);
}

async function refresh(sent) {
  const drafts = kept(sent);
  const [name, matter] = await ask({ request: () => base, sheet: roomSheet });
  show(name, matter);
  settle();
  putBack(drafts);
  if (meeting) await choose(chosen ?? meeting.agenda[0]?.item_id ?? null, false);
}

async function send(step, body) {
  told.textContent = "";
  asking.textContent = asking.dataset.asking;
  const response = await call(`${base}/${step}`, body);
  const said = await response?.json().catch(() => null);
  if (!said) {
    asking.textContent = "";
    told.textContent = told.dataset.offline;
    return;
  }
  if (!response.ok) {
    asking.textContent = "";
    told.textContent = [said.detail, said.rule?.says?.[language]].filter(Boolean).join(" ");
    told.scrollIntoView({ block: "center" });
    return;
  }
  await refresh(step);
  asking.textContent = asking.dataset.recorded;
  (answer.querySelector(`[data-act="${step}"] :is(input, select, textarea)`) ?? answer.querySelector("h2")).focus();
}

async function download(path, name) {
  const response = await handOver(path, name);
  if (!response?.ok) told.textContent = (await response?.json().catch(() => null))?.detail ?? told.dataset.offline;
}

const PRESSED = {
  item: (value) => choose(value, true),
  dossier: (value) => download(`/api/v1/cases/${value}/dossier?language=${language}`, `dossier-${value}.pdf`),
  paper: () => download(`${base}/minutes?language=${language}`, `minutes-${id}.pdf`),
};

answer.addEventListener("click", (event) => {
  const pressed = event.target.closest("button[data-act]");
  if (!pressed) return;
  const { act } = pressed.dataset;
  if (PRESSED[act]) PRESSED[act](pressed.value);
  else send(act, SENT[act](pressed.value));
});

answer.addEventListener("submit", (event) => {
  event.preventDefault();
  const { act } = event.target.dataset;
  send(act, SENT[act](new FormData(event.target)));
});

answerWith({ request: () => base, sheet: async (body) => {
  const answered = await roomSheet(body);
  setTimeout(() => { settle(); choose(chosen ?? body.agenda[0]?.item_id ?? null, false); }); // once it is shown
  return answered;
} });
