"""What organs ask of each other over HTTP: asking, answering, declining, taking back, and reading."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import CASE_ID, Door, Writes
from api.listing import AfterPosition, LatestFirst, NextCursor, caught_up
from api.problem import NotAllowed, NotFound
from api.supervision_problem import PROBLEM_ID, WATCHES, OrganAsked
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.access import RequestParticularsRead
from domain.command import Command
from domain.event import Event, Recorded
from domain.identity import OrganId, Role, short_id
from domain.organ_request import (
    BOTH_ORGANS,
    AnswerRequest,
    AskOrgan,
    DeclineRequest,
    RequestState,
    WithdrawRequest,
    fold_organ_request,
    organ_request_stream,
)
from domain.supervision_problem import SubjectKind
from eventstore.codec import is_destroyed
from eventstore.opening import opened
from eventstore.organ_request_recording import record_organ_request
from projections.organ_request import RequestFilter, request_by_id, requests_page

router = APIRouter(prefix=API, tags=["requests between organs"])
BEHIND = ("organ_request",)
RequestIdInPath = Annotated[str, Path(pattern=PROBLEM_ID, description="request id")]


class RequestMade(AskOrgan):
    """A request to another organ. The newest adopted version of the pack says by when it is answered."""

    pack: str = Field("standard", max_length=60, description="id of a policy pack")


class RequestShown(BaseModel):
    """A request as it stands, without what is sealed."""

    request_id: str
    asked_by: str = Field(description="the organ that asked")
    asked: str = Field(description="the organ that is to answer")
    question: str
    subject_kind: SubjectKind
    subject_id: str
    case_id: str | None
    asked_on: date
    due_on: date
    overdue: bool = Field(description="the day passed in silence, or the answer came late; never taken back")
    state: RequestState
    answer: str | None
    proof: list[int] = Field(description="positions in the log")
    reason: str | None = Field(description="why it was declined or taken back")
    settled_on: date | None
    asked_position: int
    last_position: int


class OrganRequests(BaseModel):
    """Requests, the latest first."""

    requests: list[RequestShown]
    next_cursor: NextCursor


class ParticularsOf(BaseModel):
    type: str
    organ: str
    recorded_at: datetime
    particulars: str | None
    destroyed: bool = Field(description="they went with the last candidate of the case that was forgotten")


class RequestParticulars(BaseModel):
    """What is sealed in a request and in its answer."""

    request_id: str
    steps: list[ParticularsOf]


def _filter(
    state: RequestState | None = None,
    asked_by: OrganAsked = None,
    asked: OrganAsked = None,
    subject_kind: SubjectKind | None = None,
    subject_id: Annotated[str | None, Query(max_length=120)] = None,
    case_id: Annotated[str | None, Query(pattern=f"^{CASE_ID}$", description="only about this case")] = None,
    from_on: Annotated[date | None, Query(alias="from", description="asked on this day or later")] = None,
    to_on: Annotated[date | None, Query(alias="to", description="asked on this day or before")] = None,
    unanswered: Annotated[bool | None, Query(description="only those that still wait, or only the others")] = None,
    overdue: Annotated[bool | None, Query(description="only those whose day passed in silence, or the others")] = None,
) -> RequestFilter:
    about = (subject_kind, subject_id, case_id)
    return RequestFilter(state, asked_by, asked, *about, from_on, to_on, unanswered, overdue)


@writes(
    router,
    "/organ-requests",
    status_code=201,
    summary="Ask another organ",
    example={
        "asked": "personnel-department",
        "question": "How many letters of this year were issued before the end of a notice?",
        "subject": {"kind": "unit", "id": "Registry"},
        "particulars": "The letters of March first.",
    },
    answers=writes_of(KeptAnswer),
)
async def ask_organ(door: Writes, body: RequestMade) -> Response:
    """In the name of your own organ; the question names nobody, the particulars are sealed for the two organs."""
    request_id = short_id("organ_request", str(door.command_id))
    command = AskOrgan.model_validate(body.model_dump(exclude={"pack"}))
    answer = await _record(door, request_id, command, status=201, pack=body.pack)
    answer.headers["Location"] = f"{API}/organ-requests/{request_id}"
    return answer


@writes(
    router,
    "/organ-requests/{request_id}/answers",
    status_code=201,
    summary="Answer a request",
    example={"answer": "Three, all in March.", "proof": [4711]},
    answers=writes_of(KeptAnswer),
)
async def answer_request(door: Writes, request_id: RequestIdInPath, body: AnswerRequest) -> Response:
    """By the organ that was asked, also late. What names somebody goes into the particulars."""
    return await _record(door, request_id, body, status=201)


@writes(
    router,
    "/organ-requests/{request_id}/declinings",
    summary="Decline a request",
    example={"reason": "The court has the file until its ruling."},
    answers=writes_of(KeptAnswer),
)
async def decline_request(door: Writes, request_id: RequestIdInPath, body: DeclineRequest) -> Response:
    """By the organ that was asked, with a reason that everybody reads."""
    return await _record(door, request_id, body)


@writes(
    router,
    "/organ-requests/{request_id}/withdrawals",
    summary="Take a request back",
    example={"reason": "The audit trail had the answer."},
    answers=writes_of(KeptAnswer),
)
async def withdraw_request(door: Writes, request_id: RequestIdInPath, body: WithdrawRequest) -> Response:
    """By the organ that asked. A silence that was recorded stays recorded."""
    return await _record(door, request_id, body)


async def _record(
    door: Door, request_id: str, command: Command, *, status: int = 200, pack: str = "standard"
) -> Response:
    asked = await door.asked(organ_request_stream(request_id), command, pack)
    return await door.recorded(asked, record_organ_request, "request_id", status)


@router.get(
    "/organ-requests",
    operation_id="read_organ_requests",
    summary="The requests between organs",
    responses=reads(OrganRequests, "A page of requests"),
)
async def read_organ_requests(
    visitor: Reads, asked: Annotated[RequestFilter, Depends(_filter)], page: Annotated[LatestFirst, Depends()]
) -> Response:
    """The latest first. A school reads those that it was asked."""
    await visitor.may("read_organ_requests", "organ-requests")
    await caught_up(visitor, BEHIND, page.after_position)
    pool, of_organ = visitor.services.pool, _one_side(visitor)
    rows = await requests_page(pool, asked, before=page.before, limit=page.limit, of_organ=of_organ)
    return page.answer("requests", rows, [row.asked_position for row in rows])


@router.get(
    "/organ-requests/{request_id}",
    operation_id="read_organ_request",
    summary="One request",
    responses=reads(RequestShown, "The request as it stands"),
)
async def read_organ_request(
    visitor: Reads, request_id: RequestIdInPath, after_position: AfterPosition = None
) -> Response:
    """With its answer. For a school that was not asked there is none."""
    await visitor.may("read_organ_request", f"organ_request/{request_id}")
    await caught_up(visitor, BEHIND, after_position)
    row = await request_by_id(visitor.services.pool, request_id)
    if row is None or _one_side(visitor) not in (None, row.asked, row.asked_by):
        raise _no_such(request_id)
    return Response(orjson.dumps(asdict(row)), media_type=JSON)


@router.get(
    "/organ-requests/{request_id}/particulars",
    operation_id="read_request_particulars",
    summary="What is sealed in a request",
    responses=reads(RequestParticulars, "The particulars of the question and of the answer"),
)
async def read_request_particulars(visitor: Reads, request_id: RequestIdInPath) -> Response:
    """For officers of the two organs, and for whoever audits them. The reading goes on the log before the answer."""
    stream = organ_request_stream(request_id)
    await visitor.may("read_request_particulars", stream)
    stored = await visitor.services.store.read_stream(stream)
    rows = await opened(visitor.services.store, visitor.services.keys, stored, f"{stream}#{BOTH_ORGANS}".__eq__)
    await _of_the_two(visitor, request_id, rows)
    noted = RequestParticularsRead(officer=visitor.actor.officer, request_id=request_id)
    await visitor.note_access(noted, request_id)
    steps = [_step(row) for row in rows if "particulars" in type(row.event).sealed_fields]
    return Response(orjson.dumps({"request_id": request_id, "steps": steps}), media_type=JSON)


async def _of_the_two(visitor: Visitor, request_id: str, rows: list[Recorded[Event]]) -> None:
    request = fold_organ_request(row.event for row in rows)
    if request is None:
        raise _no_such(request_id)
    if Role.AUDITOR in visitor.actor.roles or visitor.actor.organ in (request.asked, request.asked_by):
        return
    rule = "house.particulars_are_for_the_two_organs"
    await visitor.note_attempt("read_request_particulars", f"organ_request/{request_id}", (rule,))
    why = f"They are for {request.asked_by} and {request.asked}, and you act for {visitor.actor.organ}. Ask them."
    raise NotAllowed("read_request_particulars", why, (rule,))


def _step(row: Recorded[Event]) -> dict[str, Any]:
    particulars = getattr(row.event, "particulars", None)
    said = {"type": row.type, "organ": row.actor.organ, "recorded_at": row.recorded_at}
    return said | {"particulars": particulars, "destroyed": is_destroyed(row)}


def _one_side(visitor: Visitor) -> OrganId | None:
    return None if WATCHES & set(visitor.actor.roles) else visitor.actor.organ


def _no_such(request_id: str) -> NotFound:
    return NotFound(f"There is no request “{request_id}”. Those that there are stand at {API}/organ-requests.")
