"""Open data over HTTP: every notice there ever was, in three forms, with schema and catalogue. It names nobody."""

from collections.abc import AsyncIterator
from datetime import UTC, date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.answers import JSON, OPEN_READS, Answers
from api.conditional import ASKED_AGAIN, OPEN, known, unless_known
from api.listing import LARGEST_POSITION
from api.visitor import Services
from api.writing import API
from pages.open_data import FORMS, NoticeLine, catalogue, csv_lines, json_lines, line_schema, linked_data, notice_line
from projections.notice_change import UpTo, changes, notices_onwards, state_of_notices
from projections.visible_notice import VisibleNotice

router = APIRouter(prefix=f"{API}/open-data", tags=["open data"])
CHUNK = 65_536
"""Bytes that are gathered before they are sent."""
SCHEMA_JSON = "application/schema+json"
WRITERS = {"csv": csv_lines, "jsonl": json_lines, "jsonld": linked_data}


class DataAsked(BaseModel):
    """Which notices: by the days on which something became of them, or by the log."""

    model_config = ConfigDict(extra="forbid")

    from_on: date | None = Field(None, description="something became of it on this day or later")
    to_on: date | None = Field(None, description="something became of it on this day or before")
    from_position: int = Field(
        0, ge=0, le=LARGEST_POSITION, description="changed by the event at this position of the log or a later one"
    )

    def takes(self, notice: VisibleNotice) -> bool:
        """Whether something became of a notice within the days that are asked for."""
        earliest, latest = self.from_on or date.min, self.to_on or date.max
        return any(earliest <= change.on <= latest for change in changes(notice))


Asked = Annotated[DataAsked, Query()]


def _file(kind: str, schema: dict[str, Any]) -> Answers:
    media_type = FORMS[kind][0].partition(";")[0]
    return {200: {"description": "The data", "content": {media_type: {"schema": schema}}}, **OPEN_READS}


@router.get(
    "/notices.csv",
    operation_id="read_notices_csv",
    summary="Every notice, as a table",
    response_class=StreamingResponse,
    responses=_file("csv", {"type": "string"}),
)
async def notices_csv(request: Request, asked: Asked) -> Response:
    """One line a notice, in the order in which they last changed; what was withdrawn or is gone says so."""
    return await _data(request, asked, "csv")


@router.get(
    "/notices.jsonl",
    operation_id="read_notices_jsonl",
    summary="Every notice, as JSON Lines",
    response_class=StreamingResponse,
    responses=_file("jsonl", {"type": "string"}),
)
async def notices_jsonl(request: Request, asked: Asked) -> Response:
    """One line a notice, as `schema.json` says. A copy is kept up to date by `from_position`, one more than the
    largest `changed_at_position` that it holds.
    """
    return await _data(request, asked, "jsonl")


@router.get(
    "/notices.jsonld",
    operation_id="read_notices_jsonld",
    summary="Every notice, as linked data",
    response_class=StreamingResponse,
    responses=_file("jsonld", {"type": "object"}),
)
async def notices_jsonld(request: Request, asked: Asked) -> Response:
    """JSON-LD in the shapes of the Popolo project; its context stands in it."""
    return await _data(request, asked, "jsonld")


async def _data(request: Request, asked: DataAsked, kind: str) -> Response:
    services: Services = request.app.state.services
    mark = f'W/"{(await state_of_notices(services.pool, services.clock())).mark}"'
    headers = {**OPEN, **ASKED_AGAIN, "ETag": mark}
    if known(request, mark):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="notices.{kind}"'
    content = _gathered(WRITERS[kind](_lines(services, asked)))
    return StreamingResponse(content, media_type=FORMS[kind][0], headers=headers)


async def _lines(services: Services, asked: DataAsked) -> AsyncIterator[NoticeLine]:
    origin = services.public_url.rstrip("/")
    place = UpTo(asked.from_position - 1, LARGEST_POSITION)
    async for _, notice in notices_onwards(services.pool, services.clock(), place):
        if asked.takes(notice):
            yield notice_line(notice, origin)


async def _gathered(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The data in parts that are worth sending."""
    gathered = bytearray()
    async for part in parts:
        gathered += part
        if len(gathered) >= CHUNK:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


@router.get(
    "/schema.json",
    operation_id="read_notice_schema",
    summary="What a line of the notices holds",
    responses={
        200: {"description": "A JSON Schema", "content": {SCHEMA_JSON: {"schema": {"type": "object"}}}},
        **OPEN_READS,
    },
    response_class=Response,
)
async def schema(request: Request) -> Response:
    """JSON Schema, draft 2020-12, of one line of `notices.jsonl`."""
    services: Services = request.app.state.services
    body = orjson.dumps(line_schema(services.public_url.rstrip("/")), option=orjson.OPT_INDENT_2)
    return Response(body, media_type=SCHEMA_JSON, headers=OPEN)


class Catalogue(BaseModel):
    """A DCAT catalogue; its terms are written as JSON-LD."""

    model_config = ConfigDict(extra="allow")


@router.get(
    "/catalogue.json",
    operation_id="read_data_catalogue",
    summary="Which data there is, and on what terms",
    responses={200: {"model": Catalogue, "description": "The catalogue"}, **OPEN_READS},
)
async def data_catalogue(request: Request) -> Response:
    """Data sets with their sizes, forms, schema and licence, as DCAT in JSON-LD."""
    services: Services = request.app.state.services
    at = services.clock()
    state = await state_of_notices(services.pool, at)
    today = at.astimezone(UTC).date()
    listed = catalogue(
        services.public_url.rstrip("/"), notices=state.notices, licence=services.open_data_licence, at=today
    )
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return unless_known(request, orjson.dumps(listed, option=orjson.OPT_INDENT_2), JSON, midnight)
