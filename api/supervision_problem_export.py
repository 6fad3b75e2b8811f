"""The register of problems as a file, by the filter of its page: for a spreadsheet, and for programs."""

from collections.abc import AsyncIterator
from dataclasses import asdict, fields
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.answers import READS, Answers
from api.batch_file import as_csv
from api.listing import AfterPosition, caught_up
from api.supervision_problem import BEHIND, AskedOfRegister, owned_by
from api.visitor import Reads, Visitor
from api.writing import API
from projections.supervision_problem import ProblemFilter, ProblemRow, every_problem

router = APIRouter(prefix=API, tags=["problems"])
COLUMNS = tuple(field.name for field in fields(ProblemRow))


def _file(media: str) -> Answers:
    return {**READS, 200: {"description": "The problems", "content": {media: {"schema": {"type": "string"}}}}}


@router.get(
    "/problems.csv",
    operation_id="export_problems",
    summary="The register of problems as a table",
    response_class=StreamingResponse,
    responses=_file("text/csv"),
)
async def export_problems(
    visitor: Reads, asked: AskedOfRegister, after_position: AfterPosition = None
) -> StreamingResponse:
    """Those that match, the latest opened first. Remedies and reopenings are JSON in their cells."""
    rows = await _rows(visitor, asked, after_position)
    named = {"Content-Disposition": 'attachment; filename="problems.csv"'}
    return StreamingResponse(_csv(rows), media_type="text/csv; charset=utf-8", headers=named)


@router.get(
    "/problems.jsonl",
    operation_id="export_problems_as_lines",
    summary="The register of problems as JSON Lines",
    response_class=StreamingResponse,
    responses=_file("application/jsonl"),
)
async def export_problems_as_lines(
    visitor: Reads, asked: AskedOfRegister, after_position: AfterPosition = None
) -> StreamingResponse:
    """Those that match, one a line, the latest opened first."""
    rows = await _rows(visitor, asked, after_position)
    named = {"Content-Disposition": 'attachment; filename="problems.jsonl"'}
    return StreamingResponse(_lines(rows), media_type="application/jsonl", headers=named)


async def _rows(visitor: Visitor, asked: ProblemFilter, position: int | None) -> AsyncIterator[ProblemRow]:
    await visitor.may("export_problems", "problems")
    await caught_up(visitor, BEHIND, position)
    return every_problem(visitor.services.pool, asked, owned_by=owned_by(visitor))


async def _csv(rows: AsyncIterator[ProblemRow]) -> AsyncIterator[bytes]:
    yield as_csv([COLUMNS])
    async for row in rows:
        yield as_csv([[_cell(value) for value in asdict(row).values()]], mark=False)


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return str(value).lower()
        case list() if not value or isinstance(value[0], dict):
            return orjson.dumps(value).decode() if value else ""
        case list():
            return " ".join(map(str, value))
    return value


async def _lines(rows: AsyncIterator[ProblemRow]) -> AsyncIterator[bytes]:
    async for row in rows:
        yield orjson.dumps(row) + b"\n"
