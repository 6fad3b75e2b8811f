"""What is sealed in an entry and in the conversation about it, for those for whom it is. Each reading is on the log."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.answers import JSON, READS, reads
from api.case_opening import CaseIdInPath
from api.confidential import involvement
from api.door import CASE_ID
from api.entry import EntryIdInPath
from api.problem import NotAllowed, NotFound
from api.visitor import Reads, Visitor
from api.writing import API
from domain.access import SealedPartsRead
from domain.appointment import LiveCase, case_stream, underlying
from domain.declaration import interests_of
from domain.event import StreamId
from domain.identity import CaseId, ObjectionId, Role
from domain.objection import ObjectionLodged
from domain.public_entry import EntryReceived, public_entry_stream
from domain.taking_part_rule import EntryKind
from eventstore.opening import opened
from eventstore.taking_part_recording import read_conversation, read_correspondence, read_entry

router = APIRouter(prefix=API, tags=["taking part"])
AttachmentIdInPath = Annotated[str, Path(pattern=f"^{CASE_ID}$", description="attachment id")]
WHO = frozenset({"objector", "identity", "about", "named_objector", "named_sender", "sender"})
"""Who it was, and of whom it must be kept: nothing for whoever only looks whether it is an entry at all."""

FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
HARMLESS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""A file of a stranger is saved and never shown: it runs nothing and asks for nothing."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What of an entry somebody reads: for whom the parts were sealed, without what, and whether more than its text."""

    audiences: tuple[str, ...]
    hidden: frozenset[str] = frozenset()
    files: bool = True
    conversation: bool = True


WHOLE = Sight(("personnel", "supervision"))
OF_THE_DEPARTMENT = Sight(("personnel",))
THE_NAME_ALONE = Sight(("personnel",), files=False, conversation=False)
FIRST_LOOK = {
    True: Sight(("supervision",), WHO, conversation=False),
    False: Sight(("personnel",), WHO, conversation=False),
}
"""A moderator's, by whether it is an objection."""


def sight_of(roles: Collection[Role], *, objection: bool, awaits: bool) -> Sight | None:
    """What somebody with these roles reads of an entry; None for nothing. Whoever runs cases never reads an objection.

    Source: features F5, F42: confidential names for supervision alone, a moderator before anybody else.
    """
    runs = {Role.PERSONNEL, Role.SCHOOL, Role.DECISION_BODY} & set(roles)
    if {Role.SUPERVISION, Role.AUDITOR} & set(roles) and not runs:
        return WHOLE if objection or not awaits or Role.AUDITOR in roles else None
    if Role.PERSONNEL in runs:
        return THE_NAME_ALONE if objection else None if awaits else OF_THE_DEPARTMENT
    return FIRST_LOOK[objection] if Role.MODERATOR in roles and awaits and not runs else None


class LineShown(BaseModel):
    message_id: str
    by_the_public: bool
    is_question: bool
    said_on: str
    text: str | None


class FileShown(BaseModel):
    attachment_id: str
    size_class: str
    filed_on: str
    file_name: str | None
    media_type: str | None


class EntryOpened(BaseModel):
    """An entry, opened as far as the reader's role opens it."""

    entry_id: str
    kind: str
    case_id: str
    sealed: dict[str, Any] = Field(description="the sealed fields of the entry that you may read")
    conversation: list[LineShown]
    attachments: list[FileShown]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry as somebody may see it."""

    case_id: CaseId
    entry_id: str
    kind: EntryKind
    sight: Sight

    @property
    def stream(self) -> StreamId:
        objection = self.kind is EntryKind.OBJECTION
        return case_stream(self.case_id) if objection else public_entry_stream(self.entry_id)


@router.get(
    "/cases/{case_id}/entries/{entry_id}",
    operation_id="read_entry",
    summary="One entry, with what is sealed in it",
    responses=reads(EntryOpened, "The entry, as far as you may open it"),
)
async def read_one_entry(visitor: Reads, case_id: CaseIdInPath, entry_id: EntryIdInPath) -> Response:
    """Supervision reads objections whole; personnel read what else was sent in, and the name of a named objector.

    A moderator reads what awaits admission, without any name. Supervision and auditors who ran the case read nothing.
    """
    found = await _seen(visitor, "read_entry", case_id, entry_id)
    written = await read_conversation(visitor.services.recorder, entry_id)
    files = [asdict(each) for each in written.files] if found.sight.files else []
    body = {
        "entry_id": entry_id,
        "kind": found.kind,
        "case_id": case_id,
        "sealed": await _sealed(visitor, found),
        "conversation": [asdict(line) for line in written.lines] if found.sight.conversation else [],
        "attachments": [{name: said for name, said in each.items() if name != "content"} for each in files],
    }
    return Response(orjson.dumps(body), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get(
    "/cases/{case_id}/entries/{entry_id}/attachments/{attachment_id}",
    operation_id="read_attachment",
    summary="A file that was sent in",
    response_class=Response,
    responses={200: {"description": "The file, to be saved", "content": FILE}, **READS},
)
async def read_attachment(
    visitor: Reads, case_id: CaseIdInPath, entry_id: EntryIdInPath, attachment_id: AttachmentIdInPath
) -> Response:
    """As bytes to be saved and never shown by a browser; the reading goes on the log first."""
    found = await _seen(visitor, "read_attachment", case_id, entry_id, attachment_id)
    written = await read_conversation(visitor.services.recorder, entry_id)
    files = {each.attachment_id: each for each in written.files} if found.sight.files else {}
    file = files.get(attachment_id)
    if file is None or file.content is None:
        raise NotFound(f"There is no file “{attachment_id}” in this entry that you may read. Read the entry first.")
    named = f"attachment; filename*=UTF-8''{quote(file.file_name or attachment_id, safe='')}"
    return Response(
        file.content, media_type="application/octet-stream", headers={**HARMLESS, "Content-Disposition": named}
    )


async def _seen(visitor: Visitor, action: str, case_id: CaseId, entry_id: str, part: str = "") -> _Entry:
    """An entry as the visitor may see it; that they read it is on the log before they do.

    Refuses: NotAllowed, NotFound.
    """
    await visitor.may(action, f"case/{case_id}")
    recorder, actor = visitor.services.recorder, visitor.actor
    about = await read_correspondence(recorder, case_id, entry_id)
    live = underlying(about.case)
    if live is None or about.kind is None:
        raise _no_such(entry_id)
    objection = live.objections.get(ObjectionId(entry_id))
    entry = objection or await read_entry(recorder, case_id, entry_id)
    awaits = entry is not None and entry.awaits_admission
    sight = sight_of(actor.roles, objection=objection is not None, awaits=awaits)
    if sight is None:
        raise _no_such(entry_id)
    await _must_be_apart(visitor, action, live)
    found = _Entry(case_id, entry_id, about.kind, sight)
    last = await visitor.services.store.read_last(found.stream)
    read = (*sight.audiences, "correspondence") if sight.files else sight.audiences
    version = last.version if last else 0
    noted = SealedPartsRead(officer=actor.officer, case_id=case_id, audiences=read, up_to_version=version)
    await visitor.note_access(noted, entry_id, part)
    return found


async def _must_be_apart(visitor: Visitor, action: str, live: LiveCase) -> None:
    """Nobody reads an entry who stands in the case, is tied to it or ran it; the department, which ran it, may."""
    actor = visitor.actor
    involved = involvement(actor, live, await visitor.services.packs.get(live.pack))
    stands = any(candidate.person in actor.hands for candidate in live.candidates.values())
    withdrew = any(interests_of(live, officer).withdraws_under for officer in actor.hands)
    if involved is None or (Role.PERSONNEL in actor.roles and not stands and not withdrew):
        return
    rule, why = involved
    await visitor.note_attempt(action, f"case/{live.id}", (rule,))
    raise NotAllowed(action, why, (rule,))


async def _sealed(visitor: Visitor, found: _Entry) -> dict[str, Any]:
    """The sealed fields of an entry that the reader may open."""
    owners = {f"{found.stream}#{audience}" for audience in found.sight.audiences}
    first = (ObjectionLodged.alias, EntryReceived.alias)
    stored = [row for row in await visitor.services.store.read_stream(found.stream) if row.type in first]
    rows = await opened(visitor.services.store, visitor.services.keys, stored, owners.__contains__)
    for event in (row.event for row in rows):
        if isinstance(event, EntryReceived) or getattr(event, "objection_id", None) == found.entry_id:
            shown = set(type(event).sealed_fields) - found.sight.hidden
            return event.model_dump(mode="json", include=shown, exclude_none=True)
    return {}


def _no_such(entry_id: str) -> NotFound:
    return NotFound(f"There is no entry “{entry_id}” that you may read in this case. Read the list at /api/v1/entries.")
