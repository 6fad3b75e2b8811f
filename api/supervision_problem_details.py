"""What is sealed about a problem over HTTP, for supervision and whoever audits; each reading is on the log."""

from datetime import datetime

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.problem import NotFound
from api.supervision_problem import ProblemIdInPath
from api.visitor import Reads
from api.writing import API
from domain.access import ProblemDetailsRead
from domain.supervision_problem import ProblemOpened, RemedyReported, problem_stream
from eventstore.codec import is_destroyed
from eventstore.opening import opened

router = APIRouter(prefix=API, tags=["problems"])


class DetailsOf(BaseModel):
    type: str
    organ: str
    recorded_at: datetime
    details: str | None
    destroyed: bool = Field(description="they went with the last candidate of the case that was forgotten")


class ProblemDetails(BaseModel):
    """What is sealed in the finding and in the remedies."""

    problem_id: str
    steps: list[DetailsOf]


@router.get(
    "/problems/{problem_id}/details",
    operation_id="read_problem_details",
    summary="What is sealed about a problem",
    responses=reads(ProblemDetails, "The details of the finding and of each remedy"),
)
async def read_problem_details(visitor: Reads, problem_id: ProblemIdInPath) -> Response:
    """For supervision and whoever audits. The reading goes on the log before the answer does."""
    stream = problem_stream(problem_id)
    await visitor.may("read_problem_details", stream)
    stored = await visitor.services.store.read_stream(stream)
    if not stored:
        raise NotFound(f"There is no problem “{problem_id}”. Those that there are stand at {API}/problems.")
    sealed_for = f"{stream}#supervision"
    rows = await opened(visitor.services.store, visitor.services.keys, stored, sealed_for.__eq__)
    noted = ProblemDetailsRead(officer=visitor.actor.officer, problem_id=problem_id)
    await visitor.note_access(noted, problem_id)
    steps = [
        {
            "type": row.type,
            "organ": row.actor.organ,
            "recorded_at": row.recorded_at,
            "details": row.event.details,
            "destroyed": is_destroyed(row),
        }
        for row in rows
        if isinstance(row.event, ProblemOpened | RemedyReported)
    ]
    return Response(orjson.dumps({"problem_id": problem_id, "steps": steps}), media_type=JSON)
