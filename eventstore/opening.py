"""Opening what is sealed, for whoever may read it."""

from collections.abc import Callable, Sequence

from domain.event import Event, Recorded
from eventstore.codec import decode
from eventstore.keys import KeyStore
from eventstore.store import EventStore, StoredEvent


def everything(owner: str) -> bool:
    """Opens whatever has a key."""
    return True


async def opened(
    store: EventStore,
    keys: KeyStore,
    stored: Sequence[StoredEvent],
    may_open: Callable[[str], bool] = everything,
) -> list[Recorded[Event]]:
    """The events with those sealed fields filled whose owner may be opened, and whose key and part are still there."""
    parts = await store.read_sealed([row.position for row in stored])
    owners = sorted({part.owner for found in parts.values() for part in found if may_open(part.owner)})
    held = await keys.open_keys(owners) if owners else {}
    return [decode(row, parts.get(row.position, ()), held) for row in stored]
