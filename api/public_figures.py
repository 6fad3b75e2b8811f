"""The figures on all cases over HTTP, open to everybody: quarters that are over, as JSON, as CSV and as a page."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, fields
from datetime import UTC, date
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.answers import JSON, OPEN_READS, open_reads
from api.batch_file import as_csv
from api.conditional import OPEN
from api.listing import AfterPosition, reached
from api.problem import NotFound
from api.public_notice import HTML, language_of, missing
from api.regime import regimes_in_force
from api.visitor import Services
from api.writing import API
from domain.public_figures import Figure, QuarterFigures, quarter_figures
from domain.small_group import SMALLEST_CELL, SMALLEST_PART
from domain.unit_balance import unit_balance
from pages.public_figures import PublicFigures, public_figures_page
from pages.response_headers import headers
from projections.public_figures import READ_FROM, closed_quarters, quarter_facts, units_of_year

open_data = APIRouter(prefix=API, tags=["reports"])
public = APIRouter(include_in_schema=False)
CSV = "text/csv; charset=utf-8"
COLUMNS = ("quarter", *(field.name for field in fields(Figure)))
Chosen = Annotated[date | None, Query(description="first day of a quarter that is over; the last one when left out")]
METHOD = (
    "What came to its end in the quarter, counted once. A line of fewer than "
    f"{SMALLEST_CELL} is hidden, and at least one other with it; a share, where fewer than {SMALLEST_PART} were in "
    "time or were not. Quarters are never added up."
)


class FigureShown(BaseModel):
    """A line of a table; what would tell of somebody is null."""

    table: str
    name: str
    n: int | None
    median_days: float | None = Field(description="civil days from its beginning to its end")
    median_limit_days: float | None = Field(description="civil days from its beginning to the day by which it was due")
    with_limit: int | None = Field(description="for how many a day was set by which they were due")
    in_time: float | None = Field(description="share of those that met their day")


class FiguresShown(BaseModel):
    """The figures of one quarter."""

    first_on: date
    last_on: date
    method: str
    smallest_cell: int
    rows: list[FigureShown]


SHOWN = open_reads(FiguresShown, "The figures, as JSON or as CSV")
SHOWN[200] |= {"content": {"text/csv": {"schema": {"type": "string"}}}}


@open_data.get(
    "/figures",
    operation_id="read_figures",
    summary="Stages, delays, endings, exceptions and objections of a quarter, in numbers",
    responses=SHOWN,
)
async def read_figures(
    request: Request,
    quarter: Chosen = None,
    format: Annotated[Literal["json", "csv"], Query(description="`csv` gives the lines as a table")] = "json",
    after_position: AfterPosition = None,
) -> Response:
    """No token is needed: they stand still once the quarter is over, and hide what would tell of somebody."""
    services: Services = request.app.state.services
    await reached(services.pool, READ_FROM, after_position)
    told = await _told(services, quarter)
    if told is None:
        raise NotFound("No quarter of that first day is over with cases in it. Leave `quarter` out for the last one.")
    if format == "csv":
        named = {"Content-Disposition": f'attachment; filename="figures-{told.first_on}.csv"'}
        return Response(as_csv([COLUMNS, *_lines(told)]), media_type=CSV, headers={**OPEN, **named})
    body = asdict(told) | {"method": METHOD, "smallest_cell": SMALLEST_CELL}
    return Response(orjson.dumps(body), media_type=JSON, headers=OPEN)


async def _told(services: Services, quarter: date | None) -> QuarterFigures | None:
    quarters = await closed_quarters(services.pool, _today(services))
    if not quarters or (quarter is not None and quarter not in quarters):
        return None
    return quarter_figures(await quarter_facts(services.pool, quarter or quarters[0]))


def _today(services: Services) -> date:
    return services.clock().astimezone(UTC).date()


def _lines(told: QuarterFigures) -> Iterator[list[Any]]:
    for row in told.rows:
        yield [told.first_on, *asdict(row).values()]


def _file(kind: str) -> Any:
    return {200: {"description": "The data", "content": {kind: {"schema": {"type": "string"}}}}, **OPEN_READS}


@open_data.get(
    "/open-data/cases.csv",
    operation_id="read_case_counts_csv",
    summary="The figures of every quarter that is over, as a table",
    response_class=StreamingResponse,
    responses=_file("text/csv"),
)
async def cases_csv(request: Request) -> StreamingResponse:
    """A line a quarter, table and name; what would tell of somebody is empty."""

    async def table() -> AsyncIterator[bytes]:
        yield as_csv([COLUMNS])
        async for told in _every_quarter(request):
            yield as_csv(_lines(told), mark=False)

    named = {**OPEN, "Content-Disposition": 'attachment; filename="cases.csv"'}
    return StreamingResponse(table(), media_type=CSV, headers=named)


@open_data.get(
    "/open-data/cases.jsonl",
    operation_id="read_case_counts_jsonl",
    summary="The figures of every quarter that is over, as JSON Lines",
    response_class=StreamingResponse,
    responses=_file("application/jsonl"),
)
async def cases_jsonl(request: Request) -> StreamingResponse:
    """The same lines as objects."""

    async def lines() -> AsyncIterator[bytes]:
        async for told in _every_quarter(request):
            for line in _lines(told):
                yield orjson.dumps(dict(zip(COLUMNS, line, strict=True)), option=orjson.OPT_APPEND_NEWLINE)

    named = {**OPEN, "Content-Disposition": 'attachment; filename="cases.jsonl"'}
    return StreamingResponse(lines(), media_type="application/jsonl", headers=named)


async def _every_quarter(request: Request) -> AsyncIterator[QuarterFigures]:
    services: Services = request.app.state.services
    for quarter in reversed(await closed_quarters(services.pool, _today(services))):
        yield quarter_figures(await quarter_facts(services.pool, quarter))


@public.api_route("/{language}/figures", methods=["GET", "HEAD"])
async def figures(request: Request, language: str, quarter: Chosen = None) -> Response:
    """The transparency page."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    told = await _told(services, quarter)
    if quarter is not None and told is None:
        return missing(spoken)
    year = _today(services).year - 1
    matter = PublicFigures(
        quarter=told,
        quarters=await closed_quarters(services.pool, _today(services)),
        year=year,
        units=unit_balance(await units_of_year(services.pool, year)),
        names={
            f"{regime.pack.id}/{stage.id}": stage.title
            for regime in await regimes_in_force(services)
            for stage in regime.pack.stages
        },
    )
    page = public_figures_page(matter, spoken, chosen=quarter, public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)
