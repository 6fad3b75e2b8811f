"""All four records complete a course; its pass is by pass mark and assessor; and whoever completed it rates it once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.course import Course, CourseNotFound
from domain.course_completion import (
    AlreadyRated,
    CompleteCourse,
    CourseCompleted,
    CourseRated,
    NotCompletedByYou,
    RateCourse,
    RecordsMissing,
    complete_course,
    rate_course,
)
from domain.course_progress import Assessment, Attendance, CourseProgress, Examination, Study
from domain.course_record import CourseHasEndedForThem
from domain.event import Event
from domain.identity import Actor, OfficerId
from domain.refusal import Refusal
from domain.training_file import TrainingFile, TrainingRecorded
from tests.courses import COURSE, FILE, LATER, after, attended_by_chen, of
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, PERSONNEL, SCHOOL

THEMSELVES = PERSONNEL.model_copy(update={"officer": OfficerId(CHEN)})


def refused(decide: Callable[[], object], kind: type[Refusal]) -> None:
    with pytest.raises(kind) as caught:
        decide()
    assert_whole(caught.value)


def whole(score: int = 60, judged: bool = True, **without: Any) -> TrainingFile:
    """A file with all four records of the course, or without some."""
    records: dict[str, Any] = {
        "study": Study(covered="Chapters 1 to 6.", hours_outside=2),
        "sessions": {
            1: Attendance(session=1, attended_hours=6),
            2: Attendance(session=2, attended_hours=4, leave_hours=2, leave_reason="A hearing."),
        },
        "sittings": {1: Examination(sitting=1, score=score, held_on=date(2026, 3, 4))},
        "assessment": Assessment(text="Asks good questions.", passed=judged),
    }
    return FILE.with_progress(COURSE, CourseProgress(**{**records, **without}))


def complete(file: TrainingFile) -> list[Event]:
    return complete_course(file, CompleteCourse(person_id=CHEN), of=of(), actor=SCHOOL, at=LATER)


def rate(file: TrainingFile, actor: Actor = THEMSELVES, course: Course | None = None, rating: int = 4) -> list[Event]:
    return rate_course(file, RateCourse(rating=rating), course=course or attended_by_chen(), actor=actor)


def test_four_records_become_an_entry_of_the_training_file() -> None:
    event, completed = complete(whole())
    assert isinstance(completed, CourseCompleted) and completed.entry == 1
    assert isinstance(event, TrainingRecorded) and event.record is not None
    record = event.record
    assert (record.number, record.course_id, record.passed, record.score) == (f"course/{COURSE}", COURSE, True, 60)
    assert (record.hours, record.attended_hours, record.leave_hours, record.days) == (14, 12, 2, 2)
    refused(lambda: complete(after(whole(), [event, completed])), CourseHasEndedForThem)


@pytest.mark.parametrize(("score", "judged", "passed"), [(59, True, False), (60, False, False), (60, True, True)])
def test_passed_is_by_the_pass_mark_and_by_the_assessor(score: int, judged: bool, passed: bool) -> None:
    event, _ = complete(whole(score, judged))
    assert isinstance(event, TrainingRecorded) and event.record is not None and event.record.passed is passed


@pytest.mark.parametrize(
    "without",
    [
        {"study": None},
        {"sessions": {1: Attendance(session=1, attended_hours=6)}},
        {"sittings": {}},
        {"assessment": None},
    ],
)
def test_nobody_completes_a_course_without_all_four(without: dict[str, Any]) -> None:
    refused(lambda: complete(whole(**without)), RecordsMissing)


def test_whoever_completed_a_course_rates_it_once_and_how_is_sealed() -> None:
    done = after(whole(), complete(whole()))
    (rated,) = rate(done)
    assert isinstance(rated, CourseRated) and rated.without_sealed().rating is None
    refused(lambda: rate(after(done, [rated])), AlreadyRated)
    refused(lambda: rate(whole()), NotCompletedByYou)
    refused(lambda: rate(done, actor=SCHOOL), NotCompletedByYou)
    refused(lambda: rate_course(done, RateCourse(rating=4), course=None, actor=THEMSELVES), CourseNotFound)
