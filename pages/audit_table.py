"""The audit trail as a table and as lines: a row an event, made and sent one after another."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from typing import Any

import orjson

from projections.audit_trail import TrailRow

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet reads as the beginning of a formula."""


def as_record(row: TrailRow) -> dict[str, Any]:
    """A row as a record; what is sealed is named, and not said."""
    return {
        "position": row.position,
        "recorded_at": row.recorded_at.isoformat(),
        "type": row.type,
        "stream": row.stream,
        "version": row.version,
        "case_id": row.case_id,
        "stage": row.stage,
        "officer": row.officer,
        "officer_name": row.officer_name,
        "organ": row.organ,
        "on_behalf_of": row.on_behalf_of,
        "pack": str(row.pack) if row.pack else None,
        "rules": list(row.rules),
        "deviates": row.deviates,
        "technical": row.technical,
        "command_id": row.command_id,
        "cause": row.cause,
        "sealed": list(row.sealed),
        "what": dict(row.said),
        "hash": row.hash,
        "previous": row.previous,
    }


COLUMNS = (
    "position",
    "recorded_at",
    "type",
    "stream",
    "version",
    "case_id",
    "stage",
    "officer",
    "officer_name",
    "organ",
    "on_behalf_of",
    "pack",
    "rules",
    "deviates",
    "technical",
    "command_id",
    "cause",
    "sealed",
    "what",
    "hash",
    "previous",
)


async def csv_lines(rows: AsyncIterator[TrailRow]) -> AsyncIterator[bytes]:
    """The rows as CSV that a spreadsheet reads as text and numbers, and never as formulas."""
    yield b"\xef\xbb\xbf" + _line(dict(zip(COLUMNS, COLUMNS, strict=True)))
    async for row in rows:
        yield _line(as_record(row))


async def json_lines(rows: AsyncIterator[TrailRow]) -> AsyncIterator[bytes]:
    """The rows as JSON, one a line."""
    async for row in rows:
        yield orjson.dumps(as_record(row)) + b"\n"


def _line(record: Mapping[str, Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(_cell(record[name]) for name in COLUMNS)
    return line.getvalue().encode()


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int():
            return value
        case list():
            value = " ".join(value)
        case dict():
            value = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return f"'{value}" if str(value).startswith(FORMULA) else value
