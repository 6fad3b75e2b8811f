"""What is sealed about one person: their own parts, and those of officers that are about them and about nobody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.appointment import case_stream
from domain.attachment import AttachmentFiled
from domain.conflict import ConflictDecided, InterestsCrossChecked, InterestsDeclared, UndeclaredRelationFound
from domain.conversation import MessageSent, ObjectorAnswered, ObjectorAsked, conversation_stream
from domain.event import Event, Recorded, StreamId
from domain.forgetting import ForgettingState, fold_forgetting, forgetting_stream
from domain.identity import CandidateId, ObjectionId, PersonId
from domain.inquiry import InquiryOpened
from domain.nomination import CandidateNominated
from domain.objection import ObjectionLodged
from domain.public_entry import EntryReceived
from domain.sanction import SanctionRecorded
from eventstore.codec import decode
from eventstore.keys import key_of
from eventstore.store import EventStore

INTERESTS = (InterestsDeclared, InterestsCrossChecked, UndeclaredRelationFound, ConflictDecided)
NAMING = tuple(kind.alias for kind in (CandidateNominated, SanctionRecorded, *INTERESTS))
SENT_IN = tuple(kind.alias for kind in (AttachmentFiled, MessageSent, ObjectorAsked, ObjectorAnswered, EntryReceived))
"""What is sealed beside a case of what the public sent in about it."""

Trail = list[Recorded[Event]]


@dataclass(frozen=True, slots=True)
class Scope:
    """The owners all of whose parts go, with their keys, and the positions of single parts that go beside them."""

    owners: tuple[str, ...]
    positions: tuple[int, ...]


async def sealed_about(store: EventStore, person: PersonId) -> Scope:
    """Everything sealed that is about somebody.

    Their own parts; of a case what was said of them, and all of it once no other candidate of it is remembered; the
    inquiries into such a case, what the public sent in about it and what was written to and fro about that; what was
    written about objections to them; their sanctions; and as an officer the relations that they declared or that were
    found.
    What is said in confidence of several people at once stays until the last of them is forgotten.
    """
    naming = [decode(row) for row in await store.entries_naming(person, NAMING)]
    cases = await _trails(store, [row.stream for row in naming if _is_of(row.event, person)])
    whole, positions = [], [row.position for row in naming if _is_interest_of(row.event, person)]
    for stream, trail in cases.items():
        if await _all_forgotten(store, _others(trail, person)):
            whole.append(stream)
        else:
            positions += _said_of(trail, person)
    trails = {stream: cases[stream] for stream in whole} | await _inquiries(store, whole)
    trails |= await _sent_in(store, whole)
    about_them = [objection for trail in cases.values() for objection in _objections_to(trail, person)]
    trails |= await _trails(store, [conversation_stream(objection) for objection in about_them])
    trails |= await _trails(store, [row.stream for row in naming if isinstance(row.event, SanctionRecorded)])
    owners = {owner for stream, trail in trails.items() for owner in _audiences(stream, trail)}
    return Scope((key_of(person), *sorted(owners)), tuple(sorted(positions)))


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
    opened = (row.event for row in trail if isinstance(row.event, InquiryOpened))
    return next((case_stream(event.case_id) for event in opened), None)


def _audiences(stream: StreamId, trail: Trail) -> set[str]:
    return {owner for row in trail for owner in row.sealed if owner.startswith(f"{stream}#")}


def _is_of(event: Event, person: PersonId) -> bool:
    return isinstance(event, CandidateNominated) and event.person_id == person


def _is_interest_of(event: Event, person: PersonId) -> bool:
    return isinstance(event, INTERESTS) and event.officer == person


def _others(trail: Trail, person: PersonId) -> set[PersonId]:
    nominated = (row.event for row in trail if isinstance(row.event, CandidateNominated))
    return {event.person_id for event in nominated} - {person}


async def _all_forgotten(store: EventStore, people: Iterable[PersonId]) -> bool:
    streams = [forgetting_stream(person) for person in people]
    found: Mapping[StreamId, Trail] = await _trails(store, streams)
    wishes = [fold_forgetting(row.event for row in found.get(stream, [])) for stream in streams]
    return all(wish is not None and wish.state is ForgettingState.FORGOTTEN for wish in wishes)


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
