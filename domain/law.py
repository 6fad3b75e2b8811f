"""How a rule is written down: a value with its wording, its source and how sure we are of it."""

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

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


class Instrument(Frozen):
    """A law, regulation, code or house rule that articles are cited from."""

    title: Text
    in_force_from: date | None = None


class Source(Frozen):
    """Where a rule stands: an instrument of the pack, and the place in it."""

    instrument: str
    article: str = ""
    seen_in: str = ""


T = TypeVar("T")


class Rule(Frozen, Generic[T]):
    """A value that a pack sets, with what it says, where it stands and how sure we are."""

    value: T
    says: Text
    source: Source
    confidence: Confidence
    waivable: bool = False


class Citation(Frozen):
    """A rule as it is shown to a person: its path in the pack, its words, its source."""

    rule: str
    pack: str
    says: Text
    instrument: Text
    article: str
    in_force_from: date | None
    confidence: Confidence

    @property
    def verified(self) -> bool:
        return self.confidence.verified


def _fraction(value: Any) -> Any:
    return Fraction(value) if isinstance(value, str) else value


Share = Annotated[Fraction, BeforeValidator(_fraction), PlainSerializer(str)]
"""A part of a whole, written `2/3`: never a decimal, so that a quorum is never off by a rounding."""
