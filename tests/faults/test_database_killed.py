"""The database is killed under load: what was acknowledged is there, once, and the log is whole."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.event import StreamId
from eventstore.postgres import PostgresEventStore
from eventstore.store import Append
from eventstore.verifying import verify_log
from runtime.connections import open_pool
from runtime.embedded import prepared_postgres
from runtime.migrate import LOG_MIGRATIONS, migrate
from runtime.supervisor import Supervisor, supervised
from tests.eventstore.writing import keep_appending

KILLS = 3
WRITERS = 12
EACH = 60
PATIENCE_SECONDS = 120


async def kill_now_and_then(supervisor: Supervisor, told: list[Append]) -> None:
    """Kill the server each time that another part of the work has been acknowledged."""
    for number in range(1, KILLS + 1):
        while len(told) < WRITERS * EACH * number // (KILLS + 1):
            await asyncio.sleep(0.002)
        os.kill(supervisor.process_id("postgres"), signal.SIGKILL)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's account can always reach; pytest shuts its own off whenever another run begins."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        yield Path(name)


async def test_whatever_was_acknowledged_before_a_kill_is_recorded_once(folder: Path) -> None:
    ends: list[str] = []
    async with supervised(folder / "logs", ends.append) as supervisor:
        postgres = await prepared_postgres(folder, supervisor)
        await supervisor.start(postgres.server())
        await postgres.create_databases()
        await migrate(postgres.urls().database_owner_url, LOG_MIGRATIONS)
        pool = await open_pool(postgres.urls().database_url)
        store, told = PostgresEventStore(pool), list[Append]()
        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(kill_now_and_then(supervisor, told))
            for place in range(WRITERS):
                group.create_task(keep_appending(store, f"appointment/{place}", EACH, told.append))
        await everything_acknowledged_is_there_once(store, told)
        await pool.close()
    assert len(ends) == KILLS


async def everything_acknowledged_is_there_once(store: PostgresEventStore, told: list[Append]) -> None:
    assert len({append.command_id for append in told}) == len(told) == WRITERS * EACH
    recorded = {
        row.entry for place in range(WRITERS) for row in await store.read_stream(StreamId(f"appointment/{place}"))
    }
    assert recorded == {append.events[0].entry for append in told}
    assert (await verify_log(store)).events == await store.size() == len(told)
