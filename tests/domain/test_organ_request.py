"""One organ asks another by a day: answered late is answered, silence counts, and nobody speaks for another organ."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from domain.command import Command
from domain.event import Event
from domain.identity import Actor
from domain.occasion import Occasion
from domain.organ_request import (
    REQUESTING,
    AnswerRequest,
    AskOrgan,
    DeclineRequest,
    OrganAsked,
    OrganAsksItself,
    RequestAnswered,
    RequestIsSettled,
    RequestNotFound,
    RequestOverdue,
    RequestState,
    WithdrawRequest,
    fold_organ_request,
)
from domain.public_answer import PublicAnswerNamesSomebody
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan
from domain.supervision_problem import Subject, SubjectKind
from runtime.calendars import calendar_for
from tests.domain.refusals import refused_apart
from tests.examples import PERSONNEL, SCHOOL, SUPERVISION, at, pack

REQUEST = "request00001"
START = at("2026-03-02")
ASK = AskOrgan(
    asked=PERSONNEL.organ,
    question="How many letters were issued before the end of a notice?",
    subject=Subject(kind=SubjectKind.UNIT, id="Registry"),
)
ANSWER = AnswerRequest(answer="Three, all in March.")
DECLINE = DeclineRequest(reason="The court has the file until its ruling.")
WITHDRAW = WithdrawRequest(reason="The audit trail had the answer.")
ADDRESS = "Write to somebody@example.org about it."


def said(before: Sequence[Event], command: Command, actor: Actor = PERSONNEL, when: datetime = START) -> list[Event]:
    on = Occasion(when, actor, pack("standard"), calendar_for("GB-ENG"), "command-1", "Europe/London")
    return REQUESTING[type(command)](fold_organ_request(before), command, on, REQUEST)


def refused(kind: type[Refusal], before: Sequence[Event], command: Command, actor: Actor = PERSONNEL) -> Refusal:
    return refused_apart(kind, lambda: said(before, command, actor))


ASKED = said([], ASK, SUPERVISION)


def test_a_request_has_the_days_of_the_pack_and_its_silence_counts_against_the_organ_that_was_asked() -> None:
    (event,) = ASKED
    assert isinstance(event, OrganAsked)
    assert (event.asked_by, event.asked, event.due.closes_on) == (SUPERVISION.organ, PERSONNEL.organ, date(2026, 3, 16))
    request = fold_organ_request(ASKED)
    assert request and [clock.name for clock in request.clocks] == ["answer"]
    silence = request.clocks[0].event
    assert silence == RequestOverdue(due_on=date(2026, 3, 16), asked=PERSONNEL.organ)
    late = fold_organ_request([*ASKED, silence])
    assert late and late.state is RequestState.OVERDUE and not late.over and not late.clocks


def test_a_late_answer_is_taken_and_stays_late() -> None:
    (event,) = said(ASKED, ANSWER, when=at("2026-04-01"))
    assert isinstance(event, RequestAnswered) and event.late
    (in_time,) = said(ASKED, ANSWER)
    assert isinstance(in_time, RequestAnswered) and not in_time.late
    request = fold_organ_request([*ASKED, event])
    assert request and request.over and not request.clocks


@pytest.mark.parametrize("command", [ANSWER, DECLINE])
def test_only_the_organ_that_was_asked_answers_and_not_by_whoever_asked(command: Command) -> None:
    refused(WrongOrgan, ASKED, command, SUPERVISION)
    moved = SUPERVISION.model_copy(update={"organ": PERSONNEL.organ})
    refused(ReviewsOwnWork, ASKED, command, moved)
    refused(ReviewsOwnWork, ASKED, command, PERSONNEL.model_copy(update={"on_behalf_of": SUPERVISION.officer}))


def test_an_organ_asks_another_in_its_own_name_alone() -> None:
    refused(OrganAsksItself, [], ASK, PERSONNEL)
    refused(WrongOrgan, [], ASK, SCHOOL)
    refused(WrongOrgan, ASKED, WITHDRAW, PERSONNEL)
    assert not said(ASKED, ASK, SUPERVISION)


def test_a_request_is_settled_once() -> None:
    for command, actor in ((ANSWER, PERSONNEL), (DECLINE, PERSONNEL), (WITHDRAW, SUPERVISION)):
        settled = [*ASKED, *said(ASKED, command, actor)]
        refused(RequestIsSettled, settled, ANSWER)
        refused(RequestNotFound, [], command, actor)


def test_no_public_words_of_a_request_reach_somebody() -> None:
    refused(PublicAnswerNamesSomebody, [], ASK.model_copy(update={"question": ADDRESS}), SUPERVISION)
    refused(PublicAnswerNamesSomebody, ASKED, AnswerRequest(answer=ADDRESS))
    refused(PublicAnswerNamesSomebody, ASKED, DeclineRequest(reason=ADDRESS))
    refused(PublicAnswerNamesSomebody, ASKED, WithdrawRequest(reason=ADDRESS), SUPERVISION)
