"""Second of the four records: attendance, session by session. Leave above the pack's share ends a course by itself."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Annotated

from domain.course import Course
from domain.course_progress import Attendance, CourseProgress
from domain.course_record import (
    Class,
    HoursBeyondTheCourse,
    ProgressEvent,
    Recording,
    SessionNotHeldYet,
    ended_by_leave,
    is_news,
    under_way,
)
from domain.event import Event, Personal
from domain.identity import Actor
from domain.refusal import Refusal, UnknownChoice
from domain.training_file import TrainingFile
from domain.working_days import latest_today

LEAVE_RULE = "training.leave_at_most"


class RecordAttendance(Recording):
    """The school records one session of somebody."""

    attendance: Attendance


class AttendanceRecorded(ProgressEvent):
    """One session of a course is on record for somebody."""

    attendance: Annotated[Attendance | None, Personal(of="person_id")] = None
    correcting: Annotated[str | None, Personal(of="person_id")] = None

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return progress.attending(self.attendance) if self.attendance else progress


class CourseEndedByLeave(ProgressEvent):
    """A course ended for somebody because they took more leave of it than the pack allows."""

    because: Annotated[str | None, Personal(of="person_id")] = None
    under = (LEAVE_RULE,)

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return replace(progress, ended_by_leave=True)


class CourseTakenUpAgain(ProgressEvent):
    """A course goes on for somebody whom it had ended for: their leave had been misstated, and was corrected."""

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return replace(progress, ended_by_leave=False)


class LeaveWithoutReason(Refusal):
    rule = "house.leave_has_a_reason"
    unlawful = False


def record_attendance(
    file: TrainingFile, command: RecordAttendance, *, of: Class, actor: Actor, at: datetime
) -> list[Event]:
    """Second record, session by session. Leave above the share that the pack allows ends the course by itself.

    A course that ended so goes on only when what was stated of leave is corrected, with the reason.

    Source: features F25; training regulations of 2023 (S17): at most one seventh of the hours.
    Refuses: WrongOrgan, SchoolsOwnTraining, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, NotEnrolled,
    CourseHasEndedForThem, UnknownChoice, SessionNotHeldYet, HoursBeyondTheCourse, LeaveWithoutReason,
    AlreadyOnRecord.
    """
    course, progress = under_way(file, command, of, actor, at, left=True)
    stated = command.attendance
    if progress.ended_by_leave and (command.correcting is None or stated.session not in progress.sessions):
        raise ended_by_leave(course)
    _fits_its_session(stated, course, at)
    if not is_news(progress.sessions.get(stated.session), stated, f"session {stated.session}", command.correcting):
        return []
    recorded = AttendanceRecorded(course_id=course.course_id, **dict(command))
    after = recorded.onto(progress)
    share = of.rules.leave_at_most.value if of.rules and of.rules.leave_at_most else None
    over = share is not None and too_much_leave(after.leave_hours, course.arrangement.hours, share)
    who = {"course_id": course.course_id, "person_id": file.person}
    if over and not progress.ended_by_leave:
        hours = course.arrangement.hours
        because = f"{after.leave_hours} hours of leave are more than {share} of the {hours} of the course."
        return [recorded, CourseEndedByLeave(**who, because=because)]
    if progress.ended_by_leave and not over:
        return [recorded, CourseTakenUpAgain(**who)]
    return [recorded]


def too_much_leave(leave_hours: int, hours: int, share: Fraction) -> bool:
    """Whether leave passes the share of a course's hours: of 550 and one seventh, 79 does and 78 does not."""
    return leave_hours > share * hours


def _fits_its_session(stated: Attendance, course: Course, at: datetime) -> None:
    sessions = course.arrangement.sessions
    if stated.session > len(sessions):
        raise UnknownChoice(
            f"The course has {len(sessions)} sessions, and {stated.session} is none of them. Name one of them by its "
            "place.",
            field="attendance.session",
        )
    session = sessions[stated.session - 1]
    if session.on > latest_today(at):
        raise SessionNotHeldYet(
            f"Session {stated.session} is on {session.on:%-d %B %Y}, which is still to come. Record it then.",
            field="attendance.session",
        )
    if stated.attended_hours + stated.leave_hours > session.hours:
        raise HoursBeyondTheCourse(
            f"{stated.attended_hours} hours attended and {stated.leave_hours} of leave are more than the "
            f"{session.hours} of session {stated.session}. Check the two figures.",
            field="attendance.attended_hours",
            limit=session.hours,
        )
    if stated.leave_hours and not stated.leave_reason:
        raise LeaveWithoutReason(
            f"{stated.leave_hours} hours of leave have no reason. State it; it is sealed with the person's own key.",
            field="attendance.leave_reason",
        )
