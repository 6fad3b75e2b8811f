"""The audit trail of the whole log: who did what, for which organ, when, under which rule, with the hash.

It is made from entries alone: whatever is sealed is named here and not shown. The table holds what a reader asks by;
what an event says is read from the log, for the page that is shown.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from domain.audit_trail import TrailFilter
from domain.event import PackReference
from domain.identity import CaseId
from domain.technical import DEPARTURES, TECHNICAL
from eventstore.named_sql import statements
from projections.projection import Connection, SetBased
from projections.reading import Pool

SQL = statements("projections", "audit_trail.sql")
DEPARTED = [event.alias for event in DEPARTURES]
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One event as the trail shows it."""

    position: int
    stream: str
    version: int
    kind: str
    case_id: str | None
    stage: str | None
    type: str
    recorded_at: datetime
    officer: str
    officer_name: str | None
    organ: str
    on_behalf_of: str | None
    pack: PackReference | None
    rules: tuple[str, ...]
    deviates: bool
    sealed: tuple[str, ...]
    command_id: str
    cause: str | None
    schema: int
    said: Mapping[str, Any]
    hash: str
    previous: str

    @property
    def technical(self) -> bool:
        """Whether it only keeps the record going."""
        return self.type in TECHNICAL


class AuditTrail(SetBased):
    """Keeps the trail."""

    name = "audit_trail"
    version = 1
    tables = ("audit_trail",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply_between(self, connection: Connection, first: int, last: int) -> None:
        await connection.execute(SQL["apply"], first, last, DEPARTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, and the kinds of stream that are closed to whoever asks."""

    search: TrailFilter = field(default_factory=TrailFilter)
    closed: tuple[str, ...] = ()


async def trail_page(
    pool: "Pool[asyncpg.Record]", asked: Asked, *, before: int | None = None, limit: int = 200
) -> list[TrailRow]:
    """Rows that match, the latest first, recorded before a position."""
    where = _Where(asked)
    if before is not None:
        where.add("t.position < {}", before)
    return [_row(row) for row in await pool.fetch(*where.statement("page", limit))]


async def trail_count(pool: "Pool[asyncpg.Record]", asked: Asked) -> int:
    """How many rows match."""
    statement, *values = _Where(asked).statement("count", 0)
    return int(await pool.fetchval(statement, *values))


async def trail_onwards(pool: "Pool[asyncpg.Record]", asked: Asked) -> AsyncIterator[TrailRow]:
    """Every row that matches, in the order of the log, a page in memory at a time."""
    after = -1
    while True:
        where = _Where(asked)
        where.add("t.position > {}", after)
        rows = await pool.fetch(*where.statement("onwards", PAGE))
        for row in rows:
            yield _row(row)
        if len(rows) < PAGE:
            return
        after = rows[-1]["position"]


async def trail_by_stream(pool: "Pool[asyncpg.Record]", asked: Asked) -> AsyncIterator[TrailRow]:
    """Every row that matches, stream by stream, each in its own order."""
    after: tuple[str, int] = ("", 0)
    while True:
        where = _Where(asked)
        where.add("(e.stream, e.version) > ({}, {})", *after)
        rows = await pool.fetch(*where.statement("by_stream", PAGE))
        for row in rows:
            yield _row(row)
        if len(rows) < PAGE:
            return
        after = (rows[-1]["stream"], rows[-1]["version"])


async def timeline_of(
    pool: "Pool[asyncpg.Record]", case_id: CaseId, *, after_version: int = 0, limit: int = 200
) -> list[TrailRow]:
    """The steps of a case in order, after a version."""
    return [_row(row) for row in await pool.fetch(SQL["of_case"], case_id, after_version, limit)]


class _Where:
    """The conditions of a question. They are put together for each: a plan for all of them at once would be for none.

    What is asked stays outside the statement's text.
    """

    def __init__(self, asked: Asked):
        self._conditions: list[str] = []
        self._values: list[Any] = []
        for condition, values in _conditions(asked.search):
            self.add(condition, *values)
        if asked.closed:
            self.add("t.kind <> ALL ({})", list(asked.closed))

    def add(self, condition: str, *values: Any) -> None:
        """One more condition; each pair of braces stands for one value."""
        places = [f"${len(self._values) + place}" for place in range(1, len(values) + 1)]
        self._conditions.append(condition.format(*places))
        self._values += values

    def statement(self, name: str, limit: int) -> list[Any]:
        """The statement, and its values."""
        asked = " AND ".join(self._conditions) or "true"
        return [SQL[name].format(asked=asked, limit=limit), *self._values]


IN_COMMAND = (
    "t.position BETWEEN (SELECT first_position FROM log.command WHERE command_id = {0}) "
    "AND (SELECT first_position + events - 1 FROM log.command WHERE command_id = {0})"
)
PLAIN = {
    "case": "t.case_id = {}",
    "kind": "t.kind = {}",
    "organ": "t.organ = {}",
    "officer": "(t.officer = {0} OR t.on_behalf_of = {0})",
    "type": "t.type = {}",
    "stage": "t.stage = {}",
    "rule": "t.rules @> ARRAY[{}::text]",
    "from_position": "t.position >= {}",
    "to_position": "t.position <= {}",
}


def _conditions(search: TrailFilter) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for name, condition in PLAIN.items():
        if (value := getattr(search, name)) is not None:
            yield condition, (value,)
    if search.pack is not None:
        pack_id, _, version = search.pack.partition("@")
        yield "t.pack_id = {}", (pack_id,)
        if version:
            yield "t.pack_version = {}", (int(version),)
    if search.since is not None:
        yield "t.recorded_at >= {}", (datetime.combine(search.since, time(), UTC),)
    if search.until is not None:
        yield "t.recorded_at < {}", (datetime.combine(search.until, time(), UTC) + timedelta(days=1),)
    if search.command is not None:
        yield IN_COMMAND, (UUID(search.command),)
    if search.deviations:
        yield "t.deviates", ()


def _row(row: Any) -> TrailRow:
    entry = orjson.loads(row["entry"])
    pack, actor = entry.get("pack"), entry["actor"]
    return TrailRow(
        position=row["position"],
        stream=row["stream"],
        version=row["version"],
        kind=row["kind"],
        case_id=row["case_id"],
        stage=row["stage"],
        type=row["type"],
        recorded_at=row["recorded_at"],
        officer=actor["officer"],
        officer_name=row["officer_name"],
        organ=actor["organ"],
        on_behalf_of=actor.get("on_behalf_of"),
        pack=PackReference(**pack) if pack else None,
        rules=tuple(entry.get("rules", ())),
        deviates=row["deviates"],
        sealed=tuple(sorted(entry.get("sealed", ()))),
        command_id=entry["command"],
        cause=entry.get("cause"),
        schema=entry["schema"],
        said=entry["data"],
        hash=row["hash"].hex(),
        previous=entry["previous"],
    )
