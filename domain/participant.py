"""Who was sent to a course, and who has a place in it: personnel send, the school enrols."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.course import Course, CourseEvent, CourseIsOver, schools_own, standing
from domain.event import Event, Personal
from domain.identity import Actor, PersonId, Role
from domain.refusal import Refusal, WrongOrgan


class SendToCourse(Command):
    """The personnel department sends somebody to a course."""

    person_id: PersonId
    reason: str | None = Field(None, max_length=500, description="sealed with the person's own key")


class EnrolParticipant(Command):
    """The school gives somebody a place in a course."""

    person_id: PersonId


class WithdrawParticipant(Command):
    """The school takes somebody out of a course, and why."""

    person_id: PersonId
    reason: str = Field(min_length=5, max_length=500, description="sealed with the person's own key")


class PersonSentToCourse(CourseEvent):
    """Somebody is to attend a course; the school gives the place."""

    person_id: PersonId
    reason: Annotated[str | None, Personal(of="person_id")] = None

    def apply(self, course: Course) -> Course:
        return replace(course, sent=course.sent | {self.person_id})


class ParticipantEnrolled(CourseEvent):
    """Somebody has a place in a course."""

    person_id: PersonId

    def apply(self, course: Course) -> Course:
        return replace(course, enrolled=course.enrolled | {self.person_id})


class ParticipantWithdrawn(CourseEvent):
    """Somebody gave up a place in a course, or had to."""

    person_id: PersonId
    reason: Annotated[str | None, Personal(of="person_id")] = None

    def apply(self, course: Course) -> Course:
        return replace(course, enrolled=course.enrolled - {self.person_id})


class CourseIsFull(Refusal):
    rule = "house.one_place_a_person"


class NotEnrolled(Refusal):
    rule = "house.records_are_of_participants"


def send_to_course(course: Course | None, command: SendToCourse, *, actor: Actor, at: datetime) -> list[Event]:
    """Personnel send somebody to a course; being sent twice is being sent once.

    Source: features F23, F24.
    Refuses: WrongOrgan, CourseNotFound, CourseIsCancelled, CourseIsOver.
    """
    if Role.PERSONNEL not in actor.roles:
        raise WrongOrgan(
            "`send_to_course` is the personnel department's, which plans who is trained. Ask it.",
            duty_holder=str(Role.PERSONNEL),
            organ=actor.organ,
        )
    to_come = _still_held(standing(course), at)
    if command.person_id in to_come.sent:
        return []
    return [PersonSentToCourse(course_id=to_come.course_id, person_id=command.person_id, reason=command.reason)]


def enrol_participant(course: Course | None, command: EnrolParticipant, *, actor: Actor, at: datetime) -> list[Event]:
    """The school enrols a person once, as long as there is a place.

    Source: features F16, F25.
    Refuses: WrongOrgan, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, CourseIsOver, CourseIsFull.
    """
    to_come = _still_held(schools_own(course, command, actor), at)
    if command.person_id in to_come.enrolled:
        return []
    if len(to_come.enrolled) >= to_come.arrangement.places:
        raise CourseIsFull(
            f"All {to_come.arrangement.places} places of {to_come.title} are taken. Withdraw somebody first, name more "
            "places, or enrol them in another course.",
            places=to_come.arrangement.places,
            enrolled=len(to_come.enrolled),
        )
    return [ParticipantEnrolled(course_id=to_come.course_id, person_id=command.person_id)]


def withdraw_participant(course: Course | None, command: WithdrawParticipant, *, actor: Actor) -> list[Event]:
    """The school takes somebody out of a course, with a reason; the place is free again.

    Refuses: WrongOrgan, CourseNotFound, AnotherSchoolsCourse, CourseIsCancelled, NotEnrolled.
    """
    under_way = schools_own(course, command, actor)
    if command.person_id not in under_way.enrolled:
        raise NotEnrolled("This person has no place in the course. Enrol them first, or name another person.")
    withdrawn = ParticipantWithdrawn(course_id=under_way.course_id, person_id=command.person_id, reason=command.reason)
    return [withdrawn]


def _still_held(course: Course, at: datetime) -> Course:
    if course.arrangement.ended_on < at.date():
        raise CourseIsOver(f"{course.title} ended on {course.arrangement.ended_on:%-d %B %Y}. Name another course.")
    return course
