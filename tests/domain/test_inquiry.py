"""Supervision inquires into any case of its own accord; what predates an appointment brings it back by itself."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.appointment import case_stream
from domain.command import Command
from domain.event import CommandId, Event, Recorded
from domain.identity import SYSTEM, Actor, CaseId, OfficerId
from domain.inquiry import (
    INQUIRING,
    Cause,
    Circumstances,
    ConcludeInquiry,
    FindingCode,
    Inquiry,
    InquiryIsOver,
    InquiryNotFound,
    InquiryOpened,
    InquiryOutcome,
    NothingFoundYet,
    OpenInquiry,
    OpenReverseReview,
    RecordFinding,
    TookPart,
    fold_inquiry,
    inquiry_id_of,
    took_part,
)
from domain.interests import Interests
from domain.nomination import NominationsClosed
from domain.occasion import Occasion
from domain.record import RecordEntered
from domain.record_signature import RecordSigned
from domain.recusal import ConflictedOfficer, ConflictUndecided
from domain.refusal import ActsInOwnCase, Refusal, ReviewsOwnWork, WrongOrgan
from domain.stage import StageBegun
from runtime.calendars import calendar_for
from tests.domain.refusals import assert_whole
from tests.examples import CASE, CHEN, DISCIPLINE, PERSONNEL, SCHOOL, SUPERVISION, at, pack, reference
from tests.lives import live, nominated, opened

START = at("2026-03-02")
WHO = TookPart(officer=PERSONNEL.officer, organ=PERSONNEL.organ, acts=("case_opened",))
ABOUT_STREAM = case_stream(CASE)
ABOUT = Circumstances("inquiry00001", live(nominated(opened("standard", START), START)), (WHO,))
OPEN = OpenInquiry(cause=Cause.OWN_INITIATIVE, grounds="Three letters were issued on the day of the decision.")
FOUND = RecordFinding(code=FindingCode.IRREGULARITY, text="The register was changed later.")
CONCLUDE = ConcludeInquiry(outcome=InquiryOutcome.SHORTCOMINGS, remarks="Two officers keep it now.")
REVERSE = OpenReverseReview(cause=Cause.SANCTION, because_of="sanction/s1")


def said(
    inquiry: Inquiry | None,
    command: Command,
    actor: Actor = SUPERVISION,
    law: str = "standard",
    about: Circumstances = ABOUT,
) -> list[Event]:
    on = Occasion(START, actor, pack(law), calendar_for("GB-ENG"), "command-1", "Europe/London")
    return INQUIRING[type(command)](inquiry, command, on, about)


def refused(
    inquiry: Inquiry | None,
    kind: type[Refusal],
    command: Command,
    actor: Actor = SUPERVISION,
    about: Circumstances = ABOUT,
) -> None:
    with pytest.raises(kind) as caught:
        said(inquiry, command, actor, "cn.sr2019" if actor is DISCIPLINE else "standard", about)
    assert_whole(caught.value)


def test_an_inquiry_opens_finds_and_concludes() -> None:
    events = said(None, OPEN)
    assert isinstance(events[0], InquiryOpened)
    assert (events[0].took_part, events[0].without_sealed().grounds) == ((WHO,), None)
    events += said(fold_inquiry(events), FOUND)
    assert fold_inquiry(events) == Inquiry("inquiry00001", CASE, findings=1)
    events += said(fold_inquiry(events), CONCLUDE)
    over = fold_inquiry(events)
    assert over is not None and over.outcome == "shortcomings"
    refused(over, InquiryIsOver, FOUND)
    refused(over, InquiryIsOver, CONCLUDE)


def test_nothing_is_found_or_concluded_before_it_is_opened_nor_concluded_without_a_finding() -> None:
    refused(None, InquiryNotFound, FOUND)
    refused(fold_inquiry(said(None, OPEN)), NothingFoundYet, CONCLUDE)


@pytest.mark.parametrize("command", [OPEN, FOUND, CONCLUDE])
def test_only_supervision_inquires_by_somebody_who_did_nothing_in_the_case(command: Command) -> None:
    inquiry = None if command is OPEN else Inquiry("inquiry00001", CASE, findings=1)
    refused(inquiry, WrongOrgan, command, PERSONNEL)
    refused(inquiry, WrongOrgan, command, DISCIPLINE)  # a consulted organ under this law supervises nothing
    refused(inquiry, ReviewsOwnWork, command, SUPERVISION.model_copy(update={"officer": PERSONNEL.officer}))


def test_a_reverse_review_opens_by_itself_and_once() -> None:
    (opened,) = said(None, REVERSE, SYSTEM)
    assert isinstance(opened, InquiryOpened)
    assert (opened.cause, opened.because_of, opened.took_part) == (Cause.SANCTION, "sanction/s1", (WHO,))
    assert said(fold_inquiry([opened]), REVERSE, SYSTEM) == []
    refused(None, WrongOrgan, REVERSE, SUPERVISION)


def test_the_same_cause_and_case_give_the_same_inquiry_and_others_another() -> None:
    assert inquiry_id_of(CASE, "sanction/a") == inquiry_id_of(CASE, "sanction/a")
    assert len({inquiry_id_of(CaseId(case), cause) for case in ("a", "b") for cause in ("x", "y")}) == 4


def test_everybody_who_acted_stands_in_it_once_with_what_they_did_and_for_whom_they_stood_in() -> None:
    deputy = PERSONNEL.model_copy(update={"officer": "officer-deputy", "on_behalf_of": PERSONNEL.officer})
    trail = [
        recorded(1, StageBegun(stage="nomination", began_on=START.date()), PERSONNEL),
        recorded(2, StageBegun(stage="nomination", began_on=START.date()), PERSONNEL),
        recorded(3, NominationsClosed(closed_on=START.date(), candidates=1), deputy),
        recorded(4, NominationsClosed(closed_on=START.date(), candidates=1), SCHOOL),
        recorded(5, NominationsClosed(closed_on=START.date(), candidates=1), SYSTEM),
    ]
    assert [(found.officer, found.acts) for found in took_part(trail)] == [
        (PERSONNEL.officer, ("stage_begun", "nominations_closed")),
        ("officer-deputy", ("nominations_closed",)),
        (SCHOOL.officer, ("nominations_closed",)),
    ]


def recorded(version: int, event: Event, actor: Actor) -> Recorded[Event]:
    return Recorded(
        position=version,
        stream=ABOUT_STREAM,
        version=version,
        event=event,
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
        actor=actor,
        command_id=CommandId("c"),
        causation=None,
        pack=reference("standard"),
        rules=(),
        hash=b"",
    )


def test_a_candidate_who_came_into_supervision_does_not_inquire_into_their_own_promotion() -> None:
    promoted = SUPERVISION.model_copy(update={"officer": OfficerId(CHEN)})
    inquiry = Inquiry("inquiry00001", CASE, findings=1)
    for command in (OPEN, FOUND, CONCLUDE):
        refused(None if command is OPEN else inquiry, ActsInOwnCase, command, promoted)


@pytest.mark.parametrize(
    ("known", "refusal"),
    [
        (Interests(declared=True, withdraws_under="conflicts.recuse"), ConflictedOfficer),
        (Interests(declared=True, undecided=frozenset({"r1"})), ConflictUndecided),
    ],
)
def test_whoever_is_tied_to_a_candidate_does_not_inquire(known: Interests, refusal: type[Refusal]) -> None:
    tied = replace(ABOUT, case=ABOUT.case.with_interests(SUPERVISION.officer, known))
    refused(None, refusal, OPEN, about=tied)


def test_whom_a_record_names_and_who_signed_it_took_part() -> None:
    entered = RecordEntered(
        record="survey",
        dated_on=START.date(),
        in_order=True,
        paper="survey 1",
        people=(OfficerId("ann"), OfficerId("bo")),
        officer=PERSONNEL.officer,
    )
    signed = RecordSigned(record="survey", signed_on=START.date(), signed_as="school", officer=SCHOOL.officer)
    found = took_part([recorded(1, entered, PERSONNEL), recorded(2, signed, SCHOOL)])
    assert [(one.officer, one.organ, one.acts) for one in found] == [
        (PERSONNEL.officer, PERSONNEL.organ, ("record_entered",)),
        ("ann", PERSONNEL.organ, ("record_entered",)),
        ("bo", PERSONNEL.organ, ("record_entered",)),
        (SCHOOL.officer, SCHOOL.organ, ("record_signed",)),
    ]
