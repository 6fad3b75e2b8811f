"""The register of problems: what was found, whose it is to mend by when, what was done, and what another organ said.

It is made from what is public in the log; what is sealed about a problem never comes here.
"""

from collections.abc import AsyncIterator
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import asyncpg
import orjson

from domain.event import Event, Recorded
from domain.supervision_problem import (
    PROBLEM_EVENTS,
    ProblemEscalated,
    ProblemOpened,
    ProblemReopened,
    ProblemState,
    ProblemType,
    RemedyAccepted,
    RemedyOverdue,
    RemedyRefused,
    RemedyReported,
    Severity,
    SubjectKind,
)
from eventstore.named_sql import statements
from projections.projection import Connection, EventByEvent
from projections.reading import Pool, start_of

SQL = statements("projections", "supervision_problem.sql")
STEP = 200
HEARD = frozenset({kind.alias for kind in PROBLEM_EVENTS})


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """What a reader of the register asks for; `from_on` and `to_on` bound the day on which it was opened.

    `overdue`: whether its day has passed unmended, also while a late remedy waits for its answer.
    """

    state: ProblemState | None = None
    owner: str | None = None
    accepting: str | None = None
    type: ProblemType | None = None
    severity: Severity | None = None
    subject_kind: SubjectKind | None = None
    subject_id: str | None = None
    origin_kind: str | None = None
    origin_id: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem as it stands. `remedies`: number, remedy, proof, reported_on, answer, answered_on and reason of each.

    `reopened`: the day and reason of each time that it came back; `times_overdue` are never taken back.
    """

    problem_id: str
    type: str
    severity: str
    subject_kind: str
    subject_id: str
    finding: str
    evidence: list[int]
    owner: str
    accepting: str
    origin_kind: str | None
    origin_id: str | None
    opened_on: date
    opened_by: str
    due_on: date
    awaits_acceptance: bool
    overdue: bool
    escalated: bool
    mended_on: date | None
    state: str
    remedies: list[dict[str, Any]]
    times_overdue: int
    reopened: list[dict[str, Any]]
    opened_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class ProblemCounts:
    """How many problems, by state, by type and severity, by owner, and opened and mended in each quarter."""

    by_state: dict[str, int]
    by_type: list[dict[str, Any]]
    by_owner: list[dict[str, Any]]
    by_quarter: list[dict[str, Any]]


class SupervisionProblems(EventByEvent):
    """Keeps the register. A problem is never taken out of it."""

    name = "supervision_problem"
    version = 1
    tables = ("supervision_problem",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]
    heard = HEARD

    async def take(self, connection: Connection, recorded: Recorded[Event]) -> None:
        about = (recorded.stream.partition("/")[2], recorded.position)
        match recorded.event:
            case ProblemOpened() as event:
                await connection.execute(SQL["open"], *about, *_opening(event))
            case RemedyReported() as event:
                await connection.execute(SQL["report"], *about, _json(_remedy(event)))
            case RemedyAccepted() as event:
                said = {"answer": "accepted", "answered_on": event.accepted_on, "reason": event.remarks}
                await connection.execute(SQL["answer"], *about, event.remedy_number, _json(said))
                await connection.execute(SQL["mend"], about[0], event.accepted_on)
            case RemedyRefused() as event:
                said = {"answer": "refused", "answered_on": event.refused_on, "reason": event.reason}
                await connection.execute(SQL["answer"], *about, event.remedy_number, _json(said))
                await connection.execute(SQL["due_anew"], *about, event.due.closes_on)
            case ProblemReopened() as event:
                back = {"reopened_on": event.reopened_on, "reason": event.reason, "evidence": event.evidence}
                await connection.execute(SQL["reopen"], about[0], _json(back))
                await connection.execute(SQL["due_anew"], *about, event.due.closes_on)
            case RemedyOverdue():
                await connection.execute(SQL["overdue"], *about)
            case ProblemEscalated():
                await connection.execute(SQL["escalate"], *about)


def _opening(event: ProblemOpened) -> tuple[Any, ...]:
    origin = event.origin
    return (
        *(event.type, event.severity, event.subject.kind, event.subject.id, event.finding, list(event.evidence)),
        *(event.owner, event.accepting, origin and origin.kind, origin and origin.id),
        *(event.opened_on, event.opened_by, event.due.closes_on),
    )


def _remedy(event: RemedyReported) -> dict[str, Any]:
    return {
        "number": event.remedy_number,
        "remedy": event.remedy,
        "proof": event.proof,
        "reported_on": event.reported_on,
        "answer": None,
        "answered_on": None,
        "reason": None,
    }


def _json(said: dict[str, Any]) -> str:
    return orjson.dumps(said).decode()


async def problems_page(
    pool: "Pool[asyncpg.Record]",
    asked: ProblemFilter = ProblemFilter(),
    *,
    before: int | None = None,
    limit: int = 50,
    owned_by: str | None = None,
) -> list[ProblemRow]:
    """Problems that match, the latest opened first, opened before a position; `owned_by`: all that the reader sees."""
    return [_row(row) for row in await pool.fetch(SQL["page"], start_of(before), limit, owned_by, *astuple(asked))]


async def problems_due_first(
    pool: "Pool[asyncpg.Record]", asked: ProblemFilter, *, after: int = 0, limit: int = 50, owned_by: str | None = None
) -> list[ProblemRow]:
    """The same, what is due first at the top and what is mended at the end; a page of them, after so many."""
    return [_row(row) for row in await pool.fetch(SQL["due_first"], after, limit, owned_by, *astuple(asked))]


async def every_problem(
    pool: "Pool[asyncpg.Record]", asked: ProblemFilter, *, owned_by: str | None = None
) -> AsyncIterator[ProblemRow]:
    """All problems that match, the latest first, fetched as they are taken."""
    before: int | None = None
    while rows := await problems_page(pool, asked, before=before, limit=STEP, owned_by=owned_by):
        for row in rows:
            yield row
        before = rows[-1].opened_position


async def problem_by_id(pool: "Pool[asyncpg.Record]", problem_id: str) -> ProblemRow | None:
    """One problem as it stands."""
    row = await pool.fetchrow(SQL["by_id"], problem_id)
    return None if row is None else _row(row)


async def problem_counts(
    pool: "Pool[asyncpg.Record]", from_on: date | None = None, to_on: date | None = None
) -> ProblemCounts:
    """How many problems were opened in a time, as they stand now; the quarters count what happened in them."""
    found = {
        name: [dict(row) for row in await pool.fetch(SQL[name], from_on, to_on)]
        for name in ("by_state", "by_type", "by_owner", "by_quarter")
    }
    by_state = {row["state"]: row["problems"] for row in found["by_state"]}
    return ProblemCounts(by_state, found["by_type"], found["by_owner"], found["by_quarter"])


def _row(row: Any) -> ProblemRow:
    kept = {name: orjson.loads(row[name]) for name in ("remedies", "reopened")}
    return ProblemRow(**{**row, **kept})
