"""A log that its owner changed is found out, and the first wrong event is named."""

from dataclasses import replace

import pytest

from domain.nomination import CandidateNominated
from eventstore.keys import MemoryKeyStore
from eventstore.memory import MemoryEventStore
from eventstore.postgres import PostgresEventStore
from eventstore.store import EventStore
from eventstore.verifying import LogTampered, verify_log
from tests.conftest import FreshDatabase, connected
from tests.eventstore.writing import FACT, sealed_append, write_some
from tests.stored_events.samples import sample

UNTIED = "ALTER TABLE log.event DISABLE TRIGGER ALL; ALTER TABLE log.command DISABLE TRIGGER ALL;"
ONE = "appointment/one"

TAMPERING = {
    "a byte of an entry": (
        "UPDATE log.event SET entry = set_byte(entry, 20, 88) WHERE position = 4",
        4,
        "does not give its hash",
    ),
    "an entry and its hash": (
        "UPDATE log.event SET entry = n.entry, hash = sha256('\\x00'::bytea || n.entry) FROM "
        "(SELECT convert_to(replace(convert_from(entry, 'UTF8'), 'nomination', 'nominatiom'), 'UTF8') AS entry "
        "FROM log.event WHERE position = 4) n WHERE position = 4",
        6,
        "does not follow",
    ),
    "an entry that is no JSON, and its hash": (
        "UPDATE log.event SET entry = 'no', hash = sha256('\\x00'::bytea || 'no'::bytea) WHERE position = 4",
        4,
        "cannot be read",
    ),
    "the last entry of a stream, and its hash": (
        "UPDATE log.event SET entry = n.entry, hash = sha256('\\x00'::bytea || n.entry) FROM "
        "(SELECT convert_to(replace(convert_from(entry, 'UTF8'), 'nomination', 'nominatiom'), 'UTF8') AS entry "
        "FROM log.event WHERE position = 8) n WHERE position = 8",
        8,
        "ends at another event",
    ),
    "two events swapped": (
        "UPDATE log.event SET position = 99 WHERE position = 4; UPDATE log.event SET position = 4 WHERE position = 6; "
        "UPDATE log.event SET position = 6 WHERE position = 99",
        4,
        "command",
    ),
    "two events of different streams swapped": (
        "UPDATE log.event SET position = 99 WHERE position = 4; UPDATE log.event SET position = 4 WHERE position = 5; "
        "UPDATE log.event SET position = 5 WHERE position = 99",
        4,
        "command",
    ),
    "an event deleted": ("DELETE FROM log.event WHERE position = 3", 3, "missing"),
    "the last event deleted": ("DELETE FROM log.event WHERE position = 9", 9, "missing"),
    "an event deleted and the gap closed": (
        "DELETE FROM log.event WHERE position = 3; DELETE FROM log.command WHERE first_position = 3; "
        "UPDATE log.event SET position = position + 99 WHERE position > 3; "
        "UPDATE log.event SET position = position - 100 WHERE position > 99; "
        "UPDATE log.command SET first_position = first_position - 1 WHERE first_position > 3; "
        "UPDATE log.log SET size = size - 1",
        4,
        "goes from version 1 to 3",
    ),
    "the end cut off and the count with it": (
        "DELETE FROM log.event WHERE position = 9; DELETE FROM log.command WHERE first_position = 9; "
        "UPDATE log.log SET size = 9",
        7,
        "ends at another event",
    ),
    "an event inserted at the end": (
        "INSERT INTO log.event SELECT 10, stream, 6, type, recorded_at, entry, hash FROM log.event WHERE position = 8",
        10,
        "never counted",
    ),
    "an event inserted, and counted": (
        "INSERT INTO log.event SELECT 10, stream, 6, type, recorded_at, entry, hash FROM log.event WHERE position = 8; "
        "UPDATE log.log SET size = 11",
        10,
        "no command",
    ),
    "the column of the stream": ("UPDATE log.event SET stream = 'other' WHERE position = 4", 4, "command"),
    "the column of the version": ("UPDATE log.event SET version = 77 WHERE position = 4", 4, "command"),
    "the column of the type": ("UPDATE log.event SET type = 'x' WHERE position = 4", 4, "differ in the type"),
    "the column of the time": (
        "UPDATE log.event SET recorded_at = recorded_at + interval '1 microsecond' WHERE position = 4",
        4,
        "differ in the time",
    ),
    "the hash": ("UPDATE log.event SET hash = sha256('') WHERE position = 4", 4, "does not give its hash"),
    "the id of a command": (
        "UPDATE log.command SET command_id = gen_random_uuid() WHERE first_position = 4",
        4,
        "not recorded by the command",
    ),
    "a command deleted": ("DELETE FROM log.command WHERE first_position = 4", 4, "no command"),
    "the head of a stream": ("UPDATE log.stream SET head = '\\x00' WHERE stream = 'appointment/one'", 8, "ends at"),
    "a stream forgotten": ("DELETE FROM log.stream WHERE stream = 'appointment/one'", 8, "does not know the end"),
}


@pytest.mark.parametrize("piece", [20_000, 2])
@pytest.mark.parametrize("what", TAMPERING)
async def test_what_the_owner_changes_is_found_and_named(
    database: FreshDatabase,
    postgres_store: PostgresEventStore,
    what: str,
    piece: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("eventstore.verifying.STRETCH", piece)
    statements, position, said = TAMPERING[what]
    await write_some(postgres_store, ONE, "appointment/two", each=5)
    whole = await verify_log(postgres_store)
    assert (whole.events, whole.streams) == (10, 2)
    async with connected(database.superuser_url) as owner:
        await owner.execute(UNTIED + statements)
    with pytest.raises(LogTampered, match=said) as tampered:
        await verify_log(postgres_store)
    assert tampered.value.position == position


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log.sealed SET ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1)",
        "UPDATE log.sealed SET nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1)",
        "UPDATE log.sealed SET owner = 'person/other'",
        "INSERT INTO log.sealed SELECT position, 'person/other', nonce, ciphertext FROM log.sealed",
        "INSERT INTO log.sealed SELECT 0, owner, nonce, ciphertext FROM log.sealed",
    ],
)
async def test_a_sealed_part_that_was_changed_is_found(
    database: FreshDatabase, postgres_store: PostgresEventStore, change: str
) -> None:
    await write_with_sealed(postgres_store)
    async with connected(database.superuser_url) as owner:
        await owner.execute(change)
    with pytest.raises(LogTampered, match="sealed for person/"):
        await verify_log(postgres_store)


async def test_a_log_whose_sealed_parts_were_forgotten_is_whole(
    database: FreshDatabase, postgres_store: PostgresEventStore
) -> None:
    await write_with_sealed(postgres_store)
    async with connected(database.superuser_url) as owner:
        await owner.execute("DELETE FROM log.sealed")
    assert (await verify_log(postgres_store)).events == 3


async def write_with_sealed(store: EventStore) -> None:
    scribes = await write_some(store, ONE)
    await store.append(await sealed_append(scribes[ONE], MemoryKeyStore(), sample(CandidateNominated), FACT))
    assert (await verify_log(store)).events == 3


async def test_a_log_is_read_in_pages_and_tells_how_far_it_is(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventstore.verifying.STRETCH", 4)
    await write_some(store, ONE, "appointment/two", each=5)
    heard: list[tuple[int, int]] = []
    verified = await verify_log(store, lambda done, of: heard.append((done, of)))
    assert (verified.events, verified.streams) == (10, 2)
    assert heard == [(4, 10), (8, 10), (10, 10)]


async def test_a_changed_entry_is_found_in_memory_too() -> None:
    store = MemoryEventStore()
    await write_some(store, ONE, each=3)
    store._log[1] = replace(store._log[1], entry=store._log[1].entry.replace(b"nomination", b"nominatiom"))
    with pytest.raises(LogTampered) as tampered:
        await verify_log(store)
    assert tampered.value.position == 1


async def test_a_log_that_grows_while_it_is_verified_is_whole(
    postgres_store: PostgresEventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventstore.verifying.STRETCH", 4)
    scribes = await write_some(postgres_store, ONE, each=10)
    one = scribes[ONE]
    standing, read_rows = postgres_store.standing, postgres_store.read_rows

    async def append_then_read(first: int, end: int):  # type: ignore[no-untyped-def]
        nonlocal one
        append = one.append()
        await postgres_store.append(append)
        one = one.after(append)
        return await read_rows(first, end)

    monkeypatch.setattr(postgres_store, "read_rows", append_then_read)
    assert (await verify_log(postgres_store)).events == 10
    assert (await standing()).size > 10
