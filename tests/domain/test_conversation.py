"""Files and messages to and fro: by whoever holds the receipt and by whom it is for, and nothing is ever taken back."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from domain.appointment import Case, Unopened, underlying
from domain.attachment import LARGEST_FILE_BYTES, AttachmentFiled, SizeClass
from domain.catalogue import APART, BY_THE_PUBLIC, DECIDE, EVENTS
from domain.command import Command
from domain.conversation import (
    CONVERSING,
    MOST_FILES,
    MOST_MESSAGES,
    AnswerObjector,
    AskObjector,
    Conversation,
    ConversationIsFull,
    ConversationIsOver,
    Correspondence,
    MessageSent,
    NothingWasSentIn,
    ObjectorAnswered,
    ObjectorAsked,
    SendMessage,
    fold_conversation,
    open_until,
)
from domain.entry_admission import ENTERING
from domain.event import Event
from domain.identity import PUBLIC, Actor, PersonId
from domain.interests import Interests
from domain.objection import NoNoticeToObjectTo, RanTheCase
from domain.occasion import Occasion
from domain.recusal import ConflictedOfficer
from domain.refusal import ActsInOwnCase, CaseNotFound, Refusal, WrongOrgan
from domain.sending_in import NoticeIsOver, NotTakenHere
from domain.taking_part_rule import EntryKind
from tests.domain.refusals import assert_whole
from tests.domain.sent_in import LATER, START, a_file, not_yet_noticed, noticed, on, past_its_notice, withdrawn
from tests.examples import CHEN, MODERATOR, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import live

EMPTY = Conversation()
ABOUT = Correspondence("entry0000001", noticed().case, EntryKind.OBJECTION)
TO_COME = replace(ABOUT, kind=None)
COMMENT = replace(ABOUT, kind=EntryKind.COMMENT)
SAYS = SendMessage(text="I have found the delivery note since.")
ASKS = AskObjector(text="On which day did you see it?")
TELLS = AnswerObjector(text="We have asked the depot for its books.")


def said(found: Conversation, command: Command, when: Occasion, about: Correspondence = ABOUT) -> Event:
    (event,) = CONVERSING[type(command)](found, command, when, about)
    return event


def refused(
    found: Conversation, kind: type[Refusal], command: Command, when: Occasion, about: Correspondence = ABOUT
) -> Refusal:
    with pytest.raises(kind) as caught:
        said(found, command, when, about)
    assert_whole(caught.value)
    return caught.value


def test_they_write_to_each_other_and_a_question_waits_until_it_is_answered() -> None:
    asked = said(EMPTY, ASKS, on(SUPERVISION))
    told = said(EMPTY, TELLS, on(SUPERVISION))
    answered = said(EMPTY, SAYS, on())
    assert isinstance(asked, ObjectorAsked) and isinstance(told, ObjectorAnswered) and isinstance(answered, MessageSent)
    assert fold_conversation([asked, told]) == Conversation(messages=2, question_waits=True)
    assert fold_conversation([asked, answered]) == Conversation(messages=2)


def test_what_is_written_is_sealed_for_the_two_who_write() -> None:
    for event in (said(EMPTY, ASKS, on(SUPERVISION)), said(EMPTY, TELLS, on(SUPERVISION)), said(EMPTY, SAYS, on())):
        assert event.without_sealed().model_dump()["text"] is None


def test_a_file_goes_before_its_entry_and_nothing_public_tells_what_it_is() -> None:
    filed = said(EMPTY, a_file(), on(), TO_COME)
    assert isinstance(filed, AttachmentFiled) and filed.size_class is SizeClass.SMALL
    shown = filed.without_sealed().model_dump()
    assert (shown["file_name"], shown["media_type"], shown["content"]) == (None, None, None)
    assert fold_conversation([filed]).files == 1


@pytest.mark.parametrize(
    ("length", "size"), [(99_999, SizeClass.SMALL), (100_000, SizeClass.MEDIUM), (1_000_000, SizeClass.LARGE)]
)
def test_sizes_are_told_in_wide_steps(length: int, size: SizeClass) -> None:
    assert SizeClass.of(length) is size


@pytest.mark.parametrize("wrong", [{"content": "no base64!"}, {"media_type": "text/html; x"}, {"file_name": ""}])
def test_a_file_is_whole_and_of_a_kind(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        a_file(**wrong)


def test_a_file_has_a_largest_size() -> None:
    with pytest.raises(ValidationError):
        a_file(content="A" * (LARGEST_FILE_BYTES * 4 // 3 + 8))


@pytest.mark.parametrize(
    ("case", "kind", "refusal"),
    [
        (not_yet_noticed(), "objection", NoNoticeToObjectTo),
        (past_its_notice(), "objection", NoticeIsOver),
        (withdrawn(), "comment", NoticeIsOver),
        (noticed().case, "recommendation", NotTakenHere),
        (Unopened(), "objection", CaseNotFound),
    ],
)
def test_nothing_is_filed_for_what_may_not_be_sent_in(case: Case, kind: str, refusal: type[Refusal]) -> None:
    refused(EMPTY, refusal, a_file(kind=kind), on(), Correspondence("entry0000001", case))


def test_an_error_of_the_record_is_shown_also_after_the_notice() -> None:
    about = Correspondence("entry0000001", past_its_notice())
    assert isinstance(said(EMPTY, a_file(kind="error_report"), on(), about), AttachmentFiled)


def test_nobody_writes_about_what_was_not_sent_in() -> None:
    refused(EMPTY, NothingWasSentIn, SAYS, on(), TO_COME)
    refused(EMPTY, WrongOrgan, ASKS, on(SUPERVISION), TO_COME)


@pytest.mark.parametrize("command", [SAYS, a_file()])
@pytest.mark.parametrize("actor", [SUPERVISION, PERSONNEL, MODERATOR])
def test_nobody_speaks_in_place_of_whoever_sent_it_in(command: Command, actor: Actor) -> None:
    refused(EMPTY, WrongOrgan, command, on(actor))


@pytest.mark.parametrize("command", [ASKS, TELLS])
def test_supervision_writes_about_objections_and_personnel_about_the_rest(command: Command) -> None:
    for actor in (PERSONNEL, SCHOOL, MODERATOR, PUBLIC):
        refused(EMPTY, WrongOrgan, command, on(actor))
    for actor in (SUPERVISION, SCHOOL, MODERATOR, PUBLIC):
        refused(EMPTY, WrongOrgan, command, on(actor), COMMENT)
    assert said(EMPTY, command, on(PERSONNEL), COMMENT)


@pytest.mark.parametrize("command", [ASKS, TELLS])
def test_whoever_ran_the_case_stands_in_it_or_withdrew_from_it_writes_to_no_objector(command: Command) -> None:
    refused(EMPTY, RanTheCase, command, on(SUPERVISION.model_copy(update={"on_behalf_of": PERSONNEL.officer})))
    refused(EMPTY, ActsInOwnCase, command, on(SUPERVISION.model_copy(update={"officer": PersonId(CHEN)})))
    withdrew = Interests(withdraws_under="conflicts.recuse")
    tied = replace(ABOUT, case=live(noticed("cn.sr2019")).with_interests(SUPERVISION.officer, withdrew))
    law = noticed("cn.sr2019").pack
    refused(EMPTY, ConflictedOfficer, command, on(SUPERVISION, law=law), tied)


def test_a_conversation_stays_open_for_its_time_after_the_answer() -> None:
    ended = replace(ABOUT, ended_on=date(2026, 3, 2))
    assert open_until(ended, on()) == date(2026, 4, 1)
    assert open_until(ABOUT, on()) is None
    said(EMPTY, SAYS, on(at=at("2026-04-01")), ended)
    for command, actor in ((SAYS, PUBLIC), (ASKS, SUPERVISION), (TELLS, SUPERVISION), (a_file(), PUBLIC)):
        late = on(actor, at("2026-04-02"))
        assert refused(EMPTY, ConversationIsOver, command, late, ended).citation is not None


def test_a_conversation_can_still_be_read_by_a_person() -> None:
    full = Conversation(files=MOST_FILES, messages=MOST_MESSAGES)
    for command, actor in ((SAYS, PUBLIC), (ASKS, SUPERVISION), (TELLS, SUPERVISION), (a_file(), PUBLIC)):
        refused(full, ConversationIsFull, command, on(actor))


def test_nobody_can_edit_or_delete_what_was_sent_in() -> None:
    """Over the whole catalogue: these are all the commands there are, and none takes anything back."""
    commands = {command.name() for command in (*CONVERSING, *ENTERING)}
    assert commands == {
        *("file_attachment", "send_message", "ask_objector", "answer_objector"),
        *("file_entry", "admit_entry", "reject_entry", "answer_entry"),
    }
    assert {*CONVERSING, *ENTERING} <= {*APART, *BY_THE_PUBLIC}
    everything = {command.name() for command in (*DECIDE, *APART, *BY_THE_PUBLIC)}
    about = {name for name in everything if name.rpartition("_")[2] in ("objection", "entry", "message", "attachment")}
    taking_back = ("change", "correct", "edit", "delete", "remove", "withdraw", "revoke")
    assert about and not [name for name in about if name.startswith(taking_back)]
    stems = ("objection_", "entry_", "message_", "attachment_", "objector_")
    assert {alias.rpartition("_")[2] for alias in EVENTS if alias.startswith(stems)} == {
        *("lodged", "acknowledged", "admitted", "rejected", "disposed", "overdue"),
        *("received", "answered", "sent", "filed", "asked"),
    }


def test_what_is_in_a_conversation_never_becomes_less() -> None:
    events = [said(EMPTY, a_file(), on()), said(EMPTY, SAYS, on()), said(EMPTY, ASKS, on(SUPERVISION))]
    counts = [fold_conversation(events[:place]) for place in range(len(events) + 1)]
    assert [(found.files, found.messages) for found in counts] == [(0, 0), (1, 0), (1, 1), (1, 2)]
    assert underlying(ABOUT.case) is not None and LATER > START
