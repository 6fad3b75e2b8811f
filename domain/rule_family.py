"""Where two families of rules, such as a party's own and the law, rule one matter: both must pass and are shown."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from pydantic import field_serializer
from pydantic_core import to_jsonable_python

from domain.law import Counterpart, Family, Frozen, Instrument, Rule, Text
from domain.working_days import Period

HONOURED = re.compile(
    r"nomination\.minimum_candidates|training\.requirements\.\d+\.hours|notice\.minimum|decision\.(quorum|majority)"
    r"|conflicts\.recuse"
)
"""Paths of the rules whose gates ask for both families; more is stricter in each of them."""

T = TypeVar("T")


class Side(Frozen):
    """What one family says of a matter, and where."""

    family: Family
    instrument: Text
    article: str
    value: Any
    says: Text
    confidence: str

    @field_serializer("value")
    def _plain(self, value: Any) -> Any:
        return str(value) if isinstance(value, Fraction) else to_jsonable_python(value)


class Collision(Frozen):
    """A matter on which two families say different things. `stricter` is whose word decides; None: both are asked."""

    path: str
    sides: tuple[Side, ...]
    stricter: Family | None


def demands(rule: Rule[T]) -> tuple[T, ...]:
    """Every value that must be met: the rule's own, and those of the other families that rule the matter."""
    return (rule.value, *(other.value for other in rule.also))


def strictest(rule: Rule[T]) -> T | None:
    """The value that meets every demand; None where the demands cannot be compared, such as days and months."""
    said = demands(rule)
    units = {value.unit if isinstance(value, Period) else None for value in said}
    if len(units) > 1 or not all(isinstance(value, int | Fraction | Period) for value in said):
        return said[0] if all(value == said[0] for value in said) else None
    return max(said, key=_size)


def _size(value: Any) -> Any:
    return value.n if isinstance(value, Period) else value


def collisions(rules: Iterable[tuple[str, Rule[Any]]], instruments: Mapping[str, Instrument]) -> Iterator[Collision]:
    """Each matter on which two families say different things, with both sides and their sources."""
    for path, rule in rules:
        if any(other.value != rule.value for other in rule.also):
            said = sides(rule, instruments)
            decides = strictest(rule)
            stricter = None if decides is None else next(side.family for side in said if side.value == decides)
            yield Collision(path=path, sides=said, stricter=stricter)


def sides(rule: Rule[Any], instruments: Mapping[str, Instrument]) -> tuple[Side, ...]:
    """What each family says of the matter of a rule, the rule itself first."""
    return tuple(
        Side(
            family=instruments[said.source.instrument].family or Family.HOUSE,
            instrument=instruments[said.source.instrument].title,
            article=said.source.article,
            value=said.value,
            says=said.says,
            confidence=str(said.confidence),
        )
        for said in _said(rule)
    )


def _said(rule: Rule[Any]) -> tuple[Rule[Any] | Counterpart[Any], ...]:
    return (rule, *rule.also)


def both_sides(rule: Rule[Any], instruments: Mapping[str, Instrument]) -> str:
    """A sentence that names every family with what it asks for; nothing where one family rules alone."""
    if not rule.also:
        return ""
    told = [
        f"{side.family.in_words} asks for {_words(side.value)} ({f'{side.instrument.en} {side.article}'.strip()})"
        for side in sides(rule, instruments)
    ]
    return f" Both must pass: {' and '.join(told)}."


def _words(value: Any) -> str:
    return value.in_words("en") if isinstance(value, Period) else str(value)


def refuse_counterparts_without_effect(
    rules: Iterable[tuple[str, Rule[Any]]], instruments: Mapping[str, Instrument]
) -> None:
    """A counterpart stands where a gate asks for it, comes from another family, and is waived by nobody.

    Refuses: ValueError, naming the rule.
    """
    for path, rule in rules:
        if not rule.also:
            continue
        if not HONOURED.fullmatch(path):
            raise ValueError(f"{path}: `also` has no effect here, since no gate asks for it; take it out")
        if rule.waivable:
            raise ValueError(f"{path}: what two families ask for is waived by neither; write waivable: false")
        named = [said.source.instrument for said in _said(rule)]
        if unknown := [name for name in named if name not in instruments]:
            raise ValueError(f"{path}: the source names {unknown}, which is not in `instruments`")
        families = [instruments[name].family for name in named]
        if None in families or len(set(families)) < len(families):
            raise ValueError(f"{path}: each of {named} must say its `family`, and each another one, to rule one matter")
