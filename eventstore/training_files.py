"""Training files as the log has them, opened: one person's, or many at once."""

from collections.abc import Sequence

from domain.event import Event
from domain.identity import PersonId
from domain.training_file import FileAsKept, fold_training_file, training_file_stream
from eventstore.keys import KeyStore
from eventstore.opening import opened
from eventstore.store import EventStore


async def read_training_file(store: EventStore, keys: KeyStore, person: PersonId) -> FileAsKept:
    """A person's training file as the log has it now; an empty one where nothing was recorded."""
    return (await read_training_files(store, keys, [person]))[person]


async def read_training_files(
    store: EventStore, keys: KeyStore, people: Sequence[PersonId]
) -> dict[PersonId, FileAsKept]:
    """The training files of several people, each in one place of the answer."""
    streams = {training_file_stream(person): person for person in people}
    stored = await store.read_streams(list(streams))
    rows = [row for found in stored.values() for row in found]
    events: dict[PersonId, list[Event]] = {person: [] for person in people}
    for recorded in await opened(store, keys, rows):
        events[streams[recorded.stream]].append(recorded.event)
    files = {person: FileAsKept(fold_training_file(person, said)) for person, said in events.items()}
    for stream, found in stored.items():
        person, last = streams[stream], found[-1]
        files[person] = FileAsKept(files[person].file, last.version, last.hash)
    return files
