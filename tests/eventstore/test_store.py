"""What the log promises, held against the log in memory and the log in PostgreSQL."""

import asyncio
from dataclasses import astuple, replace
from itertools import pairwise
from uuid import uuid4

import pytest

from domain.event import StreamId
from eventstore.instant import instant
from eventstore.memory import MemoryEventStore
from eventstore.raw_reading import Row, SealedPart
from eventstore.store import (
    Append,
    Appended,
    AppendRefused,
    ChainBroken,
    ClaimTaken,
    EventStore,
    StoredEvent,
    VersionConflict,
)
from eventstore.transparency.merkle import leaf_hash
from eventstore.verifying import verify_log
from tests.eventstore.writing import FACT, oversized, scribe, write_some


async def outcomes(store: EventStore, *appends: Append) -> list[Appended | BaseException]:
    async with asyncio.timeout(30):
        return await asyncio.gather(*(store.append(append) for append in appends), return_exceptions=True)


async def test_events_are_read_back_as_they_were_given(store: EventStore) -> None:
    append = scribe().append(FACT, FACT)
    appended = await store.append(append)
    assert (appended.first_position, appended.first_version, appended.events) == (0, 1, 2)
    assert (appended.version, appended.position, appended.repeated) == (2, 1, False)
    stored = await store.read_stream(append.stream)
    assert [(row.position, row.version, row.entry) for row in stored] == [
        (0, 1, append.events[0].entry),
        (1, 2, append.events[1].entry),
    ]
    assert all(row.hash == leaf_hash(row.entry) and row.recorded_at == append.events[0].recorded_at for row in stored)
    assert stored[0].type == "stage_completed" and stored[0].stream == append.stream


async def test_a_stream_and_the_log_are_read_from_where_the_reader_stands(store: EventStore) -> None:
    await write_some(store, "appointment/a", "appointment/b", each=3)
    assert [row.version for row in await store.read_stream(StreamId("appointment/a"), 1)] == [2, 3]
    assert await store.read_stream(StreamId("appointment/nobody")) == []
    assert [row.position for row in await store.read_log(1, limit=3)] == [2, 3, 4]
    assert await store.read_log(5) == []
    assert await store.size() == 6


async def test_an_append_that_expects_another_version_is_told_the_actual_one_and_writes_nothing(
    store: EventStore,
) -> None:
    scribes = await write_some(store, "appointment/one", each=2)
    late = replace(scribes["appointment/one"], version=1).append(claim="post/1")
    with pytest.raises(VersionConflict) as conflict:
        await store.append(late)
    assert (conflict.value.expected, conflict.value.actual) == (1, 2)
    assert await store.size() == 2
    assert await store.find_command(late.command_id) is None
    await store.append(scribe("appointment/two").append(claim="post/1"))


async def test_the_same_command_again_gets_the_first_answer(store: EventStore) -> None:
    one = scribe()
    append = one.append(FACT, FACT)
    first = await store.append(append)
    await store.append(one.after(append).append())
    again = await store.append(append)
    assert again == replace(first, repeated=True)
    assert await store.find_command(append.command_id) == again
    assert await store.size() == 3


async def test_a_command_that_was_recorded_is_found_even_when_it_comes_with_another_wish(store: EventStore) -> None:
    append = scribe().append()
    await store.append(append)
    other = replace(scribe("appointment/two").append(command_id=append.command_id), fingerprint=b"another wish")
    again = await store.append(other)
    assert again.repeated and again.fingerprint == append.fingerprint
    assert await store.size() == 1


async def test_the_same_command_sent_twice_at_once_is_recorded_once(store: EventStore) -> None:
    append = scribe().append()
    answers = await outcomes(store, append, append, append)
    assert sorted(answer.repeated for answer in answers if isinstance(answer, Appended)) == [False, True, True]
    assert await store.size() == 1


async def test_concurrent_appends_to_one_stream_have_one_winner(store: EventStore) -> None:
    rivals = [scribe().append() for _ in range(40)]
    answers = await outcomes(store, *rivals)
    assert sum(isinstance(answer, Appended) for answer in answers) == 1
    assert sum(isinstance(answer, VersionConflict) for answer in answers) == 39


async def test_a_storm_of_conflicts_burns_no_positions(store: EventStore) -> None:
    for _ in range(3):
        names = [f"appointment/{place}" for place in range(10)]
        version = len(await store.read_stream(StreamId(names[0])))
        heads = {name: (await store.read_stream(StreamId(name)))[-1].hash if version else b"" for name in names}
        rivals = [replace(scribe(name), version=version, head=heads[name]).append() for name in names for _ in range(5)]
        await outcomes(store, *rivals)
    assert [row.position for row in await store.read_log()] == list(range(30))
    assert (await verify_log(store)).events == 30


async def test_an_event_that_follows_another_hash_than_the_last_is_refused(store: EventStore) -> None:
    scribes = await write_some(store, "appointment/one")
    astray = replace(scribes["appointment/one"], head=b"\x01" * 32).append()
    with pytest.raises(ChainBroken):
        await store.append(astray)
    assert await store.size() == 1


async def test_each_hash_covers_the_one_before_it_in_its_stream(store: EventStore) -> None:
    await write_some(store, "appointment/a", "appointment/b", each=3)
    rows = await store.read_stream(StreamId("appointment/a"))
    for before, row in pairwise(rows):
        assert f'"previous":"{before.hash.hex()}"'.encode() in row.entry
    assert b'"previous":""' in rows[0].entry


async def test_a_claim_has_one_holder_until_it_gives_it_back(store: EventStore) -> None:
    one, two = scribe("appointment/one"), scribe("appointment/two")
    opening = one.append(claim="post/1")
    await store.append(opening)
    with pytest.raises(ClaimTaken) as taken:
        await store.append(two.append(claim="post/1"))
    assert taken.value.claim == "post/1"
    assert await store.read_stream(two.stream) == []
    await store.append(one.after(opening).append(release="post/1"))
    await store.append(two.append(claim="post/1"))


async def test_a_claim_is_given_back_by_its_holder_alone(store: EventStore) -> None:
    await store.append(scribe("appointment/one").append(claim="post/1"))
    await store.append(scribe("appointment/two").append(release="post/1"))
    with pytest.raises(ClaimTaken):
        await store.append(scribe("appointment/three").append(claim="post/1"))


async def test_of_many_who_claim_the_same_at_once_one_gets_it(store: EventStore) -> None:
    answers = await outcomes(store, *(scribe(f"appointment/{place}").append(claim="post/1") for place in range(20)))
    assert sum(isinstance(answer, Appended) for answer in answers) == 1
    assert sum(isinstance(answer, ClaimTaken) for answer in answers) == 19
    assert await store.size() == 1


async def test_a_bad_append_does_not_hurt_its_neighbours(store: EventStore) -> None:
    good = [scribe(f"appointment/{place}").append() for place in range(20)]
    bad = oversized(scribe("appointment/bad").append(claim="post/1"))
    answers = await outcomes(store, *good[:10], bad, *good[10:])
    assert isinstance(answers.pop(10), AppendRefused)
    assert all(isinstance(answer, Appended) and not answer.repeated for answer in answers)
    assert [row.position for row in await store.read_log()] == list(range(20))
    await store.append(scribe("appointment/later").append(claim="post/1"))


async def test_a_caller_who_goes_away_leaves_the_others_in_peace(store: EventStore) -> None:
    appends = [scribe(f"appointment/{place}").append() for place in range(30)]
    tasks = [asyncio.create_task(store.append(append)) for append in appends]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks, return_exceptions=True)
    for place, task in enumerate(tasks):
        if place % 3:
            assert not task.cancelled() and task.result().events == 1
    # Whoever went away may ask again: recorded before or recorded now, it is there once.
    async with asyncio.timeout(30):
        await asyncio.gather(*(store.append(append) for append in appends))
    assert await store.size() == 30
    assert (await verify_log(store)).events == 30


async def test_sealed_parts_rest_beside_the_entry(store: EventStore) -> None:
    append = scribe().append(FACT, FACT)
    part = SealedPart("person/p1", b"n" * 12, b"ciphertext")
    await store.append(replace(append, events=(append.events[0], replace(append.events[1], sealed=(part,)))))
    assert await store.read_sealed([0, 1, 7]) == {1: [part]}
    assert await store.read_sealed([]) == {}
    assert await store.read_sealed_between(1, 2) == {1: [part]}
    assert await store.read_sealed_between(0, 1) == await store.read_sealed_between(2, 9) == {}


async def test_standing_and_commands_tell_what_was_recorded(store: EventStore) -> None:
    one = scribe("appointment/a")
    append = one.append(FACT, FACT)
    await store.append(append)
    await write_some(store, "appointment/b")
    assert await store.standing() == (3, 2)
    ends = await store.ends_of(["appointment/a", "appointment/b", "appointment/nobody"])
    assert ends["appointment/a"] == (2, one.after(append).head, 0, 1)
    assert [end[2:] for end in ends.values()] == [(0, 1), (2, 2)]
    commands = await store.read_commands(0, 3)
    assert [(command.first_position, command.events, command.stream) for command in commands] == [
        (0, 2, "appointment/a"),
        (2, 1, "appointment/b"),
    ]
    assert commands[0].command_id == str(append.command_id)
    assert await store.read_commands(1, 3) == commands[1:]


async def test_everything_between_two_positions_is_read(store: EventStore) -> None:
    await write_some(store, "appointment/a", "appointment/b", each=3)

    def row(stored: StoredEvent) -> Row:
        return (*astuple(stored)[:4], instant(stored.recorded_at), stored.entry, stored.hash)

    rows = await store.read_rows(1, 4)
    assert [tuple(found) for found in rows] == [row(stored) for stored in await store.read_log(0, 3)]
    rest = await store.rest_of("appointment/b", 1)
    assert rest == [row(stored) for stored in await store.read_stream(StreamId("appointment/b"), 1)]


async def test_news_arrive_when_the_log_grows(store: EventStore) -> None:
    news = store.news()
    async with asyncio.timeout(10):
        await anext(news)
        waiting = asyncio.ensure_future(anext(news))
        await store.append(scribe().append())
        await waiting
        assert await store.size() == 1
    await news.aclose()  # type: ignore[attr-defined]


async def test_an_unknown_command_is_not_found(store: EventStore) -> None:
    assert await store.find_command(uuid4()) is None


async def test_the_empty_log_is_whole() -> None:
    assert (await verify_log(MemoryEventStore())).events == 0
