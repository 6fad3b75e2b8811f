"""Notices as data for anybody's use: one line a notice, in forms that spreadsheets, programs and the linked web read.

Nobody is named in bulk data: a copy cannot be taken back when a notice has done its work. A notice that was withdrawn
or is gone keeps its line, which says so.
"""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from domain.law import Text
from pages.audit_table import FORMULA
from projections.notice_change import Became, changes
from projections.visible_notice import Standing, VisibleNotice

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChangeLine(_Line):
    """Something that became of a notice."""

    change: Became
    version: int = Field(ge=1, description="of the notice, from this change on")
    on: date = Field(description="day of the notice's jurisdiction")
    at: datetime = Field(description="the beginning of that day")
    position: int | None = Field(description="of its event in the public log; null for what time alone brought about")
    hash: str | None = Field(description="of that event's entry")


class NoticeLine(_Line):
    """One notice, as it stands on the day of the reading; it names nobody."""

    notice_id: str = Field(pattern="^[0-9a-z]+$")
    number: str
    address: str = Field(description="where it stands for good")
    case_id: str
    post_title: str
    unit: str
    rank: Text
    pack: str = Field(description="the rules that it stands under, with their version and digest")
    jurisdiction: str
    timezone: str
    opens_on: date
    closes_on: date
    provisional: bool = Field(description="no calendar was published yet for some of its days")
    ended_on: date | None = Field(description="when it was taken down before its days had run")
    standing: Standing
    gone_since: date | None = Field(description="since when it names nobody any longer; null while it may")
    gone_because: Standing | None
    objections_lodged: int = Field(ge=0)
    objections_open: int = Field(ge=0)
    objection_outcomes: dict[str, int] = Field(description="the others, by outcome")
    changes: list[ChangeLine] = Field(min_length=1, description="everything that has become of it, the first first")
    changed_on: date = Field(description="day of the last of them")
    position: int = Field(ge=0, description="of its opening in the public log")
    hash: str = Field(description="of that entry")
    changed_at_position: int = Field(ge=0, description="of the last event that changed anything of it")


def notice_line(notice: VisibleNotice, origin: str) -> NoticeLine:
    """A notice as a line of data."""
    made = [
        ChangeLine(change=it.became, version=it.number, on=it.on, at=it.at, position=it.position, hash=it.hash)
        for it in changes(notice)
    ]
    return NoticeLine(
        notice_id=notice.notice_id,
        number=notice.number,
        address=f"{origin}/notices/{notice.notice_id}",
        case_id=notice.case_id,
        post_title=notice.post_title,
        unit=notice.unit,
        rank=notice.rank,
        pack=notice.pack_reference,
        jurisdiction=notice.jurisdiction,
        timezone=notice.timezone,
        opens_on=notice.window.opens_on,
        closes_on=notice.window.closes_on,
        provisional=notice.window.provisional,
        ended_on=notice.ended_on,
        standing=notice.standing,
        gone_since=notice.gone.since if notice.gone else None,
        gone_because=notice.gone.because if notice.gone else None,
        objections_lodged=notice.objections.lodged,
        objections_open=notice.objections.open,
        objection_outcomes=dict(notice.objections.outcomes),
        changes=made,
        changed_on=max(change.on for change in made),
        position=notice.position,
        hash=notice.hash,
        changed_at_position=notice.changed_at_position,
    )


Lines = AsyncIterator[NoticeLine]


def line_schema(origin: str) -> dict[str, Any]:
    """The JSON Schema of a line."""
    address = f"{origin}/api/v1/open-data/schema.json"
    return {"$schema": SCHEMA_DIALECT, "$id": address, **NoticeLine.model_json_schema()}


async def json_lines(lines: Lines) -> AsyncIterator[bytes]:
    """One line of JSON a notice."""
    async for line in lines:
        yield one_json_line(line)


def one_json_line(line: NoticeLine) -> bytes:
    """A line with its newline; the same line gives the same bytes."""
    return orjson.dumps(line.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


COLUMNS = tuple(name for name in NoticeLine.model_fields if name not in ("rank", "changes", "objection_outcomes"))
CSV_COLUMNS = (*COLUMNS, "rank_en", "rank_zh", "versions", "objection_outcomes")


async def csv_lines(lines: Lines) -> AsyncIterator[bytes]:
    """A table that a spreadsheet reads as text and numbers, and never as formulas.

    Source: RFC 4180; OWASP, CSV injection.
    """
    yield b"\xef\xbb\xbf" + _row(CSV_COLUMNS)
    async for line in lines:
        said = line.model_dump(mode="json")
        outcomes = "; ".join(f"{name} {count}" for name, count in line.objection_outcomes.items())
        versions = sum(not change.change.ends for change in line.changes)
        yield _row([*(said[name] for name in COLUMNS), line.rank.en, line.rank.zh, versions, outcomes])


def _row(cells: Any) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow([_inert(cell) for cell in cells])
    return written.getvalue().encode()


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


W3C_DAY = "http://www.w3.org/2001/XMLSchema#date"
CONTEXT: Mapping[str, object] = {
    "Organization": "http://www.w3.org/ns/org#Organization",
    "Post": "http://www.w3.org/ns/org#Post",
    "Event": "http://schema.org/Event",
    "label": "http://www.w3.org/2004/02/skos/core#prefLabel",
    "name": "http://schema.org/name",
    "role": "http://www.w3.org/ns/org#role",
    "organization": {"@id": "http://www.w3.org/ns/org#postIn", "@type": "@id"},
    "organizer": {"@id": "http://schema.org/organizer", "@type": "@id"},
    "about": {"@id": "http://schema.org/about", "@type": "@id"},
    "start_date": {"@id": "http://schema.org/startDate", "@type": W3C_DAY},
    "end_date": {"@id": "http://schema.org/endDate", "@type": W3C_DAY},
    "updated_at": {"@id": "http://purl.org/dc/terms/modified", "@type": W3C_DAY},
    "classification": "http://www.semanticdesktop.org/ontologies/2007/04/02/ncal#categories",
    "status": {"@id": "http://schema.org/eventStatus", "@type": "@id"},
    "identifier": "http://purl.org/dc/terms/identifier",
}
"""Popolo's terms for organisations, posts and events, written out so that nothing has to be fetched to read them.

Source: the Popolo project's JSON-LD contexts.
"""


async def linked_data(lines: Lines) -> AsyncIterator[bytes]:
    """JSON-LD in Popolo's shapes: of each notice a unit, its post and the event; there is no membership, as that names.

    Units of the same name are not said to be the same: a notice gives a name and no identifier.
    """
    yield b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":['
    between = b"\n"
    async for line in lines:
        for node in _nodes(line):
            yield between + orjson.dumps(node)
            between = b",\n"
    yield b"\n]}\n"


def _nodes(line: NoticeLine) -> tuple[dict[str, object], ...]:
    unit, post = f"{line.address}#unit", f"{line.address}#post"
    role = [{"@value": line.rank.en, "@language": "en"}, {"@value": line.rank.zh, "@language": "zh-Hans"}]
    return (
        {"@id": unit, "@type": "Organization", "label": line.unit},
        {"@id": post, "@type": "Post", "label": line.post_title, "role": role, "organization": unit},
        {
            "@id": line.address,
            "@type": "Event",
            "name": line.number,
            "classification": f"public notice, {line.standing.replace('_', ' ')}",
            "status": "http://schema.org/Event" + ("Cancelled" if line.ended_on else "Scheduled"),
            "start_date": line.opens_on,
            "end_date": line.ended_on or line.closes_on,
            "updated_at": line.changed_on,
            "identifier": line.notice_id,
            "organizer": unit,
            "about": post,
        },
    )


FORMS: Mapping[str, tuple[str, str]] = {
    "csv": ("text/csv; charset=utf-8", "Spreadsheets"),
    "jsonl": ("application/jsonl", "Programs: one JSON object a line, as the schema says"),
    "jsonld": ("application/ld+json", "Linked data, in Popolo's shapes"),
}


def catalogue(origin: str, *, notices: int, licence: str, at: date) -> dict[str, Any]:
    """What data there is, how much of it, in which forms, and on what terms.

    Source: W3C DCAT 3.
    """
    base = f"{origin}/api/v1/open-data"
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "dct:license": {"@type": "@id"},
            "dcat:downloadURL": {"@type": "@id"},
            "dct:conformsTo": {"@type": "@id"},
        },
        "@id": f"{base}/catalogue.json",
        "@type": "dcat:Catalog",
        "dct:title": {"en": "Open data on public appointments", "zh": "公职任用开放数据"},
        "dct:license": licence,
        "dcat:dataset": [
            {
                "@id": f"{base}/catalogue.json#notices",
                "@type": "dcat:Dataset",
                "dct:title": {"en": "Public notices", "zh": "公示"},
                "dct:description": {
                    "en": "One line a notice, with everything that has become of it. Nobody is named.",
                    "zh": "每件公示一行，含其全部进展，不出现任何人的姓名。",
                },
                "dct:modified": at,
                "dct:license": licence,
                "dct:accrualPeriodicity": "http://purl.org/cld/freq/continuous",
                "rows": notices,
                "filters": ["from_on", "to_on", "from_position"],
                "dcat:distribution": [_distribution(base, "notices", form) for form in FORMS],
            }
        ],
    }


def _distribution(base: str, dataset: str, form: str) -> dict[str, Any]:
    media_type, use = FORMS[form]
    described = {"dct:conformsTo": f"{base}/schema.json"} if form == "jsonl" else {}
    return {
        "@type": "dcat:Distribution",
        "dct:title": use,
        "dcat:downloadURL": f"{base}/{dataset}.{form}",
        "dcat:mediaType": media_type.partition(";")[0],
        **described,
    }
