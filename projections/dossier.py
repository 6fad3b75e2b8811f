"""What a dossier is made of: the events of one case as its reader may open them, and what went before it.

Everything is as the log stood at the last event of the case, so that the same dossier can be made again later.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from domain.appointment import Case, LiveCase, case_stream, fold, underlying
from domain.case_move import CaseMoved
from domain.completeness import Completeness, completeness
from domain.conversation import Conversation, conversation_stream, fold_conversation
from domain.event import Event, PackReference, Recorded
from domain.forgetting import PersonForgotten
from domain.identity import PUBLIC, SYSTEM, CandidateId, CaseId, OfficerId, PersonId
from domain.nomination import CandidateNominated
from domain.objection import ObjectionLodged
from domain.officer import OfficerIdentified, officer_stream
from domain.pack import Pack
from domain.training_file import fold_training_file, training_file_stream
from domain.training_verification import TrainingVerified
from eventstore.codec import decode
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.packs import PackLibrary
from eventstore.store import EventStore, StoredEvent
from eventstore.tombstone import tombstones
from eventstore.transparency.merkle import leaf_hash
from projections.case_board import status_of
from projections.reading import Pool

SQL = statements("projections", "dossier.sql")
MOST_EARLIER = 20


@dataclass(frozen=True, slots=True)
class Published:
    """The proof that the last entry stands in a signed checkpoint, in the files that strangers read."""

    size: int
    proof: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case that was opened before this one, and how it stood when this one came to its last event."""

    case_id: str
    post: str
    opened_position: int
    status: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Departure:
    """An entry of the exception register that is older than the last event of the case."""

    case_id: str
    position: int
    kind: str
    code: str
    rule: str
    entered_on: date


@dataclass(frozen=True, slots=True)
class WentBefore:
    """What a meeting wants to know beside the case: the unit's and the deciding body's past."""

    of_unit: tuple[EarlierCase, ...] = ()
    of_body: tuple[EarlierCase, ...] = ()
    departures: tuple[Departure, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierMatter:
    """Everything that a dossier says, before it is put into words.

    `opened_for` are the audiences of its reader; `hours` has what each candidate attended, by year, where they read it.
    """

    case_id: CaseId
    stored: Sequence[StoredEvent]
    rows: Sequence[Recorded[Event]]
    case: Case
    pack: Pack
    pinned: PackReference
    today: date
    statement: Completeness
    broken_at: int | None
    officers: Mapping[OfficerId, str | None]
    opened_for: tuple[str, ...]
    before: WentBefore = WentBefore()
    published: Published | None = None
    hours: Mapping[CandidateId, Mapping[int, int]] = field(default_factory=dict)
    forgotten: Mapping[PersonId, PersonForgotten] = field(default_factory=dict)
    conversations: Mapping[str, Conversation] = field(default_factory=dict)

    @property
    def live(self) -> LiveCase:
        found = underlying(self.case)
        assert found is not None, "a dossier is made of a case that was opened"
        return found

    @property
    def status(self) -> str:
        return status_of(self.case)

    @property
    def last(self) -> StoredEvent:
        return self.stored[-1]


def matter_of(
    stored: Sequence[StoredEvent],
    rows: Sequence[Recorded[Event]],
    packs: Mapping[PackReference, Pack],
    today: date,
    *,
    officers: Mapping[OfficerId, str | None],
    opened_for: tuple[str, ...] = (),
    before: WentBefore | None = None,
    published: Published | None = None,
    hours: Mapping[CandidateId, Mapping[int, int]] | None = None,
    forgotten: Mapping[PersonId, PersonForgotten] | None = None,
    conversations: Mapping[str, Conversation] | None = None,
) -> DossierMatter:
    """The matter of a dossier from the events of its case, without asking anybody anything."""
    case = fold(row.event for row in rows)
    live = underlying(case)
    assert live is not None, "a dossier is made of a case that was opened"
    return DossierMatter(
        case_id=live.id,
        stored=stored,
        rows=rows,
        case=case,
        pack=packs[live.pack],
        pinned=live.pack,
        today=today,
        statement=completeness(rows, packs[live.pack], today, packs),
        broken_at=first_broken(stored),
        officers=officers,
        opened_for=opened_for,
        before=before or WentBefore(),
        published=published,
        hours=hours or {},
        forgotten=forgotten or {},
        conversations=conversations or {},
    )


def first_broken(stored: Sequence[StoredEvent]) -> int | None:
    """The position of the first entry of a stream that does not give its hash or does not follow the one before."""
    head = b""
    for version, row in enumerate(stored, start=1):
        if leaf_hash(row.entry) != row.hash or row.version != version:
            return row.position
        if orjson.loads(row.entry)["previous"] != head.hex():
            return row.position
        head = row.hash
    return None


async def gather_dossier(
    store: EventStore,
    keys: KeyStore,
    packs: PackLibrary,
    pool: "Pool[Any]",
    stored: Sequence[StoredEvent],
    today: date,
    *,
    may_open: Callable[[str], bool],
    opened_for: tuple[str, ...],
    published: Published | None = None,
) -> DossierMatter:
    """The matter of a dossier for a reader who may open what `may_open` says."""
    rows = await opened(store, keys, stored, may_open)
    references = {row.pack for row in rows if row.pack is not None}
    references |= {row.event.to_pack for row in rows if isinstance(row.event, CaseMoved)}
    law = {reference: await packs.get(reference) for reference in references}
    return await asyncio.to_thread(
        matter_of,
        stored,
        rows,
        law,
        today,
        officers=await _officers(store, keys, rows),
        opened_for=opened_for,
        before=await _went_before(store, pool, stored, rows),
        published=published,
        hours=await _hours(store, keys, rows, may_open),
        forgotten=await tombstones(store, _people(rows)),
        conversations=await _conversations(store, rows),
    )


async def _officers(store: EventStore, keys: KeyStore, rows: Sequence[Recorded[Event]]) -> dict[OfficerId, str | None]:
    """The names of those who acted, as they were known at the last event; None for one who was forgotten."""
    acted = sorted({hand for row in rows for hand in row.actor.hands} - {SYSTEM.officer, PUBLIC.officer})
    streams = await store.read_streams([officer_stream(officer) for officer in acted])
    known = [[row for row in found if row.position <= rows[-1].position][-1:] for found in streams.values()]
    named = await opened(store, keys, [row for found in known for row in found])
    events = [row.event for row in named if isinstance(row.event, OfficerIdentified)]
    return {event.officer: event.name for event in events}


async def _conversations(store: EventStore, rows: Sequence[Recorded[Event]]) -> dict[str, Conversation]:
    """How much was filed for each objection and written about it; what it says is opened for nobody here."""
    lodged = [str(row.event.objection_id) for row in rows if isinstance(row.event, ObjectionLodged)]
    found = await store.read_streams([conversation_stream(objection) for objection in lodged])
    return {
        objection: fold_conversation(decode(row).event for row in found[conversation_stream(objection)])
        for objection in lodged
        if conversation_stream(objection) in found
    }


def _people(rows: Sequence[Recorded[Event]]) -> set[PersonId]:
    return {row.event.person_id for row in rows if isinstance(row.event, CandidateNominated)}


async def _hours(
    store: EventStore, keys: KeyStore, rows: Sequence[Recorded[Event]], may_open: Callable[[str], bool]
) -> dict[CandidateId, dict[int, int]]:
    """Hours attended in the records that a verification counted, by the year in which each ended.

    The file is read as it was when it was verified; where it may not be opened, or was forgotten, there is nothing.
    """
    people = {row.event.candidate_id: row.event.person_id for row in rows if isinstance(row.event, CandidateNominated)}
    found: dict[CandidateId, dict[int, int]] = {}
    for event in (row.event for row in rows if isinstance(row.event, TrainingVerified)):
        person = people[event.candidate_id]
        stored = await store.read_stream(training_file_stream(person))
        kept = [row for row in stored if row.version <= (event.file_version or 0)]
        read = await opened(store, keys, kept, may_open)
        years: Counter[int] = Counter()
        for filed in fold_training_file(person, [row.event for row in read]).records:
            if filed.entry in event.counted and filed.record is not None:
                years[filed.record.ended_on.year] += filed.record.attended_hours
        if years:
            found[event.candidate_id] = dict(sorted(years.items()))
    return found


async def _went_before(
    store: EventStore, pool: "Pool[Any]", stored: Sequence[StoredEvent], rows: Sequence[Recorded[Event]]
) -> WentBefore:
    live = underlying(fold(row.event for row in rows))
    assert live is not None
    first, last = stored[0].position, stored[-1].position
    unit = [row["case_id"] for row in await pool.fetch(SQL["of_unit"], live.post.unit, first, MOST_EARLIER)]
    organs = sorted({row.actor.organ for row in rows if row.type in ("decision_meeting_held", "decision_taken")})
    body = [row["case_id"] for row in await pool.fetch(SQL["of_body"], organs, first, MOST_EARLIER)]
    departures = await pool.fetch(SQL["departures"], live.post.unit, live.id, last, MOST_EARLIER)
    return WentBefore(
        await _stood(store, unit, last),
        await _stood(store, body, last),
        tuple(Departure(*row.values()) for row in departures),
    )


async def _stood(store: EventStore, case_ids: Sequence[str], at: int) -> tuple[EarlierCase, ...]:
    """How cases stood at a position of the log."""
    streams = await store.read_streams([case_stream(CaseId(case_id)) for case_id in case_ids])
    return tuple(
        _earlier([row for row in streams[case_stream(CaseId(case_id))] if row.position <= at]) for case_id in case_ids
    )


def _earlier(stored: Sequence[StoredEvent]) -> EarlierCase:
    case = fold(decode(row).event for row in stored)
    live = underlying(case)
    assert live is not None
    outcome = getattr(case, "outcome", None)
    return EarlierCase(live.id, live.post.title, stored[0].position, status_of(case), outcome)
