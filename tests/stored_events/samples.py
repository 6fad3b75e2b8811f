"""A filled-in example of every event, worked out from its fields; always the same one."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge
from pydantic import BaseModel

from domain.event import Event
from domain.survey_method import SurveyMethod
from tests.surveys import METHOD

E = TypeVar("E", bound=Event)
PSEUDONYMS = {"officer", "member", "organ", "candidates"}
WRITTEN = {
    "kind": "in_service",
    "staff_type": "full_time",
    "method": "off_job",
    "birth_year_month": "1975-08",
    "digest": "5e" * 32,
    "timezone": "Asia/Shanghai",
}


def sample(kind: type[E]) -> E:
    """The event with every field filled, those that may be left out as well."""
    return kind.model_validate(_of_model(kind))


def _of_model(model: type[BaseModel]) -> dict[str, Any]:
    return {name: _value(name, field.annotation, field.metadata) for name, field in model.model_fields.items()}


def _value(name: str, kind: Any, metadata: list[Any]) -> Any:
    kind = getattr(kind, "__supertype__", kind)
    arguments = get_args(kind)
    if get_origin(kind) is Annotated:
        return _value(name, arguments[0], list(arguments[1:]))
    if get_origin(kind) in (Union, UnionType):
        return _value(name, next(one for one in arguments if one is not type(None)), metadata)
    if get_origin(kind) is Literal:
        return arguments[-1]
    if get_origin(kind) is tuple:
        return [_value(name, arguments[0], []), _value(name, arguments[0], [])]
    if get_origin(kind) is dict:
        return {"projector": _value(name, arguments[1], [])}
    if hasattr(kind, "__supertype__"):
        return _value(name, kind, metadata)
    if kind is SurveyMethod:
        return METHOD.model_dump(mode="json")  # its parts answer for each other, so no example is made of each alone
    if issubclass(kind, BaseModel):
        return _of_model(kind)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: _value(field.name, hints[field.name], []) for field in fields(kind)}
    return _plain(name, kind, metadata)


def _plain(name: str, kind: type, metadata: list[Any]) -> Any:
    if issubclass(kind, Enum):
        return list(kind)[-1]
    if kind is datetime:
        return datetime(2026, 3, 2, 9, tzinfo=UTC)
    if kind is date:
        return date(2026, 3, 2)
    if kind is bool:
        return True
    if kind is int:
        return 3 + next((int(str(mark.ge)) for mark in metadata if isinstance(mark, Ge)), 0)
    assert kind is str, f"{name}: a sample of {kind} is not known; teach it to this file"
    if name.endswith(("_id", "_by")) or name in PSEUDONYMS:
        return f"{name.replace('_', '-')}-1"
    return WRITTEN.get(name, f"{name.replace('_', ' ')}, 字段 “é”")
