"""Comments, recommendations and reports of errors: shown to nobody before a moderator, and answered in public."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.appointment import Unopened
from domain.command import Command
from domain.entry_admission import ENTERING, AdmitEntry, EntryWasAdmitted, NotForEverybody, RejectEntry
from domain.event import Event
from domain.identity import PUBLIC, PersonId
from domain.interests import Interests
from domain.moderation_reasons import MODERATION_REASONS, PRESENT
from domain.objection import NoNoticeToObjectTo
from domain.occasion import Occasion
from domain.public_answer import PublicAnswerNamesSomebody
from domain.public_entry import (
    AboutEntry,
    AnswerEntry,
    EntryAdmitted,
    EntryAnswered,
    EntryAwaitsAdmission,
    EntryIsEnded,
    EntryNotFound,
    EntryReceived,
    EntryRejected,
    EntryState,
    FileEntry,
    PublicEntry,
    fold_entry,
)
from domain.recusal import ConflictedOfficer, ConflictUndecided
from domain.refusal import ActsInOwnCase, CaseNotFound, Refusal, ReviewsOwnWork, UnknownChoice, WrongOrgan
from domain.sender import Identity, NameMisplaced
from domain.sending_in import NoticeIsOver, NotTakenHere
from domain.taking_part_rule import EntryKind
from tests.domain.refusals import assert_whole
from tests.domain.sent_in import HASH, LATER, not_yet_noticed, noticed, on, past_its_notice, taking, withdrawn
from tests.examples import CHEN, MODERATOR, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import live

ABOUT = AboutEntry("entry0000001", noticed().case, frozenset({"Amina Okafor"}))
ADMIT = AdmitEntry(public_text="The results are those of another bureau.")
REJECT = RejectEntry(reason="not_about_the_notice")
ANSWER = AnswerEntry(outcome="noted", public_answer="Thank you; it was weighed.")


def entry(kind: str = "comment", **more: Any) -> FileEntry:
    whole = {"kind": kind, "text": "The results listed are those of another bureau.", "receipt_hash": HASH}
    return FileEntry.model_validate(whole | more)


def said(found: PublicEntry | None, command: Command, when: Occasion, about: AboutEntry = ABOUT) -> Event:
    (event,) = ENTERING[type(command)](found, command, when, about)
    return event


def refused(
    found: PublicEntry | None, kind: type[Refusal], command: Command, when: Occasion, about: AboutEntry = ABOUT
) -> Refusal:
    with pytest.raises(kind) as caught:
        said(found, command, when, about)
    assert_whole(caught.value)
    return caught.value


def received(kind: str = "comment", **more: Any) -> EntryReceived:
    event = said(None, entry(kind, **more), on(law=taking(kinds=tuple(EntryKind)[1:])))
    assert isinstance(event, EntryReceived)
    return event


def folded(*events: Event) -> PublicEntry:
    found = fold_entry(events)
    assert found is not None
    return found


WAITING = folded(received())
ADMITTED = folded(received(), said(WAITING, ADMIT, on(MODERATOR)))


def test_a_comment_always_awaits_a_moderator_and_has_its_days() -> None:
    event = received()
    assert event.awaits_admission and not received("error_report").awaits_admission
    assert received("error_report", awaits_admission=True).awaits_admission
    assert (event.moderate_by.closes_on, event.answer_by.closes_on) == (date(2026, 3, 3), date(2026, 4, 1))
    assert all(on().pack.rule(path) for path in event.rules_applied())


@pytest.mark.parametrize(
    ("said_of_it", "identity", "for_personnel", "for_supervision"),
    [
        ({}, Identity.ANONYMOUS, None, None),
        ({"sender": "Mr Grey"}, Identity.CONFIDENTIAL, None, "Mr Grey"),
        ({"sender": "Mr Grey", "identity": "named"}, Identity.NAMED, "Mr Grey", None),
    ],
)
def test_a_name_is_for_those_whom_its_sender_chose(
    said_of_it: dict[str, str], identity: Identity, for_personnel: str | None, for_supervision: str | None
) -> None:
    event = received(**said_of_it)
    assert (event.identity, event.named_sender, event.sender) == (identity, for_personnel, for_supervision)
    shown = event.without_sealed()
    assert (shown.text, shown.named_sender, shown.sender) == (None, None, None)


def test_only_the_public_sends_in_and_a_name_fits_what_was_chosen() -> None:
    for actor in (PERSONNEL, SUPERVISION, MODERATOR):
        refused(None, WrongOrgan, entry(), on(actor))
    assert refused(None, NameMisplaced, entry(identity="named"), on()).field == "sender"


def test_what_the_pack_does_not_take_is_not_sent_in() -> None:
    refusal = refused(None, NotTakenHere, entry("recommendation"), on())
    assert refusal.facts["known"] == ["objection", "comment", "error_report"] and refusal.citation is not None
    assert said(None, entry("recommendation"), on(law=taking(kinds=(EntryKind.RECOMMENDATION,))))


def test_it_is_sent_in_while_the_notice_stands() -> None:
    refused(None, NoNoticeToObjectTo, entry(), on(), replace(ABOUT, case=not_yet_noticed()))
    refused(None, NoticeIsOver, entry(), on(at=LATER), replace(ABOUT, case=past_its_notice()))
    refused(None, NoticeIsOver, entry(), on(at=LATER), replace(ABOUT, case=withdrawn()))
    refused(None, CaseNotFound, entry(), on(), replace(ABOUT, case=Unopened()))
    assert said(None, entry("error_report"), on(at=LATER), replace(ABOUT, case=withdrawn()))


def test_a_moderator_admits_with_words_of_their_own_or_rejects_for_a_reason() -> None:
    admitted = said(WAITING, ADMIT, on(MODERATOR))
    assert isinstance(admitted, EntryAdmitted) and admitted.public_text == ADMIT.public_text
    assert folded(received(), admitted).state is EntryState.ADMITTED
    rejected = said(WAITING, REJECT, on(MODERATOR))
    assert isinstance(rejected, EntryRejected) and rejected.reasons_version == PRESENT
    refusal = refused(WAITING, UnknownChoice, RejectEntry(reason="whim"), on(MODERATOR))
    assert refusal.facts["known"] == [found.code for found in MODERATION_REASONS[PRESENT]]


@pytest.mark.parametrize("command", [ADMIT, REJECT])
def test_moderation_is_for_moderators_apart(command: Command) -> None:
    for actor in (PERSONNEL, SUPERVISION, SCHOOL, PUBLIC):
        refused(WAITING, WrongOrgan, command, on(actor))
    refused(WAITING, ReviewsOwnWork, command, on(MODERATOR.model_copy(update={"officer": PERSONNEL.officer})))
    refused(WAITING, ActsInOwnCase, command, on(MODERATOR.model_copy(update={"officer": PersonId(CHEN)})))
    refused(None, EntryNotFound, command, on(MODERATOR))
    refused(ADMITTED, EntryWasAdmitted, command, on(MODERATOR))


@pytest.mark.parametrize("words", ["Amina Okafor did not do it.", "amina okafor", "Call 138 0013 8000."])
def test_public_words_name_nobody(words: str) -> None:
    admit, answer = AdmitEntry(public_text=words), AnswerEntry(outcome="noted", public_answer=words)
    assert refused(WAITING, PublicAnswerNamesSomebody, admit, on(MODERATOR)).field == "public_text"
    assert refused(ADMITTED, PublicAnswerNamesSomebody, answer, on(PERSONNEL)).field == "public_answer"


def test_a_recommendation_is_shown_to_nobody() -> None:
    waiting = folded(received("recommendation", awaits_admission=True))
    refused(waiting, NotForEverybody, ADMIT, on(MODERATOR))
    assert said(waiting, AdmitEntry(), on(MODERATOR))


@pytest.mark.parametrize(("day", "late"), [("2026-04-01", False), ("2026-04-02", True)])
def test_the_department_answers_in_public_once_and_late_is_counted(day: str, late: bool) -> None:
    answered = said(ADMITTED, ANSWER, on(PERSONNEL, at(day)))
    assert isinstance(answered, EntryAnswered) and answered.late is late
    refused(folded(received(), answered), EntryIsEnded, ANSWER, on(PERSONNEL))
    refused(folded(received(), answered), EntryIsEnded, ADMIT, on(MODERATOR))


def test_the_department_answers_what_was_admitted_by_an_officer_apart() -> None:
    refused(None, EntryNotFound, ANSWER, on(PERSONNEL))
    refused(WAITING, EntryAwaitsAdmission, ANSWER, on(PERSONNEL))
    for actor in (SUPERVISION, MODERATOR, PUBLIC):
        refused(ADMITTED, WrongOrgan, ANSWER, on(actor))
    refused(ADMITTED, ActsInOwnCase, ANSWER, on(PERSONNEL.model_copy(update={"officer": PersonId(CHEN)})))


@pytest.mark.parametrize(
    ("interests", "refusal"),
    [
        (Interests(withdraws_under="conflicts.recuse"), ConflictedOfficer),
        (Interests(undecided=frozenset({"relation-1"})), ConflictUndecided),
    ],
)
def test_whoever_is_tied_to_a_candidate_answers_nothing(interests: Interests, refusal: type[Refusal]) -> None:
    story = noticed("cn.sr2019")
    tied = replace(ABOUT, case=live(story).with_interests(PERSONNEL.officer, interests))
    refused(ADMITTED, refusal, ANSWER, on(PERSONNEL, law=story.pack), tied)


def test_an_entry_that_was_rejected_is_over() -> None:
    rejected = folded(received(), said(WAITING, REJECT, on(MODERATOR)))
    refused(rejected, EntryIsEnded, ANSWER, on(PERSONNEL))
    assert rejected.state is EntryState.REJECTED
