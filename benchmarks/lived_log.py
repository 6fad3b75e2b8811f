"""A log of cases as they are lived, from their opening to their notice, made quickly and always the same."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID, uuid5

from benchmarks.on_file import file_with
from domain.appointment import Case, Unopened, case_stream, fold, underlying
from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.command import Command
from domain.deciding import decide, whose_training
from domain.event import CommandId, Event, PackReference, StreamId
from domain.identity import Actor, CandidateId, CaseId, OfficerId, OrganId, PersonId, Role, short_id
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.occasion import Occasion
from domain.pack import Pack
from domain.public_notice import OpenPublicNotice
from domain.training_verification import VerifyTraining
from eventstore.codec import Envelope, encode, sealed_owners
from eventstore.packs import PackLibrary
from eventstore.store import NOTHING_BEFORE, Append, EventStore, NewEvent
from runtime.calendars import calendar_for
from runtime.packs import read_pack
from runtime.settings import PROJECT

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLERK = Actor(officer=OfficerId("officer-0001"), organ=OrganId("personnel"), roles=(Role.PERSONNEL,))
TEACHER = Actor(officer=OfficerId("officer-0002"), organ=OrganId("school"), roles=(Role.SCHOOL,))
COMMANDS = UUID("6e1a3c52-33a1-4a40-8f4e-3f5a0b7f0a11")
KEY = b"k" * 32
AT_ONCE = 256


async def fill(store: EventStore, packs: PackLibrary, events: int) -> None:
    """The log is at least so many events long."""
    reference = (await packs.adopt(read_pack(PROJECT / "packs" / "standard.yaml"), MORNING)).reference
    lives = _lives(reference, await packs.get(reference), events)
    while group := list(islice(lives, AT_ONCE)):
        await asyncio.gather(*(store.append(append) for append in group))


def _lives(reference: PackReference, pack: Pack, events: int) -> Iterator[Append]:
    made = number = 0
    while made < events:
        append = _life(number, reference, pack)
        made, number = made + len(append.events), number + 1
        yield append


def _life(number: int, reference: PackReference, pack: Pack) -> Append:
    case_id = CaseId(short_id("measured", str(number)))
    stream, command = case_stream(case_id), uuid5(COMMANDS, case_id)
    at = MORNING + timedelta(seconds=number)
    stored: list[NewEvent] = []
    head = NOTHING_BEFORE
    live: Case = Unopened()
    for wish, actor in _wishes(case_id, reference):
        place = pack.jurisdictions[0]
        wish = _addressed(wish, live)
        person = whose_training(live, wish)
        file = file_with(person, 64, at.date()) if person else None
        on = Occasion(at, actor, pack, calendar_for(place.id), str(command), place.timezone, training=file)
        events = decide(live, wish, on)
        live = fold(events, live)
        envelope = Envelope(stream, at, actor, CommandId(str(command)), reference)
        for event in events:
            new, head = encode(event, envelope, len(stored) + 1, head, _keys(event, stream))
            stored.append(new)
    return Append(stream, 0, NOTHING_BEFORE, command, command.bytes, tuple(stored))


def _wishes(case_id: CaseId, reference: PackReference) -> Iterator[tuple[Command, Actor]]:
    post = Post(post_id=f"post/{case_id}", title="Head Clerk", unit="Registry", rank="officer")
    yield OpenCase(case_id=case_id, pack=reference, post=post), CLERK
    who = Particulars(full_name="Amina Okafor", education="LL.B.", present_post="Senior Clerk")
    yield NominateCandidate(person_id=PersonId(short_id("person", case_id)), particulars=who), CLERK
    yield CloseNominations(), CLERK
    yield VerifyTraining(candidate_id=CandidateId("")), TEACHER
    yield OpenPublicNotice(), CLERK


def _addressed(wish: Command, case: Case) -> Command:
    """The wish about the candidate who stands in the case; nobody knows their id before they were nominated."""
    live = underlying(case)
    if not isinstance(wish, VerifyTraining) or live is None:
        return wish
    return wish.model_copy(update={"candidate_id": next(iter(live.candidates))})


def _keys(event: Event, stream: StreamId) -> dict[str, bytes]:
    return dict.fromkeys(sealed_owners(event, stream), KEY)
