"""Noting a fact that no rule decides: who an officer is, or that somebody was turned away."""

from datetime import datetime
from uuid import UUID

from domain.event import CommandId, Event, Recorded, StreamId
from domain.identity import Actor
from eventstore.codec import Envelope
from eventstore.contention import ATTEMPTS, TooBusy, stand_back
from eventstore.keys import KeyStore
from eventstore.opening import opened
from eventstore.sealing import sealed_after
from eventstore.store import NOTHING_BEFORE, Append, Appended, EventStore, VersionConflict


async def note(
    store: EventStore, keys: KeyStore, stream: StreamId, event: Event, *, actor: Actor, command_id: UUID, at: datetime
) -> Appended:
    """Append one event at the end of its stream, whatever came before it.

    Refuses: TooBusy, when others were quicker each time.
    Idempotent by: the command id.
    """
    envelope = Envelope(stream, at, actor, CommandId(str(command_id)))
    for attempt in range(ATTEMPTS):
        last = await store.read_last(stream)
        version, head = (last.version, last.hash) if last else (0, NOTHING_BEFORE)
        new, _ = await sealed_after(version, head, [event], envelope, keys)
        try:
            return await store.append(Append(stream, version, head, command_id, command_id.bytes, new))
        except VersionConflict:
            await stand_back(attempt)
    raise TooBusy(stream)


async def latest(store: EventStore, keys: KeyStore, stream: StreamId) -> Recorded[Event] | None:
    """The last event of a stream, opened as far as its keys are there."""
    stored = await store.read_last(stream)
    if stored is None:
        return None
    (last,) = await opened(store, keys, [stored])
    return last
