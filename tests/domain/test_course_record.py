"""Four records of a person and a course; leave above one seventh ends it by itself, and they add up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from domain.arrangement import Session
from domain.course import CourseNotFound
from domain.course_attendance import (
    AttendanceRecorded,
    CourseEndedByLeave,
    CourseTakenUpAgain,
    LeaveWithoutReason,
    RecordAttendance,
    record_attendance,
    too_much_leave,
)
from domain.course_progress import Assessment, Attendance, Examination, Study
from domain.course_record import (
    AlreadyOnRecord,
    Class,
    CourseHasEndedForThem,
    HoursBeyondTheCourse,
    RecordAssessment,
    RecordExamination,
    RecordStudy,
    SessionNotHeldYet,
    record_assessment,
    record_examination,
    record_study,
)
from domain.event import Event
from domain.identity import Actor
from domain.participant import NotEnrolled
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.training_file import TrainingFile
from domain.training_record import SchoolsOwnTraining
from tests.courses import COURSE, FILE, LATER, START, after, attended_by_chen, of, rules, scheduled
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, PERSONNEL, SCHOOL, at


def refused(decide: Callable[[], object], kind: type[Refusal]) -> None:
    with pytest.raises(kind) as caught:
        decide()
    assert_whole(caught.value)


def study(hours: int = 2, of_class: Class | None = None, actor: Actor = SCHOOL, when: Any = START) -> list[Event]:
    command = RecordStudy(person_id=CHEN, study=Study(covered="Chapters 1 to 6.", hours_outside=hours))
    return record_study(FILE, command, of=of_class or of(), actor=actor, at=when)


def attend(
    file: TrainingFile = FILE, of_class: Class | None = None, correcting: str | None = None, **stated: Any
) -> list[Event]:
    said: dict[str, Any] = {"session": 1, "attended_hours": 6, "leave_reason": "A hearing."}
    command = RecordAttendance(person_id=CHEN, attendance=Attendance(**{**said, **stated}), correcting=correcting)
    return record_attendance(file, command, of=of_class or of(), actor=SCHOOL, at=LATER)


def examine(file: TrainingFile = FILE, **stated: Any) -> list[Event]:
    said: dict[str, Any] = {"sitting": 1, "score": 70, "held_on": date(2026, 3, 4)}
    command = RecordExamination(person_id=CHEN, examination=Examination(**{**said, **stated}))
    return record_examination(file, command, of=of(), actor=SCHOOL, at=LATER)


def test_records_are_the_schools_of_somebody_else_who_has_a_place_in_a_course_that_has_begun() -> None:
    assert len(study()) == 1
    refused(lambda: study(actor=PERSONNEL), WrongOrgan)
    refused(lambda: study(actor=SCHOOL.model_copy(update={"officer": CHEN})), SchoolsOwnTraining)
    refused(lambda: study(of_class=of(scheduled())), NotEnrolled)
    refused(lambda: study(of_class=Class(None, None)), CourseNotFound)
    refused(lambda: study(when=at("2026-02-01")), SessionNotHeldYet)


def test_study_outside_of_the_sessions_goes_up_to_what_the_course_leaves_for_it() -> None:
    refused(lambda: study(3), HoursBeyondTheCourse)


def test_a_session_is_one_of_the_course_held_and_of_no_more_hours_than_it_has() -> None:
    (recorded,) = attend()
    assert isinstance(recorded, AttendanceRecorded) and recorded.without_sealed().attendance is None
    refused(lambda: attend(session=3), UnknownChoice)
    refused(lambda: attend(leave_hours=1), HoursBeyondTheCourse)
    refused(lambda: attend(attended_hours=5, leave_hours=1, leave_reason=None), LeaveWithoutReason)
    to_come = attended_by_chen(sessions=(Session(on=date(2026, 3, 2), hours=6), Session(on=date(2026, 4, 2), hours=6)))
    refused(lambda: attend(of_class=of(to_come), session=2), SessionNotHeldYet)


def test_the_same_again_records_nothing_and_something_else_needs_a_reason() -> None:
    file = after(FILE, attend())
    assert attend(file) == []
    refused(lambda: attend(file, attended_hours=5), AlreadyOnRecord)
    corrected = after(file, attend(file, attended_hours=5, correcting="Misread."))
    assert corrected.progress(COURSE).attended_hours == 5


@pytest.mark.parametrize(("leave", "over"), [(78, False), (79, True)])
def test_of_550_hours_a_leave_of_79_is_over_one_seventh_and_78_is_not(leave: int, over: bool) -> None:
    """F25."""
    assert too_much_leave(leave, 550, Fraction(1, 7)) is over


def test_leave_above_the_share_ends_the_course_in_the_same_append_and_nothing_more_is_recorded() -> None:
    assert len(attend(attended_hours=4, leave_hours=2)) == 1
    recorded, ended = attend(attended_hours=3, leave_hours=3)
    assert isinstance(ended, CourseEndedByLeave) and ended.rules_applied() == ("training.leave_at_most",)
    assert ended.without_sealed().because is None
    file = after(FILE, [recorded, ended])
    refused(lambda: attend(file, session=2), CourseHasEndedForThem)
    refused(lambda: examine(file), CourseHasEndedForThem)


def test_a_course_that_ended_by_misstated_leave_is_taken_up_again_by_the_correction_alone() -> None:
    file = after(FILE, attend(attended_hours=3, leave_hours=3))
    refused(lambda: attend(file, attended_hours=6), CourseHasEndedForThem)
    refused(lambda: attend(file, session=2, correcting="Misread."), CourseHasEndedForThem)
    assert len(attend(file, attended_hours=2, leave_hours=4, correcting="Misread.")) == 1
    mended = attend(file, attended_hours=5, leave_hours=1, correcting="Misread.")
    assert isinstance(mended[1], CourseTakenUpAgain)
    assert not after(file, mended).progress(COURSE).ended_by_leave


def test_a_pack_without_a_leave_rule_ends_no_course() -> None:
    silent = Class(attended_by_chen(), rules().model_copy(update={"leave_at_most": None}))
    assert len(attend(of_class=silent, attended_hours=0, leave_hours=6)) == 1


def test_sittings_follow_each_other_while_the_course_runs_and_after() -> None:
    file = after(FILE, examine(score=50))
    file = after(file, examine(file, sitting=2, score=65, held_on=date(2026, 3, 18)))
    progress = next(iter(file.courses.values()))
    assert progress.best_score == 65
    refused(lambda: examine(file, sitting=4), UnknownChoice)
    refused(lambda: examine(held_on=date(2026, 3, 1)), SessionNotHeldYet)
    refused(lambda: examine(held_on=date(2026, 4, 1)), SessionNotHeldYet)


def test_an_assessment_is_stated_once() -> None:
    command = RecordAssessment(person_id=CHEN, assessment=Assessment(text="Asks good questions.", passed=True))
    file = after(FILE, record_assessment(FILE, command, of=of(), actor=SCHOOL, at=LATER))
    assert record_assessment(file, command, of=of(), actor=SCHOOL, at=LATER) == []


def test_what_was_forgotten_folds_to_nothing() -> None:
    blind = [event.without_sealed() for event in (*attend(), *examine(), *study())]
    progress = next(iter(after(FILE, blind).courses.values()))
    assert replace(progress) == type(progress)()
