"""What organs have asked of each other, how each request stands, and on whose side the silence was; nothing sealed."""

from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import asyncpg

from domain.event import Event, Recorded
from domain.organ_request import (
    REQUEST_EVENTS,
    OrganAsked,
    RequestAnswered,
    RequestDeclined,
    RequestOverdue,
    RequestState,
    RequestWithdrawn,
)
from domain.supervision_problem import SubjectKind
from eventstore.named_sql import statements
from projections.projection import Connection, EventByEvent
from projections.reading import start_of

SQL = statements("projections", "organ_request.sql")
HEARD = frozenset({kind.alias for kind in REQUEST_EVENTS})


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a reader of the requests asks for; `unanswered`: those that still wait, late or not."""

    state: RequestState | None = None
    asked_by: str | None = None
    asked: str | None = None
    subject_kind: SubjectKind | None = None
    subject_id: str | None = None
    case_id: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    unanswered: bool | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as it stands. `overdue` is never taken back, also when the answer came after all."""

    request_id: str
    asked_by: str
    asked: str
    question: str
    subject_kind: str
    subject_id: str
    case_id: str | None
    asked_on: date
    due_on: date
    overdue: bool
    state: str
    answer: str | None
    proof: list[int]
    reason: str | None
    settled_on: date | None
    asked_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """What an organ was asked and how it answered; None where it has answered nothing. Units: calendar days."""

    asked: int
    answered: int
    still_open: int
    overdue: int
    median_days: int | None
    longest_days: int | None


class OrganRequests(EventByEvent):
    """Keeps the requests."""

    name = "organ_request"
    version = 1
    tables = ("organ_request",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]
    heard = HEARD

    async def take(self, connection: Connection, recorded: Recorded[Event]) -> None:
        about = (recorded.stream.partition("/")[2], recorded.position)
        match recorded.event:
            case OrganAsked() as event:
                said = (event.question, event.subject.kind, event.subject.id, event.case_id)
                days = (event.asked_on, event.due.closes_on)
                await connection.execute(SQL["ask"], *about, event.asked_by, event.asked, *said, *days)
            case RequestOverdue():
                await connection.execute(SQL["overdue"], *about)
            case RequestAnswered() as event:
                answer = (event.answer, list(event.proof), None)
                await connection.execute(SQL["settle"], *about, RequestState.ANSWERED, event.answered_on, *answer)
            case RequestDeclined() as event:
                why = (None, list[int](), event.reason)
                await connection.execute(SQL["settle"], *about, RequestState.DECLINED, event.declined_on, *why)
            case RequestWithdrawn() as event:
                taken_back = (None, list[int](), event.reason)
                await connection.execute(SQL["settle"], *about, RequestState.WITHDRAWN, event.withdrawn_on, *taken_back)


async def requests_page(
    pool: "asyncpg.Pool[asyncpg.Record]",
    asked: RequestFilter = RequestFilter(),
    *,
    before: int | None = None,
    limit: int = 50,
    of_organ: str | None = None,
) -> list[RequestRow]:
    """Requests that match, the latest first, made before a position; `of_organ`: one side is all that is shown."""
    return [_row(row) for row in await pool.fetch(SQL["page"], start_of(before), limit, of_organ, *astuple(asked))]


async def unanswered_requests(pool: "asyncpg.Pool[asyncpg.Record]") -> list[RequestRow]:
    """Every request that still waits, what is due first at the top."""
    return [_row(row) for row in await pool.fetch(SQL["unanswered"])]


async def request_figures(pool: "asyncpg.Pool[asyncpg.Record]", organ: str) -> RequestFigures:
    """How an organ has answered what others asked of it; what was taken back counts for nothing."""
    (row,) = await pool.fetch(SQL["figures_of"], organ)
    return RequestFigures(**row)


async def request_by_id(pool: "asyncpg.Pool[asyncpg.Record]", request_id: str) -> RequestRow | None:
    """One request as it stands."""
    row = await pool.fetchrow(SQL["by_id"], request_id)
    return None if row is None else _row(row)


def _row(row: Any) -> RequestRow:
    return RequestRow(**row)
