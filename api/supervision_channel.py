"""The report by channel over HTTP: what came by each in a quarter that is over, and what became of it."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, date
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.batch_file import as_csv
from api.listing import AfterPosition, caught_up
from api.problem import NotFound
from api.visitor import Reads
from api.writing import API
from domain.small_group import SMALLEST_CELL, last_closed, quarter_of
from domain.supervision_channel import ChannelLine, channel_lines, unless_small
from projections.supervision_channel import QuarterOfChannels, channels_of_quarter

router = APIRouter(prefix=API, tags=["supervising together"])
BEHIND = ("supervision_channel", "taking_part")
CSV = "text/csv; charset=utf-8"
COLUMNS = ("quarter", *(field.name for field in fields(ChannelLine)))
METHOD = (
    "Each axis divides the inputs that supervision recorded in the quarter, as they stood on its last day. What the "
    f"public sent in is counted beside them. A count under {SMALLEST_CELL} is hidden, and another one with it; what "
    "came of inputs is shown on an axis for all its channels or for none."
)


class LineShown(BaseModel):
    """One channel; what would tell of somebody is null."""

    axis: str = Field(description="membership, voice or source")
    channel: str
    recorded: int | None = Field(description="inputs that supervision recorded")
    of_the_public: int | None = Field(description="objections and entries of the public, which nobody entered twice")
    verified: int | None
    dismissed: int | None
    open: int | None


class AskedShown(BaseModel):
    direction: str
    askings: int
    asked: int


class ChannelsShown(BaseModel):
    """The report of one quarter."""

    first_on: date
    last_on: date
    method: str
    smallest_cell: int
    channels: list[LineShown]
    restricted: int | None = Field(description="restricted items, of which no channel is told")
    directions: list[AskedShown] = Field(description="how many superiors, peers and subordinates were asked")


SHOWN = reads(ChannelsShown, "The report, as JSON or as CSV")
SHOWN[200] |= {"content": {"text/csv": {"schema": {"type": "string"}}}}


@router.get(
    "/supervision-channels",
    operation_id="read_supervision_channels",
    summary="What came to supervision by which channel",
    responses=SHOWN,
)
async def read_supervision_channels(
    visitor: Reads,
    quarter: Annotated[
        date | None, Query(description="first day of a quarter that is over; the last one when left out")
    ] = None,
    format: Annotated[Literal["json", "csv"], Query(description="`csv` gives the lines as a table")] = "json",
    after_position: AfterPosition = None,
) -> Response:
    """Counts and outcomes by channel. Quarters that are over stand still, and small cells are hidden."""
    await visitor.may("read_supervision_channels", "supervision-channels")
    await caught_up(visitor, BEHIND, after_position)
    last = quarter_of(last_closed(visitor.services.clock().astimezone(UTC).date()))
    if quarter is not None and (quarter > last or quarter_of(quarter) != quarter or quarter.year < 2000):
        raise NotFound(f"No quarter that is over begins on {quarter}. The last one begins on {last}.")
    told = await channels_of_quarter(visitor.services.pool, quarter or last)
    if format == "csv":
        named = {"Content-Disposition": f'attachment; filename="supervision-channels-{told.first_on}.csv"'}
        return Response(as_csv([COLUMNS, *_lines(told)]), media_type=CSV, headers=named)
    return Response(orjson.dumps(_body(told)), media_type=JSON)


def _body(told: QuarterOfChannels) -> dict[str, Any]:
    return {
        "first_on": told.first_on,
        "last_on": told.last_on,
        "method": METHOD,
        "smallest_cell": SMALLEST_CELL,
        "channels": [asdict(line) for line in channel_lines(told.inputs, told.of_the_public)],
        "restricted": unless_small(told.restricted),
        "directions": [
            {"direction": direction, "askings": askings, "asked": asked}
            for direction, askings, asked in told.directions
        ],
    }


def _lines(told: QuarterOfChannels) -> Iterator[list[Any]]:
    for line in channel_lines(told.inputs, told.of_the_public):
        yield [told.first_on, *asdict(line).values()]
