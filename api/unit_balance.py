"""The report on promotion by unit of origin: rates beside each other, never people, and nothing that is small."""

import csv
import io
from dataclasses import asdict, fields
from datetime import UTC, date
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.listing import AfterPosition, caught_up
from api.visitor import Reads
from api.writing import API
from domain.small_group import SMALLEST_CELL, SMALLEST_PART, last_closed
from domain.unit_balance import LEAST_RATIO, UnitBalance, UnitRate, unit_balance
from projections.unit_balance import NOT_STATED, unit_counts

router = APIRouter(prefix=API, tags=["reports"])
CSV = "text/csv; charset=utf-8"
METHOD = (
    "Cases that came to an appointment or an end by the last day of the last closed quarter. A unit is hidden with "
    f"fewer than {SMALLEST_CELL} candidates, or fewer than {SMALLEST_PART} of them appointed or not appointed, and at "
    "least one other with it."
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnitRateShown(BaseModel):
    """One unit of origin beside all the others together."""

    unit: str
    nominated: int = Field(description="candidates of the unit whose cases came to an appointment or an end")
    appointed: int
    rate: float = Field(description="appointed of nominated")
    rate_elsewhere: float | None = Field(description="the same of all the other units together")
    imbalance: Literal["below", "above"] | None = Field(description="read it with `nominated`: few people prove little")


class UnitBalanceShown(BaseModel):
    """Promotion by unit of origin."""

    nominated: int = Field(description="of all units, shown and hidden")
    appointed: int
    not_stated: int = Field(description="candidates whose unit of origin is not known; they are in no rate")
    hidden_units: int = Field(description="units too small to be shown, and those that hide them")
    as_of: date = Field(description="the last day of the last quarter that is over; nothing after it is counted")
    method: str = Field(description="what is counted, and what is hidden")
    smallest_cell: int = Field(description="fewer candidates than this are not shown")
    flagged_below: str = Field(description="share of the others' rate under which a unit is flagged, and they of it")
    units: list[UnitRateShown]


SHOWN = reads(UnitBalanceShown, "The report, as JSON or as CSV")
SHOWN[200] |= {"content": {"text/csv": {"schema": {"type": "string"}}}}


@router.get(
    "/reports/promotion-by-unit",
    operation_id="read_unit_balance",
    summary="Promotion rate by unit of origin",
    responses=SHOWN,
)
async def read_unit_balance(
    visitor: Reads,
    format: Annotated[Literal["json", "csv"], Query(description="`csv` gives the units as a table")] = "json",
    after_position: AfterPosition = None,
) -> Response:
    """For whoever watches that no unit is favoured: it stands still for a quarter and hides what is small, never alone.

    The unit that a candidate comes from is sealed with the candidate's own key; only counts come here.
    """
    await visitor.may("read_unit_balance", "cases")
    await caught_up(visitor, ("unit_balance",), after_position)
    as_of = last_closed(visitor.services.clock().astimezone(UTC).date())
    counts = await unit_counts(visitor.services.pool, as_of)
    balance = unit_balance([found for found in counts if found.unit != NOT_STATED])
    if format == "csv":
        named = {"Content-Disposition": f'attachment; filename="promotion-by-unit-{as_of}.csv"'}
        return Response(_table(balance), media_type=CSV, headers=named)
    body = asdict(balance) | {
        "not_stated": sum(found.nominated for found in counts if found.unit == NOT_STATED),
        "as_of": as_of,
        "method": METHOD,
        "smallest_cell": SMALLEST_CELL,
        "flagged_below": str(LEAST_RATIO),
    }
    return Response(orjson.dumps(body), media_type=JSON)


def _table(balance: UnitBalance) -> str:
    """The units as CSV that a spreadsheet reads as text and numbers, and never as formulas."""
    sheet = io.StringIO()
    rows = csv.writer(sheet)
    rows.writerow(field.name for field in fields(UnitRate))
    for found in balance.units:
        unit = f"'{found.unit}" if found.unit.startswith(FORMULA) else found.unit
        rows.writerow((asdict(found) | {"unit": unit}).values())
    return "\ufeff" + sheet.getvalue()
