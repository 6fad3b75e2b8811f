"""A witness cosigns what extends the last that it saw, and answers everything else as its protocol says."""

import pytest

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.merkle import EMPTY_ROOT, consistency_proof, root_of
from eventstore.transparency.note import BadSignature, KeyKind, Note, Signature, Signer
from eventstore.transparency.witness import SIZE_TYPE, AddCheckpoint, Witness, cosignatures
from tests.eventstore.transparency.trees import leaves, subtrees_of

LOG = Signer.make("log.example")
KEY = Signer.make("witness.example", KeyKind.COSIGNATURE)


class Kept:
    """What a witness remembers, as long as the test runs."""

    def __init__(self) -> None:
        self.notes: dict[str, Note] = {}

    def last(self, origin: str) -> Note | None:
        return self.notes.get(origin)

    def remember(self, origin: str, note: Note) -> None:
        self.notes[origin] = note


@pytest.fixture
def witness() -> Witness:
    return Witness(KEY, {"log.example": [LOG.verifier]}, Kept())


def asked(old: int, new: int, salt: bytes = b"", signer: Signer = LOG, origin: str = "log.example") -> bytes:
    hashes = leaves(new, salt)
    checkpoint = Checkpoint(origin, new, root_of(hashes))
    proof = consistency_proof(old, new, subtrees_of(hashes)) if old <= new else []
    return bytes(AddCheckpoint(old, tuple(proof), checkpoint.signed([signer])))


def test_growth_is_cosigned_step_by_step_and_again(witness: Witness) -> None:
    for old, new in ((0, 0), (0, 3), (3, 3), (3, 8), (8, 300)):
        answer = witness.add_checkpoint(asked(old, new), 77)
        assert answer.status == 200, answer
        text = Checkpoint("log.example", new, root_of(leaves(new))).text
        (signature,) = cosignatures(answer.body, KEY.verifier, text)
        assert signature.signed_at == 77
    last = witness.last("log.example")
    assert last is not None and last.size == 300


def test_a_rewritten_past_is_refused_and_not_remembered(witness: Witness) -> None:
    assert witness.add_checkpoint(asked(0, 5), 1).status == 200
    for wrong in (asked(5, 9, b"other"), asked(5, 5, b"other")):
        assert witness.add_checkpoint(wrong, 2).status == 422
    last = witness.last("log.example")
    assert last is not None and last.size == 5


def test_a_log_that_was_rolled_back_hears_where_the_witness_stands(witness: Witness) -> None:
    assert witness.add_checkpoint(asked(0, 9), 1).status == 200
    answer = witness.add_checkpoint(asked(4, 6), 2)
    assert (answer.status, answer.body, answer.media_type) == (409, "9\n", SIZE_TYPE)


def test_strangers_and_nonsense_are_told_apart(witness: Witness) -> None:
    stranger = Signer.make("log.example")
    assert witness.add_checkpoint(asked(0, 3, origin="other.example"), 1).status == 404
    assert witness.add_checkpoint(asked(0, 3, signer=stranger), 1).status == 403
    text = Checkpoint("log.example", 3, root_of(leaves(3))).text
    spoilt = Note(text, (Signature("log.example", LOG.verifier.key_id, bytes(64)),))
    assert witness.add_checkpoint(bytes(AddCheckpoint(0, (), spoilt)), 1).status == 403
    assert witness.add_checkpoint(asked(7, 3), 1).status == 400
    for nonsense in (b"", b"old x\n\nnote", b"old 03\n\n", b"\xff", b"new 3\n\n" + asked(0, 3)):
        assert witness.add_checkpoint(nonsense, 1).status == 400
    too_long = asked(0, 3).replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64)
    assert witness.add_checkpoint(too_long, 1).status == 400


def test_an_empty_log_has_the_empty_root(witness: Witness) -> None:
    wrong = Checkpoint("log.example", 0, root_of(leaves(1))).signed([LOG])
    assert witness.add_checkpoint(bytes(AddCheckpoint(0, (), wrong)), 1).status == 422


def test_a_signature_that_is_not_the_witnesss_is_not_taken_for_one() -> None:
    text = Checkpoint("log.example", 0, EMPTY_ROOT).text
    with pytest.raises(BadSignature):
        cosignatures(Signer.make("witness.example", KeyKind.COSIGNATURE).sign(text, 1).line, KEY.verifier, text)
    with pytest.raises(BadSignature):
        cosignatures(KEY.sign("another\n", 1).line, KEY.verifier, text)
