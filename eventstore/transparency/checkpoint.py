"""Checkpoints: what a log says of itself at one size, in three signed lines.

Source: C2SP tlog-checkpoint.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from eventstore.transparency.merkle import HASH_BYTES
from eventstore.transparency.note import Note, Signature, Signer, UnreadableNote, Verifier


class NotSigned(ValueError):
    """A checkpoint lacks the signature of a key that must be under it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log of that name had that many entries, and its tree this root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Refuses: UnreadableNote."""
        origin, size, root, *_ = (*text.split("\n"), "", "")
        try:
            found = cls(origin, int(size), b64decode(root, validate=True))
        except ValueError as problem:
            raise UnreadableNote("A checkpoint has the log's name, its size, and the root in base64.") from problem
        if not origin or len(found.root) != HASH_BYTES or str(found.size) != size or found.size < 0:
            raise UnreadableNote("A checkpoint has the log's name, its size in decimal, and a root of 32 bytes.")
        return found

    def signed(self, signers: Sequence[Signer]) -> Note:
        """The checkpoint as a note under the log's keys."""
        return Note(self.text, tuple(signer.sign(self.text) for signer in signers))


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose signatures somebody asks for under a checkpoint: one of the log's keys, and one of each witness's.

    A key that was rotated stands beside its successor, so that what it signed can still be checked.
    """

    log: tuple[Verifier, ...]
    witnesses: tuple[Verifier, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """A policy as lines `log KEY` and `witness KEY`; `#` begins a comment.

        Refuses: UnreadableKey, UnreadableNote.
        """
        kinds: dict[str, list[Verifier]] = {"log": [], "witness": []}
        for line in text.splitlines():
            kind, _, key = line.partition("#")[0].strip().partition(" ")
            if kind in kinds:
                kinds[kind].append(Verifier.parse(key))
            elif kind:
                raise UnreadableNote(f"A line of keys begins with “log” or “witness”, not with “{kind[:40]}”.")
        if not kinds["log"]:
            raise UnreadableNote("No line begins with “log”: without the log's key nothing can be checked.")
        return cls(tuple(kinds["log"]), tuple(kinds["witness"]))

    def __str__(self) -> str:
        return "".join([f"log {key}\n" for key in self.log] + [f"witness {key}\n" for key in self.witnesses])

    def accepts(self, note: Note) -> tuple[Checkpoint, list[tuple[Verifier, Signature]]]:
        """The checkpoint of a note that carries every signature asked for, and those signatures.

        Refuses: NotSigned, BadSignature, UnreadableNote.
        """
        found = Checkpoint.parse(note.text)
        log = note.signed_by([key for key in self.log if key.name == found.origin])
        if not log:
            raise NotSigned(f"No key that is known as the log's has signed the checkpoint of {found.origin}.")
        witnesses = note.signed_by(self.witnesses)
        signed = {verifier.name for verifier, _ in witnesses}
        for name in dict.fromkeys(key.name for key in self.witnesses):
            if name not in signed:
                raise NotSigned(f"{name} has not cosigned the checkpoint of {found.origin} at {found.size}.")
        return found, [*log, *witnesses]
