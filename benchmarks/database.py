"""The scratch database of the benchmarks."""

import asyncpg

from runtime.embedded import Postgres
from runtime.scratch_database import migrated_server

__all__ = ["come_to_rest", "migrated_server"]


async def come_to_rest(server: Postgres) -> None:
    """What was just written is on its disk and tidied up, as it is in a log that is read on another day."""
    connection = await asyncpg.connect(server.url("postgres", "investiture"))
    try:
        await connection.execute("VACUUM ANALYZE", timeout=600)
        await connection.execute("CHECKPOINT", timeout=600)
    finally:
        await connection.close()
