"""Putting a person's training on record, and correcting it: the school's, and nobody else's."""

from datetime import datetime

from pydantic import Field

from domain.command import Command
from domain.event import Event
from domain.identity import Actor, PersonId, Role
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.training_file import TrainingFile, TrainingRecord, TrainingRecordCorrected, TrainingRecorded
from domain.training_rules import TrainingTerms
from domain.working_days import latest_today

HOURS_OF_A_DAY = 24


class RecordTraining(Command):
    """The school puts a person's completed training on record."""

    person_id: PersonId
    record: TrainingRecord


class CorrectTrainingRecord(Command):
    """The school corrects what it put on record; what stood there before stays readable beside it."""

    person_id: PersonId
    entry: int = Field(ge=1, description="the place of the record in the person's file")
    record: TrainingRecord
    reason: str = Field(min_length=5, max_length=1000)


class AlreadyOnFile(Refusal):
    rule = "house.one_number_one_record"


class NoSuchRecord(Refusal):
    rule = "house.known_values"
    unlawful = False


class AnotherSchoolsRecord(Refusal):
    rule = "house.a_school_corrects_its_own_records"


class RecordUnchanged(Refusal):
    rule = "house.a_correction_changes_something"
    unlawful = False


class TrainingStillToCome(Refusal):
    rule = "house.training_is_recorded_when_it_is_over"
    unlawful = False


class RecordDoesNotAddUp(Refusal):
    rule = "house.a_training_record_adds_up"
    unlawful = False


class CourseFilesItsOwn(Refusal):
    rule = "house.a_course_files_its_own_records"


class SchoolsOwnTraining(Refusal):
    rule = "house.nobody_records_their_own_training"


def record_training(
    file: TrainingFile, command: RecordTraining, *, actor: Actor, at: datetime, terms: TrainingTerms
) -> list[Event]:
    """A school puts a training on record once it is over, under a number that it has not used yet.

    Source: features F25 and F26; training regulations of 2023, on the training file (S76).
    Refuses: WrongOrgan, SchoolsOwnTraining, UnknownChoice, RecordDoesNotAddUp, TrainingStillToCome,
    CourseFilesItsOwn, AlreadyOnFile.
    Idempotent by: the school's own number of the record.
    """
    by_the_school(command, command.person_id, actor)
    _is_sound(command.record, at, terms)
    _of_course(None, command.record)
    known = file.numbered(actor.organ, command.record.number)
    if known is None:
        entry = len(file.entries) + 1
        return [TrainingRecorded(person_id=file.person, entry=entry, school=actor.organ, record=command.record)]
    if known.record == command.record:
        return []
    raise AlreadyOnFile(
        f"The number {command.record.number} is on file as entry {known.entry} and says something else there. "
        "Correct that entry with `correct_training_record`, or give this record a number of its own.",
        field="record.number",
        entry=known.entry,
    )


def correct_training_record(
    file: TrainingFile, command: CorrectTrainingRecord, *, actor: Actor, at: datetime, terms: TrainingTerms
) -> list[Event]:
    """A school corrects a record of its own, with a reason; both stay visible.

    Refuses: WrongOrgan, SchoolsOwnTraining, UnknownChoice, RecordDoesNotAddUp, TrainingStillToCome, NoSuchRecord,
    AnotherSchoolsRecord, CourseFilesItsOwn, AlreadyOnFile, RecordUnchanged.
    """
    by_the_school(command, command.person_id, actor)
    _is_sound(command.record, at, terms)
    filed = file.entries.get(command.entry)
    if filed is None:
        raise NoSuchRecord(
            f"The file has no entry {command.entry}; it has {len(file.entries)}. Read it again.", field="entry"
        )
    if filed.school != actor.organ:
        raise AnotherSchoolsRecord(f"Entry {command.entry} was recorded by {filed.school}. Ask that school to correct.")
    if filed.record == command.record:
        raise RecordUnchanged("The correction says what the record says already. State what is to change.")
    _of_course(filed.record, command.record)
    other = file.numbered(actor.organ, command.record.number)
    if other is not None and other.entry != command.entry:
        raise AlreadyOnFile(
            f"The number {command.record.number} belongs to entry {other.entry}. Keep the number of entry "
            f"{command.entry}, or choose one that is free.",
            field="record.number",
            entry=other.entry,
        )
    corrected = TrainingRecordCorrected(
        person_id=file.person, entry=filed.entry, school=actor.organ, record=command.record, reason=command.reason
    )
    return [corrected]


def _of_course(filed: TrainingRecord | None, said: TrainingRecord) -> None:
    """A course that is held here files its own records when it is completed: no other record may speak for it."""
    if said.course_id != (filed.course_id if filed else None):
        raise CourseFilesItsOwn(
            "Only `complete_course` names the course that a record is of, and a correction leaves it. "
            "Leave `course_id` as it stands, or out.",
            field="record.course_id",
        )


def by_the_school(command: Command, person: PersonId, actor: Actor) -> None:
    """Only a school writes training, and nobody there their own.

    Source: features F23 and F25 (macro and micro functions kept apart).
    Refuses: WrongOrgan, SchoolsOwnTraining.
    """
    schools_alone(command, actor)
    if person in actor.hands:
        raise SchoolsOwnTraining("You cannot record your own training. Another officer of the school must do it.")


def schools_alone(command: Command, actor: Actor) -> None:
    """What training is given, and what came of it, is the school's to say.

    Source: features F23 (macro and micro functions kept apart).
    Refuses: WrongOrgan.
    """
    if Role.SCHOOL not in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is the school's: whoever plans training does not write its results. Ask the school.",
            duty_holder=str(Role.SCHOOL),
            organ=actor.organ,
        )


def _is_sound(record: TrainingRecord, at: datetime, terms: TrainingTerms) -> None:
    for name, value, known in (("kind", record.kind, terms.kinds), ("method", record.method, terms.methods)):
        if value not in known:
            raise UnknownChoice(
                f"“{value}” is no {name} of training that a pack in force names; choose one of "
                f"{', '.join(sorted(known)) or 'none'}.",
                field=f"record.{name}",
                known=sorted(known),
            )
    if record.ended_on < record.began_on:
        raise RecordDoesNotAddUp(
            f"The training ends on {record.ended_on:%-d %B %Y}, before it begins on {record.began_on:%-d %B %Y}. "
            "Write the days in their order.",
            field="record.ended_on",
        )
    span_days = (record.ended_on - record.began_on).days + 1
    if record.hours > span_days * HOURS_OF_A_DAY:
        raise RecordDoesNotAddUp(
            f"{record.hours} hours do not fit into the {span_days} days from {record.began_on:%-d %B %Y} to "
            f"{record.ended_on:%-d %B %Y}. Correct the hours or the days.",
            field="record.hours",
            limit=span_days * HOURS_OF_A_DAY,
        )
    if record.days > span_days or (record.days and not record.attended_hours):
        raise RecordDoesNotAddUp(
            f"{record.days} days of training with {record.attended_hours} hours attended do not fit into the "
            f"{span_days} days from {record.began_on:%-d %B %Y} to {record.ended_on:%-d %B %Y}. Correct what is wrong.",
            field="record.days",
        )
    if record.attended_hours + record.leave_hours > record.hours:
        raise RecordDoesNotAddUp(
            f"{record.attended_hours} hours attended and {record.leave_hours} of leave are more than the "
            f"{record.hours} that the course had. Correct one of the three.",
            field="record.attended_hours",
        )
    if record.ended_on > latest_today(at):
        raise TrainingStillToCome(
            f"The training ends on {record.ended_on:%-d %B %Y}, which is still to come. Record it when it is over.",
            field="record.ended_on",
        )
