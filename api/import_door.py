"""What the routes for files of many people share: who may send one, how it is read, and how the answer is streamed."""

import asyncio
import hashlib
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.answers import PROBLEM, WRITES, Answers, Problem
from api.batch import CSV, JSONL, XLSX
from api.batch_columns import Header
from api.body import read_large
from api.door import Door
from api.import_file import COLUMNS, FileLine, read_file
from api.import_running import FileImport, report
from api.visitor import Visitor, visitor
from domain.identity import short_id
from eventstore.keys import KeyStore


class ImportedLine(BaseModel):
    """What became of one line. The answer is one JSON object a line: first the head, then these, last the counts."""

    line: int = Field(description="its row in the spreadsheet (the header is row 1), or its line in a JSON Lines file")
    outcome: str = Field(description="recorded, repeated, would_record, refused, invalid, or failed by a fault of ours")
    entry: int | None = Field(description="its place in the person's training file")
    problem: Problem | None = Field(description="what its single route would have answered")


IMPORTS: Answers = {
    200: {"model": ImportedLine, "description": "`import_id`, `dry_run` and `lines`; a report on each line; `counts`"},
    401: WRITES[401],
    403: {**PROBLEM, "description": "Not yours to do; the attempt is recorded"},
    409: {**PROBLEM, "description": "The signature is not that of a key of the school that is in force"},
    413: {**PROBLEM, "description": "The file is larger than 64 MiB"},
    422: {**PROBLEM, "description": "The file is not signed, is no table, or has another header"},
    503: WRITES[503],
}


def body_of(action: str, example: str) -> dict[str, Any]:
    """The body of such a route, as the API's description states it."""
    said = f"Columns: {', '.join(column.name for column in COLUMNS[action])}; their headers in English or Chinese."
    kinds: dict[str, Any] = {
        CSV: {"schema": {"type": "string", "description": said}, "example": example},
        JSONL: {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    return {"requestBody": {"required": True, "content": kinds}}


async def import_door(
    request: Request,
    visitor: Annotated[Visitor, Depends(visitor)],
    dry_run: Annotated[bool, Query(description="say of each line what would happen, and record nothing")] = False,
) -> Door:
    """The door for a file of many people, which is its own idempotency key.

    Refuses: NotAllowed.
    """
    # Before the file is read: nobody who may not send one has us hold it.
    await visitor.may(request.scope["route"].operation_id, "training-files", noted=not dry_run)
    return Door(visitor, "", None, dry_run)


Imports = Annotated[Door, Depends(import_door)]


async def file_of(request: Request, action: str) -> tuple[str, Header, list[FileLine]]:
    """The file, its SHA-256, its columns and its lines; worked out in a thread, since it may be long.

    Refuses: FileNotATable.
    """
    content = await read_large(request)
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
    header, lines = await asyncio.to_thread(read_file, action, content)
    return digest, header, lines


def import_id_of(keys: KeyStore, digest: str) -> str:
    """The id of a file: the same for the same bytes, and nothing that others could try their guesses on."""
    return short_id("import", keys.fingerprint(bytes.fromhex(digest)).hex(), length=16)


def streamed(file: FileImport) -> StreamingResponse:
    """The answer, line by line as it comes."""
    return StreamingResponse(report(file), media_type=JSONL)
