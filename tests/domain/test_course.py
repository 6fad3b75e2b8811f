"""A course is of its pack's kinds and methods; what was held stays, and whoever has a place keeps it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.arrangement import Session
from domain.course import (
    AnotherSchoolsCourse,
    CancelCourse,
    ChangeCourse,
    Course,
    CourseCancelled,
    CourseChanged,
    CourseIsCancelled,
    CourseIsOver,
    CourseNotFound,
    CourseScheduled,
    Known,
    PlacesAlreadyTaken,
    ScheduleCourse,
    SessionsAlreadyHeld,
    cancel_course,
    change_course,
    fold_course,
    schedule_course,
)
from domain.event import Event
from domain.identity import Actor, PersonId
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from tests.courses import (
    COURSE,
    HALL,
    LATER,
    OTHER_SCHOOL,
    SESSIONS,
    START,
    arranged,
    attended_by_chen,
    rules,
    scheduled,
)
from tests.domain.refusals import assert_whole
from tests.examples import PERSONNEL, SCHOOL, at, reference

KNOWN = Known(rules())
BEFORE = at("2026-02-01")
TEACHER = PersonId("person-teacher")


def refused(decide: Callable[[], object], kind: type[Refusal]) -> None:
    with pytest.raises(kind) as caught:
        decide()
    assert_whole(caught.value)


def wish(**changed: Any) -> ScheduleCourse:
    said: dict[str, Any] = {"title": "Law", "pack": reference("standard"), "kind": "theory", "method": "online"}
    return ScheduleCourse(**{**said, "arrangement": arranged(), **changed})


def schedule(command: ScheduleCourse, known: Known = KNOWN, actor: Actor = SCHOOL) -> list[Event]:
    return schedule_course(None, COURSE, command, actor=actor, known=known)


def change(course: Course | None, at: Any = BEFORE, actor: Actor = SCHOOL, **changed: Any) -> list[Event]:
    command = ChangeCourse(arrangement=arranged(**changed), reason="There are more people.")
    return change_course(course, command, actor=actor, at=at, known=KNOWN)


def cancel(course: Course | None, at: Any = BEFORE) -> list[Event]:
    return cancel_course(course, CancelCourse(reason="Nobody was sent."), actor=SCHOOL, at=at)


def test_a_course_is_scheduled_once_and_keeps_its_pack() -> None:
    (event,) = schedule(wish())
    assert isinstance(event, CourseScheduled) and event.pack == reference("standard")
    course = fold_course([event])
    assert course is not None and course.school == SCHOOL.organ
    assert schedule_course(course, COURSE, wish(), actor=SCHOOL, known=KNOWN) == []


def test_kind_method_plan_and_teachers_are_known() -> None:
    refused(lambda: schedule(wish(kind="cookery")), UnknownChoice)
    refused(lambda: schedule(wish(method="telepathy")), UnknownChoice)
    refused(lambda: schedule(wish(), Known(None)), UnknownChoice)
    refused(lambda: schedule(wish(plan_id="p1"), replace(KNOWN, plan_is_known=False)), UnknownChoice)
    taught = wish(arrangement=arranged(teachers=(TEACHER,)))
    refused(lambda: schedule(taught), UnknownChoice)
    assert schedule(taught, replace(KNOWN, teachers=frozenset({TEACHER})))
    refused(lambda: schedule(wish(), actor=PERSONNEL), WrongOrgan)


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"sessions": ()}, "at least one session"),
        ({"sessions": SESSIONS[::-1]}, "order of their days"),
        ({"hours": 11}, "more hours than the course"),
        ({"days": 3}, "more days than its sessions"),
        ({"teachers": (TEACHER, TEACHER)}, "stands in it twice"),
    ],
)
def test_an_arrangement_adds_up(changed: dict[str, Any], because: str) -> None:
    with pytest.raises(ValueError, match=because):
        wish(arrangement=arranged(**changed))


def test_a_course_is_changed_before_it_begins_and_the_same_again_changes_nothing() -> None:
    (event,) = change(scheduled(), places=5, hours=20)
    assert isinstance(event, CourseChanged)
    assert scheduled().after([event]).arrangement.places == 5
    assert change(scheduled()) == []
    refused(lambda: change(None), CourseNotFound)
    refused(lambda: change(scheduled(), actor=OTHER_SCHOOL, places=5), AnotherSchoolsCourse)


def test_what_was_held_stays_as_it_was() -> None:
    moved = (SESSIONS[0], Session(on=date(2026, 3, 9), hours=6))
    assert change(scheduled(), START, sessions=moved)
    refused(lambda: change(scheduled(), START, sessions=moved[1:], days=1), SessionsAlreadyHeld)
    refused(lambda: change(scheduled(), START, hours=20), SessionsAlreadyHeld)


def test_whoever_has_a_place_keeps_it() -> None:
    full = replace(attended_by_chen(), enrolled=frozenset({PersonId("a"), PersonId("b")}))
    refused(lambda: change(full, places=1), PlacesAlreadyTaken)


def test_a_cancelled_course_needs_no_facility_and_rests() -> None:
    (event,) = cancel(scheduled(facility_id=HALL))
    assert isinstance(event, CourseCancelled)
    cancelled = scheduled(facility_id=HALL).after([event])
    assert scheduled(facility_id=HALL).days_needed and not cancelled.days_needed
    refused(lambda: cancel(cancelled), CourseIsCancelled)
    refused(lambda: change(cancelled, places=5), CourseIsCancelled)
    refused(lambda: cancel(scheduled(), LATER), CourseIsOver)
