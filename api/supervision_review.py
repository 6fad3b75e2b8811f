"""Opinions and the conclusion of the supervision review over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.supervision_review import ConcludeSupervisionReview, RequestOpinion, ReturnOpinion

router = APIRouter(prefix=API, tags=["supervision review"])


@writes(
    router,
    "/cases/{case_id}/opinion-requests",
    summary="Ask an organ for its opinion",
    example={"organ": "audit-office"},
)
async def request_opinion(door: Writes, case_id: CaseIdInPath, body: RequestOpinion) -> Response:
    """Opens a clock; the pack says what the organ's silence will mean."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/opinions",
    summary="Return an opinion",
    example={"organ": "audit-office", "finding": "no_objection", "text": "The accounts of the last term are in order."},
)
async def return_opinion(door: Writes, case_id: CaseIdInPath, body: ReturnOpinion) -> Response:
    """Only the organ that was asked answers. The text is sealed for supervision."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/review-conclusions",
    summary="Conclude the supervision review",
    example={"conclusion": "cleared", "remarks": "Every organ that was asked has answered."},
)
async def conclude_supervision_review(door: Writes, case_id: CaseIdInPath, body: ConcludeSupervisionReview) -> Response:
    """Cleared once every opinion that the pack asks for is there or deemed; not cleared ends the case."""
    return await door.record(case_id, body)
