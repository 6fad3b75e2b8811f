"""What only a database can break: late commits, other processes, lost connections, and its owner's hand."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace

import asyncpg
import pytest

from domain.event import StreamId
from eventstore.group_writer import OutcomeUnknown
from eventstore.postgres import PostgresEventStore
from eventstore.store import Append
from eventstore.verifying import verify_log
from runtime.connections import open_pool
from runtime.settings import PROJECT
from tests.conftest import FreshDatabase, connected
from tests.eventstore.writing import keep_appending, scribe, until_recorded, write_some

PATIENCE_SECONDS = 60
LATE = """SELECT * FROM log.append(
    ARRAY[('appointment/late', 0, '', gen_random_uuid(), '00', NULL, NULL, 1)::log.given_append],
    ARRAY[(1, 1, 'stage_completed', now(), '{}')::log.given_event], '{}')"""


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():
            await asyncio.sleep(0.005)


async def waits_for_a_lock(database: FreshDatabase) -> bool:
    async with connected(database.superuser_url) as watcher:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(await watcher.fetchval(query))


@pytest.mark.parametrize("ends", ["COMMIT", "ROLLBACK"])
async def test_no_position_is_seen_before_a_lower_one_that_commits_late(
    database: FreshDatabase, postgres_store: PostgresEventStore, ends: str
) -> None:
    async with connected(database.database_url) as late:
        await late.execute("BEGIN")
        await late.fetch(LATE)
        second = asyncio.create_task(postgres_store.append(scribe("appointment/second").append()))
        await until(lambda: waits_for_a_lock(database))
        assert await postgres_store.read_log() == []
        assert not second.done()
        await late.execute(ends)
    await second
    streams = [row.stream for row in await postgres_store.read_log()]
    assert streams == (["appointment/late"] if ends == "COMMIT" else []) + ["appointment/second"]
    assert [row.position for row in await postgres_store.read_log()] == list(range(len(streams)))


async def test_a_long_transaction_elsewhere_stalls_nobody(
    database: FreshDatabase, postgres_store: PostgresEventStore
) -> None:
    async with connected(database.database_url) as idle:
        await idle.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        await idle.fetch("SELECT * FROM log.event")
        await write_some(postgres_store, "appointment/one", each=3)
        assert len(await postgres_store.read_log()) == 3
        await idle.execute("ROLLBACK")


async def test_a_reader_skips_nothing_while_many_processes_write(
    database: FreshDatabase, postgres_store: PostgresEventStore
) -> None:
    processes, streams, each = 3, 8, 40
    command = (sys.executable, "-m", "tests.eventstore.writing", database.database_url)
    writing = [
        await asyncio.create_subprocess_exec(*command, f"process/{name}", str(streams), str(each), cwd=PROJECT)
        for name in range(processes)
    ]
    seen: list[int] = []

    async def read_on() -> bool:
        page = await postgres_store.read_log(len(seen) - 1, limit=50)
        assert [row.position for row in page] == list(range(len(seen), len(seen) + len(page)))
        seen.extend(row.position for row in page)
        return len(seen) == processes * streams * each

    await until(read_on)
    assert [await process.wait() for process in writing] == [0] * processes
    assert (await verify_log(postgres_store)).events == len(seen)


async def test_concurrent_appends_share_transactions(
    database: FreshDatabase, postgres_store: PostgresEventStore
) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(
            *(keep_appending(postgres_store, f"appointment/{n}", 10, lambda append: None) for n in range(32))
        )
    async with connected(database.superuser_url) as watcher:
        transactions = await watcher.fetchval("SELECT count(DISTINCT xmin::text) FROM log.event")
    assert await postgres_store.size() == 320
    assert transactions <= 320 / 8


@pytest.mark.parametrize("table", ["event", "command"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET stream = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_application_cannot_change_the_past_and_a_trigger_refuses_it_to_the_owner(
    database: FreshDatabase, postgres_store: PostgresEventStore, table: str, statement: str
) -> None:
    await write_some(postgres_store, "appointment/one")
    for url, said in [(database.database_url, "permission denied"), (database.database_owner_url, "append-only")]:
        async with connected(url) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match=said):
                await connection.execute(statement.format(f"log.{table}"))
    assert await postgres_store.size() == 1


@pytest.mark.parametrize("table", ["log", "stream", "event", "command", "claim"])
async def test_the_application_writes_the_log_through_its_function_alone(database: FreshDatabase, table: str) -> None:
    async with connected(database.database_url) as connection:
        for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
            assert not await connection.fetchval("SELECT has_table_privilege($1, $2)", f"log.{table}", right)


async def test_a_command_is_known_to_every_process(database: FreshDatabase, postgres_store: PostgresEventStore) -> None:
    append = scribe().append()
    first = await postgres_store.append(append)
    pool = await open_pool(database.database_url)
    again = await PostgresEventStore(pool).append(append)
    await pool.close()
    assert again.repeated and again.position == first.position


async def cut_all_connections(database: FreshDatabase) -> None:
    async with connected(database.superuser_url) as superuser:
        # Those who wait for a lock first: whoever holds it would otherwise let them through by ending.
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = 'investiture_app' "
            "ORDER BY wait_event_type IS DISTINCT FROM 'Lock' OFFSET 0) AS in_order"
        )


async def test_appends_outlive_lost_connections_and_are_recorded_once(
    database: FreshDatabase, postgres_store: PostgresEventStore
) -> None:
    writers, each = 16, 40
    told: list[Append] = []

    async def cut_now_and_then() -> None:
        for share in range(1, 5):
            await until(lambda share=share: reached(writers * each * share // 5))  # type: ignore[misc]
            await cut_all_connections(database)

    async def reached(count: int) -> bool:
        return len(told) >= count

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(cut_now_and_then())
        for place in range(writers):
            group.create_task(keep_appending(postgres_store, f"appointment/{place}", each, told.append))
    for place in range(writers):
        assert len(await postgres_store.read_stream(StreamId(f"appointment/{place}"))) == each
    for append in told[::20]:
        assert await postgres_store.find_command(append.command_id) is not None
    assert (await verify_log(postgres_store)).events == writers * each


async def test_everybody_who_waits_hears_when_a_connection_is_cut_under_a_group(
    database: FreshDatabase, postgres_store: PostgresEventStore
) -> None:
    appends = [scribe(f"appointment/{place}").append() for place in range(20)]
    async with connected(database.database_url) as holder:
        await holder.execute("BEGIN")
        await holder.fetch(LATE)
        tasks = [asyncio.create_task(postgres_store.append(append)) for append in appends[:10]]
        await until(lambda: waits_for_a_lock(database))
        tasks += [asyncio.create_task(postgres_store.append(append)) for append in appends[10:]]
        await cut_all_connections(database)
    async with asyncio.timeout(PATIENCE_SECONDS):
        answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(answer, OutcomeUnknown) for answer in answers[:10])
    await asyncio.gather(*(until_recorded(postgres_store, append) for append in appends))
    assert (await verify_log(postgres_store)).events == 20


async def test_a_closed_pool_is_heard_of_and_not_waited_for(database: FreshDatabase) -> None:
    pool = await open_pool(database.database_url)
    store = PostgresEventStore(pool)
    await pool.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(OutcomeUnknown):
            await store.append(scribe().append())


async def test_a_value_that_the_driver_cannot_send_hurts_nobody_else(postgres_store: PostgresEventStore) -> None:
    good = [scribe(f"appointment/{place}").append() for place in range(6)]
    bad = [scribe("appointment/\x00").append(), replace(scribe("appointment/far"), version=2**40).append()]
    async with asyncio.timeout(PATIENCE_SECONDS):
        answers = await asyncio.gather(
            *(postgres_store.append(append) for append in [*good[:3], *bad, *good[3:]]), return_exceptions=True
        )
    assert [isinstance(answer, ValueError) for answer in answers] == [False] * 3 + [True] * 2 + [False] * 3
    assert await postgres_store.size() == 6
