"""Who serves, what is in their files and what they owe, as the training register has it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import asyncpg

from domain.identity import OrganId, PersonId
from domain.training_file import FiledRecord, Service, TrainingFile, TrainingRecord
from domain.training_need import CourseToTake
from eventstore.named_sql import statements

SQL = statements("projections", "training_standing.sql")
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class TrainingOwed:
    """A conditional pass whose training is still to be made up, and by when."""

    case_id: str
    hours_owed: int
    due_on: date


@dataclass(frozen=True, slots=True)
class InService:
    """Somebody who serves: their training file as the register has it, and what they owe."""

    person_id: PersonId
    file: TrainingFile
    owed: TrainingOwed | None

    @property
    def service(self) -> Service:
        assert self.file.service is not None
        return self.file.service


@dataclass(frozen=True, slots=True)
class YearOfTraining:
    """What one person studied in one year. Units: hours attended, days of training."""

    person_id: str
    unit: str | None
    year: int
    trainings: int
    passed: int
    attended_hours: int
    days: int


async def in_service(pool: "asyncpg.Pool[asyncpg.Record]", unit: str | None, pack: str, on: date) -> list[InService]:
    """Everybody who serves in a unit, or in any, at a rank of a pack on a day, by pseudonym."""
    rows = await pool.fetch(SQL["in_service"], unit, pack, on)
    people = [PersonId(row["person_id"]) for row in rows]
    records = await _records(pool, people)
    owed = await trainings_owed(pool, people)
    return [
        InService(
            person,
            TrainingFile(
                person,
                MappingProxyType({filed.entry: filed for filed in records.get(person, ())}),
                Service(row["unit"], row["pack"], row["rank"], row["since_on"], row["until_on"]),
                row["in_service_since"],
            ),
            owed.get(person),
        )
        for person, row in zip(people, rows, strict=True)
    ]


async def _records(
    pool: "asyncpg.Pool[asyncpg.Record]", people: Sequence[PersonId]
) -> dict[PersonId, list[FiledRecord]]:
    found: dict[PersonId, list[FiledRecord]] = {}
    for row in await pool.fetch(SQL["records"], people):
        person, entry, school, corrected, *fields = row
        # The register was written from records that were read whole: judging each again would take most of the time.
        record = TrainingRecord.model_construct(**dict(zip(RECORD_FIELDS, fields, strict=True)))
        found.setdefault(PersonId(person), []).append(FiledRecord(entry, OrganId(school), record, int(corrected)))
    return found


RECORD_FIELDS = (
    *("number", "title", "kind", "method", "began_on", "ended_on", "hours", "attended_hours", "leave_hours", "days"),
    *("score", "passed", "course_id"),
)


async def trainings_owed(
    pool: "asyncpg.Pool[asyncpg.Record]", people: Sequence[PersonId]
) -> dict[PersonId, TrainingOwed]:
    """What people owe under conditional passes, the nearest deadline of each."""
    rows = await pool.fetch(SQL["owed"], people)
    return {
        PersonId(row["person_id"]): TrainingOwed(row["case_id"], row["hours_owed"], row["make_up_due_on"])
        for row in rows
    }


async def courses_with_places(pool: "asyncpg.Pool[asyncpg.Record]", pack: str, on: date) -> list[CourseToTake]:
    """The courses under a pack that begin after a day and have a place left, the next first; two hundred at most."""
    return [CourseToTake(*row) for row in await pool.fetch(SQL["courses_with_places"], pack, on)]


async def already_sent(
    pool: "asyncpg.Pool[asyncpg.Record]", people: Sequence[PersonId], on: date
) -> dict[PersonId, list[str]]:
    """The courses that people were sent to, or have a place in, and that are not over for them."""
    found: dict[PersonId, list[str]] = {}
    for row in await pool.fetch(SQL["already_sent"], people, on):
        found.setdefault(PersonId(row["person_id"]), []).append(row["course_id"])
    return found


async def years_of_training(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[YearOfTraining]:
    """The register's export: everybody's trainings, year by year in which they ended."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        cursor = await connection.cursor(SQL["years"])
        while rows := await cursor.fetch(ROWS_AT_ONCE):
            for row in rows:
                yield YearOfTraining(*row)
