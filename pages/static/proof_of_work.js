// Does the small sum that a form asks for, in slices, so that the page never stands still. It speaks to nobody.
// Source: altcha's first protocol: find the number that, behind the salt, has the hash of the challenge.
"use strict";

const SLICE = 25; // milliseconds
const form = document.querySelector("form[data-challenge]");
const told = document.getElementById("work-told");
const letters = new TextEncoder();
let waiting = false;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const breathe = () => new Promise((go) => { setTimeout(go); });

function say(words, percent) {
  const said = words.replace("{percent}", percent);
  if (told.textContent !== said) told.textContent = said;
}

async function solve({ challenge, salt, most }) {
  const largest = Number(most);
  let number = 0;
  while (number <= largest) {
    const until = performance.now() + SLICE;
    while (number <= largest && performance.now() < until) {
      if (hex(sha256(letters.encode(salt + number))) === challenge) return number;
      number += 1;
    }
    // Told in quarters: a screen reader that hears every step hears nothing else.
    say(told.dataset.doing, Math.floor((number / largest) * 4) * 25);
    await breathe();
  }
  return null;
}

async function work() {
  const { challenge, salt, signature } = form.dataset;
  document.getElementById("no-script").hidden = true;
  say(told.dataset.doing, 0);
  told.hidden = false;
  const number = await solve(form.dataset);
  if (number === null) return; // the form is sent without it, and a moderator looks at it first
  const solution = JSON.stringify({ algorithm: "SHA-256", challenge, number, salt, signature });
  form.elements.work.value = btoa(solution);
  say(told.dataset.done, 100);
}

form.addEventListener("submit", async (event) => {
  if (form.elements.work.value || waiting) return;
  event.preventDefault();
  waiting = true;
  await working;
  form.requestSubmit(event.submitter);
});

const working = work();
