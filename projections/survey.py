"""Surveys as everybody may read them: their methods, their days, and what was counted. What is sealed stays out."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import asyncpg
import orjson

from domain.event import Event, Recorded
from domain.survey import (
    SURVEY_EVENTS,
    IndexUseRecorded,
    SurveyClosed,
    SurveyCodesIssued,
    SurveyCounted,
    SurveyOpened,
    SurveyProposed,
    SurveyStatus,
    SurveyWithdrawn,
)
from domain.survey_ballot import Report
from domain.survey_method import SurveyMethod, SurveyMethodPublished
from eventstore.named_sql import statements
from projections.projection import Connection, EventByEvent
from projections.reading import start_of

SQL = statements("projections", "survey.sql")
HEARD = frozenset({SurveyMethodPublished.alias, *(kind.alias for kind in SURVEY_EVENTS)})


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A version of a method."""

    method_id: str
    number: int
    published_on: date
    position: int
    method: SurveyMethod


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey. `report` is there once it is counted; `codes`: how many were given out."""

    survey_id: str
    unit: str
    status: SurveyStatus
    method_id: str
    method_number: int
    opens_on: date
    closes_on: date
    follows: str | None
    last_mended: int
    last_open: int
    position: int
    counted_on: date | None
    counted_at: int | None
    digest: str | None
    report: Report | None
    codes: int
    uses: list[dict[str, Any]]
    withdrawn_on: date | None
    withdrawn_because: str | None
    method: SurveyMethod


class Surveys(EventByEvent):
    """Keeps them."""

    name = "survey"
    version = 2
    tables = ("survey_method", "survey", "survey_batch")
    definition = SQL["definition"]
    indexes = SQL["indexes"]
    heard = HEARD

    async def take(self, connection: Connection, recorded: Recorded[Event]) -> None:
        survey_id, event = recorded.stream.partition("/")[2], recorded.event
        match event:
            case SurveyMethodPublished():
                about = (event.method_id, event.number, event.published_on, recorded.position)
                await connection.execute(SQL["method"], *about, event.method.model_dump_json())
            case SurveyProposed():
                await self._propose(connection, event, recorded.position)
            case SurveyOpened():
                await connection.execute(SQL["stand"], survey_id, SurveyStatus.OPEN)
            case SurveyClosed():
                await connection.execute(SQL["stand"], survey_id, SurveyStatus.CLOSED)
            case SurveyWithdrawn():
                await connection.execute(SQL["withdraw"], survey_id, event.withdrawn_on, event.reason)
            case SurveyCodesIssued():
                await connection.execute(SQL["batch"], survey_id, event.batch_id, event.codes, event.instead_of)
                await connection.execute(SQL["issued"], survey_id)
            case SurveyCounted():
                about_it = (event.counted_on, recorded.position, event.digest, event.report.model_dump_json())
                await connection.execute(SQL["count"], survey_id, *about_it)
            case IndexUseRecorded():
                said = orjson.dumps([event.model_dump(mode="json")]).decode()
                await connection.execute(SQL["use"], survey_id, said)

    async def _propose(self, connection: Connection, event: SurveyProposed, position: int) -> None:
        days = (event.opens_on, event.closes_on)
        last = (event.follows, event.last_mended, event.last_open)
        named = (event.survey_id, event.method.unit, event.method_id, event.method_number)
        await connection.execute(SQL["propose"], *named, *days, *last, position, event.method.model_dump_json())


async def surveys_page(
    pool: "asyncpg.Pool[asyncpg.Record]",
    *,
    unit: str | None = None,
    survey_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[SurveyRow]:
    """Surveys, the latest first."""
    return [_row(row) for row in await pool.fetch(SQL["page"], start_of(before), unit, survey_id, limit)]


async def survey_by_id(pool: "asyncpg.Pool[asyncpg.Record]", survey_id: str) -> SurveyRow | None:
    """One survey."""
    return next(iter(await surveys_page(pool, survey_id=survey_id, limit=1)), None)


async def index_series(pool: "asyncpg.Pool[asyncpg.Record]") -> dict[str, list[SurveyRow]]:
    """What was counted, the earliest first, by the unit that was asked about."""
    rows = [_row(row) for row in await pool.fetch(SQL["series"])]
    return {unit: list(found) for unit, found in groupby(rows, key=lambda row: row.unit)}


async def methods_page(
    pool: "asyncpg.Pool[asyncpg.Record]", *, method_id: str | None = None, before: int | None = None, limit: int = 50
) -> list[MethodRow]:
    """Versions of methods, the latest first."""
    rows = await pool.fetch(SQL["methods"], start_of(before), method_id, limit)
    return [MethodRow(**{**row, "method": SurveyMethod.model_validate_json(row["method"])}) for row in rows]


def _row(row: "asyncpg.Record") -> SurveyRow:
    report = None if row["report"] is None else Report.model_validate_json(row["report"])
    read = {"status": SurveyStatus(row["status"]), "report": report, "uses": orjson.loads(row["uses"])}
    return SurveyRow(**{**row, **read, "method": SurveyMethod.model_validate_json(row["method"])})
