"""What the training register was told and on which day, fact by fact, so that a report can stand still.

Nothing in it is replaced: a correction is another fact. Of somebody forgotten no row is left once it is rebuilt.
"""

from collections.abc import Sequence
from datetime import UTC, date
from typing import Any

from domain.event import Event, Recorded
from domain.in_service import ServiceEnded, ServiceRegistered
from domain.probation import AppointmentIssued
from domain.training_file import TrainingRecordCorrected, TrainingRecorded
from domain.training_verification import MakeUpTrainingExpired, MakeUpTrainingRecorded, TrainingVerified
from eventstore.named_sql import statements
from projections.projection import Connection

SQL = statements("projections", "training_told.sql")
TABLES = ("training_told", "service_told", "verdict_told")
APPOINTED = "appointed"
Row = tuple[Any, ...]


async def tell(connection: Connection, page: Sequence[Recorded[Event]]) -> None:
    """Keeps the facts of a page; its events are opened already."""
    if trainings := [row for recorded in page if (row := _training(recorded)) is not None]:
        await connection.execute(SQL["training"], *(list(column) for column in zip(*trainings, strict=True)))
    for statement, facts in (("service", _service), ("verdict", _verdict)):
        if rows := [row for recorded in page if (row := facts(recorded)) is not None]:
            await connection.executemany(SQL[statement], rows)


def told(recorded: Recorded[Event]) -> tuple[int, date]:
    """Where a fact stands in the log, and the day on which it was told."""
    return recorded.position, recorded.recorded_at.astimezone(UTC).date()


def _training(recorded: Recorded[Event]) -> Row | None:
    event = recorded.event
    if not isinstance(event, TrainingRecorded | TrainingRecordCorrected) or (record := event.record) is None:
        return None
    return (
        *told(recorded),
        *(event.person_id, event.entry, event.school),
        *(record.number, record.title, record.kind, record.method, record.began_on, record.ended_on),
        *(record.hours, record.attended_hours, record.leave_hours, record.days, record.score, record.passed),
        record.course_id,
    )


def _service(recorded: Recorded[Event]) -> Row | None:
    match recorded.event:
        case ServiceRegistered(service=service) as event if service is not None:
            said = (service.unit, service.pack, service.rank, service.since_on, None)
            return (*told(recorded), event.person_id, *said)
        case ServiceEnded(until_on=date() as until_on) as event:
            return (*told(recorded), event.person_id, None, None, None, None, until_on)
    return None


def _verdict(recorded: Recorded[Event]) -> Row | None:
    said = (*told(recorded), recorded.stream.removeprefix("appointment/"))
    match recorded.event:
        case TrainingVerified() as event:
            return (*said, event.candidate_id, str(event.result), event.window_to_on)
        case AppointmentIssued() as event:
            return (*said, event.candidate_id, APPOINTED, event.make_up.closes_on if event.make_up else None)
        case MakeUpTrainingRecorded():
            return (*said, None, "made_up", None)
        case MakeUpTrainingExpired():
            return (*said, None, "expired", None)
    return None
