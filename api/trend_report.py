"""The trend report over HTTP: as JSON, each table as CSV, and the page, which holds nothing of any case itself."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, timedelta
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, READS, Answers, RuleShown, reads
from api.batch_file import as_csv
from api.listing import AfterPosition, FromTheFirst, NextCursor, caught_up
from api.problem import citation
from api.visitor import Reads, Services, Visitor
from api.writing import API
from domain.law import HOUSE, Citation
from domain.refusal import UnknownChoice
from domain.small_group import quarter_of
from domain.trend_report import Counted, TrendLine, TrendPeriod, TrendReport, trend_report
from domain.trend_rule import rules_shown
from pages.trend_report import title_in
from projections.pack_adoption import packs_in_force
from projections.public_figures import next_quarter
from projections.trend_report import READ_FROM, trend_rows

router = APIRouter(prefix=API, tags=["reports"])
LONGEST_DAYS = 366
EARLIEST = date(1900, 1, 1)
Table = Literal[
    "rush_promotions",
    "before_leaders_left",
    "exceptions",
    "deviations",
    "kin_ties",
    "complaints",
    "complaint_outcomes",
    "prohibitions",
    "stages",
    "conformance",
]
CSV: Answers = {**READS, 200: {"description": "The table", "content": {"text/csv": {"schema": {"type": "string"}}}}}


class LineShown(BaseModel):
    """A number, and what it is measured against."""

    name: str = Field(description="the unit, the code or the rule that is counted")
    from_on: date
    to_on: date
    n: int
    expected: float | None = Field(description="by the time before; null where that is too short to measure against")
    before: int = Field(description="how many there were in the time before")
    before_days: int = Field(description="how many days of the time before are on record")
    chance: float | None = Field(description="how likely chance alone gives as many or more")
    unusual: bool | None = Field(description="a question to ask, never a finding")
    cases: int | None = Field(description="cases of the unit in the period, where complaints are counted")
    per_case: float | None


class StageLineShown(BaseModel):
    """How many days a stage took that was over in the period."""

    name: str = Field(description="the pack and its stage")
    n: int
    median_days: float | None
    ninth_decile_days: int | None
    limit_days: float | None = Field(description="median of the limits that its cases had; null where there is none")
    overrun: int = Field(description="how many were over after their day")
    open_and_late: int = Field(description="how many were not over at the end of the period, and past their day")


class ConformanceShown(BaseModel):
    """Whether a case of the period keeps to its pack."""

    case_id: str
    unit: str
    pack: str
    conforms: bool
    complaints: int = Field(description="objections to it in the period")
    departures: list[str] = Field(
        description="deviation:rule, breach:prohibition, missed:clock, in order of their days"
    )


class TablesShown(BaseModel):
    """What is counted, table by table."""

    rush_promotions: list[LineShown]
    before_leaders_left: list[LineShown]
    exceptions: list[LineShown]
    deviations: list[LineShown]
    kin_ties: list[LineShown]
    complaints: list[LineShown]
    complaint_outcomes: list[LineShown]
    prohibitions: list[LineShown]


class TrendReportShown(BaseModel):
    """The trend report of a period."""

    from_on: date
    to_on: date
    counted_to: date
    running: bool
    tables: TablesShown
    stages: list[StageLineShown]
    conformance: list[ConformanceShown] = Field(description="those that depart come first; read page by page")
    conforming: int
    of_cases: int = Field(description="how many cases of the period there are, on all pages together")
    next_cursor: NextCursor
    titles: dict[str, dict[str, str]] = Field(description="what packs call the names that are codes of theirs")
    rules: list[RuleShown] = Field(description="what is looked for, and what is called unusual: rules of the house")


def _period(
    visitor: Reads,
    from_on: Annotated[date | None, Query(ge=EARLIEST, description="first day; of this quarter, when left out")] = None,
    to_on: Annotated[
        date | None, Query(ge=EARLIEST, description="last day; of the first day's quarter, when left out")
    ] = None,
) -> TrendPeriod:
    today = visitor.services.clock().astimezone(UTC).date()
    first = from_on or quarter_of(to_on or today)
    if first > today:
        raise UnknownChoice(
            f"{first:%-d %B %Y} has not come yet: today is {today:%-d %B %Y}. State a period that has begun.",
            field="from_on",
        )
    last = to_on or next_quarter(quarter_of(first)) - timedelta(days=1)
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise UnknownChoice(
            f"{first:%-d %B %Y} to {last:%-d %B %Y} is no period of 1 to {LONGEST_DAYS} days. State a quarter or a "
            "year by its first and its last day.",
            field="to_on",
        )
    return TrendPeriod(first, last, today)


AskedPeriod = Annotated[TrendPeriod, Depends(_period)]


@router.get(
    "/trend-report",
    operation_id="read_trend_report",
    summary="What went wrong more often than before",
    responses=reads(TrendReportShown, "The tables of a period"),
)
async def read_trend_report(visitor: Reads, period: AskedPeriod, page: Annotated[FromTheFirst, Depends()]) -> Response:
    """Rush promotions, promotions before a leader left, exceptions, deviations, kin ties, complaints, prohibitions.

    And the days of each stage beside its limit, and whether each case keeps to its pack. Numbers stand beside what the
    time before lets expect; no person is in them. `limit` and `cursor` are of the list of cases; the tables are whole
    on each page.
    """
    found = await _report(visitor, period, page.after_position)
    cases = found.cases[page.after : page.after + page.limit]
    body = {
        "from_on": period.from_on,
        "to_on": period.to_on,
        "counted_to": period.counted_to,
        "running": period.running,
        "tables": {str(table): [_line(line) for line in found.table(table)] for table in Counted},
        "stages": [asdict(stage) for stage in found.stages],
        "conformance": [asdict(case) | {"conforms": case.conforms} for case in cases],
        "conforming": sum(case.conforms for case in found.cases),
        "of_cases": len(found.cases),
        "next_cursor": page.next_cursor(len(cases)),
        "titles": await _titles(visitor.services, found),
        "rules": _rules(),
    }
    return Response(orjson.dumps(body), media_type=JSON)


@router.get(
    "/trend-report.csv",
    operation_id="read_trend_report_as_table",
    summary="One table of the trend report for a spreadsheet",
    response_class=Response,
    responses=CSV,
)
async def read_trend_report_as_table(
    visitor: Reads,
    period: AskedPeriod,
    table: Annotated[Table, Query(description="which table")],
    after_position: AfterPosition = None,
) -> Response:
    """The same lines as in JSON; departures of a case stand in one cell."""
    found = await _report(visitor, period, after_position)
    shown, rows = _table(found, table)
    named = f"trend-{table.replace('_', '-')}-{period.from_on}-{period.to_on}.csv"
    columns = tuple(shown.model_fields)
    written = as_csv([columns, *([_cell(row[name]) for name in columns] for row in rows)])
    told = {"Content-Disposition": f'attachment; filename="{named}"'}
    return Response(written, media_type="text/csv; charset=utf-8", headers=told)


async def _report(visitor: Visitor, period: TrendPeriod, position: int | None) -> TrendReport:
    await visitor.may("read_trend_report", "cases")
    await caught_up(visitor, READ_FROM, position)
    services = visitor.services
    return trend_report(await trend_rows(services.pool, services.packs, period, services.clock()), period)


async def _titles(services: Services, found: TrendReport) -> dict[str, dict[str, str]]:
    """What the packs call what is counted under their own codes, by the last version of each.

    A code that it no longer has keeps its name alone.
    """
    departures = (said.partition(":")[2] for case in found.cases for said in case.departures)
    names = {*(line.name for line in found.lines), *(stage.name for stage in found.stages), *departures}
    packs = await packs_in_force(services.pool, services.packs, services.clock())
    titles: dict[str, dict[str, str]] = {}
    for name in sorted(names):
        pack_id, _, code = name.partition("/")
        if pack_id in packs and (title := title_in(packs[pack_id], code)):
            titles[name] = title.model_dump()
    return titles


def _line(line: TrendLine) -> dict[str, Any]:
    measure = asdict(line.measure)
    del measure["days"]
    window = {"from_on": line.from_on, "to_on": line.to_on}
    return {"name": line.name, **window, **measure, "cases": line.cases, "per_case": line.per_case}


def _table(found: TrendReport, table: str) -> tuple[type[BaseModel], Sequence[dict[str, Any]]]:
    if table == "stages":
        return StageLineShown, [asdict(stage) for stage in found.stages]
    if table == "conformance":
        return ConformanceShown, [asdict(case) | {"conforms": case.conforms} for case in found.cases]
    return LineShown, [_line(line) for line in found.table(Counted(table))]


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return str(value).lower()
        case tuple():
            return " ".join(value)
    return value


def _rules() -> list[dict[str, Any]]:
    """The rules as they are shown everywhere; they stand in no pack, and so on no page of one."""
    cited = (
        Citation(
            rule=f"house.trend_report.{name}",
            pack="",
            says=rule.says,
            instrument=HOUSE,
            article="",
            in_force_from=None,
            confidence=rule.confidence,
        )
        for name, rule in rules_shown().items()
    )
    return [citation(each) | {"page": None} for each in cited]
