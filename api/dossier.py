"""The dossier of a case over HTTP: on paper with its proof inside, or as data. Each export is on the log."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.case_opening import CaseIdInPath
from api.confidential import Opens, audiences_of, involvement
from api.listing import caught_up
from api.problem import NotFound
from api.transparency_log import latest_checkpoint
from api.visitor import Reads, Visitor
from api.writing import API
from domain.access import SealedPartsRead, TrainingFileRead
from domain.appointment import LiveCase, case_stream, underlying
from domain.audit_trail import AuditTrailExported, TrailFilter
from domain.identity import CaseId
from domain.law import Language
from eventstore.store import StoredEvent
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.proof_file import Proof
from pages.dossier import Dossier, dossier
from pages.dossier_pdf import as_pdf
from projections.dossier import Published, gather_dossier

router = APIRouter(prefix=API, tags=["reading"])

PDF = "application/pdf"
READ_FROM = ("case_board", "duty_register", "exception_register")
_SETTING = ThreadPoolExecutor(1, thread_name_prefix="dossier")
"""One dossier at a time is set in this process: it takes a processor and much memory, and nobody else waits for it."""


class RequiredFact(BaseModel):
    """A fact that the record must hold."""

    kind: str = Field(description="stage, record, signature, opinion, notice, declaration, minutes, training …")
    what: str
    title: dict[str, str] = Field(description="in words, by language")
    standing: str = Field(description="present, waived, not_due or missing")
    positions: list[int] = Field(description="of the events that it rests on; of the waiver where it was waived")
    stage: str | None
    about: str | None = Field(description="the candidate, officer or organ that it is about")
    rule: str | None = Field(description="path of the rule that asks for it")
    why: str = Field(description="what keeps it from being there; empty where it is")


class DossierPart(BaseModel):
    number: int
    id: str
    title: str
    blocks: list[dict[str, Any]] = Field(description="facts, tables and sentences in the order of the page")
    standing: dict[str, int] = Field(description="how many required facts of it are present, waived, not_due, missing")


class DossierShown(BaseModel):
    """The dossier as data."""

    case_id: str
    version: int = Field(description="of the case: the dossier holds all of its events up to this one")
    position: int
    pack: str
    as_of: date = Field(description="the day to which days are counted")
    language: str
    title: str
    opened_for: list[str] = Field(description="audiences whose sealed parts are shown in it")
    complete: bool = Field(description="whether nothing is missing that is due by now")
    chain_whole: bool = Field(description="whether every entry gave its hash and follows the one before it")
    checkpoint_size: int | None = Field(description="of the checkpoint that proves its last event; null: not published")
    completeness: list[RequiredFact]
    parts: list[DossierPart]


SHOWN = reads(DossierShown, "The dossier, as a PDF or as data")
SHOWN[200] |= {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}


@router.get("/cases/{case_id}/dossier", operation_id="read_dossier", summary="The dossier of a case", responses=SHOWN)
async def read_dossier(
    visitor: Reads,
    case_id: CaseIdInPath,
    language: Annotated[Language, Query(description="of the document")] = "en",
    format: Annotated[
        Literal["pdf", "json"] | None, Query(description="`json` gives the same as data; so does `Accept`")
    ] = None,
    on: Annotated[date | None, Query(description="the day to which days are counted; today when left out")] = None,
    accept: Annotated[str, Header(description="`application/json` gives the dossier as data")] = PDF,
) -> Response:
    """Fifteen parts, from the summary to the statement of completeness, with every entry and its proof attached.

    What is sealed is opened as your role opens it, and to nobody whose own case it is. The same version, day, language,
    reader's role and checkpoint give the same bytes. The export goes on the log before the answer does.
    """
    await visitor.may("read_dossier", f"case/{case_id}")
    stored = await visitor.services.store.read_stream(case_stream(case_id))
    if not stored:
        raise NotFound(f"There is no case “{case_id}”. The board at /api/v1/cases lists those that there are.")
    await caught_up(visitor, READ_FROM, stored[-1].position)
    wants_data = format == "json" or (format is None and accept.split(",")[0].split(";")[0].strip() == JSON)
    made = await _made(visitor, case_id, stored, language, on)
    await _note(visitor, made, "json" if wants_data else "pdf")
    if wants_data:
        return Response(orjson.dumps(made.as_data()), media_type=JSON)
    name = f"dossier-{case_id}-{made.matter.last.version}-{language}.pdf"
    content = await asyncio.get_running_loop().run_in_executor(_SETTING, as_pdf, made)
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def _made(
    visitor: Visitor, case_id: CaseId, stored: list[StoredEvent], language: Language, on: date | None
) -> Dossier:
    services = visitor.services
    live = underlying((await services.recorder.load(case_stream(case_id))).case)
    assert live is not None
    audiences = await _opened_for(visitor, live)
    matter = await gather_dossier(
        services.store,
        services.keys,
        services.packs,
        services.pool,
        stored,
        on or services.clock().astimezone(ZoneInfo(live.timezone)).date(),
        may_open=Opens(case_stream(case_id), audiences) if audiences else _nothing,
        opened_for=audiences,
        published=await _published(visitor, stored[-1].position),
    )
    return await asyncio.get_running_loop().run_in_executor(_SETTING, dossier, matter, language)


async def _opened_for(visitor: Visitor, live: LiveCase) -> tuple[str, ...]:
    """The audiences whose parts a reader opens: none in a case that is their own."""
    pack = await visitor.services.packs.get(live.pack)
    return () if involvement(visitor.actor, live, pack) else audiences_of(visitor.actor.roles)


def _nothing(_: str) -> bool:
    return False


async def _published(visitor: Visitor, position: int) -> Published | None:
    """The proof of the case's last event, once a checkpoint speaks of it."""
    public = visitor.services.public_log
    note = await asyncio.to_thread(latest_checkpoint, public)
    if note is None:
        return None
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.size <= position:
        return None
    hashes = await asyncio.to_thread(public.at(checkpoint).inclusion, position)
    return Published(checkpoint.size, bytes(Proof(position, tuple(hashes), note)), bytes(note))


async def _note(visitor: Visitor, made: Dossier, form: str) -> None:
    """Who took a copy of the case's trail away, in which form and up to where, and what was opened in it."""
    matter, officer = made.matter, visitor.actor.officer
    export = AuditTrailExported(
        officer=officer,
        search=TrailFilter(case=matter.case_id),
        format=f"dossier-{form}",
        rows=len(matter.rows),
        up_to_position=matter.last.position,
    )
    await visitor.note_access(export, matter.case_id, form, made.language)
    for candidate in matter.hours:
        person = matter.live.candidates[candidate].person
        await visitor.note_access(TrainingFileRead(officer=officer, person_id=person), person, "dossier", form)
    if matter.opened_for:
        version = matter.last.version
        reading = SealedPartsRead(
            officer=officer, case_id=matter.case_id, audiences=matter.opened_for, up_to_version=version
        )
        await visitor.note_access(reading, matter.case_id)
