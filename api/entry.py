"""What an office does about what the public sent in: look at it first, write to whoever sent it, answer in public."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.answers import writes_of
from api.case_opening import CaseIdInPath
from api.command_answer import KeptAnswer
from api.door import CASE_ID, Door, Writes
from api.writing import API, writes
from domain.command import Command
from domain.conversation import CONVERSING, AnswerObjector, AskObjector
from domain.entry_admission import AdmitEntry, RejectEntry
from domain.public_entry import AnswerEntry
from eventstore.taking_part_recording import Asked, record_conversation, record_public_entry

router = APIRouter(prefix=API, tags=["taking part"])
EntryIdInPath = Annotated[str, Path(pattern=f"^{CASE_ID}$", description="id of an objection, or of another entry")]
KEPT = writes_of(KeptAnswer)


@writes(
    router,
    "/cases/{case_id}/entries/{entry_id}/questions",
    status_code=201,
    summary="Ask whoever sent an entry in",
    example={"text": "On which day did you see the delivery note?"},
    answers=KEPT,
)
async def ask_objector(door: Writes, case_id: CaseIdInPath, entry_id: EntryIdInPath, body: AskObjector) -> Response:
    """Supervision asks whoever objected; personnel ask whoever sent in anything else. They read it under their code."""
    return await _record(door, case_id, entry_id, body)


@writes(
    router,
    "/cases/{case_id}/entries/{entry_id}/messages",
    status_code=201,
    summary="Write to whoever sent an entry in",
    example={"text": "The depot was asked for its books; the answer is due on 3 April."},
    answers=KEPT,
)
async def answer_objector(
    door: Writes, case_id: CaseIdInPath, entry_id: EntryIdInPath, body: AnswerObjector
) -> Response:
    """As a question, but nothing is waited for."""
    return await _record(door, case_id, entry_id, body)


@writes(
    router,
    "/cases/{case_id}/entries/{entry_id}/admissions",
    summary="Admit a comment, recommendation or report",
    example={"public_text": "The results listed are those of another bureau."},
    answers=KEPT,
)
async def admit_entry(door: Writes, case_id: CaseIdInPath, entry_id: EntryIdInPath, body: AdmitEntry) -> Response:
    """A moderator passes it on, and states what of it everybody may read: without any name, or nothing at all."""
    return await _record(door, case_id, entry_id, body)


@writes(
    router,
    "/cases/{case_id}/entries/{entry_id}/rejections",
    summary="Turn away a comment, recommendation or report",
    example={"reason": "not_about_the_notice"},
    answers=KEPT,
)
async def reject_entry(door: Writes, case_id: CaseIdInPath, entry_id: EntryIdInPath, body: RejectEntry) -> Response:
    """By a moderator, for a reason of the present list; whoever sent it in reads the reason under their code."""
    return await _record(door, case_id, entry_id, body)


@writes(
    router,
    "/cases/{case_id}/entries/{entry_id}/answers",
    summary="Answer an entry in public",
    example={"outcome": "corrected", "public_answer": "The results were put right; thank you."},
    answers=KEPT,
)
async def answer_entry(door: Writes, case_id: CaseIdInPath, entry_id: EntryIdInPath, body: AnswerEntry) -> Response:
    """The personnel department says to everybody what came of it, once, without personal data."""
    return await _record(door, case_id, entry_id, body)


async def _record(door: Door, case_id: CaseIdInPath, entry_id: str, command: Command) -> Response:
    recorder, at = door.services.recorder, door.services.clock()
    actor, key = door.visitor.actor, door.command_id
    asked = Asked(case_id, entry_id, command, actor, key, at, door.if_version, door.dry_run)
    record = record_conversation if type(command) in CONVERSING else record_public_entry
    async with door.deciding(command.name(), f"case/{case_id}"):
        kept = await record(recorder, asked)
    status = 201 if record is record_conversation else 200
    return door.kept(kept, {"case_id": case_id, "entry_id": entry_id}, status)
