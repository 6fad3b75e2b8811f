"""What an event changed: the state before it and after it, by what is public of both."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from domain.appointment import ClosedCase, SuspendedCase, evolve, fold, underlying
from domain.audit_trail import fold_searches
from domain.course import fold_course
from domain.event import Event
from domain.facility import fold_facility
from domain.identity import OrganId, PersonId
from domain.inquiry import fold_inquiry
from domain.school_key import fold_school_keys
from domain.teacher import fold_teacher
from domain.training_file import fold_training_file
from domain.training_inspection import fold_training_inspection
from domain.training_plan import fold_training_plan

Fold = Callable[[str, list[Event]], Any]

FOLDS: Mapping[str, Fold] = MappingProxyType(
    {
        "course": lambda _, events: fold_course(events),
        "facility": lambda _, events: fold_facility(events),
        "inquiry": lambda _, events: fold_inquiry(events),
        "teacher": lambda _, events: fold_teacher(events),
        "training_file": lambda person, events: fold_training_file(PersonId(person), events),
        "training_plan": lambda _, events: fold_training_plan(events),
        "training_inspection": lambda _, events: fold_training_inspection(events),
        "school_key": lambda organ, events: fold_school_keys(OrganId(organ), events),
        "audit_search": lambda _, events: fold_searches(events),
    }
)
"""How each kind of stream that has a state is folded; the case is folded once and not twice, being the longest."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the state that an event changed."""

    field: str
    before: Any
    after: Any


def has_state(stream: str) -> bool:
    """Whether the events of a stream make something that can change; of others each stands by itself."""
    kind = stream.partition("/")[0]
    return kind == "appointment" or kind in FOLDS


def changes_by(stream: str, earlier: Iterable[Event], event: Event) -> list[Change]:
    """The fields that an event changed, given all events of its stream before it.

    Units: one fold of the stream.
    """
    kind, _, of = stream.partition("/")
    if kind == "appointment":
        case = fold(earlier)
        return list(differences(case, evolve(case, event)))
    if kind not in FOLDS:
        return []
    before = list(earlier)
    return list(differences(FOLDS[kind](of, before), FOLDS[kind](of, [*before, event])))


def differences(before: Any, after: Any, at: str = "") -> Iterator[Change]:
    """Where two values differ, field by field; what is the same object was not looked into."""
    if before is after or before == after:
        return
    first, then = _parts(before), _parts(after)
    if first is None or then is None:
        yield Change(at, plain(before), plain(after))
        return
    for name in [*first, *(name for name in then if name not in first)]:
        yield from differences(first.get(name), then.get(name), f"{at}.{name}" if at else name)


def _parts(value: Any) -> Mapping[str, Any] | None:
    match value:
        case None:
            return NOTHING
        case SuspendedCase() | ClosedCase():
            said = {name: found for name, found in _fields(value).items() if name != "case"}
            return {**_fields(underlying(value)), "status": type(value).__name__, **said}
        case Mapping():
            return {str(name): found for name, found in value.items()}
        case BaseModel():
            return dict(value)
        case _ if is_dataclass(value):
            return _fields(value)
    return None


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    match value:
        case Enum():
            return str(value)
        case None | str() | int():
            return value
        case datetime() | date():
            return value.isoformat()
        case frozenset() | set():
            return sorted((plain(found) for found in value), key=str)
        case list() | tuple():
            return [plain(found) for found in value]
    parts = _parts(value)
    return str(value) if parts is None else {name: plain(found) for name, found in parts.items()}
