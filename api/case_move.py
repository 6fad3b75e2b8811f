"""Moving a running case to a later version of its pack over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.case_move import MoveCase

router = APIRouter(prefix=API, tags=["packs"])


@writes(
    router,
    "/cases/{case_id}/moves",
    summary="Move a case to a later version of its pack",
    example={
        "to_version": 2,
        "reason": "The council asked that the longer notice be kept in every case that has not been noticed.",
    },
)
async def move_case(door: Writes, case_id: CaseIdInPath, body: MoveCase) -> Response:
    """By the approver of deviations, who did not run the case. With `dry_run` it shows what would change for the case.

    What was done stays done, and clocks that run stay as they are unless the move has them counted anew.
    """
    return await door.record(case_id, body)
