"""Facts that no rule decides are noted at the end of their stream, whatever else is noted there."""

import asyncio
from uuid import UUID, uuid4

import pytest

from domain.access import AccessRefused, access_stream
from domain.officer import OfficerIdentified, officer_stream
from eventstore.contention import ATTEMPTS, TooBusy
from eventstore.keys import KeyStore, MemoryKeyStore
from eventstore.noting import latest, note
from eventstore.store import Append, Appended, EventStore, VersionConflict
from eventstore.verifying import verify_log
from tests.eventstore.saying import MORNING
from tests.examples import PERSONNEL

STREAM = access_stream(PERSONNEL.officer)
ATTEMPT = AccessRefused(officer=PERSONNEL.officer, attempted="read_confidential", target="cases", policy="some-policy")


async def noted(store: EventStore, keys: KeyStore, command_id: UUID | None = None) -> Appended:
    return await note(store, keys, STREAM, ATTEMPT, actor=PERSONNEL, command_id=command_id or uuid4(), at=MORNING)


async def test_notes_of_many_at_once_are_all_kept_in_one_chain(store: EventStore) -> None:
    keys = MemoryKeyStore()
    await asyncio.gather(*(noted(store, keys) for _ in range(4)))
    assert [stored.version for stored in await store.read_stream(STREAM)] == [1, 2, 3, 4]
    await verify_log(store)


async def test_a_repeated_note_is_noted_once(store: EventStore) -> None:
    keys, key = MemoryKeyStore(), uuid4()
    assert not (await noted(store, keys, key)).repeated
    assert (await noted(store, keys, key)).repeated
    assert await store.size() == 1


async def test_the_latest_note_is_opened_and_knows_its_version(store: EventStore) -> None:
    keys, stream = MemoryKeyStore(), officer_stream(PERSONNEL.officer)
    assert await latest(store, keys, stream) is None
    for name in ("Ada", "Ada Lovelace"):
        who = OfficerIdentified(officer=PERSONNEL.officer, organ=PERSONNEL.organ, name=name)
        await note(store, keys, stream, who, actor=PERSONNEL, command_id=uuid4(), at=MORNING)
    last = await latest(store, keys, stream)
    assert last is not None and (last.version, last.event) == (2, who)


async def test_a_stream_that_others_write_all_the_time_is_given_up_as_busy(
    memory_store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def always_late(append: Append) -> Appended:
        nonlocal tries
        tries += 1
        raise VersionConflict(append.stream, append.expected_version, append.expected_version + 1)

    monkeypatch.setattr(memory_store, "append", always_late)
    with pytest.raises(TooBusy):
        await noted(memory_store, MemoryKeyStore())
    assert tries == ATTEMPTS
