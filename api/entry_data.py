"""Taking part over the API, without a token: the same entries, codes and conversations as on the pages."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.answers import GONE, JSON, OPEN_READS, PROBLEM, Answers
from api.attachment import SentFile
from api.body import Body
from api.entry_sending import Sent, address_of, limit_of, message_purpose, purpose_for, send_in, send_message
from api.form_body import from_here
from api.form_key import new_form_key
from api.listing import reached
from api.problem import NotFound
from api.proof_of_work import Work, work_for
from api.public_notice import NOTICE_ID, NoticeId
from api.receipt_reading import READ_FROM, Held, held_by_code, receipt_proof
from api.visitor import Services
from api.writing import API
from domain.identity import CandidateId
from domain.objection import About, Channel, LodgeObjection
from domain.public_entry import FileEntry
from domain.receipt_code import in_groups, read_receipt_code
from domain.sender import Identity
from domain.taking_part_rule import EntryKind
from projections.public_notice import notice_by_id
from projections.visible_notice import VisibleNotice

router = APIRouter(prefix=API, tags=["taking part"])

LONGEST_FILE = 7 * 1_048_576
"""Units: characters of base64; five mebibytes of file."""

PUBLIC_WRITES: Answers = {
    403: {**PROBLEM, "description": "Sent from another site's page"},
    409: {**PROBLEM, "description": "The notice takes no entry of this kind now"},
    413: {**PROBLEM, "description": "The body is larger than 24 MiB"},
    429: {**PROBLEM, "description": "As much was sent as can be in a day; `Retry-After` says when to try again"},
    **OPEN_READS,
    **GONE,
}


class Challenge(BaseModel):
    """A form and its work: send both back with one entry."""

    form: str = Field(description="the form's key; good for one entry of that kind about that notice, for a day")
    work: Work = Field(description="find the number behind the salt with that SHA-256 (altcha's first protocol)")


class FileSent(Body):
    """A file of at most 5 MiB: PDF, JPEG, PNG or plain text. What it tells of itself is taken out of it."""

    name: str = Field(min_length=1, max_length=200, description="only its ending is looked at; it gets another name")
    media_type: str = Field(min_length=3, max_length=100)
    content: str = Field(min_length=1, max_length=LONGEST_FILE, description="base64")


class _EntrySent(Body):
    form: str = Field(max_length=200, description="from `/api/v1/challenges`; sent again, it gives the first answer")
    work: str = Field("", max_length=2000, description="altcha's payload; left out, a moderator looks first")
    identity: Identity = Field(Identity.ANONYMOUS, description="who may learn the name")
    name: str | None = Field(None, min_length=1, max_length=300, description="left out when anonymous")
    files: list[FileSent] = Field(default_factory=list, max_length=10)


class ObjectionSent(_EntrySent):
    """An objection; what it says is sealed for supervision."""

    grounds: str = Field(min_length=10, max_length=4000, description="time, place and facts")
    about: About
    candidate_id: CandidateId | None = Field(None, max_length=40)


class EntrySent(_EntrySent):
    """A comment, a recommendation, or the report of an error."""

    text: str = Field(min_length=10, max_length=4000)


class EntryTaken(BaseModel):
    """What was recorded, and the code that only this answer holds."""

    receipt_code: str
    position: int = Field(description="in the log")
    awaits_admission: bool = Field(description="a moderator looks at it first")


class ReceiptAsked(Body):
    """Which entry is meant: the code stands in the body, because addresses end up in logs and histories."""

    code: str = Field(min_length=1, max_length=60)


class MessageSent(ReceiptAsked):
    """Something more, in words, in files, or in both."""

    form: str = Field(max_length=200, description="from the status of the entry")
    text: str = Field("", max_length=4000)
    files: list[FileSent] = Field(default_factory=list, max_length=10)


class DueSaid(BaseModel):
    what: str
    by: str
    done_on: str | None
    late: bool


class LineSaid(BaseModel):
    by_office: bool
    on: str
    question: bool
    text: str | None = Field(description="null once it was destroyed")


class EntryFound(BaseModel):
    """What became of an entry, in fixed words."""

    kind: EntryKind
    notice_id: str
    received_on: str
    state: str
    days: list[DueSaid]
    conversation: list[LineSaid]
    files: int
    reason: str | None
    public_answer: str | None
    may_write: bool
    position: int
    form: str = Field(description="for the next message")


@router.get(
    "/challenges",
    operation_id="read_challenge",
    summary="A form to send an entry with",
    responses={200: {"model": Challenge, "description": "The form and its work"}, **OPEN_READS},
)
async def challenge(
    request: Request,
    kind: EntryKind,
    notice_id: Annotated[str, Query(pattern=f"^{NOTICE_ID}$")],
) -> Response:
    """No token is needed, and nothing is kept of it."""
    services = _services(request)
    form = new_form_key(purpose_for(kind, notice_id), services.clock())
    given = Challenge(form=form.written(services.keys), work=work_for(form, services.keys))
    return Response(given.model_dump_json(), media_type=JSON, headers={"Cache-Control": "no-store"})


async def send_objection(request: Request, notice_id: NoticeId, body: ObjectionSent) -> Response:
    """Anybody objects to a notice that stands, under their name, in confidence or anonymously. It holds the case."""
    said = LodgeObjection(
        channel=Channel.WEB,
        grounds=body.grounds,
        objector=body.name,
        identity=body.identity,
        about=body.about,
        candidate_id=body.candidate_id,
    )
    return await _taken(request, notice_id, body, said)


async def send_comment(request: Request, notice_id: NoticeId, body: EntrySent) -> Response:
    """A moderator reads it, and shows of it what names nobody; the personnel department answers in public."""
    return await _taken(request, notice_id, body, _entry(EntryKind.COMMENT, body))


async def send_recommendation(request: Request, notice_id: NoticeId, body: EntrySent) -> Response:
    """Where the pack takes recommendations; names in it are never published."""
    return await _taken(request, notice_id, body, _entry(EntryKind.RECOMMENDATION, body))


async def send_error_report(request: Request, notice_id: NoticeId, body: EntrySent) -> Response:
    """Something in the record of a notice is wrong; the answer is public."""
    return await _taken(request, notice_id, body, _entry(EntryKind.ERROR_REPORT, body))


async def read_receipt(request: Request, body: ReceiptAsked) -> Response:
    """How far an entry has come, by when what is due, and the conversation about it, for whoever has its code."""
    return await _found(request, body.code)


async def send_receipt_message(request: Request, body: MessageSent) -> Response:
    """The holder of a code answers a question, or says more; the answer is the status with it."""
    from_here(request)
    held = await _held(request, body.code)
    sent = Sent(body.form, "", _files(body.files), address_of(request))
    position = await send_message(request.app, held.row, sent, body.text)
    await reached(_services(request).pool, READ_FROM, position if position >= 0 else None)
    return await _found(request, body.code)


async def read_receipt_proof(request: Request, body: ReceiptAsked) -> Response:
    """The `.tlog-proof` of the event that took the entry down: the SHA-256 of the code is in it, and no word of it."""
    proof = await receipt_proof(_services(request), (await _held(request, body.code)).row)
    return Response(proof, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def _entry(kind: Any, body: EntrySent) -> FileEntry:
    return FileEntry(kind=kind, text=body.text, sender=body.name, identity=body.identity, receipt_hash="0" * 64)


async def _taken(
    request: Request, notice_id: str, body: ObjectionSent | EntrySent, said: LodgeObjection | FileEntry
) -> Response:
    from_here(request)
    notice = await _notice(request, notice_id)
    sent = Sent(body.form, body.work, _files(body.files), address_of(request))
    taken = await send_in(request.app, notice, sent, said)
    answer = EntryTaken(
        receipt_code=in_groups(taken.code), position=taken.position, awaits_admission=taken.awaits_admission
    )
    return Response(answer.model_dump_json(), 201, {"Cache-Control": "no-store"}, JSON)


async def _notice(request: Request, notice_id: str) -> VisibleNotice:
    services = _services(request)
    notice = await notice_by_id(services.pool, notice_id, services.clock())
    if notice is None:
        raise NotFound("There is no notice at this address. The list of notices is at /api/v1/notices.")
    return notice


async def _held(request: Request, typed: str) -> Held:
    limit_of(request.app).look(address_of(request))
    held = await held_by_code(_services(request), read_receipt_code(typed), "en")
    if held is None:
        raise NotFound("Nothing was recorded under this code. Check it; what was sent a moment ago takes seconds.")
    return held


async def _found(request: Request, typed: str) -> Response:
    held, services = await _held(request, typed), _services(request)
    status = held.status
    answer = {
        "kind": status.kind,
        "notice_id": status.notice_id,
        "received_on": status.received_on,
        "state": status.state,
        "days": [{"what": it.what, "by": it.by, "done_on": it.done_on, "late": it.late} for it in status.days],
        "conversation": [
            {"by_office": it.by_office, "on": it.on, "question": it.question, "text": it.text} for it in status.talk
        ],
        "files": status.files,
        "reason": status.reason,
        "public_answer": status.public_answer,
        "may_write": held.may_write,
        "position": held.row.position,
        "form": new_form_key(message_purpose(held.row), services.clock()).written(services.keys),
    }
    return Response(orjson.dumps(answer), media_type=JSON, headers={"Cache-Control": "no-store"})


def _files(sent: list[FileSent]) -> list[SentFile]:
    files = []
    for file in sent:
        try:
            content = b64decode(file.content, validate=True)
        except (NotBase64, ValueError):
            content = b""  # refused as an empty file, with its number
        files.append(SentFile(file.name, file.media_type, content))
    return files


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


FORM = "c2l4dGVlbiByYW5kb20gYg.1791300000.c2lnbmF0dXJl"
FILE = {"name": "minutes.txt", "media_type": "text/plain", "content": "T24gMyBGZWJydWFyeSAyMDI2Lg=="}
CODE = "9P8-BQN-P5Y-R7G-X7V-YJS-YW8"
GROUNDS = "On 3 February 2026 the vote was taken before the papers were there."


PROOF = {"text/plain": {"schema": {"type": "string", "description": "a C2SP tlog-proof"}}}


def _declare(path: str, function: Any, example: dict[str, Any], model: type[BaseModel] | None, status: int) -> None:
    said: dict[str, Any] = {"description": "Recorded" if status == 201 else "Found"}
    content: dict[str, Any] = {"model": model} if model else {"content": PROOF}
    router.add_api_route(
        path,
        function,
        methods=["POST"],
        operation_id=function.__name__,
        summary=(function.__doc__ or "").split(",")[0].split(";")[0].rstrip("."),
        description=(function.__doc__ or "").strip(),
        status_code=status,
        responses={status: {**said, **content}, **PUBLIC_WRITES},
        response_model=None,
        response_class=JSONResponse if model else Response,
        openapi_extra={"requestBody": {"content": {"application/json": {"example": example}}}},
    )


_SAID = {"form": FORM, "text": "The notice says 2025; the decree is of 2026.", "identity": "anonymous"}
_OBJECTION = {"form": FORM, "grounds": GROUNDS, "about": "procedure", "identity": "anonymous", "files": [FILE]}
_MESSAGE = {"code": CODE, "form": FORM, "text": "The minutes are in the second file.", "files": [FILE]}

_declare("/notices/{notice_id}/objections", send_objection, _OBJECTION, EntryTaken, 201)
_declare("/notices/{notice_id}/comments", send_comment, _SAID, EntryTaken, 201)
_declare("/notices/{notice_id}/recommendations", send_recommendation, _SAID, EntryTaken, 201)
_declare("/notices/{notice_id}/error-reports", send_error_report, _SAID, EntryTaken, 201)
_declare("/receipts", read_receipt, {"code": CODE}, EntryFound, 200)
_declare("/receipts/messages", send_receipt_message, _MESSAGE, EntryFound, 200)
_declare("/receipts/proofs", read_receipt_proof, {"code": CODE}, None, 200)
