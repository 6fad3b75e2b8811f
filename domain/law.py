"""How a rule is written down: a value with its wording, its source and how sure we are of it."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

Language = Literal["en", "zh"]


class Frozen(BaseModel):
    """A value of a pack: it does not change after it was read, and knows no field that it was not taught."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """Words in both languages of the house."""

    en: str
    zh: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Confidence(StrEnum):
    """How a rule was seen. Only `confirmed` may be shown as law."""

    CONFIRMED = "confirmed"
    EARLIER_TEXT = "earlier_text"
    LOCAL = "local"
    WEAK = "weak"
    GENERAL_KNOWLEDGE = "general_knowledge"
    OWN_CHOICE = "own_choice"

    @property
    def verified(self) -> bool:
        return self is Confidence.CONFIRMED


class Family(StrEnum):
    """Whose rule it is: two families may rule one matter, and then both must pass."""

    PARTY_RULE = "party_rule"
    LAW = "law"
    HOUSE = "house"

    @property
    def in_words(self) -> str:
        return {"party_rule": "the party rule", "law": "the law", "house": "the house rule"}[self.value]


class Instrument(Frozen):
    """A law, regulation, code or house rule that articles are cited from; one whose `family` is not said is None."""

    title: Text
    in_force_from: date | None = None
    family: Family | None = None


class Source(Frozen):
    """Where a rule stands: an instrument of the pack, and the place in it."""

    instrument: str
    article: str = ""
    seen_in: str = ""


T = TypeVar("T")


People = Annotated[int, Field(ge=1, le=1000)]
"""How many people a rule asks for: a rule that asks for nobody is left out."""

Hours = Annotated[int, Field(ge=0, le=100_000)]


class Counterpart(Frozen, Generic[T]):
    """What another family of rules says of the same matter: both must pass."""

    value: T
    says: Text
    source: Source
    confidence: Confidence


class Rule(Frozen, Generic[T]):
    """A value that a pack sets, with what it says, where it stands and how sure we are."""

    value: T
    says: Text
    source: Source
    confidence: Confidence
    waivable: bool = False
    also: tuple[Counterpart[T], ...] = Field((), exclude_if=lambda also: not also)


def rules_in(value: Any, path: str = "") -> Iterator[tuple[str, Rule[Any]]]:
    """Every rule under a value with its path; a part that has an id is named by it, any other by its place."""
    if isinstance(value, Rule):
        yield path, value
    elif isinstance(value, Frozen):
        for name, field in type(value).model_fields.items():
            yield from rules_in(getattr(value, name), f"{path}.{field.alias or name}".lstrip("."))
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from rules_in(item, f"{path}.{getattr(item, 'id', place)}")


def rule_at(value: Any, path: str) -> Rule[Any]:
    """The rule under a value at a path, as `rules_in` names it; the way there is walked, and nothing else.

    Refuses: KeyError, where there is none.
    """
    found = value
    for name in path.split("."):
        if isinstance(found, tuple):
            found = next((item for place, item in enumerate(found) if str(getattr(item, "id", place)) == name), None)
        else:
            found = getattr(found, _fields(found.__class__).get(name, name), None)
    if not isinstance(found, Rule):
        raise KeyError(path)
    return found


@cache
def _fields(kind: Any) -> dict[str, str]:
    fields = kind.model_fields if issubclass(kind, Frozen) else {}
    return {field.alias or name: name for name, field in fields.items()}


class Citation(Frozen):
    """A rule as it is shown to a person: its path in the pack, its words, its source."""

    rule: str
    pack: str
    says: Text
    instrument: Text
    article: str
    in_force_from: date | None
    confidence: Confidence
    also: tuple["Citation", ...] = ()

    @property
    def verified(self) -> bool:
        return self.confidence.verified


def _fraction(value: Any) -> Fraction:
    if isinstance(value, float):
        raise ValueError(f"{value} is a decimal; write the share as a fraction, such as 2/3")
    try:
        share = Fraction(value)
    except (TypeError, ValueError, ZeroDivisionError) as unreadable:
        raise ValueError(f"“{value}” is not a share; write a fraction such as 2/3") from unreadable
    if not 0 < share <= 1:
        raise ValueError(f"{share} is not a part of a whole; write a fraction above 0 and up to 1")
    return share


Share = Annotated[Fraction, BeforeValidator(_fraction), PlainSerializer(str)]
"""A part of a whole, written `2/3`: never a decimal, so that a quorum is never off by a rounding."""


HOUSE = Text(en="House rule", zh="内部规定")


def own_choice(value: object, en: str, zh: str) -> Rule[object]:
    """A rule that the house made for itself: no source gives it, and none is claimed."""
    return Rule(
        value=value, says=Text(en=en, zh=zh), source=Source(instrument="house"), confidence=Confidence.OWN_CHOICE
    )
