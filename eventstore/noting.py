"""Noting a fact that no rule decides: who an officer is, or that somebody was turned away."""

from datetime import datetime
from uuid import UUID

from domain.event import CommandId, Event, StreamId
from domain.identity import Actor
from eventstore.codec import Envelope, encode, sealed_owners
from eventstore.keys import KeyStore
from eventstore.opening import opened
from eventstore.store import NOTHING_BEFORE, Append, Appended, EventStore, VersionConflict

ATTEMPTS = 8


async def note(
    store: EventStore, keys: KeyStore, stream: StreamId, event: Event, *, actor: Actor, command_id: UUID, at: datetime
) -> Appended:
    """Append one event at the end of its stream, whatever came before it.

    Refuses: VersionConflict, when others were quicker each time.
    Idempotent by: the command id.
    """
    owners = sorted(sealed_owners(event, stream))
    held = await keys.keys_for(owners) if owners else {}
    envelope = Envelope(stream, at, actor, CommandId(str(command_id)))
    for attempt in range(ATTEMPTS):
        earlier = await store.read_stream(stream)
        head = earlier[-1].hash if earlier else NOTHING_BEFORE
        new, _ = encode(event, envelope, len(earlier) + 1, head, held)
        try:
            return await store.append(Append(stream, len(earlier), head, command_id, command_id.bytes, (new,)))
        except VersionConflict:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returned or raised")


async def latest(store: EventStore, keys: KeyStore, stream: StreamId) -> Event | None:
    """The last event of a stream, opened as far as its keys are there."""
    stored = await store.read_stream(stream)
    if not stored:
        return None
    (last,) = await opened(store, keys, stored[-1:])
    return last.event
