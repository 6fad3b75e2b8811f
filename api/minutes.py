"""Adding a note to minutes over HTTP; there is no route that changes them."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.minutes import AnnotateMinutes

router = APIRouter(prefix=API, tags=["decision"])


@writes(
    router,
    "/cases/{case_id}/minutes-annotations",
    status_code=201,
    summary="Add a note to the minutes of a meeting",
    example={"meeting_id": "0k3v0d8s1m2q", "note": "The observer of the audit office left before the vote."},
)
async def annotate_minutes(door: Writes, case_id: CaseIdInPath, body: AnnotateMinutes) -> Response:
    """The minutes stand as they were taken. The note is sealed for the deciding body and supervision."""
    return await door.record(case_id, body, 201)
