"""Correcting a notice that stands over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.notice_correction import CorrectPublicNotice

router = APIRouter(prefix=API, tags=["public notice"])


@writes(
    router,
    "/cases/{case_id}/notice-corrections",
    status_code=201,
    summary="Put right what a standing notice says",
    example={
        "particular": "post_title",
        "says": "Head Clerk of Records",
        "reason": "The second half of the title was left out.",
    },
)
async def correct_public_notice(door: Writes, case_id: CaseIdInPath, body: CorrectPublicNotice) -> Response:
    """One particular, for a public reason. What is essential begins the days anew; the old text is not shown again."""
    return await door.record(case_id, body, 201)
