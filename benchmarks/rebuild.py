"""Rebuilding read models from zero, beside one set-based SQL statement over the same log in the same run."""

import time
from collections.abc import Awaitable, Callable

from benchmarks.database import come_to_rest, migrated_server
from benchmarks.lived_log import fill
from benchmarks.results import OURS, Row, measured
from eventstore.packs import PackLibrary
from eventstore.postgres import PostgresEventStore
from projections.audit_trail import DEPARTED, SQL, AuditTrail
from projections.case_board import CaseBoard
from projections.projection import Connection, Projection
from projections.projector import Projector
from runtime.connections import open_pool
from runtime.garbage import look_once_at_what_lives

UNIT = "events/s"
STATEMENT = "one SQL statement"
TIMELINE = "rebuild the audit timeline"
BOARD = "rebuild the board of cases"

Work = Callable[[], Awaitable[None]]


async def bench_rebuild(events: int = 100_000, runs: int = 3) -> list[Row]:
    """Events a second of each rebuild; a log of at least so many events, in cases as they are lived."""
    look_once_at_what_lives()  # as the command and the projector do
    with migrated_server() as server:
        pool = await open_pool(server.urls().database_url)
        try:
            store = PostgresEventStore(pool)
            packs = PackLibrary(store)
            await fill(store, packs, events)
            await come_to_rest(server)
            size = await store.size()
            projector = Projector(pool, store, ())

            async def rebuild(projection: Projection) -> None:
                await projector.rebuild(projection)

            async def statement() -> None:
                async with pool.acquire() as connection, connection.transaction():
                    await _one_statement(connection, size)

            subjects: dict[tuple[str, str], Work] = {
                (TIMELINE, OURS): lambda: rebuild(AuditTrail()),
                (TIMELINE, STATEMENT): statement,
                (BOARD, OURS): lambda: rebuild(CaseBoard(store, packs)),
            }
            rates: dict[tuple[str, str], list[float]] = {named: [] for named in subjects}
            for _ in range(runs):
                for named, work in subjects.items():
                    rates[named].append(size / await _seconds(work))
        finally:
            await pool.close()
    note = f"{size:,} events"
    return [measured(work, subject, UNIT, values, note) for (work, subject), values in rates.items()]


async def _seconds(work: Work) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


async def _one_statement(connection: Connection, size: int) -> None:
    """What no projector can beat: the whole log at once, into the same table with the same indexes."""
    await connection.execute("SET LOCAL search_path = read_model_next, pg_catalog")
    await connection.execute("SET LOCAL statement_timeout = 0")
    await connection.execute("DROP TABLE IF EXISTS audit_trail")
    await connection.execute(SQL["definition"])
    await connection.execute(SQL["apply"], 0, size, DEPARTED, timeout=600)
    await connection.execute(f"{SQL['indexes']}; ANALYZE audit_trail; DROP TABLE audit_trail", timeout=600)


if __name__ == "__main__":
    import uvloop
    from rich.console import Console

    from benchmarks.results import as_table

    Console().print(as_table(uvloop.run(bench_rebuild()), "rebuild"))
