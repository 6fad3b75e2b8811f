// Shows what log_proof.js, which comes before it, finds in a file that the reader chose. It has no words of its own,
// writes text and never markup, asks nobody and sends nothing: it works from a file on disk without any network.
"use strict";

const locale = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
const moment = new Intl.DateTimeFormat(locale, {
  year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
  hourCycle: "h23", timeZone: "UTC", timeZoneName: "short",
});
const LARGEST_FILE = 64_000_000;
const OUTCOMES = new Map([[true, "holds"], [false, "fails"], [null, "not_asked"]]);

const asked = document.getElementById("verifier");
const keys = document.getElementById("keys");
const outcome = document.getElementById("outcome");
const heard = document.getElementById("verdict");
const says = document.getElementById("says").content;
let chosen = null;

const copyOf = (id) => document.getElementById(id).content.cloneNode(true).firstElementChild;
const inWords = (name) => String(name).replaceAll("_", " ");

function instant(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : moment.format(date);
}

function sentence(key, facts = {}) {
  const words = says.querySelector(`[data-says="${key}"]`).textContent;
  return words.replace(/\{(\w+)\}/g, (_, name) => (facts[name] instanceof Date ? instant(facts[name]) : String(facts[name])));
}

function filled(id, texts) {
  const copy = copyOf(id);
  for (const [name, text] of Object.entries(texts)) copy.querySelector(`.${name}`).textContent = text;
  return copy;
}

function stepShown({ name, holds, says: why, facts }) {
  const word = OUTCOMES.get(holds);
  const title = sentence(`step_${name}`);
  const copy = filled("sheet-step", { "step-title": title, "step-word": sentence(word), "step-says": sentence(why, facts) });
  copy.classList.add(word);
  copy.dataset.step = name;
  copy.dataset.says = why;
  return copy;
}

const isPlain = (value) => value === null || typeof value !== "object";

function inLine(value) {
  if (isPlain(value)) return String(value);
  if (Array.isArray(value)) return value.map(inLine).join(", ") || "–";
  return Object.entries(value).map(([name, part]) => `${inWords(name)}: ${inLine(part)}`).join("; ");
}

// What is recorded, as text: parts of an object, and objects of a list, on lines of their own.
function asText(value) {
  if (Array.isArray(value) && !value.every(isPlain)) return value.map(inLine).join("\n");
  if (isPlain(value) || Array.isArray(value)) return inLine(value);
  const lines = ([name, part]) => {
    const text = asText(part);
    return `${inWords(name)}:${text.includes("\n") ? `\n${text.replace(/^/gm, "    ")}` : ` ${text}`}`;
  };
  return Object.entries(value).map(lines).join("\n");
}

function factShown(label, value, english = false) {
  const copy = filled("sheet-fact", { label, value: asText(value) });
  if (english) copy.querySelector(".label").lang = "en";
  return copy;
}

function entryShown({ said, hash }, place, all) {
  const { actor = {}, at, data = {}, pack, rules, sealed, stream, type, version, command } = said;
  const title = `${version} · ${inWords(type)}`;
  const copy = filled("sheet-entry", { "entry-title": title, "entry-at": instant(at) });
  const facts = [
    ["at", instant(at)],
    ["organ", [actor.organ, ...(actor.roles ?? [])].filter(Boolean).map(inWords).join(", ")],
    ["officer", actor.officer],
    ["stream", stream],
    ["rules", rules?.join(", ")],
    ["pack", pack && `${pack.id}@${pack.version}#${pack.digest}`],
    ["sealed", sealed && sentence("sealed_parts", { n: Object.keys(sealed).length })],
    ["command", command],
    ["hash", hash],
  ];
  const lines = copy.querySelector("dl");
  lines.append(...Object.entries(data).map(([name, value]) => factShown(inWords(name), value, true)));
  lines.append(...facts.filter(([, value]) => value).map(([name, value]) => factShown(sentence(`label_${name}`), value)));
  copy.open = place === all.length - 1;
  return copy;
}

function verdictOf(steps) {
  if (steps.some(({ holds }) => holds === false)) return "verdict_fails";
  return steps.some(({ holds }) => holds === null) ? "verdict_half" : "verdict_holds";
}

function show(name, { steps, entries }) {
  const verdict = verdictOf(steps);
  const failing = steps.filter(({ holds }) => holds === false).map((step) => sentence(`step_${step.name}`));
  const sheet = filled("sheet-outcome", {
    "verdict-word": sentence(verdict, { steps: failing.join(" · ") }),
    "verdict-more": sentence(`${verdict}_more`),
    "verdict-file": name,
  });
  sheet.classList.add(verdict);
  sheet.querySelector(".steps").append(...steps.map(stepShown));
  sheet.querySelector(".log-entries").append(...entries.map(entryShown));
  if (!entries.length) sheet.querySelector(".entries-part").remove();
  outcome.replaceChildren(sheet);
  heard.textContent = sentence(verdict, { steps: failing.join(" · ") });
}

function check() {
  if (chosen) show(chosen.name, checkProof(chosen.bytes, keys.value));
}

async function take(file) {
  if (!file) return;
  chosen = { name: file.name, bytes: file.size > LARGEST_FILE ? new Uint8Array() : new Uint8Array(await file.arrayBuffer()) };
  check();
  outcome.querySelector("h3").focus();
}

document.getElementById("proof").addEventListener("change", ({ target }) => take(target.files[0]));
keys.addEventListener("input", check);
asked.addEventListener("submit", (event) => event.preventDefault());
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  asked.addEventListener(name, (event) => {
    event.preventDefault();
    asked.classList.toggle("dropping", name === "dragenter" || name === "dragover");
  });
}
asked.addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
document.getElementById("no-script").hidden = true;
asked.hidden = false;
