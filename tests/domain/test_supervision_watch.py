"""Supervision looks at what lies beyond cases of its own accord, point by point, and none closes with an empty one."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from domain.command import Command
from domain.event import Event
from domain.identity import SYSTEM, Actor, OfficerId, OrganId, PersonId
from domain.inquiry import InquiryOutcome
from domain.occasion import Occasion
from domain.public_answer import PublicAnswerNamesSomebody
from domain.refusal import ActsInOwnCase, Refusal, UnknownChoice, WrongOrgan
from domain.supervision_point import Observation
from domain.supervision_problem import Subject, SubjectKind
from domain.supervision_watch import (
    WATCHED,
    WATCHING,
    AttendWatchPoint,
    ConcludeWatch,
    OpenWatch,
    Watch,
    WatchDueBeforeToday,
    WatchIsOver,
    WatchNotFound,
    WatchOpened,
    WatchOverdue,
    WatchPointAttendedAlready,
    WatchPointsEmpty,
    fold_watch,
)
from runtime.calendars import calendar_for
from tests.domain.refusals import refused_apart
from tests.examples import PERSONNEL, SUPERVISION, at, pack

START = at("2026-03-02")
OPEN = OpenWatch(
    subject=Subject(kind=SubjectKind.DAILY_MANAGEMENT, id="Registry"),
    points=("Who signs for the seal", "Leave and its replacements"),
    people=(PersonId("person-1"),),
    grounds="Three letters of this year were sealed on days of leave.",
    due_on=date(2026, 6, 30),
)
CONCLUDE = ConcludeWatch(outcome=InquiryOutcome.SHORTCOMINGS, remarks="The seal is now signed for by two.")
ELSEWHERE = SUPERVISION.model_copy(update={"organ": OrganId("audit-office"), "officer": OfficerId("officer-far")})


def attend(point: int) -> AttendWatchPoint:
    return AttendWatchPoint(point=point, observation=Observation.REMARK, text="By whoever is there.")


def said(before: Sequence[Event], command: Command, actor: Actor = SUPERVISION, when: datetime = START) -> list[Event]:
    on = Occasion(when, actor, pack("standard"), calendar_for("GB-ENG"), "command-1", "Europe/London")
    return [*before, *WATCHING[type(command)](fold_watch(before), command, on, "watch0000001")]


def refused(kind: type[Refusal], before: Sequence[Event], command: Command, actor: Actor = SUPERVISION) -> Refusal:
    return refused_apart(kind, lambda: said(before, command, actor))


def watch(story: Sequence[Event]) -> Watch:
    found = fold_watch(story)
    assert found is not None
    return found


def with_(**changed: object) -> OpenWatch:
    return OPEN.model_copy(update=changed)


@pytest.mark.parametrize("kind", WATCHED)
def test_supervision_watches_training_assessment_and_daily_management_and_nobody_needs_to_complain(
    kind: SubjectKind,
) -> None:
    (opened,) = said([], with_(subject=Subject(kind=kind, id="Registry")))
    assert isinstance(opened, WatchOpened) and opened.assigned_to == SUPERVISION.officer
    shown = opened.without_sealed()
    assert shown.people is None and shown.grounds is None and opened.people == OPEN.people


def test_a_watch_has_its_clock_where_a_day_is_set_and_none_where_it_is_not() -> None:
    (clock,) = watch(said([], OPEN)).clocks
    assert (clock.name, clock.due_on) == ("conclusion", date(2026, 6, 30))
    assert clock.event == WatchOverdue(due_on=date(2026, 6, 30), assigned_to=SUPERVISION.officer)
    assert watch([*said([], OPEN), clock.event]).clocks == () == watch(said([], with_(due_on=None))).clocks


def test_a_watch_concludes_once_something_was_seen_at_every_point() -> None:
    half = said(said([], OPEN), attend(2))
    assert refused(WatchPointsEmpty, half, CONCLUDE).facts["unattended"] == ["Who signs for the seal"]
    over = said(said(half, attend(1)), CONCLUDE)
    assert watch(over).over and watch(over).clocks == () and watch(over).outcome == "shortcomings"
    refused(WatchIsOver, over, CONCLUDE)


def test_a_point_is_attended_once_and_is_one_of_those_that_there_are() -> None:
    refused(WatchPointAttendedAlready, said(said([], OPEN), attend(1)), attend(1))
    refused(UnknownChoice, said([], OPEN), attend(3))
    refused(WatchNotFound, [], attend(1))


def test_a_watch_is_kept_by_the_organ_of_supervision_that_opened_it() -> None:
    refused(WrongOrgan, [], OPEN, PERSONNEL)
    refused(WrongOrgan, [], OPEN, SYSTEM)
    refused(WrongOrgan, said([], OPEN), CONCLUDE, ELSEWHERE)


def test_whom_a_watch_is_about_neither_opens_it_nor_answers_for_it() -> None:
    refused(ActsInOwnCase, [], with_(people=(PersonId(SUPERVISION.officer),)))
    refused(ActsInOwnCase, [], with_(assigned_to=OPEN.people[0]))


def test_into_a_case_an_inquiry_is_opened_and_no_watch() -> None:
    assert "inquiry" in refused(UnknownChoice, [], with_(subject=Subject(kind=SubjectKind.CASE, id="c"))).sentence


def test_points_name_nobody_and_the_day_is_to_come() -> None:
    refused(PublicAnswerNamesSomebody, [], with_(points=("Ask clerk@example.org",)))
    refused(WatchDueBeforeToday, [], with_(due_on=date(2026, 3, 1)))
