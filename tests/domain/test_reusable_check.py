"""A check is asked once: while it is valid, or waits for its result, both departments use it; then it is asked anew."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.command import Command
from domain.event import Event
from domain.identity import Actor
from domain.occasion import Occasion
from domain.refusal import ActsInOwnCase, Refusal, WrongOrgan
from domain.reusable_check import (
    CHECKING,
    CheckKind,
    CheckNotRequested,
    CheckRecorded,
    CheckRequested,
    CheckReused,
    RecordCheck,
    RequestCheck,
    ValidLongerThanTheRule,
    check_stream,
    fold_check,
)
from runtime.calendars import calendar_for
from tests.domain.refusals import refused_apart
from tests.examples import CASE, CHEN, PERSONNEL, SCHOOL, SUPERVISION, at, pack

START = at("2026-03-02")
WANTED = RequestCheck(person_id=CHEN, kind=CheckKind.PETITIONS, asked=SUPERVISION.organ)
RESULT = RecordCheck(person_id=CHEN, kind=CheckKind.PETITIONS, outcome="Two petitions, both unfounded.")


def said(before: Sequence[Event], command: Command, actor: Actor = PERSONNEL, when: datetime = START) -> list[Event]:
    on = Occasion(when, actor, pack("standard"), calendar_for("GB-ENG"), "command-1", "Europe/London")
    return CHECKING[type(command)](fold_check(before), command, on)


def refused(kind: type[Refusal], before: Sequence[Event], command: Command, actor: Actor = PERSONNEL) -> Refusal:
    return refused_apart(kind, lambda: said(before, command, actor))


WAITING = said([], WANTED)
KNOWN = [*WAITING, *said(WAITING, RESULT, SUPERVISION)]


def test_a_second_request_is_answered_by_the_first_whichever_department_makes_it() -> None:
    (first,) = WAITING
    assert isinstance(first, CheckRequested) and first.number == 1
    for before, actor in ((WAITING, SUPERVISION), (KNOWN, PERSONNEL), (KNOWN, SUPERVISION)):
        (again,) = said(before, WANTED.model_copy(update={"case_id": CASE}), actor)
        assert isinstance(again, CheckReused)
        assert (again.number, again.reused_by, again.case_id) == (1, actor.organ, CASE)
    used = fold_check([*KNOWN, *said(KNOWN, WANTED), *said(KNOWN, WANTED, SUPERVISION)])
    assert used and used.reused == 2


def test_a_result_is_used_up_to_its_last_day_and_asked_anew_on_the_next() -> None:
    recorded = KNOWN[-1]
    assert isinstance(recorded, CheckRecorded) and recorded.valid_until_on == date(2026, 9, 2)
    assert isinstance(said(KNOWN, WANTED, when=at("2026-09-02"))[0], CheckReused)
    (anew,) = said(KNOWN, WANTED, when=at("2026-09-03"))
    assert isinstance(anew, CheckRequested) and anew.number == 2


def test_an_organ_that_does_not_answer_by_its_day_keeps_nobody_from_asking_another() -> None:
    assert isinstance(said(WAITING, WANTED, when=at("2026-03-16"))[0], CheckReused)
    other = WANTED.model_copy(update={"asked": PERSONNEL.organ})
    (anew,) = said(WAITING, other, SUPERVISION, at("2026-03-17"))
    assert isinstance(anew, CheckRequested) and (anew.number, anew.asked) == (2, PERSONNEL.organ)
    assert isinstance(said(WAITING, RESULT, SUPERVISION, at("2026-04-30"))[0], CheckRecorded)


def test_only_the_departments_have_somebody_checked_and_only_the_organ_that_was_asked_says_what_it_found() -> None:
    refused(WrongOrgan, [], WANTED, SCHOOL)
    refused(WrongOrgan, WAITING, RESULT, PERSONNEL)
    refused(CheckNotRequested, [], RESULT, SUPERVISION)
    refused(CheckNotRequested, KNOWN, RESULT, SUPERVISION)


def test_nobody_has_part_in_a_check_of_themselves() -> None:
    refused(ActsInOwnCase, [], WANTED, PERSONNEL.model_copy(update={"officer": CHEN}))
    refused(ActsInOwnCase, WAITING, RESULT, SUPERVISION.model_copy(update={"on_behalf_of": CHEN}))


def test_a_result_may_be_valid_for_less_than_the_pack_allows_and_not_for_more() -> None:
    (shorter,) = said(WAITING, RESULT.model_copy(update={"valid_until_on": date(2026, 4, 1)}), SUPERVISION)
    assert isinstance(shorter, CheckRecorded) and shorter.valid_until_on == date(2026, 4, 1)
    for day in (date(2026, 9, 3), date(2026, 3, 1)):
        refused(ValidLongerThanTheRule, WAITING, RESULT.model_copy(update={"valid_until_on": day}), SUPERVISION)


def test_each_kind_of_check_of_somebody_stands_apart_and_its_name_is_not_theirs() -> None:
    streams = {check_stream(CHEN, kind) for kind in CheckKind}
    assert len(streams) == len(CheckKind) and not any(CHEN in stream for stream in streams)
