"""The in-service training register as a file: everybody's trainings, year by year."""

from collections.abc import AsyncIterator
from dataclasses import astuple, fields
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.answers import READS
from api.batch_file import as_csv
from api.listing import AfterPosition, caught_up
from api.visitor import Reads
from api.writing import API
from domain.access import TrainingListRead
from projections.training_standing import YearOfTraining, years_of_training

router = APIRouter(prefix=API, tags=["training"])
MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
COLUMNS = tuple(field.name for field in fields(YearOfTraining))


@router.get(
    "/training-register",
    operation_id="read_training_register",
    summary="The training register as a file",
    response_class=StreamingResponse,
    responses={
        **READS,
        200: {
            "description": "One line a person and year",
            "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in MEDIA.values()},
        },
    },
)
async def read_training_register(
    visitor: Reads,
    format: Annotated[Literal["csv", "jsonl"], Query()] = "csv",
    after_position: AfterPosition = None,
) -> StreamingResponse:
    """People by pseudonym, with the trainings that ended in each year, as corrected: the sum of what is on the log.

    The export is itself recorded, before its first line.
    """
    await visitor.may("read_training_register", "training-files")
    await caught_up(visitor, ("training_register",), after_position)
    await visitor.note_access(TrainingListRead(officer=visitor.actor.officer), "register")
    years = years_of_training(visitor.services.pool)
    named = {"Content-Disposition": f'attachment; filename="training-register.{format}"'}
    lines = _csv(years) if format == "csv" else _jsonl(years)
    return StreamingResponse(lines, media_type=MEDIA[format], headers=named)


async def _csv(years: AsyncIterator[YearOfTraining]) -> AsyncIterator[bytes]:
    yield as_csv([COLUMNS])
    async for year in years:
        yield as_csv([astuple(year)], mark=False)


async def _jsonl(years: AsyncIterator[YearOfTraining]) -> AsyncIterator[bytes]:
    async for year in years:
        yield orjson.dumps(year) + b"\n"
