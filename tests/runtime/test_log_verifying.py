"""The whole log is verified by several processes, which find what one finds, and where."""

import asyncpg
import pytest

from eventstore.postgres import PostgresEventStore
from eventstore.tampering import LogTampered
from eventstore.transparency.merkle import root_of
from eventstore.verifying import verify_log
from runtime.connections import open_pool
from runtime.log_verifying import verify_whole
from runtime.settings import Settings
from tests.conftest import FreshDatabase, connected
from tests.eventstore.writing import FACT, scribe, write_some

EVENTS = 60
UNTIED = "ALTER TABLE log.event DISABLE TRIGGER ALL; ALTER TABLE log.command DISABLE TRIGGER ALL;"
TAMPERING = {
    "a byte": ("UPDATE log.event SET entry = set_byte(entry, 200, get_byte(entry, 200) # 1) WHERE position = 33", 33),
    "two events swapped": (
        "UPDATE log.event SET position = 999 WHERE position = 20; "
        "UPDATE log.event SET position = 20 WHERE position = 41; "
        "UPDATE log.event SET position = 41 WHERE position = 999",
        20,
    ),
    "an event deleted": ("DELETE FROM log.event WHERE position = 35", 35),
    "an event and its command deleted": (
        "DELETE FROM log.event WHERE position = 35; DELETE FROM log.command WHERE first_position = 35",
        35,
    ),
    "an event inserted": (
        "INSERT INTO log.event SELECT 60, stream, 16, type, recorded_at, entry, hash FROM log.event "
        "WHERE position = 59; "
        "UPDATE log.log SET size = 61",
        60,
    ),
    "a command inserted": (
        "INSERT INTO log.command SELECT gen_random_uuid(), stream, fingerprint, first_position, first_version, events "
        "FROM log.command WHERE first_position = 21",
        21,
    ),
}


@pytest.fixture
async def written(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A log of four streams in turns, verified in pieces of seven events, which this process reads by four."""
    monkeypatch.setattr("eventstore.verifying.STRETCH", 7)
    monkeypatch.setattr("eventstore.stretch.PAGE", 4)
    pool = await open_pool(settings.database_url)
    await write_some(PostgresEventStore(pool), *[f"appointment/{n}" for n in range(4)], each=EVENTS // 4)
    await pool.close()
    return settings


async def test_processes_find_the_log_whole_and_its_root(written: Settings) -> None:
    heard: list[tuple[int, int]] = []
    whole = await verify_whole(written, lambda done, of: heard.append((done, of)), processes=2)
    connection = await asyncpg.connect(written.database_url)
    leaves = await connection.fetch("SELECT hash FROM log.event ORDER BY position")
    await connection.close()
    assert (whole.events, whole.streams) == (EVENTS, 4)
    assert whole.root == root_of(leaf for (leaf,) in leaves)
    assert heard[-1] == (EVENTS, EVENTS) and len(heard) == 9
    assert await verify_whole(written, lambda done, of: None) == whole


@pytest.mark.parametrize("what", TAMPERING)
async def test_what_the_owner_changed_is_named_where_it_is(
    database: FreshDatabase, written: Settings, what: str
) -> None:
    statements, position = TAMPERING[what]
    async with connected(database.superuser_url) as owner:
        await owner.execute(UNTIED + statements)
    for processes in (2, None):
        with pytest.raises(LogTampered) as tampered:
            await verify_whole(written, lambda done, of: None, processes)
        assert tampered.value.position == position


async def test_commands_longer_than_a_piece_are_verified_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventstore.verifying.STRETCH", 5)
    pool = await open_pool(settings.database_url)
    store = PostgresEventStore(pool)
    one = scribe()
    for events in (3, 17, 1, 8):
        append = one.append(*[FACT] * events)
        await store.append(append)
        one = one.after(append)
    assert (await verify_whole(settings, lambda done, of: None, processes=2)).events == 29
    assert (await verify_log(store)).events == 29
    await pool.close()
