"""Many lines of training files at once: read, decided and appended together, each line with an outcome of its own.

A line is decided as its single command would be, on the file as the lines before it leave it; nothing here knows what
a line says.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.command import Command
from domain.event import CommandId, Event, PackReference
from domain.identity import Actor, PersonId
from domain.refusal import Refusal
from domain.training_file import FileAsKept, FileEvent, TrainingFile, training_file_stream
from eventstore.codec import Envelope, canonical, encode, sealed_owners
from eventstore.contention import ATTEMPTS, TooBusy, stand_back
from eventstore.keys import KeyStore, keyed_id
from eventstore.store import Append, EventStore, VersionConflict
from eventstore.training_files import read_training_files

RECORDED, REPEATED, WOULD_RECORD = "recorded", "repeated", "would_record"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A line that could be read: whose file it is about, and the command that it is."""

    number: int
    person: PersonId
    command: Command


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of a line: on file, on file already, or why not. `entry` is its place in the person's file."""

    number: int
    outcome: str
    entry: int | None = None
    problem: Exception | None = None


@dataclass(frozen=True, slots=True)
class TrainingImport:
    """One file on its way: under which id, from whom, when, and how each of its lines is decided."""

    id: str
    actor: Actor
    at: datetime
    decide: Callable[[TrainingFile, Any], list[Event]]
    pack: PackReference | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """One person's lines decided: what is to be appended to which version of the file, and what to tell of each."""

    kept: FileAsKept
    events: tuple[Event, ...]
    outcomes: tuple[LineOutcome, ...]


async def record_lines(
    store: EventStore, keys: KeyStore, imported: TrainingImport, lines: Sequence[ImportLine]
) -> list[LineOutcome]:
    """The outcome of each line; what is new of it is durable.

    The lines of one person are one append, and those of all people share transactions: whether a line stands is
    nobody else's doing.

    Idempotent by: what a line says. Whatever is on file already is told so and recorded no second time.
    Survives: a crash at any moment; sending the lines again records those that are missing.
    Retries: a file that others changed meanwhile is read and decided again, a few times.
    """
    of_person: dict[PersonId, list[ImportLine]] = defaultdict(list)
    for line in lines:
        of_person[line.person].append(line)
    files = await read_training_files(store, keys, list(of_person))
    works = [_decided(imported, files[person], said) for person, said in of_person.items()]
    owners = {owner for work in works for owner in _owners(work)} if not imported.dry_run else ()
    held = await keys.keys_for(sorted(owners)) if owners else {}
    found = await asyncio.gather(
        *(
            _appended(store, keys, imported, work, said, held)
            for work, said in zip(works, of_person.values(), strict=True)
        )
    )
    return [outcome for outcomes in found for outcome in outcomes]


def _decided(imported: TrainingImport, kept: FileAsKept, lines: Sequence[ImportLine]) -> _Work:
    file, events, outcomes = kept.file, list[Event](), list[LineOutcome]()
    for line in lines:
        try:
            led_to = imported.decide(file, line.command)
        except Refusal as refusal:
            outcomes.append(LineOutcome(line.number, "refused", problem=refusal))
            continue
        for event in led_to:
            if isinstance(event, FileEvent):
                file = event.apply(file)
        events.extend(led_to)
        new = WOULD_RECORD if imported.dry_run else RECORDED
        entry = getattr(led_to[-1], "entry", None) if led_to else None
        outcomes.append(LineOutcome(line.number, new if led_to else REPEATED, entry))
    return _Work(kept, tuple(events), tuple(outcomes))


def _owners(work: _Work) -> set[str]:
    stream = training_file_stream(work.kept.file.person)
    return {owner for event in work.events for owner in sealed_owners(event, stream)}


async def _appended(
    store: EventStore,
    keys: KeyStore,
    imported: TrainingImport,
    work: _Work,
    lines: Sequence[ImportLine],
    held: Mapping[str, bytes],
) -> tuple[LineOutcome, ...]:
    """The outcomes once they are durable; a fault is the outcome of those lines that it kept from being recorded."""
    try:
        for attempt in range(ATTEMPTS):
            if imported.dry_run or not work.events:
                return work.outcomes
            append = _append(keys, imported, work, held)
            try:
                appended = await store.append(append)
            except VersionConflict:
                await stand_back(attempt)
            else:
                if appended.fingerprint == append.fingerprint:
                    return work.outcomes if not appended.repeated else _repeated(work.outcomes)
            person = work.kept.file.person
            work = _decided(imported, (await read_training_files(store, keys, [person]))[person], lines)
            held = {**held, **(await keys.keys_for(sorted(_owners(work))) if work.events else {})}
        raise TooBusy(training_file_stream(work.kept.file.person))
    except Exception as fault:
        return tuple(
            LineOutcome(found.number, "failed", problem=fault) if found.outcome == RECORDED else found
            for found in work.outcomes
        )


def _repeated(outcomes: Sequence[LineOutcome]) -> tuple[LineOutcome, ...]:
    return tuple(replace(found, outcome=REPEATED) if found.outcome == RECORDED else found for found in outcomes)


def _append(keys: KeyStore, imported: TrainingImport, work: _Work, held: Mapping[str, bytes]) -> Append:
    stream, version, head = training_file_stream(work.kept.file.person), work.kept.version, work.kept.head
    # Of this import there is one append to each version of a file, whoever sends it and however it is cut in chunks.
    command_id = keyed_id(keys, "training import", imported.id, stream, str(version))
    wish = canonical([stream, [event.model_dump(mode="json") for event in work.events]])
    envelope = Envelope(
        stream, imported.at, imported.actor, CommandId(str(command_id)), imported.pack, f"training_import/{imported.id}"
    )
    stored = []
    for place, event in enumerate(work.events, start=version + 1):
        new, head = encode(event, envelope, place, head, held)
        stored.append(new)
    return Append(stream, version, work.kept.head, command_id, keys.fingerprint(wish), tuple(stored))
