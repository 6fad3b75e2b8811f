"""What ends a course for somebody who stayed: its completion by all four records, and their own rating of it."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.course import Course, CourseNotFound
from domain.course_progress import CourseProgress
from domain.course_record import Class, OfParticipant, ProgressEvent, number_of, under_way
from domain.event import Event, Personal
from domain.identity import Actor
from domain.refusal import Refusal
from domain.training_file import TrainingFile, TrainingRecord, TrainingRecorded
from domain.training_rules import Training

Stars = Annotated[int, Field(ge=1, le=5)]


class CompleteCourse(OfParticipant):
    """The school completes a course for somebody: it goes into their training file, passed or not."""


class RateCourse(Command):
    """Somebody who completed a course says how good it was."""

    rating: Stars = Field(description="from 1, poor, to 5, excellent; counted, never shown with your name")


class CourseCompleted(ProgressEvent):
    """A course is over for somebody, with all four records; what came of it is the entry of their training file."""

    entry: int

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return replace(progress, completed=True)


class CourseRated(ProgressEvent):
    """Somebody rated a course that they completed; how is sealed, and counted."""

    rating: Annotated[Stars | None, Personal(of="person_id")] = None

    def onto(self, progress: CourseProgress) -> CourseProgress:
        return replace(progress, rated=True)


class RecordsMissing(Refusal):
    rule = "house.four_records_complete_a_course"


class NotCompletedByYou(Refusal):
    rule = "house.a_course_is_rated_by_whoever_completed_it"


class AlreadyRated(Refusal):
    rule = "house.one_rating_a_person"


def complete_course(
    file: TrainingFile, command: CompleteCourse, *, of: Class, actor: Actor, at: datetime
) -> list[Event]:
    """All four records make a training record, passed by the pack's pass mark and the assessor's judgement.

    Source: features F25.
    Refuses: WrongOrgan, SchoolsOwnTraining, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, NotEnrolled,
    CourseHasEndedForThem, SessionNotHeldYet, RecordsMissing.
    """
    course, progress = under_way(file, command, of, actor, at)
    if missing := _missing(progress, course):
        raise RecordsMissing(
            f"For completing {course.title} there is no {', no '.join(missing)}. Record what is missing first.",
            missing=list(missing),
        )
    record = _record(progress, course, of.rules)
    entry = len(file.entries) + 1
    return [
        TrainingRecorded(person_id=file.person, entry=entry, school=course.school, record=record),
        CourseCompleted(person_id=file.person, course_id=course.course_id, entry=entry),
    ]


def rate_course(file: TrainingFile, command: RateCourse, *, course: Course | None, actor: Actor) -> list[Event]:
    """Whoever completed a course rates it, once.

    Source: features F15.
    Refuses: CourseNotFound, NotCompletedByYou, AlreadyRated.
    """
    if course is None:
        raise CourseNotFound("There is no such course. Check its id, and name one that you completed.")
    progress = file.progress(course.course_id)
    if actor.officer != file.person or not progress.completed:
        raise NotCompletedByYou(
            f"{course.title} is not in your file as completed. Wait until the school has completed it for you."
        )
    if progress.rated:
        raise AlreadyRated("You have rated this course, and that is counted. Name another one.")
    return [CourseRated(person_id=file.person, course_id=course.course_id, rating=command.rating)]


def _missing(progress: CourseProgress, course: Course) -> tuple[str, ...]:
    without = [str(n) for n in range(1, len(course.arrangement.sessions) + 1) if n not in progress.sessions]
    wanted = {
        "record of study": progress.study is None,
        f"attendance of session {', '.join(without)}": bool(without),
        "examination": not progress.sittings,
        "assessment": progress.assessment is None,
    }
    return tuple(what for what, is_missing in wanted.items() if is_missing)


def _record(progress: CourseProgress, course: Course, rules: Training | None) -> TrainingRecord:
    arranged, study, assessment = course.arrangement, progress.study, progress.assessment
    assert study is not None and assessment is not None
    score = progress.best_score or 0
    mark = rules.pass_mark.value if rules and rules.pass_mark else 0
    sessions = enumerate(arranged.sessions, start=1)
    days = {session.on for place, session in sessions if progress.sessions[place].attended_hours}
    # A session that was put in later takes of the hours outside: together they are never more than the course has.
    attended = min(progress.attended_hours + study.hours_outside, arranged.hours - progress.leave_hours)
    return TrainingRecord(
        number=number_of(course.course_id),
        title=course.title,
        kind=course.kind,
        method=course.method,
        began_on=arranged.began_on,
        ended_on=arranged.ended_on,
        hours=arranged.hours,
        attended_hours=attended,
        leave_hours=progress.leave_hours,
        days=min(arranged.days, len(days)),
        score=score,
        passed=score >= mark and assessment.passed,
        assessment=assessment.text,
        course_id=course.course_id,
    )
