"""Which courses to come would bring somebody nearer to order: foretold, by the rules that their standing has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.identity import OrganId
from domain.pack import Pack
from domain.training_file import FiledRecord, TrainingFile, TrainingRecord
from domain.training_standing import training_standing

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CourseToTake:
    """A course that can still be taken. Units: hours, days of training."""

    course_id: str
    title: str
    kind: str
    method: str
    hours: int
    days: int
    began_on: date
    ended_on: date


@dataclass(frozen=True, slots=True)
class CourseThatHelps:
    """A course, and the hours that would still be missing on its last day to whoever completed it."""

    course_id: str
    began_on: date
    ended_on: date
    missing_hours: int


def courses_that_help(
    file: TrainingFile, pack: Pack, rank: str, courses: Sequence[CourseToTake], on: date
) -> tuple[CourseThatHelps, ...]:
    """The courses that begin after a day and leave less missing than there would be without them, the best first.

    Source: features F18 (promotion encourages study).
    Units: hours, as though the course was attended whole and passed.
    """
    found = []
    for course in courses:
        if course.began_on <= on:
            continue
        without = training_standing(file, pack, rank, course.ended_on).missing_hours
        missing = training_standing(_as_though_completed(file, course), pack, rank, course.ended_on).missing_hours
        if missing < without:
            found.append(CourseThatHelps(course.course_id, course.began_on, course.ended_on, missing))
    return tuple(sorted(found, key=lambda each: (each.missing_hours, each.ended_on))[:MOST_SHOWN])


def _as_though_completed(file: TrainingFile, course: CourseToTake) -> TrainingFile:
    record = TrainingRecord(
        number=course.course_id,
        title=course.title,
        kind=course.kind,
        method=course.method,
        began_on=course.began_on,
        ended_on=course.ended_on,
        hours=course.hours,
        attended_hours=course.hours,
        days=course.days,
        passed=True,
    )
    place = max(file.entries, default=0) + 1
    return replace(file, entries={**file.entries, place: FiledRecord(place, OrganId(""), record)})
