"""Yearly reports over HTTP: drawn up by personnel from the log, fixed, and read as data, as a page and on paper."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.confidential import Opens
from api.door import Writes
from api.listing import caught_up
from api.problem import NotFound
from api.visitor import Reads, Services, Visitor
from api.writing import API, writes
from domain.event import Event, Recorded
from domain.law import Language
from domain.yearly_report import (
    FIRST_YEAR,
    LAST_YEAR,
    DrawUpYearlyReport,
    YearlyReportDrawnUp,
    YearMatter,
    yearly_report_stream,
)
from eventstore.codec import decode
from eventstore.opening import opened
from eventstore.stream_recording import Wish
from eventstore.yearly_report_recording import record_yearly_report
from pages.response_headers import headers
from pages.yearly_report import YearlyReport, yearly_report_page, yearly_report_parts, yearly_report_pdf
from projections.yearly_report import READ_FROM, year_matter

router = APIRouter(prefix=API, tags=["supervising together"])
AUDIENCE = "decision_body"
NumberAsked = Annotated[int | None, Query(ge=1, le=1000, description="the last one when left out")]
LanguageAsked = Annotated[Language, Query(description="of the page and the paper")]
YearInPath = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]


class YearlyReportLine(BaseModel):
    """A report that was drawn up. Its digest is public; what it tells is for those whom it is made for."""

    year: int
    number: int = Field(description="1, and more where another one said why it had to be")
    drawn_up_on: date
    recorded_at: datetime
    position: int
    digest: str = Field(description="SHA-256 of what it tells, as canonical JSON (RFC 8785)")
    reason: str | None


class YearlyReports(BaseModel):
    reports: list[YearlyReportLine]


class YearlyReportShown(YearlyReportLine):
    """A report, whole."""

    matter: YearMatter


class PartShown(BaseModel):
    """A part of a report."""

    heading: str
    blocks: list[dict[str, Any]] = Field(
        description="`is` says what: `facts` and `table` have rows, and a table a head; any other one has a text"
    )


class YearlyReportParts(YearlyReportLine):
    """A report in words."""

    title: str
    day: str
    foot: str
    parts: list[PartShown]


SHOWN = reads(YearlyReportShown, "The report, as data, as a page or as a PDF")
SHOWN[200] |= {
    "content": {
        "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        "text/html": {"schema": {"type": "string"}},
    }
}


@writes(
    router,
    "/yearly-reports",
    status_code=201,
    summary="Draw up the report of a year",
    example={"year": 2025},
    answers=writes_of(KeptAnswer),
)
async def draw_up_yearly_report(door: Writes, body: DrawUpYearlyReport) -> Response:
    """What the record says of a year that is over, fixed with its hash. A second one for the year says why."""
    await caught_up(door.visitor, READ_FROM, await door.services.store.size() - 1)
    services, stream, at = door.services, yearly_report_stream(body.year), door.services.clock()
    matter = await year_matter(services.pool, services.packs, body.year, at)
    wish = Wish(stream, body, door.visitor.actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(body.name(), stream):
        kept = await record_yearly_report(services.store, services.keys, wish, matter)
    return door.kept(kept, {}, 201)


@router.get(
    "/yearly-reports",
    operation_id="read_yearly_reports",
    summary="The yearly reports",
    responses=reads(YearlyReports, "Every report that was drawn up, the latest year first"),
)
async def read_yearly_reports(visitor: Reads) -> Response:
    """What there is, with the hash of each; what a report tells is read one by one."""
    await visitor.may("read_yearly_reports", "yearly-reports")
    store = visitor.services.store
    rows = [row for name in await store.streams_under("yearly_report/") for row in await store.read_stream(name)]
    lines = sorted((_line(decode(row)) for row in rows), key=lambda line: (-line["year"], -line["number"]))
    return Response(orjson.dumps({"reports": lines}), media_type=JSON)


@router.get(
    "/yearly-reports/{year}",
    operation_id="read_yearly_report",
    summary="The report of a year",
    responses=SHOWN,
)
async def read_yearly_report(
    visitor: Reads,
    year: YearInPath,
    number: NumberAsked = None,
    format: Annotated[Literal["json", "html", "pdf"], Query(description="as data, as a page, or on paper")] = "json",
    language: LanguageAsked = "en",
) -> Response:
    """Numbers, rules, training, exceptions, what became of earlier problems, this year's, meetings, and the index.

    The same report and language give the same bytes.
    """
    line, report = await _report(visitor, year, number)
    if format == "json":
        return Response(orjson.dumps(line | {"matter": report.matter.model_dump(mode="json")}), media_type=JSON)
    if format == "html":
        page = yearly_report_page(report, language)
        return Response(page, headers=headers(language, names_people=True), media_type="text/html; charset=utf-8")
    content = await asyncio.to_thread(yearly_report_pdf, report, language)
    named = {"Content-Disposition": f'attachment; filename="yearly-report-{year}-{report.number}-{language}.pdf"'}
    return Response(content, media_type="application/pdf", headers=named)


@router.get(
    "/yearly-reports/{year}/parts",
    operation_id="read_yearly_report_parts",
    summary="The report of a year, in words",
    responses=reads(YearlyReportParts, "Its parts as the page and the paper have them"),
)
async def read_yearly_report_parts(
    visitor: Reads, year: YearInPath, number: NumberAsked = None, language: LanguageAsked = "en"
) -> Response:
    """For pages that show a report: the words, numbers and tables of the page, and no markup."""
    line, report = await _report(visitor, year, number)
    return Response(orjson.dumps(line | yearly_report_parts(report, language)), media_type=JSON)


async def _report(visitor: Visitor, year: int, number: int | None) -> tuple[dict[str, Any], YearlyReport]:
    await visitor.may("read_yearly_report", "yearly-reports")
    found = await _drawn_up(visitor.services, year, number)
    if found is None:
        raise NotFound(f"No such report of {year} was drawn up. The list is at {API}/yearly-reports.")
    event = found.event
    if event.matter is None:
        raise NotFound(f"What the report of {year} told was destroyed with its key. Its hash is in the list.")
    return _line(found), YearlyReport(
        event.matter, event.number, event.drawn_up_on, found.recorded_at, found.position, event.digest, event.reason
    )


async def _drawn_up(services: Services, year: int, number: int | None) -> Recorded[YearlyReportDrawnUp] | None:
    stream = yearly_report_stream(year)
    stored = await services.store.read_stream(stream)
    rows = await opened(services.store, services.keys, stored, Opens(stream, (AUDIENCE,)))
    wanted = len(rows) if number is None else number
    return cast(Recorded[YearlyReportDrawnUp], rows[wanted - 1]) if 0 < wanted <= len(rows) else None


def _line(row: Recorded[Event]) -> dict[str, Any]:
    said = row.event.model_dump(include={"year", "number", "drawn_up_on", "digest", "reason"})
    return said | {"recorded_at": row.recorded_at, "position": row.position}
