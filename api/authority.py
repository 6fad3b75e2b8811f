"""The decision of an office that decides alone, over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.authority import DeclineToDecide, TakeDecision

router = APIRouter(prefix=API, tags=["decision"])


@writes(
    router,
    "/cases/{case_id}/decisions",
    status_code=201,
    summary="Choose a candidate, as the office that decides alone",
    example={
        "candidate_id": "d6fhcqtf5dfs",
        "decided_on": "2026-10-20",
        "reasons": "The panel found both appointable; this one has run a body of that size.",
    },
)
async def take_decision(door: Writes, case_id: CaseIdInPath, body: TakeDecision) -> Response:
    """Only where the pack says that one office decides alone. The reasons are sealed for the deciding body."""
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/declined-decisions",
    status_code=201,
    summary="Choose nobody, as the office that decides alone",
    example={"decided_on": "2026-10-20", "reasons": "The post is to be described anew before it is filled."},
)
async def decline_to_decide(door: Writes, case_id: CaseIdInPath, body: DeclineToDecide) -> Response:
    """Nobody is chosen, for stated reasons, and the case ends."""
    return await door.record(case_id, body, 201)
