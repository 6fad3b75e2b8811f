"""A course: what is taught, where, by whom, in which sessions, for how many; and under which rules of which pack."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import Field

from domain.arrangement import Arranged, Arrangement
from domain.command import Command
from domain.event import Event, PackReference, StreamId
from domain.identity import Actor, CourseId, OrganId, PersonId
from domain.refusal import Refusal, UnknownChoice
from domain.training_record import schools_alone
from domain.training_rules import Training, TrainingId
from domain.working_days import latest_today


class ScheduleCourse(Arranged):
    """The school sets a course up, under the version of a pack that is in force now."""

    title: str = Field(min_length=2, max_length=200, description="what is studied; public")
    pack: PackReference
    kind: TrainingId
    method: TrainingId
    plan_id: str | None = Field(None, max_length=40, description="the training plan that it carries out")


class ChangeCourse(Arranged):
    """The school arranges a course anew; what was held stays as it was."""

    reason: str = Field(min_length=5, max_length=500, description="public: no names of people")


class CancelCourse(Command):
    """The school calls a course off before it ends."""

    reason: str = Field(min_length=5, max_length=500, description="public: no names of people")


class CourseScheduled(Event):
    """A course is to be held. Its pack says for good what leave it allows and what passes."""

    course_id: CourseId
    school: OrganId
    title: str
    pack: PackReference
    kind: TrainingId
    method: TrainingId
    plan_id: str | None = None
    arrangement: Arrangement


class CourseChanged(Event):
    """A course is held otherwise than was said, and why."""

    course_id: CourseId
    arrangement: Arrangement
    reason: str


class CourseCancelled(Event):
    """A course is not held, or not to its end, and why."""

    course_id: CourseId
    reason: str


class CourseNotFound(Refusal):
    rule = "house.known_values"


class AnotherSchoolsCourse(Refusal):
    rule = "house.a_school_keeps_its_own_register"


class CourseIsCancelled(Refusal):
    rule = "house.a_cancelled_course_rests"


class CourseIsOver(Refusal):
    rule = "house.what_was_held_stays"


class SessionsAlreadyHeld(Refusal):
    rule = "house.what_was_held_stays"


class PlacesAlreadyTaken(Refusal):
    rule = "house.whoever_has_a_place_keeps_it"


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it stands: who was sent, and who has a place."""

    course_id: CourseId
    school: OrganId
    title: str
    pack: PackReference
    kind: str
    method: str
    plan_id: str | None
    arrangement: Arrangement
    sent: frozenset[PersonId] = frozenset()
    enrolled: frozenset[PersonId] = frozenset()
    cancelled: bool = False

    def after(self, events: Iterable[Event]) -> "Course":
        """The course after more events."""
        course = self
        for event in events:
            course = _after(course, event)
        return course

    @property
    def days_needed(self) -> tuple[date, ...]:
        """Days on which it needs its facility."""
        return () if self.cancelled or self.arrangement.facility_id is None else self.arrangement.session_days


class CourseEvent(Event):
    """An event about the people of a course, which says itself what it makes of it."""

    course_id: CourseId

    def apply(self, course: Course) -> Course:
        """The course after this event. It never raises: what is recorded has happened."""
        return course


@dataclass(frozen=True, slots=True)
class Known:
    """What else stands on record for a course to refer to: its pack's training rules, its plan, its teachers."""

    training: Training | None
    plan_is_known: bool = True
    teachers: frozenset[PersonId] = frozenset()


def course_stream(course_id: CourseId) -> StreamId:
    """The stream of a course."""
    return StreamId(f"course/{course_id}")


def fold_course(events: Iterable[Event]) -> Course | None:
    """The course that a stream's events have made; None before the first."""
    course: Course | None = None
    for event in events:
        if isinstance(event, CourseScheduled):
            said = (event.course_id, event.school, event.title, event.pack, event.kind, event.method, event.plan_id)
            course = Course(*said, event.arrangement)
        elif course is not None:
            course = _after(course, event)
    return course


def _after(course: Course, event: Event) -> Course:
    match event:
        case CourseChanged():
            return replace(course, arrangement=event.arrangement)
        case CourseCancelled():
            return replace(course, cancelled=True)
        case CourseEvent():
            return event.apply(course)
    return course


def schedule_course(
    course: Course | None, course_id: CourseId, command: ScheduleCourse, *, actor: Actor, known: Known
) -> list[Event]:
    """A school sets up a course of a kind and by a method that its pack knows.

    Source: features F15 and F16.
    Refuses: WrongOrgan, UnknownChoice.
    """
    schools_alone(command, actor)
    if course is not None:
        return []
    rules = known.training
    _known("kind", command.kind, rules.kinds if rules else {}, command.pack)
    _known("method", command.method, rules.methods if rules else {}, command.pack)
    if not known.plan_is_known:
        raise UnknownChoice(
            f"There is no training plan “{command.plan_id}”. Check its id, or leave it out.", field="plan_id"
        )
    _teachers_are_known(command.arrangement, known)
    return [CourseScheduled(course_id=course_id, school=actor.organ, **dict(command))]


def change_course(
    course: Course | None, command: ChangeCourse, *, actor: Actor, at: datetime, known: Known
) -> list[Event]:
    """A school arranges a course anew: what was held stays, and nobody who has a place loses it.

    Refuses: WrongOrgan, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, UnknownChoice, SessionsAlreadyHeld,
    PlacesAlreadyTaken.
    """
    under_way = schools_own(course, command, actor)
    wanted, present = command.arrangement, under_way.arrangement
    if wanted == present:
        return []
    _teachers_are_known(wanted, known)
    today = latest_today(at)
    held = tuple(session for session in present.sessions if session.on <= today)
    if wanted.sessions[: len(held)] != held:
        raise SessionsAlreadyHeld(
            f"{len(held)} sessions have been held by {today:%-d %B %Y} and stay as they were. Name them first, as they "
            "stand, and change those to come.",
            field="arrangement.sessions",
            held=len(held),
        )
    if held and wanted.hours != present.hours:
        raise SessionsAlreadyHeld(
            f"The course began with {present.hours} hours, of which leave is a share; {wanted.hours} would change "
            f"what was agreed. State {present.hours} hours.",
            field="arrangement.hours",
        )
    if wanted.places < len(under_way.enrolled):
        raise PlacesAlreadyTaken(
            f"{len(under_way.enrolled)} people have a place, and {wanted.places} places are fewer. Withdraw some "
            "first, or name more places.",
            field="arrangement.places",
            enrolled=len(under_way.enrolled),
        )
    return [CourseChanged(course_id=under_way.course_id, arrangement=wanted, reason=command.reason)]


def cancel_course(course: Course | None, command: CancelCourse, *, actor: Actor, at: datetime) -> list[Event]:
    """A school calls a course off, with a reason; its facility is free again.

    Refuses: WrongOrgan, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, CourseIsOver.
    """
    under_way = schools_own(course, command, actor)
    if under_way.arrangement.ended_on < at.date():
        raise CourseIsOver(
            f"The course ended on {under_way.arrangement.ended_on:%-d %B %Y}. Complete it for those who attended."
        )
    return [CourseCancelled(course_id=under_way.course_id, reason=command.reason)]


def schools_own(course: Course | None, command: Command, actor: Actor) -> Course:
    """A course of the actor's own school that is not cancelled.

    Refuses: WrongOrgan, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled.
    """
    schools_alone(command, actor)
    under_way = standing(course)
    if under_way.school != actor.organ:
        raise AnotherSchoolsCourse(f"{under_way.title} is a course of {under_way.school}. Ask that school.")
    return under_way


def standing(course: Course | None) -> Course:
    """A course that there is, and that was not cancelled.

    Refuses: CourseNotFound, CourseIsCancelled.
    """
    if course is None:
        raise CourseNotFound("There is no such course. Check its id, or schedule one and name that.", field="course_id")
    if course.cancelled:
        raise CourseIsCancelled(f"{course.title} was cancelled. Name another course.")
    return course


def _known(what: str, value: str, known: Iterable[str], pack: PackReference) -> None:
    if value not in (names := sorted(known)):
        raise UnknownChoice(
            f"“{value}” is no {what} of training that {pack} names; choose one of {', '.join(names) or 'none'}.",
            field=what,
            known=names,
        )


def _teachers_are_known(wanted: Arrangement, known: Known) -> None:
    if missing := sorted(set(wanted.teachers) - known.teachers):
        raise UnknownChoice(
            f"{len(missing)} of the teachers are on no register, {missing[0]} first. Register them, or name others.",
            field="arrangement.teachers",
            missing=[str(person) for person in missing],
        )
