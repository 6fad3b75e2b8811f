"""The four records of a person and a course: study, attendance, examination, assessment; and what completes it.

All of it stands in the person's own sealed training file. Leave above the pack's share ends the course by itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.course import Course, schools_own
from domain.course_progress import Assessment, Attendance, CourseProgress, Examination, Study
from domain.event import Event, Personal
from domain.identity import Actor, CourseId, PersonId
from domain.participant import NotEnrolled
from domain.refusal import Refusal, UnknownChoice
from domain.training_file import FileEvent, TrainingFile
from domain.training_record import by_the_school
from domain.training_rules import Training
from domain.working_days import latest_today

LEAVE_RULE = "training.leave_at_most"


class OfParticipant(Command):
    """A command about one person in one course."""

    person_id: PersonId


class Recording(OfParticipant):
    """One of the four records. `correcting` says why something that is on record is stated anew."""

    correcting: str | None = Field(None, min_length=5, max_length=500, description="why what is on record was wrong")


class RecordStudy(Recording):
    """The school records what somebody studied."""

    study: Study


class RecordAttendance(Recording):
    """The school records one session of somebody."""

    attendance: Attendance


class RecordExamination(Recording):
    """The school records one sitting of the examination."""

    examination: Examination


class RecordAssessment(Recording):
    """The school records what the assessor says."""

    assessment: Assessment


class ProgressEvent(FileEvent):
    """An event of a person's training file about one course."""

    course_id: CourseId

    def apply(self, file: TrainingFile) -> TrainingFile:
        return file.with_progress(self.course_id, self.onto(file.progress(self.course_id)))

    def onto(self, progress: CourseProgress) -> CourseProgress:
        """The progress after this event. It never raises."""
        return progress


class StudyRecorded(ProgressEvent):
    """What somebody studied in a course is on record."""

    study: Annotated[Study | None, Personal(of="person_id")] = None
    correcting: Annotated[str | None, Personal(of="person_id")] = None

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return replace(progress, study=self.study)


class AttendanceRecorded(ProgressEvent):
    """One session of a course is on record for somebody."""

    attendance: Annotated[Attendance | None, Personal(of="person_id")] = None
    correcting: Annotated[str | None, Personal(of="person_id")] = None

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return progress.attending(self.attendance) if self.attendance else progress


class ExaminationRecorded(ProgressEvent):
    """One sitting of a course's examination is on record for somebody."""

    examination: Annotated[Examination | None, Personal(of="person_id")] = None
    correcting: Annotated[str | None, Personal(of="person_id")] = None

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return progress.sitting(self.examination) if self.examination else progress


class AssessmentRecorded(ProgressEvent):
    """What the assessor says of somebody in a course is on record."""

    assessment: Annotated[Assessment | None, Personal(of="person_id")] = None
    correcting: Annotated[str | None, Personal(of="person_id")] = None

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return replace(progress, assessment=self.assessment)


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


class CourseHasEndedForThem(Refusal):
    rule = "house.a_course_that_ended_rests"


class AlreadyOnRecord(Refusal):
    rule = "house.a_correction_says_why"


class SessionNotHeldYet(Refusal):
    rule = "house.training_is_recorded_when_it_is_over"
    unlawful = False


class HoursBeyondTheCourse(Refusal):
    rule = "house.a_training_record_adds_up"
    unlawful = False


class LeaveWithoutReason(Refusal):
    rule = "house.leave_has_a_reason"
    unlawful = False


@dataclass(frozen=True, slots=True)
class Class:
    """The course that a record is about, under the training rules that it was scheduled under."""

    course: Course | None
    rules: Training | None


def record_study(file: TrainingFile, command: RecordStudy, *, of: Class, actor: Actor, at: datetime) -> list[Event]:
    """First record: what was covered, and what of it outside of the sessions, up to what the course leaves for that.

    Source: features F25.
    Refuses: WrongOrgan, SchoolsOwnTraining, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, NotEnrolled,
    CourseHasEndedForThem, SessionNotHeldYet, HoursBeyondTheCourse, AlreadyOnRecord.
    """
    course, progress = under_way(file, command, of, actor, at)
    outside = course.arrangement.hours_outside
    if command.study.hours_outside > outside:
        raise HoursBeyondTheCourse(
            f"{command.study.hours_outside} hours outside of the sessions are more than the {outside} that the course "
            "leaves for that. Correct the hours.",
            field="study.hours_outside",
            limit=outside,
        )
    if not _is_news(progress.study, command.study, "what was studied", command.correcting):
        return []
    return [StudyRecorded(course_id=course.course_id, **dict(command))]


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
        raise _ended_by_leave(course)
    _fits_its_session(stated, course, at)
    if not _is_news(progress.sessions.get(stated.session), stated, f"session {stated.session}", command.correcting):
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


def record_examination(
    file: TrainingFile, command: RecordExamination, *, of: Class, actor: Actor, at: datetime
) -> list[Event]:
    """Third record: a sitting of the examination; the best one counts.

    Source: features F25.
    Refuses: WrongOrgan, SchoolsOwnTraining, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, NotEnrolled,
    CourseHasEndedForThem, SessionNotHeldYet, UnknownChoice, AlreadyOnRecord.
    """
    course, progress = under_way(file, command, of, actor, at)
    stated = command.examination
    if not course.arrangement.began_on <= stated.held_on <= latest_today(at):
        raise SessionNotHeldYet(
            f"An examination on {stated.held_on:%-d %B %Y} lies before the course began, on "
            f"{course.arrangement.began_on:%-d %B %Y}, or is still to come. Record it when it was held.",
            field="examination.held_on",
        )
    if stated.sitting > len(progress.sittings) + 1:
        raise UnknownChoice(
            f"{len(progress.sittings)} sittings are on record, so {stated.sitting} is not the next. Record sitting "
            f"{len(progress.sittings) + 1}.",
            field="examination.sitting",
        )
    if not _is_news(progress.sittings.get(stated.sitting), stated, f"sitting {stated.sitting}", command.correcting):
        return []
    return [ExaminationRecorded(course_id=course.course_id, **dict(command))]


def record_assessment(
    file: TrainingFile, command: RecordAssessment, *, of: Class, actor: Actor, at: datetime
) -> list[Event]:
    """Fourth record: what the assessor says.

    Source: features F25.
    Refuses: WrongOrgan, SchoolsOwnTraining, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, NotEnrolled,
    CourseHasEndedForThem, SessionNotHeldYet, AlreadyOnRecord.
    """
    course, progress = under_way(file, command, of, actor, at)
    if not _is_news(progress.assessment, command.assessment, "the assessment", command.correcting):
        return []
    return [AssessmentRecorded(course_id=course.course_id, **dict(command))]


def number_of(course_id: CourseId) -> str:
    """Under which number the school's record of a course stands in the files of those who completed it."""
    return f"course/{course_id}"


def under_way(
    file: TrainingFile, command: OfParticipant, of: Class, actor: Actor, at: datetime, *, left: bool = False
) -> tuple[Course, CourseProgress]:
    """A course that somebody has a place in and that has not ended for them, and how far they are in it.

    `left`: also one that has ended for them by leave.

    Refuses: WrongOrgan, SchoolsOwnTraining, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, NotEnrolled,
    CourseHasEndedForThem, SessionNotHeldYet.
    """
    by_the_school(command, command.person_id, actor)
    course = schools_own(of.course, command, actor)
    progress = file.progress(course.course_id)
    if progress.ended_by_leave and not left:
        raise _ended_by_leave(course)
    if file.numbered(course.school, number_of(course.course_id)) is not None:
        raise CourseHasEndedForThem(
            f"{course.title} is complete for this person. Correct the record in their training file, if it is wrong: "
            "name its entry in `correct_training_record`."
        )
    if command.person_id not in course.enrolled:
        raise NotEnrolled("This person has no place in the course. Enrol them first, or name another person.")
    if course.arrangement.began_on > latest_today(at):
        raise SessionNotHeldYet(
            f"{course.title} begins on {course.arrangement.began_on:%-d %B %Y}. Record what comes of it from then on."
        )
    return course, progress


def _ended_by_leave(course: Course) -> CourseHasEndedForThem:
    return CourseHasEndedForThem(
        f"{course.title} has ended for this person: they took leave for more of it than is allowed. Enrol them in "
        "another course; or, if their leave was misstated, correct that session and state why in `correcting`."
    )


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


def _is_news(before: object | None, stated: object, what: str, correcting: str | None) -> bool:
    if before is None:
        return True
    if before == stated:
        return False
    if correcting is None:
        raise AlreadyOnRecord(
            f"Of {what} something else is on record. State in `correcting` why that was wrong; both stay readable.",
            field="correcting",
        )
    return True
