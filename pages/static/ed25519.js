// Whether an Ed25519 signature fits, in plain script; sha2.js comes before it. It signs nothing and holds no secret, so
// it need not run in constant time. Source: RFC 8032, sections 5.1.3, 5.1.4 and 5.1.7.
"use strict";

const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const NEUTRAL = [0n, 1n, 1n, 0n];

const inField = (number) => ((number % FIELD) + FIELD) % FIELD;

function raised(number, power) {
  let found = 1n;
  for (let square = inField(number); power; power >>= 1n, square = inField(square * square)) {
    if (power & 1n) found = inField(found * square);
  }
  return found;
}

const inverse = (number) => raised(number, FIELD - 2n);
const CURVE = inField(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = raised(2n, (FIELD - 1n) / 4n);

const numberOf = (bytes) => bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

// Points are X, Y, Z, T with x = X/Z, y = Y/Z and xy = T/Z.
function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = inField((y1 - x1) * (y2 - x2)), b = inField((y1 + x1) * (y2 + x2));
  const c = inField(2n * t1 * t2 * CURVE), d = inField(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [inField(e * f), inField(g * h), inField(f * g), inField(e * h)];
}

function times(number, point) {
  let found = NEUTRAL;
  for (let doubled = point; number; number >>= 1n, doubled = sum(doubled, doubled)) {
    if (number & 1n) found = sum(found, doubled);
  }
  return found;
}

const negative = ([x, y, z, t]) => [inField(-x), y, z, inField(-t)];

// A point from its y and the sign of its x; none where no point of the curve has that y.
function pointAt(y, sign) {
  const u = inField(y * y - 1n), v = inField(CURVE * y * y + 1n);
  let x = inField(u * v ** 3n * raised(u * v ** 7n, (FIELD - 5n) / 8n));
  if (inField(v * x * x) !== u) x = inField(x * ROOT_OF_MINUS_ONE);
  if (y >= FIELD || inField(v * x * x) !== u || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = FIELD - x;
  return [x, y, 1n, inField(x * y)];
}

const BASE = pointAt(inField(4n * inverse(5n)), 0n);

function pointOf(bytes) {
  const number = numberOf(bytes);
  return pointAt(BigInt.asUintN(255, number), number >> 255n);
}

function written([x, y, z]) {
  const scale = inverse(z);
  return inField(y * scale) | ((inField(x * scale) & 1n) << 255n);
}

// Whether a key of 32 bytes has signed a message with a signature of 64.
function ed25519Fits(key, message, signature) {
  const signer = key.length === 32 && signature.length === 64 && pointOf(key);
  const answer = numberOf(signature.slice(32));
  if (!signer || answer >= ORDER) return false;
  const commitment = signature.slice(0, 32);
  const challenge = numberOf(sha512(new Uint8Array([...commitment, ...key, ...message]))) % ORDER;
  return written(sum(times(answer, BASE), times(challenge, negative(signer)))) === numberOf(commitment);
}
