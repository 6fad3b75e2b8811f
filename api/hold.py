"""Placing and lifting a reviewer's hold over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.hold import LiftHold, PlaceHold

router = APIRouter(prefix=API, tags=["duties and supervision"])


@writes(
    router,
    "/cases/{case_id}/holds",
    status_code=201,
    summary="Hold a case, or one of its candidates",
    example={"code": "evidence_missing", "reason": "The register of the academy does not show these hours."},
)
async def place_hold(door: Writes, case_id: CaseIdInPath, body: PlaceHold) -> Response:
    """Whoever runs the case waits; supervision, the public and the clocks go on. The reason is sealed."""
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/hold-liftings",
    summary="Lift a hold",
    example={"hold_id": "d6fhcqtf5dfs", "reason": "The register was corrected and shown to us."},
)
async def lift_hold(door: Writes, case_id: CaseIdInPath, body: LiftHold) -> Response:
    """The officer who placed it, or the deciding body, but for its own stage: there another officer of supervision."""
    return await door.record(case_id, body)
