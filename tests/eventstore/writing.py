"""Appends as tests make them: one scribe a stream, which knows the version and the hash that come next."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from domain.event import CommandId, Event, StreamId
from domain.stage import StageCompleted
from eventstore.codec import Envelope, encode, sealed_owners
from eventstore.keys import KeyStore
from eventstore.postgres import PostgresEventStore
from eventstore.store import NOTHING_BEFORE, Append, EventStore, NewEvent
from eventstore.transparency.merkle import leaf_hash
from tests.examples import PERSONNEL

PATIENCE_SECONDS = 60
MORNING = datetime(2026, 3, 2, 1, 0, 0, 250_000, tzinfo=UTC)
FACT = StageCompleted(stage="nomination", completed_on=date(2026, 3, 2))


@dataclass(frozen=True)
class Scribe:
    """A stream as its only writer knows it."""

    stream: StreamId
    version: int = 0
    head: bytes = NOTHING_BEFORE

    def append(
        self,
        *events: Event,
        command_id: UUID | None = None,
        keys: dict[str, bytes] | None = None,
        claim: str | None = None,
        release: str | None = None,
    ) -> Append:
        """What would record the events next; one plain fact when none is given."""
        command, head, new = command_id or uuid4(), self.head, []
        envelope = Envelope(self.stream, MORNING, PERSONNEL, CommandId(str(command)))
        for version, event in enumerate(events or (FACT,), start=self.version + 1):
            stored, head = encode(event, envelope, version, head, keys or {})
            new.append(stored)
        return Append(self.stream, self.version, self.head, command, b"wish", tuple(new), claim, release)

    def after(self, append: Append) -> "Scribe":
        """The scribe once the append is recorded."""
        return Scribe(self.stream, append.expected_version + len(append.events), leaf_hash(append.events[-1].entry))


def scribe(name: str = "appointment/one") -> Scribe:
    return Scribe(StreamId(name))


def oversized(append: Append) -> Append:
    """The append with an entry that no log takes."""
    event = append.events[0]
    return replace(append, events=(NewEvent(event.type, event.recorded_at, b"x" * 65_536),))


async def write_some(store: EventStore, *streams: str, each: int = 1) -> dict[str, Scribe]:
    """So many single events on each of the streams, in turns."""
    scribes = {name: scribe(name) for name in streams}
    for _ in range(each):
        for name, one in scribes.items():
            append = one.append()
            await store.append(append)
            scribes[name] = one.after(append)
    return scribes


async def sealed_append(one: Scribe, keys: KeyStore, *events: Event) -> Append:
    """What would record events of which parts are sealed."""
    owners = sorted({owner for event in events for owner in sealed_owners(event, one.stream)})
    return one.append(*events, keys=await keys.keys_for(owners))


async def keep_appending(store: EventStore, name: str, count: int, told: Callable[[Append], None]) -> Scribe:
    """Append single events one after another; whatever fails as a lost connection is repeated as it was."""
    one = scribe(name)
    for _ in range(count):
        append = one.append()
        await until_recorded(store, append)
        told(append)
        one = one.after(append)
    return one


async def until_recorded(store: EventStore, append: Append) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                await store.append(append)
                return
            except ConnectionError:
                await asyncio.sleep(0.01)  # between two tries, while the database is away


async def _writing_process(url: str, name: str, streams: int, each: int) -> None:
    from runtime.connections import open_pool

    pool = await open_pool(url)
    store = PostgresEventStore(pool)
    names: Sequence[str] = [f"{name}/{place}" for place in range(streams)]
    await asyncio.gather(*(keep_appending(store, one, each, lambda append: None) for one in names))
    await pool.close()


if __name__ == "__main__":
    asyncio.run(_writing_process(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
