"""Noting a fact that no rule decides: who an officer is, or that somebody was turned away."""

import asyncio
import random
from datetime import datetime
from uuid import UUID

from domain.event import CommandId, Event, Recorded, StreamId
from domain.identity import Actor
from eventstore.codec import Envelope, encode, sealed_owners
from eventstore.keys import KeyStore
from eventstore.opening import opened
from eventstore.recording import TooBusy
from eventstore.store import NOTHING_BEFORE, Append, Appended, EventStore, VersionConflict

ATTEMPTS = 8


async def note(
    store: EventStore, keys: KeyStore, stream: StreamId, event: Event, *, actor: Actor, command_id: UUID, at: datetime
) -> Appended:
    """Append one event at the end of its stream, whatever came before it.

    Refuses: TooBusy, when others were quicker each time.
    Idempotent by: the command id.
    """
    owners = sorted(sealed_owners(event, stream))
    held = await keys.keys_for(owners) if owners else {}
    envelope = Envelope(stream, at, actor, CommandId(str(command_id)))
    for attempt in range(ATTEMPTS):
        last = await store.read_last(stream)
        version, head = (last.version, last.hash) if last else (0, NOTHING_BEFORE)
        new, _ = encode(event, envelope, version + 1, head, held)
        try:
            return await store.append(Append(stream, version, head, command_id, command_id.bytes, (new,)))
        except VersionConflict:
            await asyncio.sleep(random.random() * 0.002 * attempt)
    raise TooBusy(f"{stream} was changed by others {ATTEMPTS} times in a row")


async def latest(store: EventStore, keys: KeyStore, stream: StreamId) -> Recorded[Event] | None:
    """The last event of a stream, opened as far as its keys are there."""
    stored = await store.read_last(stream)
    if stored is None:
        return None
    (last,) = await opened(store, keys, [stored])
    return last
