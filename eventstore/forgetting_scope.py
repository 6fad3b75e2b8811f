"""What is sealed about one person: their own parts, and those of officers that are about them and about nobody else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.appointment import case_stream
from domain.attachment import AttachmentFiled
from domain.conflict import ConflictDecided, InterestsCrossChecked, InterestsDeclared, UndeclaredRelationFound
from domain.conversation import MessageSent, ObjectorAnswered, ObjectorAsked, conversation_stream
from domain.event import Event, Recorded, StreamId
from domain.identity import CandidateId, ObjectionId, PersonId
from domain.inquiry import InquiryOpened
from domain.joint_meeting import MeetingAttendanceRecorded
from domain.nomination import CandidateNominated
from domain.objection import ObjectionLodged
from domain.public_entry import EntryReceived
from domain.sanction import SanctionRecorded
from domain.supervision_input import LABELS
from eventstore.codec import decode
from eventstore.keys import KeyStore, key_of
from eventstore.opening import opened
from eventstore.sealed_beside import beside_cases, hidden_about, notes_about, said_at_meetings
from eventstore.store import EventStore
from eventstore.tombstone import all_forgotten

INTERESTS = (InterestsDeclared, InterestsCrossChecked, UndeclaredRelationFound, ConflictDecided)
NAMING = tuple(kind.alias for kind in (CandidateNominated, SanctionRecorded, MeetingAttendanceRecorded, *INTERESTS))
SENT_IN = tuple(kind.alias for kind in (AttachmentFiled, MessageSent, ObjectorAsked, ObjectorAnswered, EntryReceived))
"""What is sealed beside a case of what the public sent in about it."""

Trail = list[Recorded[Event]]


@dataclass(frozen=True, slots=True)
class Scope:
    """The owners all of whose parts go, with their keys, and the positions of single parts that go beside them."""

    owners: tuple[str, ...]
    positions: tuple[int, ...]


async def sealed_about(store: EventStore, keys: KeyStore, person: PersonId) -> Scope:
    """Everything sealed that is about somebody.

    Their own parts; of a case what was said of them, and all of it once no other candidate of it is remembered; the
    inquiries into such a case, what the public sent in about it and what was written to and fro about that; what was
    written about objections to them; their sanctions; and as an officer the relations that they declared or that were
    found. What supervision received about them and the watches about them; of a case that goes as a whole also the
    problems, requests and askings about it, what meetings said on it, and each department's notes.
    Why they were absent from a meeting.
    What is said in confidence of several people at once stays until the last of them is forgotten.
    """
    naming = [decode(row) for row in await store.entries_naming(person, NAMING)]
    cases = await _trails(store, [row.stream for row in naming if _is_of(row.event, person)])
    whole, positions = [], [row.position for row in naming if _is_interest_of(row.event, person)]
    for stream, trail in cases.items():
        if await all_forgotten(store, _others(trail, person)):
            whole.append(stream)
        else:
            positions += _said_of(trail, person)
    trails = {stream: cases[stream] for stream in whole} | await _inquiries(store, whole)
    trails |= await _sent_in(store, whole)
    about_them = [objection for trail in cases.values() for objection in _objections_to(trail, person)]
    trails |= await _trails(store, [conversation_stream(objection) for objection in about_them])
    trails |= await _trails(store, [row.stream for row in naming if isinstance(row.event, SanctionRecorded)])
    trails |= await _trails(store, await _beside(store, keys, person, whole))
    positions += await said_at_meetings(store, whole) + await _absent_from_meetings(store, naming, person)
    owners = {owner for stream, trail in trails.items() for owner in _audiences(stream, trail)}
    return Scope((key_of(person), *sorted(owners)), tuple(sorted(positions)))


async def _beside(store: EventStore, keys: KeyStore, person: PersonId, whole: Sequence[StreamId]) -> list[StreamId]:
    """The streams beside cases that are about somebody and about nobody else who is remembered."""
    hidden = await _of_nobody_else(store, keys, await hidden_about(store, keys, person, whole), person)
    beside = await beside_cases(store, [*whole, *hidden])
    return [*hidden, *beside, *notes_about(keys, [*whole, *beside])]


async def _absent_from_meetings(store: EventStore, naming: Trail, person: PersonId) -> list[int]:
    """Where it is sealed why an officer, and nobody else who is remembered, was absent from a meeting."""
    recorded = ((row.position, row.event) for row in naming if isinstance(row.event, MeetingAttendanceRecorded))
    absences = [(position, set(event.absent)) for position, event in recorded if person in event.absent]
    return [position for position, away in absences if await all_forgotten(store, away - {person})]


async def _of_nobody_else(
    store: EventStore, keys: KeyStore, streams: Sequence[StreamId], person: PersonId
) -> list[StreamId]:
    firsts = [rows[0] for rows in (await store.read_streams(streams)).values()]
    watched = {row.stream: set(getattr(row.event, "people", None) or ()) for row in await opened(store, keys, firsts)}
    return [stream for stream in streams if await all_forgotten(store, watched[stream] - {person})]


async def _trails(store: EventStore, streams: Iterable[StreamId]) -> dict[StreamId, Trail]:
    found = await store.read_streams(sorted(set(streams)))
    return {stream: [decode(row) for row in rows] for stream, rows in found.items()}


async def _inquiries(store: EventStore, cases: Iterable[StreamId]) -> dict[StreamId, Trail]:
    into = set(cases)
    found = await _trails(store, await store.streams_under("inquiry/")) if into else {}
    return {stream: trail for stream, trail in found.items() if _case_of(trail) in into}


async def _sent_in(store: EventStore, cases: Iterable[StreamId]) -> dict[StreamId, Trail]:
    """What the public sent in about cases, and what was written about it, by stream."""
    found: dict[StreamId, Trail] = {}
    for case in cases:
        case_id = case.partition("/")[2]
        rows = [decode(row) for row in await store.entries_naming(case_id, SENT_IN)]
        streams = {row.stream for row in rows if getattr(row.event, "case_id", None) == case_id}
        found |= await _trails(store, streams)
    return found


def _case_of(trail: Trail) -> StreamId | None:
    into = (row.event.case_id for row in trail if isinstance(row.event, InquiryOpened))
    return next((case_stream(case_id) for case_id in into), None)


def _audiences(stream: StreamId, trail: Trail) -> set[str]:
    """Who reads what is sealed in a stream; the labels of an input tell of a channel and of nobody, and stay."""
    owners = {owner for row in trail for owner in row.sealed if owner.startswith(f"{stream}#")}
    return owners - {f"{stream}#{LABELS}"}


def _is_of(event: Event, person: PersonId) -> bool:
    return isinstance(event, CandidateNominated) and event.person_id == person


def _is_interest_of(event: Event, person: PersonId) -> bool:
    return isinstance(event, INTERESTS) and event.officer == person


def _others(trail: Trail, person: PersonId) -> set[PersonId]:
    nominated = (row.event for row in trail if isinstance(row.event, CandidateNominated))
    return {event.person_id for event in nominated} - {person}


def _said_of(trail: Trail, person: PersonId) -> list[int]:
    """The events of a case that say something in confidence of one candidate, by their positions."""
    theirs, lodged = _candidacies(trail, person), _objections_to(trail, person)
    return [
        row.position
        for row in trail
        if row.sealed
        and (getattr(row.event, "candidate_id", None) in theirs or getattr(row.event, "objection_id", None) in lodged)
    ]


def _candidacies(trail: Trail, person: PersonId) -> set[CandidateId]:
    nominated = (row.event for row in trail if isinstance(row.event, CandidateNominated))
    return {event.candidate_id for event in nominated if event.person_id == person}


def _objections_to(trail: Trail, person: PersonId) -> set[ObjectionId]:
    theirs = _candidacies(trail, person)
    lodged = (row.event for row in trail if isinstance(row.event, ObjectionLodged))
    return {event.objection_id for event in lodged if event.candidate_id in theirs}
