"""Coverage and quality of one person or one unit, year by year with nothing hidden: for whoever may read the files."""

from datetime import UTC, date
from typing import Any, Self

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from api.answers import JSON, reads
from api.body import Body
from api.person_named import PSEUDONYM, PersonNamed
from api.training_report import unit_year_shown
from api.visitor import Reads
from api.writing import API
from domain.access import TrainingFileRead, TrainingListRead
from domain.identity import PersonId
from domain.training_report import plain_years
from projections.pack_adoption import packs_in_force
from projections.training_report import fellows_on, targets

router = APIRouter(prefix=API, tags=["reports"])


class FiguresAsked(Body):
    """Whose figures are asked: one person's, or those of everybody who served in a unit."""

    person: str | None = Field(None, min_length=1, max_length=200)
    person_id: PersonId | None = Field(None, pattern=PSEUDONYM)
    unit: str | None = Field(None, min_length=1, max_length=120)

    @model_validator(mode="after")
    def by_one_of_three(self) -> Self:
        if [self.person, self.person_id, self.unit].count(None) != 2:
            raise ValueError("name `person`, `person_id` or `unit`, one of the three")
        return self


class FiguresShown(BaseModel):
    """Coverage and quality year by year."""

    person_id: str | None
    unit: str | None
    as_of: date
    standing: str = Field(description="where a standing is asked for, line by line")
    years: list[dict[str, Any]]


@router.post(
    "/training-figures",
    operation_id="read_training_figures",
    summary="Coverage and quality of one person, or of a unit with nothing hidden",
    responses=reads(FiguresShown, "The figures, year by year"),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"person": "staff-4711"}}}}},
)
async def read_training_figures(visitor: Reads, body: FiguresAsked) -> Response:
    """The public report's figures for one person, or for a unit however small, as of today.

    It is a question: asked by POST, since a name is in it. The reading is itself recorded.
    """
    await visitor.may("read_training_figures", "training-files")
    services, officer = visitor.services, visitor.actor.officer
    person = None
    if body.unit is None:
        person = await PersonNamed(person=body.person, person_id=body.person_id).to_read_of(visitor)
        await visitor.note_access(TrainingFileRead(officer=officer, person_id=person), person, "figures")
    else:
        await visitor.note_access(TrainingListRead(officer=officer, unit=body.unit), body.unit, "figures")
    at = services.clock()
    today = at.astimezone(UTC).date()
    packs = await packs_in_force(services.pool, services.packs, at)
    people = await fellows_on(services.pool, today, [person] if person else None)
    years = plain_years(people, today, packs, await targets(services.pool), body.unit)
    shown = {
        "person_id": person,
        "unit": body.unit,
        "as_of": today,
        "standing": f"{API}/training-standings",
        "years": [unit_year_shown(row) for row in years],
    }
    return Response(orjson.dumps(shown), media_type=JSON)
