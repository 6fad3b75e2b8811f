"""The audit trail as an object-centric event log: events, and the cases, candidates, posts, organs they touched.

Source: OCEL 2.0, JSON format. Events are sent as they are read; objects wait on disk until the end, so that only
their ids are kept in memory.
"""

import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson

from domain.catalogue import EVENTS
from pages.event_attributes import ABOUT, attributes, declared
from projections.audit_trail import TrailRow

IN_MEMORY = 4 * 1_048_576
"""Bytes of objects before they go to disk."""

CHUNK = 1_048_576
OF_STREAM = {"appointment": "case", "access": None, "officer": None, "audit_search": None, "transparency_log": None}
"""Streams whose object is called otherwise, or that are about none."""

NAMED = {"officer": "officer", "organ": "organ", "school": "organ", "member": "officer"}
"""Fields that name an object without saying so by their ending."""

POST = ("title", "unit", "rank")

_ENDING = "_id"


def object_types() -> list[dict[str, Any]]:
    """Every type of object that the catalogue's events can name."""
    fields = {name for alias in EVENTS for name in declared(alias)}
    named = {name.removesuffix(_ENDING) for name in fields if name.endswith(_ENDING)}
    kinds = sorted(named | {*NAMED.values(), "case", "post", "pack", "batch", *_stream_kinds()})
    own = {"case": ("pack",), "post": POST}
    return [
        {"name": kind, "attributes": [{"name": name, "type": "string"} for name in own.get(kind, ())]} for kind in kinds
    ]


def _stream_kinds() -> set[str]:
    return {
        *("course", "facility", "inquiry", "sanction", "teacher", "training_file", "training_plan", "training_rule"),
        *("training_guidance", "training_coordination", "training_inspection", "training_import", "service_import"),
        *("school_key", "forgetting"),
    }


def event_types() -> list[dict[str, Any]]:
    """Every type of event, with its attributes."""
    return [
        {
            "name": alias,
            "attributes": [{"name": name, "type": kind} for name, kind in {**declared(alias), **ABOUT}.items()],
        }
        for alias in EVENTS
    ]


async def ocel(rows: AsyncIterator[TrailRow]) -> AsyncIterator[bytes]:
    """The log as one JSON document, one event a line."""
    head = orjson.dumps({"objectTypes": object_types(), "eventTypes": event_types()})
    yield head[:-1] + b',"events":['
    known = {kind["name"] for kind in object_types()}
    seen: set[str] = set()
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as objects:
        before = b"\n"
        async for row in rows:
            touched = [found for found in touched_by(row) if found[1] in known]
            for found in touched:
                if found[0] not in seen:
                    objects.write((b",\n" if seen else b"\n") + orjson.dumps(_object(found, row)))
                    seen.add(found[0])
            yield before + orjson.dumps(_event(row, touched))
            before = b",\n"
        yield b'],"objects":['
        objects.seek(0)
        while part := objects.read(CHUNK):
            yield part
    yield b"]}\n"


Touched = tuple[str, str, str]
"""An object's id, its type, and what it is to the event."""


def touched_by(row: TrailRow) -> Iterator[Touched]:
    """The objects that an event touched; the case comes first, since others refer to it."""
    kind, _, of = row.stream.partition("/")
    own = OF_STREAM.get(kind, kind)
    if own:
        yield f"{own}/{of}", own, "of"
    if row.case_id and own != "case":
        yield f"case/{row.case_id}", "case", "about"
    yield f"officer/{row.officer}", "officer", "by"
    yield f"organ/{row.organ}", "organ", "for"
    if row.on_behalf_of:
        yield f"officer/{row.on_behalf_of}", "officer", "on behalf of"
    if row.pack:
        yield f"pack/{row.pack}", "pack", "under"
    if row.cause and row.cause.startswith("batch/"):
        yield row.cause, "batch", "came in"
    post = row.said.get("post")
    if isinstance(post, dict) and post.get("post_id"):
        yield f"post/{post['post_id']}", "post", "for the post"
    for name, value in row.said.items():
        named = NAMED.get(name) or (name.removesuffix(_ENDING) if name.endswith(_ENDING) else None)
        if named and isinstance(value, str) and f"{named}/{value}" not in (f"{own}/{of}", f"case/{row.case_id}"):
            yield f"{named}/{value}", named, name


def _object(found: Touched, row: TrailRow) -> dict[str, Any]:
    object_id, kind, _ = found
    at = _instant(row)
    said: dict[str, Any] = {}
    if kind == "case" and row.pack and row.stream == f"appointment/{row.case_id}":
        said = {"pack": str(row.pack)}
    if kind == "post":
        said = {name: row.said["post"].get(name) for name in POST} if isinstance(row.said.get("post"), dict) else {}
    return {
        "id": object_id,
        "type": kind,
        "attributes": [{"name": name, "time": at, "value": value} for name, value in said.items() if value is not None],
        "relationships": _belongs(object_id, kind, row),
    }


def _belongs(object_id: str, kind: str, row: TrailRow) -> list[dict[str, str]]:
    """What came up first in the stream of a case belongs to it; people, organs and rules belong to none."""
    if kind in ("case", "officer", "organ", "person", "pack", "batch") or not row.stream.startswith("appointment/"):
        return []
    return [{"objectId": f"case/{row.case_id}", "qualifier": "of"}]


def _event(row: TrailRow, touched: list[Touched]) -> dict[str, Any]:
    return {
        "id": f"e{row.position}",
        "type": row.type,
        "time": _instant(row),
        "attributes": [{"name": name, "value": value} for name, _, value in attributes(row)],
        "relationships": [{"objectId": object_id, "qualifier": what} for object_id, _, what in dict.fromkeys(touched)],
    }


def _instant(row: TrailRow) -> str:
    return row.recorded_at.isoformat().replace("+00:00", "Z")
