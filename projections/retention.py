"""Which files of cases have reached their ceiling, and which of those are destroyed."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from domain.identity import CaseId
from domain.retention import CaseFileDestroyed, CaseFileExpired
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "retention.sql")
STREAMS = "retention/"


class CaseFiles(Projection):
    """Keeps them."""

    name = "retention"
    version = 1
    tables = ("case_file",)
    definition = SQL["definition"]
    indexes = ""

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if not stored.stream.startswith(STREAMS):
                continue
            match decode(stored).event:
                case CaseFileExpired() as event:
                    await connection.execute(SQL["expired"], event.case_id, event.kept_until, event.rule)
                case CaseFileDestroyed() as event:
                    await connection.execute(SQL["destroyed"], event.case_id, event.destroyed_on, event.sealed_parts)


async def packs_of_closed_cases(pool: "asyncpg.Pool[asyncpg.Record]") -> list[tuple[str, int]]:
    """The versions of packs under which cases have ended."""
    return [(row["pack_id"], row["pack_version"]) for row in await pool.fetch(SQL["packs"])]


async def files_kept(
    pool: "asyncpg.Pool[asyncpg.Record]", pack_id: str, version: int, closed_before: date
) -> list[CaseId]:
    """Cases under a version of a pack that ended before a day and whose sealed parts were not destroyed."""
    return [CaseId(row["case_id"]) for row in await pool.fetch(SQL["kept"], pack_id, version, closed_before)]
