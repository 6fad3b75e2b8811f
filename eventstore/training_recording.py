"""The door to a training file: decide on what it says, opened, and append."""

from collections.abc import Callable

from domain.event import Event
from domain.identity import PersonId
from domain.training_file import TrainingFile, fold_training_file
from eventstore.keys import KeyStore
from eventstore.store import EventStore
from eventstore.stream_recording import Kept, Wish, record_in_stream


async def record_in_training_file(
    store: EventStore,
    keys: KeyStore,
    person: PersonId,
    wish: Wish,
    decide: Callable[[TrainingFile], list[Event]],
) -> Kept:
    """Decide a command on a person's training file and append what follows.

    Refuses: whatever `decide` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    return await record_in_stream(
        store, keys, wish, lambda events: decide(fold_training_file(person, events)), open_sealed=True
    )
