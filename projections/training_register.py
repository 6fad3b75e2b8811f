"""The training register: who serves where, what each studied, and how selections went by it.

What is sealed is opened once here, for whoever plans and whoever teaches; of somebody forgotten no row is left.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from domain.event import Event, Recorded
from domain.in_service import LONGEST_INTERRUPTION_DAYS, ServiceEnded, ServiceRegistered
from domain.nomination import CandidateNominated
from domain.probation import AppointmentIssued
from domain.training_file import TrainingRecordCorrected, TrainingRecorded
from domain.training_verification import MakeUpTrainingExpired, MakeUpTrainingRecorded, TrainingVerified
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.store import EventStore, StoredEvent
from projections import training_told
from projections.projection import Connection, Projection

SQL = statements("projections", "training_register.sql")
OF_FILES = {kind.alias for kind in (TrainingRecorded, TrainingRecordCorrected, ServiceRegistered, ServiceEnded)}
OF_CASES = {
    kind.alias
    for kind in (CandidateNominated, TrainingVerified, AppointmentIssued, MakeUpTrainingRecorded, MakeUpTrainingExpired)
}


class TrainingRow(NamedTuple):
    """One record of one person's file, as it stands after its corrections. Units: hours, days, points of a hundred."""

    person_id: str
    entry: int
    school: str
    number: str
    title: str
    kind: str
    method: str
    began_on: date
    ended_on: date
    hours: int
    attended_hours: int
    leave_hours: int
    days: int
    score: int | None
    passed: bool
    course_id: str | None
    corrected: bool
    position: int


class TrainingRegister(Projection):
    """Keeps the register."""

    name = "training_register"
    version = 3
    tables = ("training_entry", "in_service", "training_verdict", *training_told.TABLES)
    definition = f"{SQL['definition']};\n{training_told.SQL['definition']}"
    indexes = f"{SQL['indexes']};\n{training_told.SQL['indexes']}"

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store = store
        self._keys = keys

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        heard = [row for row in page if row.type in OF_FILES or row.type in OF_CASES]
        if not heard:
            return
        recorded = await opened(self._store, self._keys, heard, lambda owner: owner.startswith("person/"))
        await training_told.tell(connection, recorded)
        await self._file(connection, recorded)
        for serve, rows in groupby(recorded, lambda row: isinstance(row.event, ServiceRegistered)):
            if serve:
                await self._serve(connection, rows)
            else:
                for row in rows:
                    await self._apply_one(connection, row)

    async def _file(self, connection: Connection, page: Iterable[Recorded[Event]]) -> None:
        """All records of a page in one statement: a school's file of a hundred thousand lines is twenty pages."""
        rows = {(row.person_id, row.entry): row for recorded in page if (row := _row(recorded)) is not None}
        if rows:
            await connection.execute(SQL["file"], *(list(column) for column in zip(*rows.values(), strict=True)))

    async def _serve(self, connection: Connection, page: Iterable[Recorded[Event]]) -> None:
        """Registrations that follow each other, sent together: a department's file is of many thousand people."""
        said = [
            (recorded.event.person_id, *served, LONGEST_INTERRUPTION_DAYS)
            for recorded in page
            if isinstance(recorded.event, ServiceRegistered) and (service := recorded.event.service) is not None
            for served in ((service.unit, service.pack, service.rank, service.since_on),)
        ]
        await connection.executemany(SQL["serves"], said)

    async def _apply_one(self, connection: Connection, recorded: Recorded[Event]) -> None:
        case_id = recorded.stream.removeprefix("appointment/")
        match recorded.event:
            case ServiceEnded() as event:
                await connection.execute(SQL["served"], event.person_id, event.until_on)
            case CandidateNominated() as event:
                await connection.execute(SQL["nominated"], case_id, event.candidate_id, event.person_id)
            case TrainingVerified() as event:
                verdict = (str(event.result), event.hours, event.required_hours, event.window_to_on)
                await connection.execute(SQL["verified"], case_id, event.candidate_id, *verdict)
            case AppointmentIssued() as event:
                due_on = event.make_up.closes_on if event.make_up else None
                owed = (event.hours_owed if due_on else 0, due_on)
                await connection.execute(SQL["appointed"], case_id, event.candidate_id, event.effective_on, *owed)
            case MakeUpTrainingRecorded():
                await connection.execute(SQL["made_up"], case_id, "made_up")
            case MakeUpTrainingExpired():
                await connection.execute(SQL["made_up"], case_id, "expired")


def _row(recorded: Recorded[Event]) -> TrainingRow | None:
    event = recorded.event
    if not isinstance(event, TrainingRecorded | TrainingRecordCorrected) or event.record is None:
        return None
    record = event.record
    return TrainingRow(
        person_id=event.person_id,
        entry=event.entry,
        school=event.school,
        number=record.number,
        title=record.title,
        kind=record.kind,
        method=record.method,
        began_on=record.began_on,
        ended_on=record.ended_on,
        hours=record.hours,
        attended_hours=record.attended_hours,
        leave_hours=record.leave_hours,
        days=record.days,
        score=record.score,
        passed=record.passed,
        course_id=record.course_id,
        corrected=isinstance(event, TrainingRecordCorrected),
        position=recorded.position,
    )
