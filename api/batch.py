"""Many steps in one file over HTTP: each line a step of its own, decided and recorded as its single route would."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.answers import JSON, OPEN_READS, PROBLEM, WRITES, Answers, Problem, reads
from api.batch_columns import COLUMNS, read_header
from api.batch_file import FileNotATable, as_csv, read_lines
from api.batch_running import Batch, Report, receive, reports
from api.body import LARGEST_FILE
from api.door import IDEMPOTENCY_KEY, Door
from api.listing import AfterPosition, caught_up
from api.problem import NotFound
from api.visitor import Reads, Visitor, visitor
from api.writing import API
from domain.batch import Action
from domain.law import Language
from projections.batch import batch_by_id

router = APIRouter(prefix=API, tags=["batches"])
JSONL = "application/jsonl"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BATCH_ID = "[0-9a-z]{12}"
EXAMPLE = (
    "post_id,title,unit,rank,person,full_name\r\nregistry/clerk-7,Clerk,Registry,officer,staff-4711,Amina Okafor\r\n"
)
FILE = {"type": "string", "format": "binary"}
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        CSV: {"schema": {"type": "string"}, "example": EXAMPLE},
        XLSX: {"schema": FILE},
        "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": FILE}}},
    },
}


class LineReport(BaseModel):
    """What became of one line."""

    line: int = Field(description="its row in the spreadsheet; the header is row 1")
    outcome: str = Field(description="recorded, repeated, would_record, refused, invalid, or failed by a fault of ours")
    case_id: str | None
    version: int | None
    position: int | None
    events: list[str] = Field(description="types of the events that it led to")
    candidates: list[str] = Field(description="ids of those who were nominated by it")
    problem: Problem | None = Field(description="what its single route would have answered")


class BatchReport(BaseModel):
    """What became of each line of a file."""

    batch_id: str
    action: str
    dry_run: bool
    lines: int
    counts: dict[str, int] = Field(description="lines by outcome")
    completed: bool = Field(description="each line has its outcome and that is on the log; else send it again")
    report: list[LineReport]


class BatchRead(BaseModel):
    """A batch as the log tells of it."""

    batch_id: str
    action: str
    lines: int
    received_at: datetime
    officer: str
    officer_name: str | None
    organ: str
    completed_at: datetime | None = Field(description="null until each line had its outcome")
    recorded: int | None
    refused: int | None
    invalid: int | None
    cases: list[str] = Field(description="those that it touched, in the order in which it did")


BATCHES: Answers = {
    200: {"model": BatchReport, "description": "What became of each line, or with dry_run what would"},
    401: WRITES[401],
    403: {**PROBLEM, "description": "Not yours to do, for no case at all; the attempt is recorded"},
    413: {**PROBLEM, "description": "The file is larger than 8 MiB"},
    422: {**PROBLEM, "description": "The file is no table, or its header is not the action's"},
    503: WRITES[503],
}


async def batch_door(
    key: IDEMPOTENCY_KEY,
    visitor: Annotated[Visitor, Depends(visitor)],
    dry_run: Annotated[bool, Query(description="say of each line what would happen, and record nothing")] = False,
) -> Door:
    """The door for a file, for those who may send one.

    Refuses: NotAllowed.
    """
    await visitor.may("record_batch", "cases", noted=not dry_run)
    return Door(visitor, key, None, dry_run)


@router.post(
    "/batches",
    operation_id="record_batch",
    summary="Take many steps from one file",
    responses=BATCHES,
    openapi_extra={"requestBody": BODY},
    response_model=None,
)
async def record_batch(
    request: Request,
    door: Annotated[Door, Depends(batch_door)],
    action: Annotated[Action, Query(description="the command that each line is")],
    accept: Annotated[str, Header(description="`application/jsonl` streams the report; `text/csv` keeps it")] = JSON,
) -> Response:
    """One line, one step of one case; a wrong line never stops the others.

    The file is CSV (UTF-8 or GB18030) or the first sheet of an XLSX workbook, with the template's columns, whose
    headers may be in English or Chinese. Line n is recorded under the key `KEY#n`, so that sending the same file again
    under the same key records nothing twice and gives each recorded line's first answer.
    """
    await door.visitor.may(action, "cases", noted=not door.dry_run)
    content = await _file(request)
    first, lines = await asyncio.to_thread(read_lines, content)
    fingerprint = door.services.keys.fingerprint(content).hex()
    batch = Batch(door, action, read_header(action, first), lines, fingerprint)
    await receive(batch)
    if JSONL in accept:
        return StreamingResponse(_lines(batch), media_type=JSONL)
    *found, summary = [report async for report in reports(batch)]
    found.sort(key=lambda report: int(report["line"]))
    if CSV in accept:
        return Response(report_csv(found), media_type=CSV)
    return Response(orjson.dumps(batch.head() | summary | {"report": found}), media_type=JSON)


async def _lines(batch: Batch) -> AsyncIterator[bytes]:
    yield orjson.dumps(batch.head()) + b"\n"
    async for report in reports(batch):
        yield orjson.dumps(report) + b"\n"


def report_csv(found: Sequence[Report]) -> bytes:
    """The report as a table for spreadsheets."""
    rows: list[list[object]] = [["line", "outcome", "case_id", "candidates", "rule", "problem"]]
    for report in found:
        problem = report["problem"] or {}
        rule = (problem.get("rule") or {}).get("path")
        candidates = " ".join(report["candidates"])
        rows.append([report["line"], report["outcome"], report["case_id"], candidates, rule, problem.get("detail")])
    return as_csv(rows)


async def _file(request: Request) -> bytes:
    """The file, whether it is the body or a part of it; it stays in memory, since it may name people."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=4)
    parser.spool_max_size = LARGEST_FILE
    try:
        found = (await parser.parse()).get("file")
    except (MultiPartException, LookupError, ValueError) as problem:
        raise FileNotATable("The form cannot be read. Send the file as its part `file`.", field="file") from problem
    if not isinstance(found, UploadFile):
        raise FileNotATable("The form has no part `file`. Send the file under that name.", field="file")
    return await found.read()


@router.get(
    "/batches/templates/{action}.csv",
    operation_id="read_batch_template",
    summary="An empty file to fill in",
    responses={**OPEN_READS, 200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "Its header"}},
    response_class=Response,
)
async def read_batch_template(action: Action, language: Language = "en") -> Response:
    """A meeting's file has one more column for each member who was due: `member: NAME`, the chief last."""
    header = [column.title(language) for column in COLUMNS[action]]
    if action == "hold_decision_meeting":
        mark, chief = ("成员", "主持") if language == "zh" else ("member", "chief")
        header += [f"{mark}: m-1", f"{mark}: m-2", f"{mark}: m-3: {chief}"]
    name = f'attachment; filename="{action}.csv"'
    return Response(as_csv([header]), media_type=CSV, headers={"Content-Disposition": name})


@router.get(
    "/batches/{batch_id}",
    operation_id="read_batch",
    summary="A batch: how it came out, and its cases",
    responses=reads(BatchRead, "The batch"),
)
async def read_batch(
    visitor: Reads,
    batch_id: Annotated[str, Path(pattern=f"^{BATCH_ID}$", description="batch id")],
    after_position: AfterPosition = None,
) -> Response:
    """Who sent it, how many lines it had, how they came out, and the cases that it touched."""
    await visitor.may("read_batch", f"batch/{batch_id}")
    await caught_up(visitor, ("batch", "officer"), after_position)
    found = await batch_by_id(visitor.services.pool, batch_id)
    if found is None:
        raise NotFound(f"There is no batch “{batch_id}”, or it is not visible yet.")
    return Response(orjson.dumps(found), media_type=JSON)
