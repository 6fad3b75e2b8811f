"""The log is carved up by position: the next partition is there in time, and each is guarded like the whole."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from domain.event import StreamId
from eventstore.named_sql import statements
from eventstore.postgres import PostgresEventStore
from eventstore.verifying import verify_log
from runtime.connections import open_pool
from runtime.embedded import Postgres
from runtime.migrate import LOG_MIGRATIONS, migrate
from tests.conftest import FreshDatabase, connected
from tests.eventstore.writing import FACT, keep_appending, scribe, write_some

PARTITIONS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'log.event'::regclass ORDER BY length(c.relname), c.relname"""
SMALL = 40


@pytest.fixture
async def small(database: FreshDatabase, postgres_store: PostgresEventStore) -> PostgresEventStore:
    """A log of which a partition has only so many events."""
    await carve_small(database)
    return postgres_store


async def carve_small(database: FreshDatabase) -> None:
    async with connected(database.database_owner_url) as owner:
        await owner.execute(
            f"UPDATE log.log SET partition_events = {SMALL}, room = {SMALL}; "
            "ALTER TABLE log.event DETACH PARTITION log.event_0; "
            f"ALTER TABLE log.event ATTACH PARTITION log.event_0 FOR VALUES FROM (0) TO ({SMALL})"
        )


async def partitions(database: FreshDatabase) -> list[str]:
    async with connected(database.database_owner_url) as owner:
        return [name for (name,) in await owner.fetch(PARTITIONS)]


async def write_from_everywhere(database: FreshDatabase, writers: int, each: int) -> None:
    """Writers of two processes, as far as the database can tell."""
    pools = [await open_pool(database.database_url) for _ in range(2)]
    stores = [PostgresEventStore(pool) for pool in pools]
    async with asyncio.timeout(60):
        await asyncio.gather(
            *(keep_appending(stores[n % 2], f"appointment/{n}", each, lambda append: None) for n in range(writers))
        )
    for pool in pools:
        await pool.close()


async def test_appends_cross_boundaries_and_find_the_next_partition_there(
    database: FreshDatabase, small: PostgresEventStore
) -> None:
    await write_from_everywhere(database, writers=16, each=20)
    assert (await verify_log(small)).events == 320
    assert await partitions(database) == [f"event_{first}" for first in range(0, 321, SMALL)]
    for n in range(16):
        stream = await small.read_stream(StreamId(f"appointment/{n}"))
        assert [row.version for row in stream] == list(range(1, 21))
    together = await small.read_streams([StreamId("appointment/3"), StreamId("appointment/4")])
    assert [len(rows) for rows in together.values()] == [20, 20]
    assert [row.position for row in await small.read_log(35, 100)] == list(range(36, 136))


async def test_one_append_may_be_longer_than_a_partition(database: FreshDatabase, small: PostgresEventStore) -> None:
    async with connected(database.database_owner_url) as owner:
        await owner.execute("UPDATE log.log SET partition_events = 2")
    append = scribe().append(*[FACT] * (SMALL + 9))
    await small.append(append)
    assert (await verify_log(small)).events == SMALL + 9


async def test_while_something_holds_the_table_appends_go_on_in_the_room_that_is_left(
    database: FreshDatabase, small: PostgresEventStore
) -> None:
    async with connected(database.database_owner_url) as holder:
        await holder.execute("BEGIN; LOCK TABLE log.event IN SHARE UPDATE EXCLUSIVE MODE")
        async with asyncio.timeout(30):
            await write_some(small, "appointment/one", each=SMALL)
        assert await partitions(database) == ["event_0"]
        waiting = asyncio.create_task(small.append(scribe("appointment/two").append()))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
        await holder.execute("ROLLBACK")
    assert (await waiting).position == SMALL
    assert (await verify_log(small)).events == SMALL + 1


@pytest.mark.parametrize("statement", ["UPDATE {} SET stream = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_no_partition_can_be_changed_by_naming_it(
    database: FreshDatabase, small: PostgresEventStore, statement: str
) -> None:
    await write_some(small, "appointment/one", each=SMALL + 5)
    for name in ["event", *await partitions(database)]:
        for url, said in [(database.database_url, "permission denied"), (database.database_owner_url, "append-only")]:
            async with connected(url) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match=said):
                    await connection.execute(statement.format(f"log.{name}"))
    assert (await verify_log(small)).events == SMALL + 5


@pytest.mark.parametrize(("events", "twice"), [(SMALL // 2, 2), (SMALL + 5, SMALL + 2)])
async def test_a_version_is_not_stored_twice_in_any_partition(
    database: FreshDatabase, small: PostgresEventStore, events: int, twice: int
) -> None:
    await write_some(small, "appointment/one", each=events)
    row = "SELECT position + 30, stream, version, type, recorded_at, entry, hash FROM log.event WHERE position = $1"
    async with connected(database.database_owner_url) as owner:
        with pytest.raises(asyncpg.UniqueViolationError, match="stream_version"):
            await owner.execute(f"INSERT INTO log.event {row}", twice)


@pytest.mark.parametrize("statement", ["read_stream", "read_last", "read_streams", "read_log"])
async def test_a_read_of_what_lies_in_one_partition_looks_into_no_other(
    database: FreshDatabase, small: PostgresEventStore, statement: str
) -> None:
    arguments = {
        "read_stream": "'appointment/2', 0",
        "read_last": "'appointment/2'",
        "read_streams": "ARRAY['appointment/2']",
        "read_log": f"{SMALL + 1}, 5",
    }
    for n in range(10):
        await write_some(small, f"appointment/{n}", each=SMALL // 2)
    sql = statements("eventstore", "read.sql")[statement]
    async with connected(database.database_owner_url) as owner:
        await owner.execute(f"PREPARE asked AS {sql}; SET plan_cache_mode = force_generic_plan")
        plan = await owner.fetch(f"EXPLAIN (ANALYZE, COSTS OFF) EXECUTE asked({arguments[statement]})")
    looked_into = [line for (line,) in plan if " on event_" in line and "never executed" not in line]
    assert len(looked_into) == 1 and f"event_{SMALL}" in looked_into[0]


@pytest.fixture
async def older(postgres: Postgres, tmp_path: Path) -> AsyncIterator[str]:
    """A database as the last version before partitions left it."""
    first = tmp_path / "migrations"
    first.mkdir()
    for path in sorted(LOG_MIGRATIONS.glob("000[123]_*.sql")):
        shutil.copy(path, first)
    async with connected(postgres.url("postgres", "postgres")) as administrator:
        await administrator.execute("CREATE DATABASE older OWNER investiture_owner")
        await migrate(postgres.url("investiture_owner", "older"), first)
        yield postgres.url("investiture_owner", "older")
        await administrator.execute("DROP DATABASE older WITH (FORCE)")


async def test_a_log_that_is_there_becomes_the_first_partition_without_being_copied(older: str) -> None:
    pool = await open_pool(older)
    store = PostgresEventStore(pool)
    scribes = await write_some(store, "appointment/one", "appointment/two", each=7)
    rows = "SELECT position, stream, version, type, recorded_at, entry, hash FROM log.event ORDER BY position"
    before = await pool.fetch(rows)
    file = await pool.fetchval("SELECT pg_relation_filenode('log.event')")
    await pool.close()
    await migrate(older, LOG_MIGRATIONS)
    pool = await open_pool(older)
    store = PostgresEventStore(pool)
    assert await pool.fetch(rows) == before
    assert await pool.fetchval("SELECT pg_relation_filenode('log.event_0')") == file
    assert await pool.fetchval("SELECT room FROM log.log") == 1_000_000
    one = scribes["appointment/one"]
    assert (await store.append(one.append())).version == 8
    assert [row.version for row in await store.read_stream(one.stream)] == list(range(1, 9))
    assert (await verify_log(store)).events == 15
    await pool.close()
