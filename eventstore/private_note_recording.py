"""Keeping and reading a department's notes: in streams that nobody without the master key can tell the subject of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from domain.event import Event, Recorded, StreamId
from domain.identity import Actor, Role
from domain.nomination import CandidateNominated
from domain.private_note import (
    OF_A_SPACE,
    NoteSubject,
    PrivateNotesRead,
    PrivateNoteWritten,
    WritePrivateNote,
    department_of,
    write_private_note,
)
from eventstore.codec import decode
from eventstore.keys import KeyStore, keyed_id
from eventstore.noting import note
from eventstore.opening import opened
from eventstore.store import EventStore, StoredEvent
from eventstore.stream_recording import Kept, Wish, record_in_stream
from eventstore.tombstone import all_forgotten


def private_note_stream(keys: KeyStore, department: Role, about: NoteSubject) -> StreamId:
    """Where a department's notes about something stand. Trying subjects until one fits takes the master key."""
    return StreamId(f"private_note/{keyed_id(keys, 'private note', department, about.kind, about.id).hex}")


async def record_private_note(
    store: EventStore,
    keys: KeyStore,
    command: WritePrivateNote,
    *,
    actor: Actor,
    command_id: UUID,
    at: datetime,
    if_version: int | None = None,
    dry_run: bool = False,
) -> Kept:
    """A note in the space of the writer's department; the log names neither.

    Refuses: whatever `write_private_note` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    stream = private_note_stream(keys, department_of(actor), command.about)
    trail = await store.read_stream(StreamId(command.about.stream))
    known = {"is_known": bool(trail), "is_forgotten": await _is_forgotten(store, trail)}
    wish = Wish(stream, command, OF_A_SPACE, command_id, at, None, if_version, dry_run)
    return await record_in_stream(store, keys, wish, lambda _: write_private_note(command, actor=actor, **known))


async def _is_forgotten(store: EventStore, trail: Sequence[StoredEvent]) -> bool:
    nominated = (row for row in trail if row.type == CandidateNominated.alias)
    people = {event.person_id for row in nominated if isinstance(event := decode(row).event, CandidateNominated)}
    return bool(people) and await all_forgotten(store, people)


async def private_notes_about(
    store: EventStore, keys: KeyStore, about: NoteSubject, *, actor: Actor, at: datetime
) -> list[tuple[Recorded[Event], PrivateNoteWritten]]:
    """The notes of the reader's department about something, in order; that they were read is on the log first.

    Refuses: WrongOrgan, TwoSpacesAtOnce.
    """
    stream = private_note_stream(keys, department_of(actor), about)
    stored = await store.read_stream(stream)
    if not stored:
        return []
    reading = PrivateNotesRead(officer=actor.officer)
    await note(store, keys, stream, reading, actor=OF_A_SPACE, command_id=uuid4(), at=at)
    rows = await opened(store, keys, stored)
    return [(row, row.event) for row in rows if isinstance(row.event, PrivateNoteWritten)]
