"""Verifying training, and making it up, over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.training_verification import RecordMakeUpTraining, VerifyTraining

router = APIRouter(prefix=API, tags=["training verification"])


@writes(
    router,
    "/cases/{case_id}/training-verifications",
    summary="Verify a candidate's training",
    example={"candidate_id": "d6fhcqtf5dfs", "hours": 64, "basis": "register 2026/112"},
)
async def verify_training(door: Writes, case_id: CaseIdInPath, body: VerifyTraining) -> Response:
    """Met at the pack's hours for the rank; below them not met, or conditional on making it up after appointment."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/make-up-trainings",
    summary="Record training made up",
    example={"hours": 40, "basis": "certificate 2027/8"},
)
async def record_make_up_training(door: Writes, case_id: CaseIdInPath, body: RecordMakeUpTraining) -> Response:
    """Settles what a conditional pass owed, before its deadline."""
    return await door.record(case_id, body)
