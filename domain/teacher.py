"""Who teaches: on what terms, of which profession, and born when. All of it is sealed, and counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.command import Command
from domain.event import Event, Personal, StreamId
from domain.identity import Actor, OrganId, PersonId
from domain.refusal import Refusal
from domain.training_record import schools_alone
from domain.training_rules import TrainingId


class TeachingTerms(BaseModel):
    """On what terms somebody teaches. `staff_type` is data: full_time, part_time, visiting, or another."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    staff_type: TrainingId
    profession: str = Field(min_length=2, max_length=80)
    birth_year: int = Field(ge=1900, le=2200)
    from_on: date = Field(description="first day as a teacher here")
    until_on: date | None = Field(None, description="last day, once it is known")


class RegisterTeacher(Command):
    """The school puts a teacher on its register, or says on what terms they teach now."""

    person_id: PersonId
    terms: TeachingTerms

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.terms.until_on is not None and self.terms.until_on < self.terms.from_on:
            raise ValueError("they teach until a day before the one from which they do; write them in their order")
        return self


class TeacherRegistered(Event):
    """Somebody teaches at a school on these terms."""

    person_id: PersonId
    school: OrganId
    terms: Annotated[TeachingTerms | None, Personal(of="person_id")] = None


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher as the register has them; `terms` is None once they were forgotten."""

    person: PersonId
    school: OrganId
    terms: TeachingTerms | None


class AnotherSchoolsTeacher(Refusal):
    rule = "house.a_school_registers_its_own_teachers"


def teacher_stream(person: PersonId) -> StreamId:
    """The stream of what is registered of one teacher."""
    return StreamId(f"teacher/{person}")


def fold_teacher(events: Iterable[Event]) -> Teacher | None:
    """The teacher that a stream of opened events has made; None before the first."""
    teacher: Teacher | None = None
    for event in events:
        if isinstance(event, TeacherRegistered):
            teacher = Teacher(event.person_id, event.school, event.terms)
    return teacher


def register_teacher(teacher: Teacher | None, command: RegisterTeacher, *, actor: Actor) -> list[Event]:
    """The school registers who teaches; saying the same again changes nothing.

    Source: features F14.
    Refuses: WrongOrgan, AnotherSchoolsTeacher.
    """
    schools_alone(command, actor)
    if teacher is not None and teacher.school != actor.organ:
        raise AnotherSchoolsTeacher(f"This teacher is registered by {teacher.school}. Ask that school.")
    if teacher == Teacher(command.person_id, actor.organ, command.terms):
        return []
    return [TeacherRegistered(person_id=command.person_id, school=actor.organ, terms=command.terms)]
