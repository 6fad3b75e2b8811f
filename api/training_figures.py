"""Coverage and quality of one person, year by year with nothing hidden: for whoever may read their training file."""

from datetime import UTC, date
from typing import Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.person_named import PersonNamed
from api.training_report import unit_year_shown
from api.visitor import Reads
from api.writing import API
from domain.access import TrainingFileRead
from domain.training_report import plain_years
from projections.training_counting import packs_in_force
from projections.training_report import fellows_on, targets

router = APIRouter(prefix=API, tags=["reports"])


class FiguresShown(BaseModel):
    """Coverage and quality year by year."""

    person_id: str
    as_of: date
    standing: str = Field(description="where their standing is asked for, line by line")
    years: list[dict[str, Any]]


@router.post(
    "/training-figures",
    operation_id="read_training_figures",
    summary="Coverage and quality of one person",
    responses=reads(FiguresShown, "The figures, year by year"),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"person": "staff-4711"}}}}},
)
async def read_training_figures(visitor: Reads, body: PersonNamed) -> Response:
    """The public report's figures for one person, as of today. It is a question: asked by POST, since a name is in it.

    The reading is itself recorded.
    """
    await visitor.may("read_training_figures", "training-files")
    services, person = visitor.services, await body.to_read_of(visitor)
    await visitor.note_access(TrainingFileRead(officer=visitor.actor.officer, person_id=person), person, "figures")
    at = services.clock()
    today = at.astimezone(UTC).date()
    packs = await packs_in_force(services.pool, services.packs, at)
    years = plain_years(await fellows_on(services.pool, today, [person]), today, packs, await targets(services.pool))
    shown = {
        "person_id": person,
        "as_of": today,
        "standing": f"{API}/training-standings",
        "years": [unit_year_shown(row) for row in years],
    }
    return Response(orjson.dumps(shown), media_type=JSON)
