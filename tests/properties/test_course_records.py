"""In whatever order a school records a course of somebody, the hours add up and leave above the share ends it."""

from datetime import date, timedelta
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.arrangement import Session
from domain.command import Command
from domain.course_attendance import AttendanceRecorded, CourseTakenUpAgain, RecordAttendance, record_attendance
from domain.course_completion import CompleteCourse, complete_course
from domain.course_progress import Assessment, Attendance, Examination, Study
from domain.course_record import (
    RecordAssessment,
    RecordExamination,
    RecordStudy,
    record_assessment,
    record_examination,
    record_study,
)
from domain.event import Event
from domain.refusal import Refusal
from domain.training_file import TrainingFile, TrainingRecorded
from tests.courses import COURSE, FILE, after, attended_by_chen, of, rules
from tests.examples import CHEN, SCHOOL, at

FIRST = date(2026, 3, 2)
HOURS, OUTSIDE = 6, 4
MENDING = (AttendanceRecorded, CourseTakenUpAgain)
CORRECTING = st.sampled_from([None, "It was misread."])
OVER = at("2026-06-01")


def sessions(count: int) -> tuple[Session, ...]:
    return tuple(Session(on=FIRST + timedelta(days=place), hours=HOURS) for place in range(count))


@st.composite
def steps(draw: st.DrawFn, count: int) -> Command:
    """A step of the school: two in three are sound, so that courses come to their end; the others are anything."""
    sound = draw(st.integers(0, 2)) > 0
    correcting = draw(CORRECTING)
    attendance = Attendance(
        session=draw(st.integers(1, count)),
        attended_hours=3 if sound else draw(st.integers(0, HOURS + 1)),
        leave_hours=0 if draw(st.integers(0, 7)) else 3,
        leave_reason="A hearing.",
    )
    sitting = Examination(
        sitting=1 if sound else draw(st.integers(1, 3)), score=draw(st.integers(0, 100)), held_on=FIRST
    )
    study = Study(covered="Chapters.", hours_outside=OUTSIDE if sound else draw(st.integers(0, OUTSIDE + 1)))
    assessment = Assessment(text="Asks well.", passed=draw(st.booleans()))
    wishes: list[Command] = [
        RecordAttendance(person_id=CHEN, attendance=attendance, correcting=correcting),
        RecordExamination(person_id=CHEN, examination=sitting, correcting=correcting),
        RecordStudy(person_id=CHEN, study=study, correcting=correcting),
        RecordAssessment(person_id=CHEN, assessment=assessment, correcting=correcting),
        CompleteCourse(person_id=CHEN),
    ]
    return draw(st.sampled_from([wishes[0], *wishes]))


def taken(file: TrainingFile, command: Command, count: int) -> list[Event]:
    about = of(attended_by_chen(hours=count * HOURS + OUTSIDE, days=count, sessions=sessions(count)))
    match command:
        case RecordAttendance():
            return record_attendance(file, command, of=about, actor=SCHOOL, at=OVER)
        case RecordExamination():
            return record_examination(file, command, of=about, actor=SCHOOL, at=OVER)
        case RecordStudy():
            return record_study(file, command, of=about, actor=SCHOOL, at=OVER)
        case RecordAssessment():
            return record_assessment(file, command, of=about, actor=SCHOOL, at=OVER)
    return complete_course(file, cast(CompleteCourse, command), of=about, actor=SCHOOL, at=OVER)


@given(st.data(), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_hours_add_up_leave_ends_the_course_and_nobody_completes_without_four_records(
    data: st.DataObject, count: int
) -> None:
    """F25."""
    file, hours = FILE, count * HOURS + OUTSIDE
    share = rules().leave_at_most
    assert share is not None
    for command in data.draw(st.lists(steps(count), min_size=5, max_size=30)):
        before = file.progress(COURSE)
        try:
            events = taken(file, command, count)
        except Refusal:
            continue
        file = after(file, events)
        progress = file.progress(COURSE)
        assert not before.ended_by_leave or all(isinstance(event, MENDING) for event in events)
        assert progress.attended_hours + progress.leave_hours <= hours - OUTSIDE
        assert progress.ended_by_leave is (progress.leave_hours > share.value * hours)
        for event in events:
            if isinstance(event, TrainingRecorded):
                record = event.record
                assert before.study and before.sittings and before.assessment and len(before.sessions) == count
                assert record is not None and record.attended_hours + record.leave_hours <= record.hours == hours
    assert len(file.entries) <= 1
