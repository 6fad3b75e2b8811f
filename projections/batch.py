"""Batches: which cases were treated together, by whom, and how many of their lines had which outcome."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson

from domain.batch import BatchCompleted, BatchReceived
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "batch.sql")
CAUSED = b'"cause":"batch/'
CASE = "appointment/"


class Batches(Projection):
    """Keeps the batches and their cases."""

    name = "batch"
    version = 1
    tables = ("batch", "batch_case")
    definition = SQL["definition"]
    indexes = ""

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        # An entry is parsed only when its bytes show that a batch may have caused it; most were not.
        caused = [stored for stored in page if stored.stream.startswith(CASE) and CAUSED in stored.entry]
        if touched := [found for stored in caused if (found := _touched(stored))]:
            await connection.execute(SQL["touched"], *zip(*touched, strict=True))
        for stored in page:
            if stored.type == BatchReceived.alias:
                row = decode(stored)
                assert isinstance(row.event, BatchReceived)
                said = (row.event.batch_id, row.event.action, row.event.lines)
                await connection.execute(SQL["received"], *said, row.recorded_at, row.actor.officer, row.actor.organ)
            elif stored.type == BatchCompleted.alias:
                event = decode(stored).event
                assert isinstance(event, BatchCompleted)
                counts = (event.recorded, event.refused, event.invalid)
                await connection.execute(SQL["completed"], event.batch_id, stored.recorded_at, *counts)


def _touched(stored: StoredEvent) -> tuple[str, int, str] | None:
    cause = orjson.loads(stored.entry).get("cause", "")
    if not cause.startswith("batch/"):
        return None
    return cause.removeprefix("batch/"), stored.position, stored.stream.removeprefix(CASE)


async def batch_by_id(pool: "asyncpg.Pool[asyncpg.Record]", batch_id: str) -> dict[str, Any] | None:
    """A batch and its cases, in the order in which they were touched."""
    row = await pool.fetchrow(SQL["by_id"], batch_id)
    return None if row is None else dict(row)
