"""Setting over HTTP what the candidates of a case are measured by."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.merit import SetCriteria

router = APIRouter(prefix=API, tags=["nomination"])


@writes(
    router,
    "/cases/{case_id}/criteria",
    status_code=201,
    summary="Set what the candidates are measured by",
    example={
        "criteria": [
            {"criterion": "qualifications", "weight": 30},
            {"criterion": "results", "weight": 40},
            {"criterion": "integrity", "weight": 30},
        ]
    },
)
async def set_criteria(door: Writes, case_id: CaseIdInPath, body: SetCriteria) -> Response:
    """From the pack's list, with weights that add up to 100. Relations, welfare and units are refused by name.

    Once somebody is nominated, criteria that were set stand.
    """
    return await door.record(case_id, body, 201)
