// SHA-256 and SHA-512 in plain script, because a browser lends its own to no page that was opened from a disk.
// Source: FIPS 180-4.
"use strict";

const PRIMES = [];
for (let number = 2; PRIMES.length < 80; number++) if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);

// The largest whole number whose power is not above another one, by Newton's method from above.
function wholeRoot(power, of) {
  let guess = 1n << (BigInt(of.toString(2).length) / power + 1n);
  for (;;) {
    const next = ((power - 1n) * guess + of / guess ** (power - 1n)) / power;
    if (next >= guess) return guess;
    guess = next;
  }
}

// The constants are the first 64 bits behind the point of cube and square roots of primes; SHA-256 has the first 32.
const behindThePoint = (power) => (prime) => BigInt.asUintN(64, wholeRoot(power, BigInt(prime) << (64n * power)));
const STEPS_512 = PRIMES.map(behindThePoint(3n));
const START_512 = PRIMES.slice(0, 8).map(behindThePoint(2n));
const firstHalf = (bits) => Number(bits >> 32n);
const STEPS_256 = STEPS_512.slice(0, 64).map(firstHalf);
const START_256 = START_512.map(firstHalf);

// The message, a one, zeros, and its length in bits, as whole blocks.
function blocksOf(message, block) {
  const bytes = new Uint8Array(Math.ceil((message.length + 1 + block / 8) / block) * block);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const data = new DataView(bytes.buffer);
  data.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return data;
}

const turned = (word, by) => (word >>> by) | (word << (32 - by));

function sha256(message) {
  const data = blocksOf(message, 64), state = Int32Array.from(START_256), words = new Int32Array(64);
  for (let block = 0; block < data.byteLength; block += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) { words[i] = data.getInt32(block + 4 * i); continue; }
      const near = words[i - 2], far = words[i - 15];
      words[i] = words[i - 16] + (turned(far, 7) ^ turned(far, 18) ^ (far >>> 3)) +
        words[i - 7] + (turned(near, 17) ^ turned(near, 19) ^ (near >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + STEPS_256[i] + words[i]) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
  }
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => hash.setInt32(4 * i, word));
  return new Uint8Array(hash.buffer);
}

const long = (word) => BigInt.asUintN(64, word);
const turnedLong = (word, by) => (word >> by) | long(word << (64n - by));

function sha512(message) {
  const data = blocksOf(message, 128), state = [...START_512], words = [];
  for (let block = 0; block < data.byteLength; block += 128) {
    for (let i = 0; i < 80; i++) {
      if (i < 16) { words[i] = data.getBigUint64(block + 8 * i); continue; }
      const near = words[i - 2], far = words[i - 15];
      words[i] = long(words[i - 16] + (turnedLong(far, 1n) ^ turnedLong(far, 8n) ^ (far >> 7n)) +
        words[i - 7] + (turnedLong(near, 19n) ^ turnedLong(near, 61n) ^ (near >> 6n)));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const one = h + (turnedLong(e, 14n) ^ turnedLong(e, 18n) ^ turnedLong(e, 41n)) + ((e & f) ^ (long(~e) & g)) + STEPS_512[i] + words[i];
      const two = (turnedLong(a, 28n) ^ turnedLong(a, 34n) ^ turnedLong(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [long(one + two), a, b, c, long(d + one), e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = long(state[i] + word); });
  }
  const hash = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => hash.setBigUint64(8 * i, word));
  return new Uint8Array(hash.buffer);
}
