"""Recording a breach over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.breach import RecordBreach

router = APIRouter(prefix=API, tags=["deviations"])


@writes(
    router,
    "/cases/{case_id}/breaches",
    status_code=201,
    summary="Record that a prohibition was broken",
    example={
        "code": "broken_procedure",
        "happened_on": "2026-03-02",
        "evidence": "The register of the meeting was signed before the meeting was held.",
    },
)
async def record_breach(door: Writes, case_id: CaseIdInPath, body: RecordBreach) -> Response:
    """One of the pack's prohibitions, also in a case that rests or has ended. It never comes off the record."""
    return await door.record(case_id, body, 201)
