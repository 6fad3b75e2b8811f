"""The audit trail of a case: who did what, for which organ, when, under which rule, with the hash.

It is made from entries alone, by one statement a page: whatever is sealed is named here and not shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from domain.event import PackReference
from domain.identity import CaseId
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.projection import Connection

SQL = statements("projections", "case_timeline.sql")


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One step of a case."""

    position: int
    version: int
    type: str
    recorded_at: datetime
    officer: str
    officer_name: str | None
    organ: str
    on_behalf_of: str | None
    pack: PackReference | None
    rules: tuple[str, ...]
    sealed: tuple[str, ...]
    command_id: str
    cause: str | None
    said: Mapping[str, Any]
    hash: str
    previous: str


class CaseTimeline:
    """Keeps the audit trails."""

    name = "case_timeline"
    version = 2
    tables = ("case_timeline",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        await connection.execute(SQL["apply"], page[0].position, page[-1].position)

    def forget_cached(self) -> None:
        pass


async def timeline_of(
    pool: "asyncpg.Pool[asyncpg.Record]", case_id: CaseId, *, after_version: int = 0, limit: int = 200
) -> list[TimelineRow]:
    """The steps of a case in order, after a version."""
    return [_row(row) for row in await pool.fetch(SQL["of_case"], case_id, after_version, limit)]


def _row(row: Any) -> TimelineRow:
    pack = None
    if row["pack_id"] is not None:
        pack = PackReference(row["pack_id"], row["pack_version"], row["pack_digest"])
    return TimelineRow(
        position=row["position"],
        version=row["version"],
        type=row["type"],
        recorded_at=row["recorded_at"],
        officer=row["officer"],
        officer_name=row["officer_name"],
        organ=row["organ"],
        on_behalf_of=row["on_behalf_of"],
        pack=pack,
        rules=tuple(row["rules"]),
        sealed=tuple(row["sealed"]),
        command_id=row["command_id"],
        cause=row["cause"],
        said=orjson.loads(row["data"]),
        hash=row["hash"].hex(),
        previous=row["previous"].hex(),
    )
