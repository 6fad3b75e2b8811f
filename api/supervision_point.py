"""Attending supervision points over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.supervision_point import AttendSupervisionPoint

router = APIRouter(prefix=API, tags=["duties and supervision"])


@writes(
    router,
    "/cases/{case_id}/supervision-points",
    status_code=201,
    summary="Attend a supervision point",
    example={"stage_id": "nomination", "point": "whole", "observation": "none"},
)
async def attend_supervision_point(door: Writes, case_id: CaseIdInPath, body: AttendSupervisionPoint) -> Response:
    """The organ that watches the stage says what it saw at a point; the text is sealed for supervision."""
    return await door.record(case_id, body, 201)
