"""The four records of a person and a course: study, attendance, examination, assessment; and what completes it.

All of it stands in the person's own sealed training file. Attendance, and what leave leads to, has a module of its own.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.course import Course, schools_own
from domain.course_progress import Assessment, CourseProgress, Examination, Study
from domain.event import Event, Personal
from domain.identity import Actor, CourseId, PersonId
from domain.participant import NotEnrolled
from domain.refusal import Refusal, UnknownChoice
from domain.training_file import FileEvent, TrainingFile
from domain.training_record import by_the_school
from domain.training_rules import Training
from domain.working_days import latest_today


class OfParticipant(Command):
    """A command about one person in one course."""

    person_id: PersonId


class Recording(OfParticipant):
    """One of the four records. `correcting` says why something that is on record is stated anew."""

    correcting: str | None = Field(None, min_length=5, max_length=500, description="why what is on record was wrong")


class RecordStudy(Recording):
    """The school records what somebody studied."""

    study: Study


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
    if not is_news(progress.study, command.study, "what was studied", command.correcting):
        return []
    return [StudyRecorded(course_id=course.course_id, **dict(command))]


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
    if not is_news(progress.sittings.get(stated.sitting), stated, f"sitting {stated.sitting}", command.correcting):
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
    if not is_news(progress.assessment, command.assessment, "the assessment", command.correcting):
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
        raise ended_by_leave(course)
    if progress.completed or file.numbered(course.school, number_of(course.course_id)) is not None:
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


def ended_by_leave(course: Course) -> CourseHasEndedForThem:
    """What is said of a course that somebody left by their leave."""
    return CourseHasEndedForThem(
        f"{course.title} has ended for this person: they took leave for more of it than is allowed. Enrol them in "
        "another course; or, if their leave was misstated, correct that session and state why in `correcting`."
    )


def is_news(before: object | None, stated: object, what: str, correcting: str | None) -> bool:
    """Whether something is stated that is not on record yet; what differs from the record needs a reason.

    Refuses: AlreadyOnRecord.
    """
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
