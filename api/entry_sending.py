"""What anybody sends in about a notice: checked, made harmless, counted, and recorded by the public's own hand.

The same for the pages and for the API. Nothing of who sent it is known here but what they wrote, and the address of
their device is nothing but counted, hashed with a salt that is gone with the day.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI, Request

from api.attachment import CleanFile, FileLimits, SentFile, clean_files
from api.daily_limit import DailyLimit
from api.form_key import FormKey, purpose_of, read_form_key
from api.proof_of_work import work_done
from api.visitor import Services
from domain.attachment import FileAttachment
from domain.conversation import SendMessage
from domain.identity import PUBLIC, CaseId
from domain.objection import LodgeObjection, objection_id_of
from domain.public_entry import FileEntry, public_entry_id_of
from domain.receipt_code import receipt_hash
from domain.taking_part_rule import EntryKind
from eventstore.keys import keyed_id
from eventstore.taking_part_recording import Asked, record_conversation, record_public_entry
from projections.taking_part import EntryRow
from projections.visible_notice import VisibleNotice

FILE_LIMITS = FileLimits()

SaidInPublic = LodgeObjection | FileEntry


@dataclass(frozen=True, slots=True)
class Sent:
    """How something came: under which form, with or without its work, with which files, and from where."""

    form: str
    work: str
    files: Sequence[SentFile]
    address: str


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that is recorded: its place in the log, and the code that nobody else has."""

    form: FormKey
    code: str
    position: int
    awaits_admission: bool


def limit_of(app: FastAPI) -> DailyLimit:
    """The counts of this process."""
    found: DailyLimit = app.state.daily_limit
    return found


def address_of(request: Request) -> str:
    """The address of a device, to be counted and forgotten."""
    return request.client.host if request.client else "unknown"


def purpose_for(kind: EntryKind, notice_id: str) -> str:
    """What a form is for: one kind of entry about one notice."""
    return purpose_of(kind, notice_id)


async def send_in(app: FastAPI, notice: VisibleNotice, sent: Sent, said: SaidInPublic) -> Taken:
    """An entry of the public's own, recorded with the hash of its receipt code.

    Refuses: FormNotOurs, FormTooOld, WorkNotDone, AttachmentRefused, TooManyToday, CommandIdReused, and whatever the
    rules refuse.
    Idempotent by: the form.
    Survives: a crash after the files; sending the form again finds them, and nothing speaks of them before.
    """
    services: Services = app.state.services
    at = services.clock()
    kind = said.kind if isinstance(said, FileEntry) else EntryKind.OBJECTION
    form = read_form_key(sent.form, purpose_for(kind, notice.notice_id), at, services.keys)
    proven = work_done(sent.work, form, services.keys)
    limit = limit_of(app)
    limit.entry(sent.address)
    if not proven:
        limit.unproven(notice.notice_id)
    files = await clean_files(sent.files, FILE_LIMITS)
    code = form.receipt_code(services.keys)
    facts = {"receipt_hash": receipt_hash(code), "attachments": len(files), "awaits_admission": not proven}
    position = await _record(services, CaseId(notice.case_id), form, said.model_copy(update=facts), kind, files, at)
    return Taken(form, code, position, not proven)


async def _record(
    services: Services,
    case_id: CaseId,
    form: FormKey,
    said: SaidInPublic,
    kind: EntryKind,
    files: Sequence[CleanFile],
    at: datetime,
) -> int:
    command_id = form.command_id(services.keys)
    if isinstance(said, LodgeObjection):
        entry_id: str = objection_id_of(case_id, str(command_id))
    else:
        entry_id = public_entry_id_of(case_id, str(command_id))
    await file_all(services, case_id, entry_id, form, kind, files, at)
    if isinstance(said, LodgeObjection):
        lodged = await services.recorder.record(case_id, said, actor=PUBLIC, command_id=command_id, at=at)
        return lodged.position
    kept = await record_public_entry(services.recorder, Asked(case_id, entry_id, said, PUBLIC, command_id, at))
    return kept.position


async def file_all(
    services: Services,
    case_id: CaseId,
    entry_id: str,
    form: FormKey,
    kind: EntryKind,
    files: Sequence[CleanFile],
    at: datetime,
) -> int:
    """Files of a form, filed for an entry one after the other; the same form each once; gives the last's place."""
    position = -1
    for place, file in enumerate(files, start=1):
        command = FileAttachment(
            kind=kind, file_name=file.name, media_type=file.media_type, content=b64encode(file.content).decode()
        )
        command_id = keyed_id(services.keys, "file", form.purpose, form.number, str(place))
        asked = Asked(case_id, entry_id, command, PUBLIC, command_id, at)
        position = (await record_conversation(services.recorder, asked)).position
    return position


def message_purpose(row: EntryRow) -> str:
    """What the form of a conversation is for."""
    return purpose_of("message", row.entry_id)


async def send_message(app: FastAPI, row: EntryRow, sent: Sent, text: str) -> int:
    """The holder of a code says more, in words, in files, or in both; gives the place in the log of what came last.

    Refuses: FormNotOurs, FormTooOld, AttachmentRefused, TooManyToday, CommandIdReused, ConversationIsOver,
    ConversationIsFull.
    Idempotent by: the form.
    """
    services: Services = app.state.services
    at, case_id = services.clock(), CaseId(row.case_id)
    form = read_form_key(sent.form, message_purpose(row), at, services.keys)
    limit_of(app).message(sent.address)
    files = await clean_files(sent.files, FILE_LIMITS)
    position = await file_all(services, case_id, row.entry_id, form, EntryKind(row.kind), files, at)
    if text:
        said = Asked(case_id, row.entry_id, SendMessage(text=text), PUBLIC, form.command_id(services.keys), at)
        position = (await record_conversation(services.recorder, said)).position
    return position
