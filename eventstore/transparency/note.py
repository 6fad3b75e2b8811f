"""Signed notes: text that a key with a name has signed, in a form that other people's tools read.

Source: C2SP signed-note; a witness's signature is C2SP tlog-cosignature (Ed25519, with the time in it).
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_ID_BYTES = 4
KEY_BYTES = 32
SIGNATURE_BYTES = 64
TIME_BYTES = 8
MARK = "— "
LONGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100


class KeyKind(IntEnum):
    """What a signature of a key covers, as the byte that says so in the key."""

    NOTE = 0x01
    COSIGNATURE = 0x04


class UnreadableKey(ValueError):
    """A key is not in the form that keys have."""


class UnreadableNote(ValueError):
    """What came is no signed note."""


class BadSignature(ValueError):
    """A key that is known has not signed this text."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        return f"{MARK}{self.name} {b64encode(self.key_id + self.value).decode()}\n"

    @property
    def signed_at(self) -> int:
        """When a witness says that it signed. Units: seconds since 1970, UTC."""
        return int.from_bytes(self.value[:TIME_BYTES], "big")


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a key, and its name."""

    name: str
    kind: KeyKind
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """A key as `name+id+base64`.

        Refuses: UnreadableKey.
        """
        try:
            name, key_id, packed = text.strip().split("+", 2)
            raw = b64decode(packed, validate=True)
            found = cls(_sound_name(name), KeyKind(raw[0]), raw[1:])
        except (ValueError, IndexError) as problem:
            raise UnreadableKey(f"“{text.strip()[:80]}” is no key: it has the form name+id+base64.") from problem
        if len(found.public) != KEY_BYTES or found.key_id.hex() != key_id:
            raise UnreadableKey(f"The key of {name} does not have the id that it names; it was copied wrong.")
        return found

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    def has_signed(self, signature: Signature) -> bool:
        """Whether the signature claims to be this key's."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def check(self, text: str, signature: Signature) -> None:
        """The signature is this key's, over this text.

        Refuses: BadSignature.
        """
        value, signed = signature.value, text
        if self.kind is KeyKind.COSIGNATURE:
            value, signed = value[TIME_BYTES:], cosigned_text(text, signature.signed_at)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, signed.encode())
        except InvalidSignature as problem:
            raise BadSignature(f"The signature of {self.name} does not fit the text.") from problem


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half of a key, and its name."""

    name: str
    kind: KeyKind
    private: Ed25519PrivateKey

    @classmethod
    def make(cls, name: str, kind: KeyKind = KeyKind.NOTE) -> "Signer":
        return cls(_sound_name(name), kind, Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, path: Path) -> "Signer":
        """A key from its file: the name, the kind and the 32 private bytes, as `PRIVATE+KEY+name+kind+base64`.

        Refuses: UnreadableKey.
        """
        try:
            _, _, name, packed = path.read_text(encoding="utf-8").strip().split("+", 3)
            raw = b64decode(packed, validate=True)
            return cls(_sound_name(name), KeyKind(raw[0]), Ed25519PrivateKey.from_private_bytes(raw[1:]))
        except (ValueError, IndexError) as problem:
            raise UnreadableKey(f"{path.name} holds no signing key.") from problem

    def write(self, path: Path) -> None:
        """Keeps the key in a file that only its owner reads; never over another one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        packed = b64encode(bytes([self.kind]) + self.private.private_bytes_raw()).decode()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"PRIVATE+KEY+{self.name}+{packed}\n")
            file.flush()
            os.fsync(file.fileno())

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, at: int = 0) -> Signature:
        """Signs a text. Units: `at`, which only a witness's signature carries, in seconds since 1970, UTC."""
        if self.kind is KeyKind.COSIGNATURE:
            value = at.to_bytes(TIME_BYTES, "big") + self.private.sign(cosigned_text(text, at).encode())
        else:
            value = self.private.sign(text.encode())
        return Signature(self.name, self.verifier.key_id, value)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it, whether anybody knows their keys or not."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: bytes) -> "Note":
        """Refuses: UnreadableNote."""
        text, signatures = _parted(note)
        lines = signatures.split("\n")
        if len(lines) > MOST_SIGNATURES + 1 or lines.pop() != "":
            raise UnreadableNote("A note ends with its signature lines, a hundred at most, each ending in a newline.")
        return cls(text, tuple(_signature(line) for line in lines))

    def __bytes__(self) -> bytes:
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode()

    def signed_by(self, verifiers: Sequence[Verifier]) -> list[tuple[Verifier, Signature]]:
        """The signatures of keys that are known; unknown ones are passed over.

        Refuses: BadSignature, for a known key whose signature does not fit.
        """
        found = []
        for signature in self.signatures:
            for verifier in verifiers:
                if verifier.has_signed(signature):
                    verifier.check(self.text, signature)
                    found.append((verifier, signature))
        return found

    def signed_also(self, more: Sequence[Signature]) -> "Note":
        """The note with more signatures under it; one that is there already is not repeated."""
        known = {signature.line for signature in self.signatures}
        return Note(self.text, (*self.signatures, *(one for one in more if one.line not in known)))


def cosigned_text(text: str, at: int) -> str:
    """What a witness signs: a checkpoint's text, and when it had seen nothing later."""
    return f"cosignature/v1\ntime {at}\n{text}"


def _parted(note: bytes) -> tuple[str, str]:
    if len(note) > LONGEST_NOTE:
        raise UnreadableNote(f"A note has {LONGEST_NOTE} bytes at most.")
    try:
        whole = note.decode()
    except UnicodeDecodeError as problem:
        raise UnreadableNote("A note is UTF-8 text.") from problem
    if any(ord(letter) < 0x20 and letter != "\n" for letter in whole):
        raise UnreadableNote("A note has no control characters but newlines.")
    text, blank, signatures = whole.rpartition("\n\n")
    if not blank or not signatures:
        raise UnreadableNote("A note is text, an empty line, and signature lines.")
    return text + "\n", signatures


def _signature(line: str) -> Signature:
    try:
        mark, name, packed = line.split(" ")
        raw = b64decode(packed, validate=True)
        if mark + " " != MARK or len(raw) <= KEY_ID_BYTES:
            raise ValueError
        return Signature(_sound_name(name), raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])
    except ValueError as problem:
        raise UnreadableNote("A signature line is a long dash, a key's name, and base64.") from problem


def _sound_name(name: str) -> str:
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise ValueError("a key's name has no spaces and no plus")
    return name
