"""What a witness decides: it cosigns a checkpoint only when it extends the last one that it cosigned.

Source: C2SP tlog-witness.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.merkle import EMPTY_ROOT, HASH_BYTES, WrongProof, verify_consistency
from eventstore.transparency.note import BadSignature, Note, Signature, Signer, UnreadableNote, Verifier

LONGEST_PROOF = 63
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers, as HTTP has it."""

    status: int
    body: str
    media_type: str = TEXT_TYPE


class WitnessMemory(Protocol):
    """What a witness has cosigned last, kept where neither department alone can change it."""

    def last(self, origin: str) -> Note | None:
        """The last checkpoint of a log that was cosigned."""
        ...

    def remember(self, origin: str, note: Note) -> None:
        """Keeps a checkpoint, durably, before anybody hears of it."""
        ...


class UnreadableRequest(ValueError):
    """What came is not a request to add a checkpoint."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A log asks for a cosignature: where the witness stood, the proof from there, and the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Note

    @classmethod
    def parse(cls, body: bytes) -> "AddCheckpoint":
        """Refuses: UnreadableRequest, UnreadableNote."""
        try:
            head, _, note = body.decode().partition("\n\n")
            first, *lines = head.split("\n")
            word, old = first.split(" ")
            size = int(old)
            proof = tuple(b64decode(line, validate=True) for line in lines)
        except ValueError as problem:
            raise UnreadableRequest("The body is “old SIZE”, proof lines, an empty line, a checkpoint.") from problem
        if word != "old" or size < 0 or str(size) != old:
            raise UnreadableRequest("The first line is “old” and a size in decimal.")
        if len(proof) > LONGEST_PROOF or any(len(one) != HASH_BYTES for one in proof):
            raise UnreadableRequest("A proof has at most 63 lines, each the base64 of 32 bytes.")
        return cls(size, proof, Note.parse(note.encode()))

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old}", *(b64encode(one).decode() for one in self.proof), "", ""]
        return "\n".join(lines).encode() + bytes(self.checkpoint)


@dataclass(frozen=True, slots=True)
class Witness:
    """A key and a memory, and the logs whose keys it was told to trust."""

    signer: Signer
    logs: Mapping[str, Sequence[Verifier]]
    memory: WitnessMemory

    def add_checkpoint(self, body: bytes, at: int) -> Answer:
        """Cosigns or says why not. Nobody else may write the memory between its reading and its writing.

        Units: `at` in seconds since 1970, UTC.
        """
        try:
            asked = AddCheckpoint.parse(body)
            checkpoint = Checkpoint.parse(asked.checkpoint.text)
        except (UnreadableRequest, UnreadableNote) as problem:
            return Answer(400, f"{problem}\n")
        refused = self._unknown(asked.checkpoint, checkpoint) or self._inconsistent(asked, checkpoint)
        if refused is not None:
            return refused
        self.memory.remember(checkpoint.origin, asked.checkpoint)
        return Answer(200, self.signer.sign(asked.checkpoint.text, at).line)

    def _unknown(self, note: Note, checkpoint: Checkpoint) -> Answer | None:
        trusted = self.logs.get(checkpoint.origin)
        if trusted is None:
            return Answer(404, f"This witness does not follow {checkpoint.origin}.\n")
        try:
            if note.signed_by(trusted):
                return None
        except BadSignature as problem:
            return Answer(403, f"{problem}\n")
        return Answer(403, f"No key that this witness trusts for {checkpoint.origin} has signed the checkpoint.\n")

    def _inconsistent(self, asked: AddCheckpoint, checkpoint: Checkpoint) -> Answer | None:
        if asked.old > checkpoint.size:
            return Answer(400, f"The checkpoint has {checkpoint.size} entries, fewer than the {asked.old} named old.\n")
        last = self.last(checkpoint.origin)
        size, root = (last.size, last.root) if last else (0, EMPTY_ROOT)
        if asked.old != size:
            return Answer(409, f"{size}\n", SIZE_TYPE)
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            return Answer(422, "A log without entries has the root of the empty tree.\n")
        try:
            verify_consistency(size, root, checkpoint.size, checkpoint.root, asked.proof)
        except WrongProof as problem:
            return Answer(422, f"{problem}\n")
        return None

    def last(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a log that was cosigned."""
        kept = self.memory.last(origin)
        return Checkpoint.parse(kept.text) if kept else None


def cosignatures(answer: str, witness: Verifier, text: str) -> tuple[Signature, ...]:
    """The cosignatures that a witness has answered, each checked.

    Refuses: UnreadableNote, BadSignature.
    """
    found = tuple(one for one in Note.parse(f"{text}\n{answer}".encode()).signatures if witness.has_signed(one))
    if not found:
        raise BadSignature(f"The answer of {witness.name} carries no signature of its key.")
    for one in found:
        witness.check(text, one)
    return found
