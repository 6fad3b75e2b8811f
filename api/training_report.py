"""The reports on training, open to everybody: shares of groups as JSON, CSV or a drawing, and the page that shows them.

No token is needed: what would tell of somebody is hidden, and the figures stand still until the quarter is over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from api.answers import JSON, open_reads
from api.batch_file import as_csv
from api.listing import AfterPosition, reached
from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from api.writing import API
from domain.law import Language
from domain.small_group import SMALLEST_CELL, last_closed
from domain.teaching_team import team_structures
from domain.training_report import WHOLE, UnitYear, years_until
from pages.response_headers import headers
from pages.training_report import TrainingReports, report_method, training_chart, training_report_page
from projections.training_counting import TrainingCounter
from projections.training_report import READ_FROM, facility_shortfalls, teams_until

open_data = APIRouter(prefix=API, tags=["reports"])
public = APIRouter(include_in_schema=False)
CSV = "text/csv; charset=utf-8"
SVG = "image/svg+xml"
Form = Annotated[Literal["json", "csv", "svg"], Query(alias="format", description="`csv`: the table; `svg`: the chart")]
Spoken = Annotated[Language, Query(alias="language", description="of the chart")]
OfUnit = Annotated[str, Query(max_length=120, description="one unit; all of them when left out")]
Rows = list[dict[str, Any]]


class TrainingReportShown(BaseModel):
    """A report on training. A figure that would tell of somebody is null."""

    as_of: date = Field(description="the last day of the last closed quarter; nothing recorded after it is counted")
    first_year: int = Field(description="the first year that is looked at")
    method: dict[str, str] = Field(description="how it is counted and what is hidden, by language")
    smallest_cell: int = Field(description="groups of fewer people are not shown")
    rows: Rows


async def _reports(request: Request, after_position: int | None) -> TrainingReports:
    services: Services = request.app.state.services
    counter: TrainingCounter = request.app.state.training_counter
    await reached(services.pool, READ_FROM, after_position)
    at = services.clock()
    today = at.astimezone(UTC).date()
    as_of = last_closed(today)
    counted = await counter.counted(services.pool, services.packs, as_of, at)
    return TrainingReports(
        as_of=as_of,
        today=today,
        units=counted.units,
        methods=counted.methods,
        teams=team_structures(await teams_until(services.pool, as_of)),
        shortfalls=await facility_shortfalls(services.pool, today),
        promotion=counted.promotion,
        names=counted.names,
    )


def _answer(report: str, reports: TrainingReports, rows: Rows, form: str, language: Language, unit: str) -> Response:
    if form == "svg":
        return Response(training_chart(report, reports, language, unit=unit, alone=True), media_type=SVG)
    if form == "csv":
        named = {"Content-Disposition": f'attachment; filename="training-{report}-{reports.as_of}.csv"'}
        return Response(as_csv(_table(rows, COLUMNS[report])), media_type=CSV, headers=named)
    method = report_method(report)
    body = {
        "as_of": reports.today if report == "facilities" else reports.as_of,
        "first_year": years_until(reports.as_of)[0].year,
        "method": {"en": method.en, "zh": method.zh},
        "smallest_cell": SMALLEST_CELL,
        "rows": rows,
    }
    return Response(orjson.dumps(body), media_type=JSON)


def _table(rows: Rows, columns: Sequence[str]) -> Iterable[Sequence[object]]:
    yield columns
    yield from ([row[column] for column in columns] for row in rows)


def unit_year_shown(row: UnitYear) -> dict[str, Any]:
    """A unit's year, with its shares."""
    return asdict(row) | {"coverage": row.coverage, "quality": row.quality}


def _coverage(reports: TrainingReports, unit: str) -> Rows:
    return [unit_year_shown(row) for row in (reports.unit(unit) if unit else reports.units)]


def _methods(reports: TrainingReports, unit: str) -> Rows:
    return [asdict(row) | {"attendance": row.attendance, "pass_share": row.pass_share} for row in reports.methods]


def _teachers(reports: TrainingReports, unit: str) -> Rows:
    return [
        {"plan_id": team.plan_id, "plan": team.title, "year": team.year, "team": team.teachers, "before": team.before}
        | asdict(row)
        for team in reports.teams
        for row in team.shares
    ]


def _facilities(reports: TrainingReports, unit: str) -> Rows:
    return [asdict(row) | {"short": row.short} for row in reports.shortfalls]


def _promotion(reports: TrainingReports, unit: str) -> Rows:
    rows = [asdict(row) | {"share": row.share} for row in reports.promotion.rows]
    none = {"appointed": True, "in_order": None, "share": None}
    return rows + [asdict(row) | none | {"by": "outcome"} for row in reports.promotion.outcomes]


ROWS: Mapping[str, Callable[[TrainingReports, str], Rows]] = {
    "coverage": _coverage,
    "methods": _methods,
    "teachers": _teachers,
    "facilities": _facilities,
    "promotion": _promotion,
}
COLUMNS: Mapping[str, Sequence[str]] = {
    "coverage": (
        *("year", "on", "unit", "people", "in_order", "coverage", "coverage_target"),
        *("trainings", "passed", "quality", "quality_target"),
    ),
    "methods": (
        *("year", "method", "trainings", "hours", "attended_hours", "attendance", "passed", "pass_share"),
        *("ratings", "rating"),
    ),
    "teachers": ("plan_id", "plan", "year", "team", "side", "name", "teachers", "share", "change", "before"),
    "facilities": ("name", "plans", "needed", "available", "short"),
    "promotion": ("by", "name", "appointed", "people", "in_order", "share"),
}
SHOWN = open_reads(TrainingReportShown, "The report, as JSON, as CSV or as a drawing")
SHOWN[200] |= {"content": {kind: {"schema": {"type": "string"}} for kind in ("text/csv", SVG)}}
"""The same figures as a table and as a drawing."""


async def _report(
    report: str, request: Request, form: str, language: Language, after: int | None, unit: str = WHOLE
) -> Response:
    reports = await _reports(request, after)
    return _answer(report, reports, ROWS[report](reports, unit), form, language, unit)


@open_data.get(
    "/reports/training/coverage",
    operation_id="read_training_coverage",
    summary="Coverage and quality of training by unit and year, with the plan's targets",
    responses=SHOWN,
)
async def coverage(
    request: Request,
    form: Form = "json",
    language: Spoken = "en",
    unit: OfUnit = WHOLE,
    after_position: AfterPosition = None,
) -> Response:
    """Coverage: the share of people in order. Quality: the share of trainings passed. A unit of "" is all together."""
    return await _report("coverage", request, form, language, after_position, unit)


@open_data.get(
    "/reports/training/methods",
    operation_id="read_training_methods",
    summary="Attendance, passes and rating of training by method and year",
    responses=SHOWN,
)
async def methods(
    request: Request, form: Form = "json", language: Spoken = "en", after_position: AfterPosition = None
) -> Response:
    """A method that a new version of a pack brings stands here by itself. A method of "" is all together."""
    return await _report("methods", request, form, language, after_position)


@open_data.get(
    "/reports/training/teachers",
    operation_id="read_teaching_teams",
    summary="Teaching teams by plan: staff type, age, profession, and the change since the plan before",
    responses=SHOWN,
)
async def teachers(
    request: Request, form: Form = "json", language: Spoken = "en", after_position: AfterPosition = None
) -> Response:
    """The distinct teachers of a plan's courses; the latest plan first."""
    return await _report("teachers", request, form, language, after_position)


@open_data.get(
    "/reports/training/facilities",
    operation_id="read_facility_shortfalls",
    summary="What the plans need of rooms and equipment, against what there is",
    responses=SHOWN,
)
async def facilities(
    request: Request, form: Form = "json", language: Spoken = "en", after_position: AfterPosition = None
) -> Response:
    """By need, the most missing first. It counts no people, so it is as of today."""
    return await _report("facilities", request, form, language, after_position)


@open_data.get(
    "/reports/training/promotion",
    operation_id="read_promotion_against_training",
    summary="Of those proposed and appointed, how many were in order when verified",
    responses=SHOWN,
)
async def promotion(
    request: Request, form: Form = "json", language: Spoken = "en", after_position: AfterPosition = None
) -> Response:
    """By year of verification and by rank; and what became of those appointed out of order."""
    return await _report("promotion", request, form, language, after_position)


@public.api_route("/{language}/training/reports", methods=["GET", "HEAD"])
async def training_reports(request: Request, language: str, unit: str = WHOLE) -> Response:
    """The page with all of them; with a unit, its own years."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    reports = await _reports(request, None)
    page = training_report_page(reports, spoken, unit=unit[:120], public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)
