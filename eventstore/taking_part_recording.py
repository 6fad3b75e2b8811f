"""Recording what the public sends in beside objections, and what is written to and fro about it, in its own streams."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from domain.appointment import Case, ClosedCase, case_stream, underlying
from domain.attachment import AttachmentFiled
from domain.command import Command
from domain.conversation import (
    CONVERSING,
    Correspondence,
    MessageSent,
    ObjectorAnswered,
    ObjectorAsked,
    conversation_stream,
    fold_conversation,
)
from domain.entry_admission import ENTERING
from domain.event import Event, StreamId
from domain.identity import Actor, CaseId, ObjectionId
from domain.nomination import CandidateNominated
from domain.occasion import Occasion
from domain.public_entry import AboutEntry, PublicEntry, fold_entry, public_entry_stream
from domain.refusal import CaseNotFound
from domain.taking_part_rule import EntryKind
from eventstore.codec import decode
from eventstore.opening import opened
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept, Wish, record_in_stream


@dataclass(frozen=True, slots=True)
class Asked:
    """A command about an entry of a case: whose, under which key, and when."""

    case_id: CaseId
    entry_id: str
    command: Command
    actor: Actor
    command_id: UUID
    at: datetime
    if_version: int | None = None
    dry_run: bool = False


async def read_entry(recorder: Recorder, case_id: CaseId, entry_id: str) -> PublicEntry | None:
    """A comment, recommendation or report that was sent in about a case, as the log has it."""
    entry = fold_entry([decode(row).event for row in await recorder.store.read_stream(public_entry_stream(entry_id))])
    return entry if entry is not None and entry.case_id == case_id else None


async def read_correspondence(recorder: Recorder, case_id: CaseId, entry_id: str) -> Correspondence:
    """What a conversation is about, as the log has it; it has no kind while nothing was sent in under that id."""
    case = (await recorder.load(case_stream(case_id))).case
    live = underlying(case)
    objection = live.objections.get(ObjectionId(entry_id)) if live else None
    if objection is not None:
        return Correspondence(entry_id, case, EntryKind.OBJECTION, objection.disposed_on or _closed_on(case))
    entry = await read_entry(recorder, case_id, entry_id)
    if entry is not None:
        return Correspondence(entry_id, case, entry.kind, entry.ended_on)
    return Correspondence(entry_id, case)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said in a conversation, by the public or by the office; None once it cannot be opened."""

    message_id: str
    by_the_public: bool
    is_question: bool
    said_on: date
    text: str | None


@dataclass(frozen=True, slots=True)
class FiledFile:
    """A file of an entry: its name and type as it was filed; None once they cannot be opened."""

    attachment_id: str
    size_class: str
    filed_on: date
    file_name: str | None
    media_type: str | None
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Written:
    """All that stands in a conversation, opened, for whoever may read it; who that is, the caller has made sure of."""

    version: int
    lines: tuple[Line, ...]
    files: tuple[FiledFile, ...]


async def read_conversation(recorder: Recorder, entry_id: str) -> Written:
    """What was filed for an entry and written about it, in order."""
    stored = await recorder.store.read_stream(conversation_stream(entry_id))
    events = [row.event for row in await opened(recorder.store, recorder.keys, stored)]
    files = tuple(_filed(event) for event in events if isinstance(event, AttachmentFiled))
    lines = tuple(line for event in events if (line := _line(event)) is not None)
    return Written(len(stored), lines, files)


def _line(event: Event) -> Line | None:
    match event:
        case MessageSent() as e:
            return Line(e.message_id, True, False, e.sent_on, e.text)
        case ObjectorAsked() as e:
            return Line(e.message_id, False, True, e.asked_on, e.text)
        case ObjectorAnswered() as e:
            return Line(e.message_id, False, False, e.answered_on, e.text)
    return None


def _filed(event: AttachmentFiled) -> FiledFile:
    content = None if event.content is None else base64.b64decode(event.content)
    size = str(event.size_class)
    return FiledFile(event.attachment_id, size, event.filed_on, event.file_name, event.media_type, content)


async def record_conversation(recorder: Recorder, asked: Asked) -> Kept:
    """Decide a command on a conversation and record what follows.

    Refuses: CaseNotFound, and whatever the conversation's decide functions refuse.
    Idempotent by: the command id.
    """
    about = await read_correspondence(recorder, asked.case_id, asked.entry_id)
    on = await _occasion(recorder, asked, about.case)

    def decided(events: Sequence[Event]) -> list[Event]:
        return CONVERSING[type(asked.command)](fold_conversation(events), asked.command, on, about)

    return await record_in_stream(
        recorder.store, recorder.keys, _wish(asked, conversation_stream(asked.entry_id), about.case), decided
    )


async def record_public_entry(recorder: Recorder, asked: Asked) -> Kept:
    """Decide a command on an entry and record what follows; no name of its case's candidates is let into public words.

    Refuses: CaseNotFound, and whatever the entry's decide functions refuse.
    Idempotent by: the command id.
    """
    case = (await recorder.load(case_stream(asked.case_id))).case
    about = AboutEntry(asked.entry_id, case, await names_in_case(recorder, asked.case_id))
    decided = partial(_entered, asked.command, await _occasion(recorder, asked, case), about)
    return await record_in_stream(
        recorder.store, recorder.keys, _wish(asked, public_entry_stream(asked.entry_id), case), decided
    )


async def names_in_case(recorder: Recorder, case_id: CaseId) -> frozenset[str]:
    """The full names of everybody who was nominated in a case, as far as they are remembered."""
    rows = await recorder.store.read_stream(case_stream(case_id))
    nominations = [row for row in rows if row.type == CandidateNominated.alias]
    events = [row.event for row in await opened(recorder.store, recorder.keys, nominations)]
    named = [event.particulars for event in events if isinstance(event, CandidateNominated)]
    return frozenset(found.full_name for found in named if found is not None)


def _entered(command: Command, on: Occasion, about: AboutEntry, events: Sequence[Event]) -> list[Event]:
    entry = fold_entry(events)
    return ENTERING[type(command)](entry if entry and entry.case_id == about.live.id else None, command, on, about)


async def _occasion(recorder: Recorder, asked: Asked, case: Case) -> Occasion:
    live = underlying(case)
    if live is None:
        raise CaseNotFound(f"There is no case “{asked.case_id}”. Check the case id.", case_id=asked.case_id)
    pack = await recorder.packs.get(live.pack)
    calendar = recorder.calendar_for(live.jurisdiction)
    return Occasion(asked.at, asked.actor, pack, calendar, str(asked.command_id), live.timezone)


def _wish(asked: Asked, stream: StreamId, case: Case) -> Wish:
    live = underlying(case)
    law = live.pack if live else None
    return Wish(stream, asked.command, asked.actor, asked.command_id, asked.at, law, asked.if_version, asked.dry_run)


def _closed_on(case: Case) -> date | None:
    return case.closed_on if isinstance(case, ClosedCase) else None
