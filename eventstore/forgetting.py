"""Deciding whether somebody may be forgotten: on what the log says of them, and on nothing that lags behind it."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from domain.appointment import ClosedCase, underlying
from domain.command import Command
from domain.event import Event, StreamId
from domain.forgetting import (
    ApproveForgetting,
    Forgetting,
    ProposeForgetting,
    RefuseForgetting,
    WithdrawForgetting,
    approve_forgetting,
    fold_forgetting,
    forgetting_stream,
    propose_forgetting,
    refuse_forgetting,
    withdraw_forgetting,
)
from domain.identity import Actor, CaseId, PersonId
from domain.inquiry import InquiryOpened, fold_inquiry
from domain.kept_person import Ties
from domain.retention import Floor, floor_of_case, floor_of_training
from domain.teacher import fold_teacher, teacher_stream
from domain.training_file import TrainingFile
from eventstore.codec import decode
from eventstore.keys import key_of
from eventstore.opening import opened
from eventstore.recording import Recorder
from eventstore.sealed_beside import unsettled_about
from eventstore.store import EventStore, StoredEvent
from eventstore.stream_recording import Kept, Wish, record_in_stream
from eventstore.training_files import read_training_file

CASES, INQUIRIES = "appointment/", "inquiry/"


async def read_forgetting(recorder: Recorder, person: PersonId) -> Forgetting | None:
    """What became of the latest wish to forget somebody; None where there was none."""
    return fold_forgetting(decode(row).event for row in await recorder.store.read_stream(forgetting_stream(person)))


async def ties_of(recorder: Recorder, person: PersonId, at: datetime, *, supervising: bool = False) -> Ties:
    """What the log knows that keeps somebody on record at a moment.

    `supervising`: whether it is for supervision, which alone may know what it has open about whom.
    """
    store, today = recorder.store, at.astimezone(UTC).date()
    open_cases, held, floors = [], [], []
    stood_in = {stream for stream in await store.streams_sealed_for(key_of(person)) if stream.startswith(CASES)}
    naming = await store.claimants_naming(person)
    for stream in sorted({*stood_in, *naming}):
        case = (await recorder.load(stream)).case
        live = underlying(case)
        if live is None or person not in {found.person for found in live.candidates.values()}:
            continue
        stood_in.add(stream)
        if isinstance(case, ClosedCase):
            floors.append(floor_of_case(case, await recorder.packs.get(live.pack)))
        else:
            open_cases.append(stream)
            held += [stream] if live.supervised.holds else []
    file = (await read_training_file(store, recorder.keys, person)).file
    floors.append(await _training_floor(recorder, file, at))
    return Ties(
        candidate_in=_ids(open_cases),
        held_in=_ids(held),
        acted_in=_ids(stream for stream in naming if stream not in open_cases),
        inquiries=await open_inquiries_into(store, {CaseId(found) for found in _ids(stood_in)}, person),
        unsettled=supervising and await unsettled_about(store, recorder.keys, person),
        serves=_serves(file, today),
        teaches=await _teaches(recorder, person, today),
        floors=tuple(floor for floor in floors if floor is not None and today <= floor.kept_until),
    )


def _ids(streams: Iterable[StreamId]) -> tuple[str, ...]:
    return tuple(sorted(stream.partition("/")[2] for stream in streams))


async def open_inquiries_into(store: EventStore, cases: set[CaseId], person: PersonId | None = None) -> tuple[str, ...]:
    """Inquiries that are not concluded, into one of the cases, or whose record names the person."""
    found = await store.read_streams(await store.streams_under(INQUIRIES))
    return _ids(stream for stream, rows in found.items() if _concerns(rows, person, cases))


def _concerns(rows: list[StoredEvent], person: PersonId | None, stood_in: set[CaseId]) -> bool:
    events = [decode(row).event for row in rows]
    inquiry = fold_inquiry(events)
    if inquiry is None or inquiry.outcome is not None:
        return False
    took_part = {each.officer for event in events if isinstance(event, InquiryOpened) for each in event.took_part}
    return inquiry.case_id in stood_in or person in took_part


async def _training_floor(recorder: Recorder, file: TrainingFile, at: datetime) -> Floor | None:
    if file.service is None:
        return None
    reference = await recorder.packs.latest(file.service.pack, at)
    return floor_of_training(file, await recorder.packs.get(reference))


def _serves(file: TrainingFile, today: date) -> bool:
    service = file.service
    return service is not None and (service.until_on is None or today <= service.until_on)


async def _teaches(recorder: Recorder, person: PersonId, today: date) -> bool:
    rows = await recorder.store.read_stream(teacher_stream(person))
    teacher = fold_teacher(found.event for found in await opened(recorder.store, recorder.keys, rows))
    terms = teacher.terms if teacher else None
    return terms is not None and (terms.until_on is None or today <= terms.until_on)


async def record_forgetting(
    recorder: Recorder,
    person: PersonId,
    command: Command,
    *,
    actor: Actor,
    wish: Callable[[StreamId, Command], Wish],
) -> Kept:
    """Decide a command about forgetting somebody and append what follows.

    Refuses: whatever the decide functions refuse; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    said = wish(forgetting_stream(person), command)
    ties = await ties_of(recorder, person, said.at, supervising=isinstance(command, ApproveForgetting))

    def decided(events: Iterable[Event]) -> list[Event]:
        return _decide(fold_forgetting(events), command, actor, said.at, ties)

    return await record_in_stream(recorder.store, recorder.keys, said, decided)


def _decide(found: Forgetting | None, command: Command, actor: Actor, at: datetime, ties: Ties) -> list[Event]:
    match command:
        case ProposeForgetting():
            return propose_forgetting(found, command, actor=actor, at=at, ties=ties)
        case ApproveForgetting():
            return approve_forgetting(found, command, actor=actor, at=at, ties=ties)
        case RefuseForgetting():
            return refuse_forgetting(found, command, actor=actor, at=at)
        case WithdrawForgetting():
            return withdraw_forgetting(found, command, actor=actor, at=at)
    raise AssertionError(f"{command.name()} is about something else")
