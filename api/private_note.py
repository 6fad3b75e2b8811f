"""A department's own notes over HTTP: written and read by its officers, with nothing of them anywhere else."""

from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import Writes
from api.listing import AN_ID
from api.problem import NotAllowed
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.appointment import case_stream, underlying
from domain.declaration import interests_of
from domain.identity import CaseId
from domain.private_note import NoteKind, NoteSubject, WritePrivateNote
from domain.recusal import RECUSE
from eventstore.codec import is_destroyed
from eventstore.private_note_recording import private_notes_about, record_private_note

router = APIRouter(prefix=API, tags=["supervising together"])
HERE = "private-notes"
"""What attempts are noted under: what a note would have been about is nothing for those who read attempts."""


class PrivateNote(BaseModel):
    written_at: datetime
    officer: str | None = Field(description="pseudonym of who wrote it")
    organ: str | None
    text: str | None = Field(description="null once what it is about has been forgotten")
    destroyed: bool = Field(description="everybody in it was forgotten, and the note with them")
    position: int


class PrivateNotes(BaseModel):
    """Your own department's notes, the earliest first."""

    kind: str
    about: str
    notes: list[PrivateNote]


@writes(
    router,
    "/private-notes",
    status_code=201,
    summary="Write a note for your own department",
    example={"about": {"kind": "case", "id": "0k3v0d8s1m2q"}, "text": "Ask for the register before the meeting."},
    answers=writes_of(KeptAnswer),
)
async def write_private_note(door: Writes, body: WritePrivateNote) -> Response:
    """About a case, a joint meeting, a problem or a request between organs. Your department alone reads it: it stands
    in no audit trail, dossier or export of another, and the log names neither you nor what it is about.
    """
    async with door.deciding(body.name(), HERE):
        kept = await record_private_note(
            door.services.store,
            door.services.keys,
            body,
            actor=door.visitor.actor,
            command_id=door.command_id,
            at=door.services.clock(),
            if_version=door.if_version,
            dry_run=door.dry_run,
        )
    return door.kept(kept, {}, 201)


@router.get(
    "/private-notes",
    operation_id="read_private_notes",
    summary="Your own department's notes about something",
    responses=reads(PrivateNotes, "The notes"),
)
async def read_private_notes(
    visitor: Reads,
    kind: Annotated[NoteKind, Query(description="what they are about")],
    about: Annotated[str, Query(pattern=AN_ID, description="its id")],
) -> Response:
    """The earliest first. An empty list says the same whether there is none or there is no such subject."""
    await visitor.may("read_private_notes", HERE)
    subject = NoteSubject(kind=kind, id=about)
    await _must_be_apart(visitor, subject)
    services = visitor.services
    found = await private_notes_about(services.store, services.keys, subject, actor=visitor.actor, at=services.clock())
    notes = [
        {
            "written_at": row.recorded_at,
            "officer": event.officer,
            "organ": event.organ,
            "text": event.text,
            "destroyed": is_destroyed(row),
            "position": row.position,
        }
        for row, event in found
    ]
    return Response(orjson.dumps({"kind": kind, "about": about, "notes": notes}), media_type=JSON)


async def _must_be_apart(visitor: Visitor, about: NoteSubject) -> None:
    """Nobody reads what their colleagues noted of a case in which they stand, or which they have withdrawn from."""
    if about.kind is not NoteKind.CASE:
        return
    case = underlying((await visitor.services.recorder.load(case_stream(CaseId(about.id)))).case)
    if case is None:
        return
    hands = visitor.actor.hands
    stands = any(candidate.person in hands for candidate in case.candidates.values())
    if stands or any(interests_of(case, officer).withdraws_under for officer in hands):
        rule = "house.nobody_reads_their_own_case" if stands else RECUSE
        await visitor.note_attempt("read_private_notes", HERE, (rule,))
        why = "You stand in this case, or have withdrawn from it. Another officer of your department must read it."
        raise NotAllowed("read_private_notes", why, (rule,))
