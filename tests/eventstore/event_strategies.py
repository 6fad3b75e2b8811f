"""Any event of a class, as hypothesis makes them from its fields."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.event import Event

E = TypeVar("E", bound=Event)

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
PLAIN: dict[type, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    datetime: INSTANTS,
    date: st.dates(date(1900, 1, 1), date(2200, 1, 1)),
}


def events(kind: type[E]) -> st.SearchStrategy[E]:
    """Events of the class, sealed fields and optional ones filled or not."""
    made = _of_model(kind).map(lambda said: _sound(kind, said))
    return made.filter(lambda event: event is not None)  # type: ignore[return-value]


def _sound(kind: type[E], said: dict[str, Any]) -> E | None:
    """The event, when its fields go together: a text in no language at all, say, is none."""
    try:
        return kind.model_validate(said)
    except ValidationError:
        return None


def _of_model(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: _value(field.annotation, field.metadata) for name, field in model.model_fields.items()}
    )


def _value(kind: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    kind = getattr(kind, "__supertype__", kind)
    arguments = get_args(kind)
    if kind is type(None):
        return st.none()
    if hasattr(kind, "__supertype__"):
        return _value(kind, metadata)
    if get_origin(kind) in (Union, UnionType):
        return st.one_of(*(_value(one, metadata) for one in arguments))
    if get_origin(kind) is Literal:
        return st.sampled_from(arguments)
    if get_origin(kind) is tuple:
        return st.lists(_value(arguments[0], []), max_size=3)
    if get_origin(kind) is Annotated:
        inner = [mark for found in kind.__metadata__ for mark in getattr(found, "metadata", [found])]
        return _value(arguments[0], inner)
    if get_origin(kind) is dict:
        return st.dictionaries(_value(arguments[0], []), _value(arguments[1], []), max_size=3)
    if issubclass(kind, BaseModel):
        return _of_model(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: _value(hints[field.name], []) for field in fields(kind)})
    return _plain(kind, metadata)


def _plain(kind: type, metadata: list[Any]) -> st.SearchStrategy[Any]:
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if kind is int:
        lowest = next((int(str(mark.ge)) for mark in metadata if isinstance(mark, Ge)), -10_000)
        highest = next((int(str(mark.le)) for mark in metadata if isinstance(mark, Le)), 10_000)
        return st.integers(lowest, highest)
    if any(hasattr(mark, "pattern") for mark in metadata):
        return st.from_regex(next(mark.pattern for mark in metadata if hasattr(mark, "pattern")), fullmatch=True)
    if kind is str:
        shortest = max([mark.min_length for mark in metadata if isinstance(mark, MinLen)], default=0)
        longest = min([mark.max_length for mark in metadata if isinstance(mark, MaxLen)], default=30)
        return st.text(st.characters(codec="utf-8"), min_size=shortest, max_size=min(longest, 30))
    return PLAIN[kind]
