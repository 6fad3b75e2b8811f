"""Who of some people was forgotten, as the log says."""

from collections.abc import Iterable

from domain.forgetting import PersonForgotten, forgetting_stream
from domain.identity import PersonId
from eventstore.codec import decode
from eventstore.store import EventStore


async def tombstones(store: EventStore, people: Iterable[PersonId]) -> dict[PersonId, PersonForgotten]:
    """Of some people those who were forgotten, each with the tombstone."""
    found = await store.read_streams([forgetting_stream(person) for person in people])
    events = (decode(row).event for rows in found.values() for row in rows)
    return {event.person_id: event for event in events if isinstance(event, PersonForgotten)}


async def all_forgotten(store: EventStore, people: Iterable[PersonId]) -> bool:
    """Whether nobody of them is remembered."""
    wanted = set(people)
    return wanted <= (await tombstones(store, wanted)).keys()
