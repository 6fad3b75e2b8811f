"""Verifying the whole log, beside only reading its rows."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.database import come_to_rest, migrated_server
from benchmarks.lived_log import fill
from benchmarks.results import OURS, Row, measured
from eventstore.packs import PackLibrary
from eventstore.postgres import PostgresEventStore
from eventstore.verifying import verify_log
from runtime.connections import open_pool
from runtime.log_verifying import verify_whole
from runtime.settings import Settings

WORK = "verify the log"
UNIT = "events/s"
PAGE = 5_000


async def bench_verify(events: int = 300_000, processes: int = 2, runs: int = 3) -> list[Row]:
    """Events a second; a log of at least so many events, in cases as they are lived."""
    with migrated_server() as server:
        urls = server.urls()
        pool = await open_pool(urls.database_url)
        try:
            store = PostgresEventStore(pool)
            await fill(store, PackLibrary(store), events)
            await come_to_rest(server)
            size = await store.size()
            settings = Settings(
                database_url=urls.database_url,
                database_owner_url=urls.database_owner_url,
                keys_url=urls.keys_url,
                master_key_file=Path("none"),
            )

            async def in_processes() -> None:
                await verify_whole(settings, lambda done, of: None, processes)

            async def alone() -> None:
                await verify_log(store)

            async def read() -> None:
                for first in range(0, size, PAGE):
                    await store.read_rows(first, first + PAGE)

            subjects: dict[str, Callable[[], Awaitable[None]]] = {
                OURS: in_processes,
                "one process": alone,
                "only reading the rows": read,
            }
            rates: dict[str, list[float]] = {name: [] for name in subjects}
            for _ in range(runs):
                for name, work in subjects.items():
                    started = time.perf_counter()
                    await work()
                    rates[name].append(size / (time.perf_counter() - started))
        finally:
            await pool.close()
    note = f"{size:,} events, {processes} processes"
    return [measured(WORK, name, UNIT, values, note) for name, values in rates.items()]


if __name__ == "__main__":
    import uvloop
    from rich.console import Console

    from benchmarks.results import as_table

    Console().print(as_table(uvloop.run(bench_verify())))
