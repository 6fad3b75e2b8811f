"""A department's notes are its own, and the log holds nothing of them in the open."""

import pytest

from domain.identity import Actor, Role
from domain.private_note import (
    EverybodyInItForgotten,
    NoteKind,
    NoteSubject,
    PrivateNoteWritten,
    TwoSpacesAtOnce,
    WritePrivateNote,
    write_private_note,
)
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from tests.domain.refusals import refused_apart
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION

NOTE = WritePrivateNote(about=NoteSubject(kind=NoteKind.CASE, id="case00000001"), text="Ask for the register first.")
BOTH = PERSONNEL.model_copy(update={"roles": (Role.PERSONNEL, Role.SUPERVISION)})


def refused(kind: type[Refusal], actor: Actor, **known: bool) -> Refusal:
    return refused_apart(kind, lambda: write_private_note(NOTE, actor=actor, **{"is_known": True} | known))


@pytest.mark.parametrize("actor", [PERSONNEL, SUPERVISION, DECIDERS], ids=lambda actor: actor.organ)
def test_a_note_says_sealed_who_wrote_it_about_what_and_nothing_in_the_open(actor: Actor) -> None:
    (written,) = write_private_note(NOTE, actor=actor, is_known=True)
    assert isinstance(written, PrivateNoteWritten)
    assert (written.department, written.officer, written.about) == (actor.roles[0], actor.officer, NOTE.about)
    assert written.without_sealed().model_dump(exclude_none=True) == {}


def test_whoever_has_no_space_writes_no_note() -> None:
    refused(WrongOrgan, SCHOOL)


def test_one_hand_writes_in_one_space() -> None:
    refused(TwoSpacesAtOnce, BOTH)


def test_a_note_is_about_what_there_is() -> None:
    refused(UnknownChoice, PERSONNEL, is_known=False)


def test_of_a_case_in_which_everybody_was_forgotten_nothing_more_is_noted() -> None:
    assert NOTE.about.id in refused(EverybodyInItForgotten, PERSONNEL, is_forgotten=True).sentence
