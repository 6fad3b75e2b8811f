"""Pausing a clock of a case with a reason, and letting it go on, over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.clock_pause import PauseClock, ResumeClock

router = APIRouter(prefix=API, tags=["clocks"])


@writes(
    router,
    "/cases/{case_id}/clock-pauses",
    summary="Pause a clock of a case",
    example={
        "clock": "acting_service",
        "until_on": "2026-12-31",
        "reason": "A nomination is pending.",
    },
)
async def pause_clock(door: Writes, case_id: CaseIdInPath, body: PauseClock) -> Response:
    """Only a clock that the pack lets pause stands still; the reason is public."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/clock-resumptions",
    summary="Let a paused clock go on",
    example={"clock": "acting_service"},
)
async def resume_clock(door: Writes, case_id: CaseIdInPath, body: ResumeClock) -> Response:
    """The clock goes on with the time that it had left."""
    return await door.record(case_id, body)
