"""Allowing a deviation over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.deviation import AllowDeviation

router = APIRouter(prefix=API, tags=["deviations"])


@writes(
    router,
    "/cases/{case_id}/deviations",
    status_code=201,
    summary="Let one rule of the pack not apply",
    example={
        "rule": "training.requirements.1.hours",
        "code": "exceptional",
        "reason": "The academy was closed for the whole year after the flood.",
    },
)
async def allow_deviation(door: Writes, case_id: CaseIdInPath, body: AllowDeviation) -> Response:
    """Only rules that the pack marks as waivable, by the pack's approver. It stands in the audit trail for ever."""
    return await door.record(case_id, body, 201)
