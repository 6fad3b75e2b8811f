"""Proof files: everything that a stranger needs to see that an entry is in the log, in one small text.

Source: C2SP tlog-proof.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.merkle import HASH_BYTES, verify_inclusion
from eventstore.transparency.note import Note, Signature, Verifier

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LONGEST_PROOF = 63


class UnreadableProof(ValueError):
    """What came is no proof file."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The place of an entry, the hashes beside its way up, and the signed root at its end."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes | None = None

    @classmethod
    def parse(cls, text: bytes) -> "Proof":
        """Refuses: UnreadableProof, UnreadableNote."""
        try:
            head, _, note = text.decode().partition("\n\n")
            first, *lines = head.split("\n")
            extra = b64decode(lines.pop(0)[6:], validate=True) if lines[0].startswith("extra ") else None
            word, index = lines.pop(0).split(" ")
            place = int(index)
            hashes = tuple(b64decode(line, validate=True) for line in lines)
        except (ValueError, IndexError) as problem:
            raise UnreadableProof("A proof has a first line, the index, hashes, and a checkpoint.") from problem
        if first != FIRST_LINE or word != "index" or place < 0 or str(place) != index:
            raise UnreadableProof(f"A proof begins with “{FIRST_LINE}” and the index of its entry.")
        if len(hashes) > LONGEST_PROOF or any(len(one) != HASH_BYTES for one in hashes):
            raise UnreadableProof("The hashes of a proof have 32 bytes each, and there are 63 at most.")
        return cls(place, hashes, Note.parse(note.encode()), extra)

    def __bytes__(self) -> bytes:
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines += [f"index {self.index}", *(b64encode(one).decode() for one in self.hashes), "", ""]
        return "\n".join(lines).encode() + bytes(self.checkpoint)

    def verify(self, leaf: bytes, policy: Policy) -> tuple[Checkpoint, Sequence[tuple[Verifier, Signature]]]:
        """The leaf stands at the proof's index in a log that the keys of the policy have signed.

        Refuses: WrongProof, NotSigned, BadSignature, UnreadableNote.
        """
        checkpoint, signatures = policy.accepts(self.checkpoint)
        verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint, signatures
