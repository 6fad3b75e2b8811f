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
    example={"candidate_id": "d6fhcqtf5dfs"},
)
async def verify_training(door: Writes, case_id: CaseIdInPath, body: VerifyTraining) -> Response:
    """Met when the training file is in order for the rank; else not met, or conditional on making it up afterwards.

    Nobody states hours here: they are read from the file, whose place in the log is recorded with them.
    """
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/make-up-trainings",
    summary="Record training made up",
    example={},
)
async def record_make_up_training(door: Writes, case_id: CaseIdInPath, body: RecordMakeUpTraining) -> Response:
    """Settles what a conditional pass owed, before its deadline, when the hours are on file."""
    return await door.record(case_id, body)
