"""What is sealed beside cases about somebody: found by the case that a record names, or opened to see whom it names."""

from collections.abc import Iterable, Sequence

from domain.event import Event, Recorded, StreamId
from domain.identity import CaseId, PersonId
from domain.joint_meeting import AgendaItemPlaced, FindingMade, StatementRecorded
from domain.opinion_asking import OpinionsAsked
from domain.organ_request import OrganAsked
from domain.private_note import SPACES, NoteKind, NoteSubject
from domain.supervision_input import LABELS, SETTLED, InputRecorded, fold_input
from domain.supervision_problem import ProblemOpened, SubjectKind
from domain.supervision_watch import WatchOpened, fold_watch
from eventstore.codec import decode, is_destroyed
from eventstore.keys import KeyStore
from eventstore.opening import opened
from eventstore.private_note_recording import private_note_stream
from eventstore.store import EventStore

OF_A_CASE = tuple(kind.alias for kind in (ProblemOpened, OrganAsked, OpinionsAsked))
AT_A_MEETING = tuple(kind.alias for kind in (AgendaItemPlaced, FindingMade))
NOTED = {"appointment": NoteKind.CASE, "problem": NoteKind.PROBLEM, "organ_request": NoteKind.ORGAN_REQUEST}
HIDDEN = ("supervision_input/", "supervision_watch/")
"""Streams that name nobody in the open: whom they are about is sealed in their first event."""


async def hidden_about(
    store: EventStore, keys: KeyStore, person: PersonId, cases: Iterable[StreamId] = ()
) -> list[StreamId]:
    """The inputs and watches about somebody, or about one of the cases.

    Those of which a crash left a key without its parts, or parts without their key, are among them: nobody can open
    them to see whom they are about, and what is left of them is to go.
    """
    of_cases, found, closed = {stream.partition("/")[2] for stream in cases}, [], []
    for row in await _beginnings(store, keys):
        if is_destroyed(row):
            closed.append(row)
        elif person in _people(row.event) or _case_of(row.event) in of_cases:
            found.append(row.stream)
    return found + await _half_destroyed(store, keys, closed)


async def unsettled_about(store: EventStore, keys: KeyStore, person: PersonId) -> bool:
    """Whether supervision has an input about somebody that is not settled, or a watch that is not concluded."""
    streams = [row.stream for row in await _beginnings(store, keys) if person in _people(row.event)]
    trails = (await store.read_streams(streams)).values()
    return any(_is_open([decode(row).event for row in rows]) for rows in trails)


def _is_open(events: Sequence[Event]) -> bool:
    received, watch = fold_input(events), fold_watch(events)
    return (received is not None and received.status not in SETTLED) or (watch is not None and not watch.over)


async def _beginnings(store: EventStore, keys: KeyStore) -> list[Recorded[Event]]:
    streams = [stream for prefix in HIDDEN for stream in await store.streams_under(prefix)]
    trails = await store.read_streams(streams)
    return await opened(store, keys, [rows[0] for rows in trails.values()])


async def _half_destroyed(store: EventStore, keys: KeyStore, closed: Sequence[Recorded[Event]]) -> list[StreamId]:
    parts = await store.read_sealed([row.position for row in closed])
    held = await keys.open_keys([owner for row in closed for owner in row.sealed])
    sealing = {row.stream: {owner for owner in row.sealed if not owner.endswith(f"#{LABELS}")} for row in closed}
    left = {part.owner for found in parts.values() for part in found} | held.keys()
    return [stream for stream, owners in sealing.items() if owners & left]


def _people(event: Event) -> set[PersonId]:
    match event:
        case InputRecorded(person_id=str() as person):
            return {person}
        case WatchOpened(people=people):
            return set(people or ())
    return set()


def _case_of(event: Event) -> str | None:
    """The case that an event is about, by its id."""
    if isinstance(event, OrganAsked) and event.case_id is not None:
        return event.case_id
    subject = getattr(event, "subject", None)
    return subject.id if subject is not None and subject.kind == SubjectKind.CASE else None


async def beside_cases(store: EventStore, of: Iterable[StreamId]) -> list[StreamId]:
    """The problems, requests and askings about cases, and the problems that come from watches."""
    found = set()
    for stream in of:
        named = stream.partition("/")[2]
        for row in map(decode, await store.entries_naming(named, OF_A_CASE)):
            origin = row.event.origin if isinstance(row.event, ProblemOpened) else None
            if _case_of(row.event) == named or (origin is not None and origin.id == named):
                found.add(row.stream)
    return sorted(found)


def notes_about(keys: KeyStore, streams: Iterable[StreamId]) -> list[StreamId]:
    """Where each department's notes about cases, problems and requests stand, if there are any."""
    about = [(NOTED[kind], of) for stream in streams for kind, _, of in [stream.partition("/")] if kind in NOTED]
    return [
        private_note_stream(keys, department, NoteSubject(kind=kind, id=of))
        for kind, of in about
        for department in SPACES
    ]


async def said_at_meetings(store: EventStore, cases: Iterable[StreamId]) -> list[int]:
    """What was said at joint meetings on items about cases, by its positions."""
    found = []
    for case in cases:
        case_id = CaseId(case.partition("/")[2])
        naming = {row.stream for row in await store.entries_naming(case_id, AT_A_MEETING)}
        for rows in (await store.read_streams(sorted(naming))).values():
            found += _on_items_of(case_id, [decode(row) for row in rows])
    return found


def _on_items_of(case_id: CaseId, trail: Sequence[Recorded[Event]]) -> list[int]:
    placed = [row.event for row in trail if isinstance(row.event, AgendaItemPlaced | FindingMade)]
    items = {event.item_id for event in placed if _case_of(event) == case_id and event.item_id is not None}
    said = ((row, row.event) for row in trail if isinstance(row.event, StatementRecorded))
    return [row.position for row, event in said if row.sealed and event.item_id in items]
