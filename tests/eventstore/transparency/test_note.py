"""Notes, keys, checkpoints and cosignatures are in the form that other people's tools read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.transparency.checkpoint import Checkpoint, NotSigned, Policy
from eventstore.transparency.merkle import EMPTY_ROOT
from eventstore.transparency.note import (
    BadSignature,
    KeyKind,
    Note,
    Signer,
    UnreadableKey,
    UnreadableNote,
    Verifier,
    cosigned_text,
)

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
TEXT = "This is an example message.\n"
SIGNED = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
NOTE = f"{TEXT}\n— example.com/foo {SIGNED}\n".encode()


def test_the_published_note_verifies_under_the_published_key() -> None:
    key = Verifier.parse(KEY)
    note = Note.parse(NOTE)
    assert (note.text, bytes(note), str(key)) == (TEXT, NOTE, KEY)
    assert [found for found, _ in note.signed_by([key])] == [key]


def test_another_text_or_signature_under_a_known_key_rejects_the_note() -> None:
    key = Verifier.parse(KEY)
    with pytest.raises(BadSignature):
        Note.parse(NOTE.replace(b"example message", b"exemplary message")).signed_by([key])


def test_unknown_signatures_are_passed_over_and_sixteen_are_read() -> None:
    key = Verifier.parse(KEY)
    strangers = [Signer.make(f"stranger-{number}.example").sign(TEXT) for number in range(16)]
    note = Note.parse(bytes(Note.parse(NOTE).signed_also(strangers)))
    assert len(note.signatures) == 17
    assert len(note.signed_by([key])) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"text without signatures\n",
        b"text\n\n",
        b"text\n\nno dash example.com AAAAAAAA\n",
        "text\n\n— example.com/foo not-base64\n".encode(),
        "text\n\n— example.com/foo AAAA\n".encode(),
        "text\n\n— two words AAAAAAAA\n".encode(),
        "text\n\n— no-newline AAAAAAAA".encode(),
        "te\rxt\n\n— example.com AAAAAAAA\n".encode(),
        b"\xff\n\n",
        b"a" * 1_000_001,
        b"text\n\n" + "— example.com AAAAAAAA\n".encode() * 101,
    ],
)
def test_what_is_no_note_is_refused(wrong: bytes) -> None:
    with pytest.raises(UnreadableNote):
        Note.parse(wrong)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_parse_or_be_refused(anything: bytes) -> None:
    try:
        note = Note.parse(anything)
    except UnreadableNote:
        return
    assert Note.parse(bytes(note)) == note


@pytest.mark.parametrize("wrong", ["", "a+b", KEY[:-4], KEY.replace("530d903a", "530d903b"), KEY.replace("foo", "f o")])
def test_a_key_that_was_copied_wrong_is_refused(wrong: str) -> None:
    with pytest.raises(UnreadableKey):
        Verifier.parse(wrong)


def test_a_signing_key_is_read_back_and_never_written_over(tmp_path: Path) -> None:
    signer = Signer.make("log.example", KeyKind.NOTE)
    signer.write(tmp_path / "log.key")
    assert Signer.read(tmp_path / "log.key").verifier == signer.verifier
    assert (tmp_path / "log.key").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        Signer.make("log.example").write(tmp_path / "log.key")
    (tmp_path / "spoilt.key").write_text("PRIVATE+KEY+log.example+AAAA")
    with pytest.raises(UnreadableKey):
        Signer.read(tmp_path / "spoilt.key")


def test_a_cosignature_covers_the_time_and_the_checkpoint() -> None:
    witness = Signer.make("witness.example", KeyKind.COSIGNATURE)
    text = Checkpoint("log.example", 0, EMPTY_ROOT).text
    signature = witness.sign(text, 1_700_000_000)
    assert signature.signed_at == 1_700_000_000
    assert cosigned_text(text, 5) == f"cosignature/v1\ntime 5\n{text}"
    witness.verifier.check(text, signature)
    later = type(signature)(signature.name, signature.key_id, (1_700_000_001).to_bytes(8, "big") + signature.value[8:])
    with pytest.raises(BadSignature):
        witness.verifier.check(text, later)
    assert str(witness.verifier).split("+", 2)[2].startswith("B")  # the byte 4 leads


def test_a_checkpoint_has_three_lines() -> None:
    checkpoint = Checkpoint("log.example/2026", 70_000, EMPTY_ROOT)
    assert checkpoint.text == "log.example/2026\n70000\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert Checkpoint.parse(checkpoint.text) == checkpoint
    for wrong in ("log\n07\n" + checkpoint.text.split("\n")[2], "log\n-1\nAAAA\n", "log\n5\nAAAA\n", "log\n", ""):
        with pytest.raises(UnreadableNote):
            Checkpoint.parse(wrong)


def test_a_policy_asks_for_the_log_and_every_witness_and_takes_a_rotated_key() -> None:
    old, new, stranger = (Signer.make("log.example") for _ in range(3))
    witness = Signer.make("witness.example", KeyKind.COSIGNATURE)
    policy = Policy((old.verifier, new.verifier), (witness.verifier,))
    assert Policy.parse(f"# the keys\n{policy}\n") == policy
    checkpoint = Checkpoint("log.example", 0, EMPTY_ROOT)
    cosigned = [witness.sign(checkpoint.text, 9)]
    for signers in ([old], [new], [old, new], [old, stranger]):
        note = Note.parse(bytes(checkpoint.signed(signers).signed_also(cosigned)))
        assert policy.accepts(note)[0] == checkpoint
    with pytest.raises(NotSigned):
        policy.accepts(checkpoint.signed([new]))
    with pytest.raises(NotSigned):
        policy.accepts(checkpoint.signed([stranger]).signed_also(cosigned))
    with pytest.raises(UnreadableNote):
        Policy.parse("witness " + str(witness.verifier))
    with pytest.raises(UnreadableNote):
        Policy.parse("judge " + str(witness.verifier))
