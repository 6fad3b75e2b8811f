"""Courses of the domain's tests: a facility, a course in it under `standard`, and somebody who has a place."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.arrangement import Arrangement, Session
from domain.course import Course, CourseScheduled, fold_course
from domain.course_record import Class
from domain.event import Event
from domain.facility import Facility, FacilityRegistered, fold_facility
from domain.identity import CourseId, FacilityId, OrganId
from domain.training_file import TrainingFile
from domain.training_rules import Training
from tests.examples import CHEN, SCHOOL, at, pack, reference

COURSE = CourseId("course000001")
HALL = FacilityId("facility0001")
START = at("2026-03-02")
LATER = at("2026-03-20")
FILE = TrainingFile(CHEN)
OTHER_SCHOOL = SCHOOL.model_copy(update={"organ": OrganId("county-school")})
SESSIONS = (Session(on=date(2026, 3, 2), hours=6), Session(on=date(2026, 3, 4), hours=6))


def arranged(**changed: Any) -> Arrangement:
    said: dict[str, Any] = {"places": 2, "hours": 14, "days": 2, "sessions": SESSIONS}
    return Arrangement(**{**said, **changed})


def scheduled(**changed: Any) -> Course:
    """A course that stands, with nobody in it."""
    event = CourseScheduled(
        course_id=COURSE,
        school=SCHOOL.organ,
        title="Administrative law",
        pack=reference("standard"),
        kind="in_service",
        method="off_job",
        arrangement=arranged(**changed),
    )
    course = fold_course([event])
    assert course is not None
    return course


def attended_by_chen(**changed: Any) -> Course:
    return replace(scheduled(**changed), enrolled=frozenset({CHEN}))


def rules() -> Training:
    found = pack("standard").training_rules
    assert found is not None
    return found


def of(course: Course | None = None) -> Class:
    return Class(course or attended_by_chen(), rules())


def hall(**changed: Any) -> Facility:
    said: dict[str, Any] = {"title": "Hall", "places": 30, "equipment": {"projector": 30}}
    event = FacilityRegistered(
        facility_id=HALL, school=SCHOOL.organ, available_from_on=date(2026, 1, 1), **{**said, **changed}
    )
    facility = fold_facility([event])
    assert facility is not None
    return facility


def after(file: TrainingFile, events: list[Event]) -> TrainingFile:
    """A training file once more events stand in it."""
    for event in events:
        file = event.apply(file)  # type: ignore[attr-defined]
    return file
