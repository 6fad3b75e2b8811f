"""The door to a stream that is no case: decide on what its events say, append, with a bounded retry on conflict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.command import Command
from domain.event import CommandId, Event, PackReference, StreamId
from domain.identity import Actor
from eventstore.codec import Envelope, canonical, decode
from eventstore.contention import ATTEMPTS, StaleVersion, TooBusy, must_repeat, stand_back
from eventstore.keys import KeyStore
from eventstore.opening import opened
from eventstore.sealing import sealed_after
from eventstore.store import NOTHING_BEFORE, Append, Appended, EventStore, VersionConflict


@dataclass(frozen=True, slots=True)
class Wish:
    """A command about a stream: whose, under which key, when, and whether only to try."""

    stream: StreamId
    command: Command
    actor: Actor
    command_id: UUID
    at: datetime
    pack: PackReference | None = None
    if_version: int | None = None
    dry_run: bool = False

    @property
    def said(self) -> bytes:
        """What a repetition must repeat; it may hold personal data, so only a keyed hash of it is kept."""
        return canonical([self.stream, self.command.name(), self.command.model_dump(mode="json")])


@dataclass(frozen=True, slots=True)
class Kept:
    """What was recorded in a stream: durable, hash-chained, in its place."""

    version: int
    position: int
    events: tuple[Event, ...]
    repeated: bool = False


async def record_in_stream(
    store: EventStore,
    keys: KeyStore,
    wish: Wish,
    decide: Callable[[Sequence[Event]], list[Event]],
    *,
    open_sealed: bool = False,
) -> Kept:
    """Decide a command on the events of its stream and append what follows; the answer means: durable.

    `open_sealed`: the stream is decided upon with what is sealed in it, as far as the keys are still there.

    Refuses: whatever `decide` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    Survives: a crash at any moment; repeating the command finds what was recorded.
    """
    for attempt in range(ATTEMPTS):
        if (earlier := await store.find_command(wish.command_id)) is not None:
            return await _first_answer(store, keys, wish, earlier)
        stored = await store.read_stream(wish.stream)
        version, head = (stored[-1].version, stored[-1].hash) if stored else (0, NOTHING_BEFORE)
        if wish.if_version not in (None, version):
            raise StaleVersion(
                f"You speak of version {wish.if_version}, and this is at version {version}. Read it again.",
                version=version,
            )
        said = await opened(store, keys, stored) if open_sealed else [decode(row) for row in stored]
        events = decide([recorded.event for recorded in said])
        if wish.dry_run or not events:
            return Kept(version, -1, tuple(events))
        envelope = Envelope(wish.stream, wish.at, wish.actor, CommandId(str(wish.command_id)), wish.pack)
        new, _ = await sealed_after(version, head, events, envelope, keys)
        try:
            appended = await store.append(
                Append(wish.stream, version, head, wish.command_id, keys.fingerprint(wish.said), new)
            )
        except VersionConflict:
            await stand_back(attempt)
            continue
        if appended.repeated:
            return await _first_answer(store, keys, wish, appended)
        return Kept(appended.version, appended.position, tuple(events))
    raise TooBusy(wish.stream)


async def _first_answer(store: EventStore, keys: KeyStore, wish: Wish, earlier: Appended) -> Kept:
    must_repeat(earlier, keys.fingerprint(wish.said))
    stored = await store.read_stream(wish.stream)
    said = tuple(decode(row).event for row in stored[earlier.first_version - 1 : earlier.version])
    return Kept(earlier.version, earlier.position, said, repeated=True)
