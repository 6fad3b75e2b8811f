"""How events become entries: sealed with the keys of those whom they are about, numbered and chained."""

from collections.abc import Sequence

from domain.event import Event
from eventstore.codec import Envelope, encode, sealed_owners
from eventstore.keys import KeyStore
from eventstore.store import NewEvent


async def sealed_after(
    version: int, head: bytes, events: Sequence[Event], envelope: Envelope, keys: KeyStore
) -> tuple[tuple[NewEvent, ...], bytes]:
    """Events as the log keeps them behind a version of their stream, and the hash of the last of them.

    Survives: a crash after keys of new people were made; they seal nothing, and the repetition finds them.
    """
    owners = sorted({owner for event in events for owner in sealed_owners(event, envelope.stream)})
    held = await keys.keys_for(owners) if owners else {}
    entries = []
    for place, event in enumerate(events, start=version + 1):
        entry, head = encode(event, envelope, place, head, held)
        entries.append(entry)
    return tuple(entries), head
