"""Training records and the in-service register as commands: their options, and the request's body that they make."""

from datetime import datetime
from typing import Annotated, Any

import typer

from domain.identity import Role
from domain.in_service import EndService, RegisterService
from domain.training_record import CorrectTrainingRecord, RecordTraining
from runtime.case_options import Body, body_of, day_option
from runtime.case_step import step

Person = Annotated[str, typer.Argument(metavar="PERSON", help="Their identifier at the identity provider.")]
Pack = Annotated[str, typer.Option(help="The pack whose kinds, methods and ranks are meant.")]
Number = Annotated[str, typer.Option(help="The school's own number of the record.")]
Title = Annotated[str, typer.Option(help="What was studied.")]
Kind = Annotated[str, typer.Option(help="Kind of training, as the pack names it.")]
Method = Annotated[str, typer.Option(help="Way of teaching, as the pack names it.")]
BeganOn = Annotated[datetime, day_option("First day.")]
EndedOn = Annotated[datetime, day_option("Last day.")]
Hours = Annotated[int, typer.Option(min=0, help="Hours that the training had.")]
Attended = Annotated[int, typer.Option(min=0, help="Hours that were attended.")]
Leave = Annotated[int, typer.Option(min=0, help="Hours of leave.")]
Days = Annotated[int, typer.Option(min=0, help="Days of training.")]
Score = Annotated[int | None, typer.Option(min=0, max=100, help="Points of a hundred.")]
Passed = Annotated[bool, typer.Option("--passed/--failed", help="Whether it was passed.")]
Assessment = Annotated[str | None, typer.Option(help="The school's assessment, in a sentence or two.")]


@step("record", RecordTraining, "/training-records", Role.SCHOOL)
def record(
    person: Person,
    number: Number,
    title: Title,
    kind: Kind,
    method: Method,
    began_on: BeganOn,
    ended_on: EndedOn,
    hours: Hours,
    attended_hours: Attended,
    leave_hours: Leave = 0,
    days: Days = 0,
    score: Score = None,
    passed: Passed = True,
    assessment: Assessment = None,
    pack: Pack = "standard",
) -> Body:
    """Put a training that is over on record; sealed with the person's own key.

    Example: investiture training record staff-4711 --number 2026/112 --title "Administrative law" --kind in_service \
      --method off_job --began-on 2026-01-12 --ended-on 2026-01-23 --hours 70 --attended-hours 64 --leave-hours 6
    """
    said: dict[str, Any] = body_of(
        number=number, title=title, kind=kind, method=method, began_on=began_on, ended_on=ended_on, hours=hours
    )
    said |= body_of(attended_hours=attended_hours, leave_hours=leave_hours, days=days, score=score, passed=passed)
    return body_of(person=person, pack=pack, record=said | body_of(assessment=assessment))


@step("correct-record", CorrectTrainingRecord, "/training-record-corrections", Role.SCHOOL)
def correct_record(
    person: Person,
    entry: Annotated[int, typer.Option(min=1, help="The place of the record in the person's file.")],
    reason: Annotated[str, typer.Option(help="Why; sealed with the person's own key.")],
    number: Number,
    title: Title,
    kind: Kind,
    method: Method,
    began_on: BeganOn,
    ended_on: EndedOn,
    hours: Hours,
    attended_hours: Attended,
    leave_hours: Leave = 0,
    days: Days = 0,
    score: Score = None,
    passed: Passed = True,
    assessment: Assessment = None,
    pack: Pack = "standard",
) -> Body:
    """Correct a record: say it whole, as it should be, and why; what stood there stays readable beside it.

    Example: investiture training correct-record staff-4711 --entry 1 --reason "Counted twice" --number 2026/112 \
      --title "Administrative law" --kind in_service --method off_job --began-on 2026-01-12 --ended-on 2026-01-23 \
      --hours 70 --attended-hours 60
    """
    said: dict[str, Any] = body_of(
        number=number, title=title, kind=kind, method=method, began_on=began_on, ended_on=ended_on, hours=hours
    )
    said |= body_of(attended_hours=attended_hours, leave_hours=leave_hours, days=days, score=score, passed=passed)
    return body_of(person=person, pack=pack, entry=entry, reason=reason, record=said | body_of(assessment=assessment))


@step("register-service", RegisterService, "/service-registrations", Role.PERSONNEL)
def register_service(
    person: Person,
    unit: Annotated[str, typer.Option(help="Where they serve.")],
    rank: Annotated[str, typer.Option(help="A rank of the pack.")],
    since_on: Annotated[datetime, day_option("First day in this unit at this rank.")],
    pack: Pack = "standard",
) -> Body:
    """Put on the in-service register where somebody serves, also when they move.

    Example: investiture training register-service staff-4711 --unit Registry --rank officer --since-on 2024-09-01
    """
    return body_of(person=person, unit=unit, rank=rank, since_on=since_on, pack=pack)


@step("end-service", EndService, "/service-endings", Role.PERSONNEL)
def end_service(person: Person, until_on: Annotated[datetime, day_option("Their last day.")]) -> Body:
    """Take somebody off the in-service register; what they studied stays on file.

    Example: investiture training end-service staff-4711 --until-on 2026-10-31
    """
    return body_of(person=person, until_on=until_on)


RECORDS = (record, correct_record)
SERVICE = (register_service, end_service)
