"""Surveys over HTTP: supervision sets them, gives out codes and counts; everybody reads methods and results."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.answers import JSON, OPEN_READS, open_reads, reads, writes_of
from api.batch_file import as_csv
from api.command_answer import KeptAnswer
from api.conditional import OPEN
from api.door import Door, RecordBeside, Writes
from api.listing import AfterPosition, LatestFirst, NextCursor, reached
from api.problem import NotFound
from api.training_act import services_of
from api.visitor import Reads
from api.writing import API, writes
from domain.access import SurveyHouseReportRead
from domain.event import Event
from domain.identity import short_id
from domain.survey import SurveyCounted, SurveyStatus, survey_stream
from domain.survey_ballot import Report
from domain.survey_method import PublishSurveyMethod, SurveyMethod, survey_method_stream
from domain.survey_method import publish_survey_method as decided_method
from domain.survey_running import CountSurvey, IssueSurveyCodes, ProposeSurvey, RecordIndexUse, WithdrawSurvey
from eventstore.ballot_box import BallotBox
from eventstore.followed_recording import Asked
from eventstore.opening import opened
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept, Wish, record_in_stream
from eventstore.survey_recording import (
    count_command_id,
    issue_codes,
    record_count,
    record_proposal,
    record_use,
    record_withdrawal,
)
from projections.survey import SurveyRow, index_series, methods_page, survey_by_id, surveys_page

router = APIRouter(prefix=API, tags=["surveys"])
BEHIND = ("survey",)
CSV = "text/csv; charset=utf-8"
SurveyIdInPath = Annotated[str, Path(pattern="^[0-9a-z]{12}$", description="survey id")]
EXAMPLE_METHOD = {
    "unit": "Registry",
    "owner": "personnel-department",
    "accepting": "supervision-organ",
    "classes": [
        {"id": "leadership", "says": {"en": "Leadership", "zh": "领导班子成员"}, "size": 20},
        {"id": "staff", "says": {"en": "Staff", "zh": "干部职工代表"}, "size": 150},
        {"id": "public", "says": {"en": "The public", "zh": "群众代表"}, "size": 4000},
    ],
}


class SurveyAnswer(KeptAnswer):
    """What a command about a survey led to."""

    method_id: str | None = None
    survey_id: str | None = None
    batch_id: str | None = None
    codes: list[str] | None = Field(None, description="shown once, in no order; nobody can show them again")


class SurveyProposal(ProposeSurvey):
    """A survey to set. The newest adopted version of the pack says how days are counted."""

    pack: str = Field("standard", max_length=60, description="id of a policy pack")


class MethodShown(BaseModel):
    method_id: str
    number: int = Field(description="its version; a survey keeps the one that it was proposed under")
    published_on: date
    position: int
    method: SurveyMethod


class MethodsShown(BaseModel):
    """Versions of methods, the latest first."""

    methods: list[MethodShown]
    next_cursor: NextCursor


class UseShown(BaseModel):
    use: str
    index: str
    says: str
    recorded_on: date
    organ: str


class SurveyShown(BaseModel):
    """A survey, with what was counted as far as it may be told."""

    survey_id: str
    unit: str
    status: SurveyStatus
    method_id: str
    method_number: int
    opens_on: date
    closes_on: date
    follows: str | None
    last_mended: int = Field(description="problems of the survey before it that were mended when this one was set")
    last_open: int
    position: int
    counted_on: date | None
    counted_at: int | None = Field(description="position in the log")
    digest: str | None = Field(description="of the sealed ballots as they were read")
    report: Report | None
    codes: int = Field(description="how many were given out")
    uses: list[UseShown]
    withdrawn_on: date | None = Field(description="the day on which it was taken back, before it opened")
    withdrawn_because: str | None
    method: SurveyMethod


class SurveysShown(BaseModel):
    """Surveys, the latest first."""

    surveys: list[SurveyShown]
    next_cursor: NextCursor


class HouseReport(BaseModel):
    """What supervision is told beside the public report; null when it can no longer be opened."""

    report: Report | None
    texts: list[str] | None


@writes(
    router,
    "/survey-methods",
    status_code=201,
    summary="Publish a method of surveying",
    example={"method": EXAMPLE_METHOD},
    answers=writes_of(SurveyAnswer),
)
async def publish_survey_method(door: Writes, body: PublishSurveyMethod) -> Response:
    """By supervision. What is left out is the house's: questions, weights 100/80/60/30/0, thresholds, minimum cells."""
    method_id = body.method_id or short_id("survey_method", str(door.command_id))
    stream, actor, at = survey_method_stream(method_id), door.visitor.actor, door.services.clock()
    pack = await door.services.packs.latest("standard", at)
    zone = (await door.services.packs.get(pack)).jurisdictions[0].timezone
    today = at.astimezone(ZoneInfo(zone)).date()

    def decided(events: Sequence[Event]) -> list[Event]:
        return decided_method(method_id, body, actor=actor, today=today, versions=len(events))

    wish = Wish(stream, body, actor, door.command_id, at, pack, door.if_version, door.dry_run)
    async with door.deciding(body.name(), stream):
        kept = await record_in_stream(door.services.store, door.services.keys, wish, decided)
    return door.kept(kept, {"method_id": method_id}, 201)


@writes(
    router,
    "/surveys",
    status_code=201,
    summary="Set a survey",
    example={"method_id": "0123456789ab", "opens_on": "2026-12-02", "closes_on": "2026-12-16"},
    answers=writes_of(SurveyAnswer),
)
async def propose_survey(door: Writes, body: SurveyProposal) -> Response:
    """By supervision. It opens tomorrow at the earliest, and opens and closes by itself."""
    survey_id = short_id("survey", str(door.command_id))
    command = ProposeSurvey.model_validate(body.model_dump(exclude={"pack"}))
    asked = await door.asked(survey_stream(survey_id), command, body.pack)
    answer = await door.recorded(asked, record_proposal, "survey_id", 201)
    answer.headers["Location"] = f"{API}/surveys/{survey_id}"
    return answer


@writes(
    router,
    "/surveys/{survey_id}/codes",
    status_code=201,
    summary="Give out codes to a class",
    example={"voter_class": "staff", "codes": 150},
    answers=writes_of(SurveyAnswer),
)
async def issue_survey_codes(door: Writes, survey_id: SurveyIdInPath, body: IssueSurveyCodes) -> Response:
    """By supervision. The codes stand in this answer and nowhere else, in no order: print, mix and hand them out."""
    asked = await door.asked(survey_stream(survey_id), body)
    async with door.deciding(body.name(), asked.stream):
        given = await issue_codes(door.services.recorder, box_of(door), survey_id, asked)
    answer = door.kept(given.kept, {"survey_id": survey_id, "batch_id": given.batch}, 201)
    if given.codes:
        told = orjson.loads(answer.body) | {"codes": list(given.codes)}
        answer = Response(orjson.dumps(told), answer.status_code, {"ETag": answer.headers["ETag"]}, JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@writes(
    router,
    "/surveys/{survey_id}/withdrawals",
    status_code=201,
    summary="Withdraw a survey",
    example={"reason": "The sizes of the classes were of last year."},
    answers=writes_of(SurveyAnswer),
)
async def withdraw_survey(door: Writes, survey_id: SurveyIdInPath, body: WithdrawSurvey) -> Response:
    """By supervision, before it opens, with a public reason; its codes are destroyed. Never once it is open."""
    asked = await door.asked(survey_stream(survey_id), body)
    return await door.recorded(asked, _from_the_box(door, record_withdrawal), "survey_id", 201)


@writes(
    router,
    "/surveys/{survey_id}/counts",
    status_code=201,
    summary="Count a survey",
    example={},
    answers=writes_of(SurveyAnswer),
)
async def count_survey(door: Writes, survey_id: SurveyIdInPath, body: CountSurvey) -> Response:
    """By supervision, once it has closed. The ballots and their keys are destroyed with it."""
    asked = await door.asked(survey_stream(survey_id), body)
    if not asked.dry_run:
        asked = Asked(asked.stream, body, asked.actor, count_command_id(survey_id), asked.at, asked.pack)
    return await door.recorded(asked, _from_the_box(door, record_count), "survey_id", 201)


@writes(
    router,
    "/surveys/{survey_id}/uses",
    status_code=201,
    summary="Say what is done with an index",
    example={"use": "rectify", "index": "work_index", "says": "Objections are answered within ten days from now on."},
    answers=writes_of(SurveyAnswer),
)
async def record_index_use(door: Writes, survey_id: SurveyIdInPath, body: RecordIndexUse) -> Response:
    """By either department or the deciding body; public."""
    asked = await door.asked(survey_stream(survey_id), body)
    return await door.recorded(asked, record_use, "survey_id", 201)


def _from_the_box(door: Door, record: Callable[[Recorder, BallotBox, str, Asked], Awaitable[Kept]]) -> RecordBeside:
    async def recorded(recorder: Recorder, of: str, asked: Asked) -> Kept:
        return await record(recorder, box_of(door), of, asked)

    return recorded


def box_of(door: Door) -> BallotBox:
    """The boxes, as the door's services reach them."""
    return BallotBox(door.services.pool, door.services.keys)


@router.get(
    "/survey-methods",
    operation_id="read_survey_methods",
    summary="The methods of surveying",
    responses=open_reads(MethodsShown, "A page of methods"),
)
async def read_survey_methods(
    request: Request,
    page: Annotated[LatestFirst, Depends()],
    method_id: Annotated[str | None, Query(pattern="^[0-9a-z]{12}$", description="only versions of this one")] = None,
) -> Response:
    """Every version, the latest first. No token is needed: a method is published before anybody is asked by it."""
    pool = services_of(request).pool
    await reached(pool, BEHIND, page.after_position)
    rows = await methods_page(pool, method_id=method_id, before=page.before, limit=page.limit)
    shown = [asdict(row) | {"method": row.method.model_dump(mode="json")} for row in rows]
    return page.answer("methods", shown, [row.position for row in rows], OPEN)


@router.get(
    "/surveys",
    operation_id="read_surveys",
    summary="Surveys and what was counted",
    responses=open_reads(SurveysShown, "A page of surveys"),
)
async def read_surveys(
    request: Request,
    page: Annotated[LatestFirst, Depends()],
    unit: Annotated[str | None, Query(max_length=120, description="only those about this unit")] = None,
) -> Response:
    """The latest first. No token is needed; what would tell of a few people is left out."""
    pool = services_of(request).pool
    await reached(pool, BEHIND, page.after_position)
    rows = await surveys_page(pool, unit=unit, before=page.before, limit=page.limit)
    return page.answer("surveys", [_shown(row) for row in rows], [row.position for row in rows], OPEN)


@router.get(
    "/surveys/{survey_id}",
    operation_id="read_survey",
    summary="One survey",
    responses=open_reads(SurveyShown, "The survey as it stands"),
)
async def read_survey(request: Request, survey_id: SurveyIdInPath, after_position: AfterPosition = None) -> Response:
    """With its method and, once it is counted, its result. No token is needed."""
    pool = services_of(request).pool
    await reached(pool, BEHIND, after_position)
    row = await survey_by_id(pool, survey_id)
    if row is None:
        raise NotFound(f"There is no survey “{survey_id}”. Those that there are stand at {API}/surveys.")
    return Response(orjson.dumps(_shown(row)), media_type=JSON, headers=OPEN)


@router.get(
    "/surveys/{survey_id}/house-report",
    operation_id="read_survey_house_report",
    summary="What supervision is told of a survey",
    responses=reads(HouseReport, "The report in the house, and what was written on ballots"),
)
async def read_survey_house_report(visitor: Reads, survey_id: SurveyIdInPath) -> Response:
    """With the house's smaller minimum, every flag, and what was written, in no order. The reading is recorded."""
    stream = survey_stream(survey_id)
    await visitor.may("read_survey_house_report", stream)
    services = visitor.services
    rows = [row for row in await services.store.read_stream(stream) if row.type == SurveyCounted.alias]
    if not rows:
        raise NotFound(f"No count of a survey “{survey_id}” is on record. Wait until it is counted, or check its id.")
    await visitor.note_access(SurveyHouseReportRead(officer=visitor.actor.officer, survey_id=survey_id), survey_id)
    (found,) = await opened(services.store, services.keys, rows)
    assert isinstance(found.event, SurveyCounted)
    report = found.event.house_report
    body = {"report": report and report.model_dump(mode="json"), "texts": found.event.texts}
    return Response(orjson.dumps(body), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get(
    "/open-data/index.csv",
    operation_id="read_index_csv",
    summary="Every index that was counted, as a table",
    response_class=Response,
    responses={200: {"description": "The data", "content": {"text/csv": {"schema": {"type": "string"}}}}, **OPEN_READS},
)
async def index_csv(request: Request) -> Response:
    """A line a survey, index and group; what may not be told has no line."""
    series = await index_series(services_of(request).pool)
    table = as_csv([COLUMNS, *(line for rows in series.values() for row in rows for line in _lines(row))])
    named = {**OPEN, "Content-Disposition": 'attachment; filename="index.csv"'}
    return Response(table, media_type=CSV, headers=named)


COLUMNS = (
    *("unit", "survey_id", "opens_on", "closes_on", "counted_on", "index", "voter_class"),
    *("value", "low", "high", "n", "population", "weights", "method_id", "method_number", "counted_at"),
)


def _lines(row: SurveyRow) -> Iterator[list[object]]:
    for index, question in row.method.indices.items():
        choices = row.method.scale_of(question).choices
        weights = " ".join(f"{choice.id}={choice.weight}" for choice in choices if choice.weight is not None)
        for figure in row.report.figures if row.report else ():
            if figure.question != question:
                continue
            days = (row.opens_on, row.closes_on, row.counted_on)
            about = (figure.voter_class or "everybody", figure.mean, figure.low, figure.high)
            method = (weights, row.method_id, row.method_number, row.counted_at)
            yield [row.unit, row.survey_id, *days, index, *about, figure.n, figure.population, *method]


def _shown(row: SurveyRow) -> dict[str, Any]:
    said = {"report": row.report and row.report.model_dump(mode="json"), "method": row.method.model_dump(mode="json")}
    return asdict(row) | said
