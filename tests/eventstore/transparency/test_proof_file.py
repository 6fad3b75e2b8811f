"""A proof file proves one entry to whoever has the keys, and nothing else."""

import pytest

from eventstore.transparency.checkpoint import Checkpoint, NotSigned, Policy
from eventstore.transparency.merkle import WrongProof, inclusion_proof, root_of
from eventstore.transparency.note import KeyKind, Signer, UnreadableNote
from eventstore.transparency.proof_file import Proof, UnreadableProof
from tests.eventstore.transparency.trees import leaves, subtrees_of

LOG = Signer.make("log.example")
WITNESS = Signer.make("witness.example", KeyKind.COSIGNATURE)
POLICY = Policy((LOG.verifier,), (WITNESS.verifier,))
HASHES = leaves(70)


def proof_of(index: int, *, cosigned: bool = True, extra: bytes | None = None) -> bytes:
    checkpoint = Checkpoint("log.example", 70, root_of(HASHES))
    note = checkpoint.signed([LOG]).signed_also([WITNESS.sign(checkpoint.text, 5)] if cosigned else [])
    return bytes(Proof(index, tuple(inclusion_proof(index, 70, subtrees_of(HASHES))), note, extra))


@pytest.mark.parametrize("extra", [None, b"", b"a sentence"])
def test_it_is_read_back_and_proves_its_entry_alone(extra: bytes | None) -> None:
    text = proof_of(33, extra=extra)
    proof = Proof.parse(text)
    assert (bytes(proof), proof.extra) == (text, extra)
    checkpoint, signatures = proof.verify(HASHES[33], POLICY)
    assert checkpoint.size == 70 and {key.name for key, _ in signatures} == {"log.example", "witness.example"}
    with pytest.raises(WrongProof):
        proof.verify(HASHES[34], POLICY)


def test_its_first_lines_are_those_of_the_format() -> None:
    lines = proof_of(33).decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 33"]
    assert lines[lines.index("") + 1 :][:2] == ["log.example", "70"]


def test_it_proves_nothing_without_the_witness() -> None:
    with pytest.raises(NotSigned, match=r"witness\.example"):
        Proof.parse(proof_of(33, cosigned=False)).verify(HASHES[33], POLICY)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"c2sp.org/tlog-proof@v2\nindex 3\n\nnote",
        proof_of(3).replace(b"index 3", b"index 03"),
        proof_of(3).replace(b"index 3", b"place 3"),
        proof_of(3).replace(b"index 3\n", b"index 3\nAAAA\n"),
        proof_of(3).replace(b"index 3\n", b"index 3\n" + (b"A" * 43 + b"=\n") * 64),
        proof_of(3).replace(b"\xe2\x80\x94", b"-"),
        b"\xff" + proof_of(3),
    ],
)
def test_what_is_no_proof_is_refused(wrong: bytes) -> None:
    with pytest.raises((UnreadableProof, UnreadableNote)):
        Proof.parse(wrong)
