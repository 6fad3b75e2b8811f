"""The letter of appointment and the end of probation over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.probation import ConfirmProbation, FailProbation, IssueAppointment

router = APIRouter(prefix=API, tags=["appointment and probation"])


@writes(
    router,
    "/cases/{case_id}/appointments",
    status_code=201,
    summary="Issue the letter of appointment",
    example={"effective_on": "2026-11-02"},
)
async def issue_appointment(door: Writes, case_id: CaseIdInPath, body: IssueAppointment) -> Response:
    """Opens probation and, after a conditional pass, the make-up deadline."""
    return await door.record(case_id, body, 201)


@writes(router, "/cases/{case_id}/probation-confirmations", summary="Confirm probation", example={})
async def confirm_probation(door: Writes, case_id: CaseIdInPath, body: ConfirmProbation) -> Response:
    """From the day after its last day."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/probation-failures",
    summary="Fail probation",
    example={"reasons": "Two quarterly reports were not delivered, in spite of written reminders."},
)
async def fail_probation(door: Writes, case_id: CaseIdInPath, body: FailProbation) -> Response:
    """For stated reasons, sealed for supervision."""
    return await door.record(case_id, body)
