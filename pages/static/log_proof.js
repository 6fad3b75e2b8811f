// Checks a .tlog-proof step by step; sha2.js and ed25519.js come before it. It asks nobody, and shows nothing: what it
// says are keys of sentences with the facts that go into them.
// Source: C2SP tlog-proof, tlog-checkpoint, signed-note, tlog-cosignature; RFC 9162 section 2.1.3.2.
"use strict";

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const HASH_BYTES = 32;
const LONGEST_PROOF = 63;
const MOST_SIGNATURES = 100;
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const NOTE_KEY = 1;
const COSIGNATURE_KEY = 4;

// A step that does not hold: the key of the sentence that says why, and its facts.
class Fails extends Error {
  constructor(says, facts = {}) {
    super(says);
    Object.assign(this, { says, facts });
  }
}

const bytesOf = (text) => new TextEncoder().encode(text);
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const same = (one, two) => hex(one) === hex(two);
const leafHash = (entry) => {
  const leaf = new Uint8Array(entry.length + 1);
  leaf.set(entry, 1);
  return sha256(leaf);
};
const nodeHash = (left, right) => sha256(joined([1], left, right));

// Strictly: text that another text also stands for is refused, so that no byte of a proof can be changed unseen.
function fromBase64(text, says, facts) {
  let raw = null;
  try {
    raw = atob(text);
  } catch {
    throw new Fails(says, facts);
  }
  if (btoa(raw) !== text) throw new Fails(says, facts);
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function wholeNumber(text, says) {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) throw new Fails(says);
  return Number(text);
}

function toText(bytes, says) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fails(says);
  }
}

// A notice page that was saved carries its proof as text, in one element.
function proofIn(text) {
  if (text.startsWith(FIRST_LINE)) return text;
  const page = text.replaceAll("\r\n", "\n");
  const from = page.indexOf(FIRST_LINE), to = page.indexOf("</pre>", from);
  if (from < 0 || to < 0) throw new Fails("no_proof");
  return page.slice(from, to);
}

function readProof(bytes) {
  const text = proofIn(toText(bytes, "no_proof"));
  const end = text.indexOf("\n\n");
  const [first, ...lines] = text.slice(0, Math.max(end, 0)).split("\n");
  if (first !== FIRST_LINE) throw new Fails("no_proof");
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift().slice(6), "bad_extra") : null;
  const index = lines.shift() ?? "";
  if (!index.startsWith("index ")) throw new Fails("bad_index");
  const hashes = lines.map((line, place) => fromBase64(line, "bad_hash", { n: place + 1 }));
  const odd = hashes.findIndex((hash) => hash.length !== HASH_BYTES);
  if (odd >= 0) throw new Fails("bad_hash", { n: odd + 1 });
  if (hashes.length > LONGEST_PROOF) throw new Fails("too_many_hashes");
  const note = readNote(text.slice(end + 2));
  return { index: wholeNumber(index.slice(6), "bad_index"), extra, hashes, note, checkpoint: readCheckpoint(note.text) };
}

function readNote(whole) {
  const end = whole.lastIndexOf("\n\n");
  if (end < 0 || !whole.endsWith("\n") || /[\u0000-\u0009\u000b-\u001f]/.test(whole)) throw new Fails("bad_note");
  const lines = whole.slice(end + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) throw new Fails("bad_note");
  return { text: whole.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line) {
  const [, name, packed] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? [];
  const raw = packed ? fromBase64(packed, "bad_signature_line", { line }) : [];
  if (raw.length <= KEY_ID_BYTES) throw new Fails("bad_signature_line", { line });
  return { name, id: hex(raw.slice(0, KEY_ID_BYTES)), value: raw.slice(KEY_ID_BYTES) };
}

function readCheckpoint(text) {
  const [origin, size, root] = text.split("\n");
  if (!origin || size === undefined || root === undefined) throw new Fails("bad_checkpoint");
  const hash = fromBase64(root, "bad_checkpoint");
  if (hash.length !== HASH_BYTES) throw new Fails("bad_checkpoint");
  return { origin, size: wholeNumber(size, "bad_checkpoint"), root: hash };
}

// Lines “log KEY” and “witness KEY”, a key being name+id+base64.
function readKeys(text) {
  const keys = { log: [], witness: [] };
  text.split("\n").forEach((written, place) => {
    const line = written.split("#")[0].trim(), n = place + 1;
    if (!line) return;
    const [, holder, name, id, packed] = /^(log|witness)\s+([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(line) ?? [];
    if (!holder) throw new Fails("bad_key", { n });
    const raw = fromBase64(packed, "bad_key", { n });
    const kind = raw[0], of = hex(sha256(joined(bytesOf(`${name}\n`), raw)).slice(0, KEY_ID_BYTES));
    if (of !== id || raw.length !== 33) throw new Fails("copied_wrong", { n, name });
    if (kind !== (holder === "log" ? NOTE_KEY : COSIGNATURE_KEY)) throw new Fails("other_kind", { n, name });
    keys[holder].push({ name, id, kind, public: raw.slice(1) });
  });
  if (!keys.log.length) throw new Fails("no_log_key");
  return keys;
}

const signedAt = ({ value }) => Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0));

function fits(key, text, { value }) {
  if (key.kind === NOTE_KEY) return ed25519Fits(key.public, bytesOf(text), value);
  if (value.length <= TIME_BYTES) return false;
  const signed = `cosignature/v1\ntime ${signedAt({ value })}\n${text}`;
  return ed25519Fits(key.public, bytesOf(signed), value.slice(TIME_BYTES));
}

// The signatures of keys that are known; one that is theirs by its name and does not fit fails.
function signedBy(note, keys) {
  const found = [];
  for (const signature of note.signatures) {
    for (const key of keys.filter(({ name, id }) => name === signature.name && id === signature.id)) {
      if (!fits(key, note.text, signature)) throw new Fails("bad_signature", { name: key.name, id: key.id });
      found.push({ key, signature });
    }
  }
  return found;
}

const named = (keys) => keys.map(({ name, id }) => `${name} (${id})`).join(", ") || "–";

function checkKeys(keys) {
  return ["keys_read", { log: named(keys.log), witness: named(keys.witness) }];
}

function readEntries({ extra }) {
  if (!extra?.length) throw new Fails("no_entries");
  const lines = [];
  for (let from = 0; from <= extra.length;) {
    const newline = extra.indexOf(10, from), to = newline < 0 ? extra.length : newline;
    lines.push(extra.slice(from, to));
    from = to + 1;
  }
  return lines.map((bytes, place) => ({ ...readEntry(bytes, place + 1), hash: hex(leafHash(bytes)) }));
}

function readEntry(bytes, n) {
  let said = null;
  try {
    said = JSON.parse(toText(bytes, "bad_entry"));
  } catch {
    throw new Fails("bad_entry", { n });
  }
  if (typeof said?.stream !== "string" || !Number.isInteger(said.version)) throw new Fails("bad_entry", { n });
  return { said };
}

function checkEntries(entries) {
  return ["entries_hashed", { n: entries.length, hash: entries.at(-1).hash }];
}

function checkChain(entries) {
  entries.slice(1).forEach(({ said }, place) => {
    const before = entries[place];
    if (said.previous !== before.hash) throw new Fails("chain_broken", { n: place + 2, before: place + 1 });
    if (said.stream !== before.said.stream || said.version !== before.said.version + 1) {
      throw new Fails("chain_jumps", { n: place + 2, before: place + 1 });
    }
  });
  const { stream, version } = entries[0].said;
  const facts = { stream, first: version, last: entries.at(-1).said.version };
  return [version === 1 ? "chain_whole" : entries.length > 1 ? "chain_part" : "chain_single", facts];
}

function rootAbove(leaf, index, size, hashes) {
  let node = index, last = size - 1, found = leaf;
  for (const beside of hashes) {
    if (last === 0) throw new Fails("proof_too_long");
    if (node % 2 || node === last) {
      found = nodeHash(beside, found);
      while (node && node % 2 === 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      found = nodeHash(found, beside);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new Fails("proof_too_short");
  return found;
}

function checkInclusion(proof, entries) {
  const { index, hashes, checkpoint: { size, root } } = proof;
  if (index >= size) throw new Fails("index_beyond", { index, size });
  const leaf = Uint8Array.from(entries.at(-1).hash.match(/../g), (byte) => parseInt(byte, 16));
  const found = rootAbove(leaf, index, size, hashes);
  if (!same(found, root)) throw new Fails("other_root", { index, found: hex(found), root: hex(root) });
  return ["included", { index, size, n: hashes.length, root: hex(root) }];
}

function checkLog({ note, checkpoint: { origin, size } }, keys) {
  const found = signedBy(note, keys.log.filter(({ name }) => name === origin));
  if (!found.length) throw new Fails("log_not_signed", { origin, keys: named(keys.log), names: named(note.signatures) });
  return ["log_signed", { origin, size, keys: named(found.map(({ key }) => key)) }];
}

// Every witness that there is a key of must stand under the checkpoint.
function checkWitnesses({ note, checkpoint: { origin, size } }, keys) {
  if (!keys.witness.length) return ["no_witness_asked", {}, null];
  const found = signedBy(note, keys.witness);
  const missing = keys.witness.find(({ name }) => !found.some(({ key }) => key.name === name));
  if (missing) throw new Fails("not_cosigned", { name: missing.name, names: named(note.signatures) });
  const at = Math.max(...found.map(({ signature }) => signedAt(signature)));
  const facts = { names: named(found.map(({ key }) => key)), size, at: new Date(at * 1000) };
  // A witness named under the log is one of the installation's own, for trying out.
  return found.every(({ key }) => key.name.startsWith(`${origin}/`)) ? ["own_witness", facts, null] : ["cosigned", facts];
}

// The steps in their order, each with whether it holds (null: it was not asked for) and the sentence that says so.
// A step whose matter could not be read has no outcome.
function checkProof(bytes, keysText) {
  const steps = [];
  const step = (name, check) => {
    try {
      const [says, facts, holds = true] = check();
      steps.push({ name, holds, says, facts });
    } catch (problem) {
      if (!(problem instanceof Fails)) throw problem;
      steps.push({ name, holds: false, says: problem.says, facts: problem.facts });
    }
  };
  let keys = null, proof = null, entries = null;
  step("keys", () => checkKeys(keys = readKeys(keysText)));
  step("file", () => ["file_read", { origin: (proof = readProof(bytes)).checkpoint.origin }]);
  if (proof) step("entries", () => checkEntries(entries = readEntries(proof)));
  if (entries) {
    step("chain", () => checkChain(entries));
    step("inclusion", () => checkInclusion(proof, entries));
  }
  if (proof && keys) {
    step("log", () => checkLog(proof, keys));
    step("witness", () => checkWitnesses(proof, keys));
  }
  return { steps, entries: entries ?? [] };
}
