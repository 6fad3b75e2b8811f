"""What an event says as attributes of plain types, for tools that mine processes: declared by its class."""

import types
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Union, get_args, get_origin

import orjson

from domain.catalogue import EVENTS
from domain.upcasts import upcast
from projections.audit_trail import TrailRow

ABOUT: Mapping[str, str] = {
    "log.position": "integer",
    "log.stream": "string",
    "log.version": "integer",
    "log.organ": "string",
    "log.stage": "string",
    "log.rules": "string",
    "log.pack": "string",
    "log.deviates": "boolean",
    "log.command": "string",
    "log.hash": "string",
}
"""What is known of every event beside what it says."""


@cache
def declared(alias: str) -> Mapping[str, str]:
    """The public fields of a type of event, and their types."""
    event = EVENTS[alias]
    fields = event.model_fields.items()
    return {name: _type(field.annotation) for name, field in fields if name not in event.sealed_fields}


def attributes(row: TrailRow) -> Iterator[tuple[str, str, Any]]:
    """The attributes of an event: name, type, value. What an earlier version of the program wrote is read as today."""
    for name, value in _about(row).items():
        if value is not None:
            yield name, ABOUT[name], value
    known = declared(row.type) if row.type in EVENTS else {}
    said = upcast(row.type, row.schema, dict(row.said))
    for name, kind in known.items():
        if (value := said.get(name)) is not None:
            yield name, kind, _value(value, kind)


def _about(row: TrailRow) -> dict[str, Any]:
    return {
        "log.position": row.position,
        "log.stream": row.stream,
        "log.version": row.version,
        "log.organ": row.organ,
        "log.stage": row.stage,
        "log.rules": " ".join(row.rules) or None,
        "log.pack": str(row.pack) if row.pack else None,
        "log.deviates": row.deviates,
        "log.command": row.command_id,
        "log.hash": row.hash,
    }


def _type(annotation: Any) -> str:
    """One of the types that the standards know; whatever has parts is text, as JSON writes it."""
    annotation = getattr(annotation, "__supertype__", annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        (one, *others) = [each for each in get_args(annotation) if each is not type(None)]
        return "string" if others else _type(one)
    if not isinstance(annotation, type):
        return "string"
    if issubclass(annotation, bool):
        return "boolean"
    if issubclass(annotation, int):
        return "integer"
    return "time" if issubclass(annotation, datetime | date) else "string"


def _value(value: Any, kind: str) -> Any:
    if kind == "time":
        return value if "T" in value else f"{value}T00:00:00Z"
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return str(value) if kind == "string" else value
