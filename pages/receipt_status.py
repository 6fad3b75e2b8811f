"""What became of what somebody sent in, in fixed words, with the days it takes and the conversation about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.law import Language
from domain.taking_part_rule import EntryKind
from domain.working_days import Window
from pages.entry_form import Field, Filled, plain_field
from pages.receipt import receipt_address
from pages.translations import other
from pages.typesetting import set_page, template

_STATUS = template("receipt_status.html")


@dataclass(frozen=True, slots=True)
class DueDay:
    """By when something is to happen, and when it did."""

    what: str
    by: date
    counted: Window | None = None
    done_on: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said in the conversation; no text is left of it once its key is gone."""

    by_office: bool
    on: date
    text: str | None
    question: bool = False


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """All that the holder of a code reads about what they sent in."""

    kind: EntryKind
    notice_id: str
    number: str
    post_title: str
    unit: str
    received_on: date
    state: str
    days: Sequence[DueDay]
    talk: Sequence[Said]
    files: int
    answered_by: str
    ended_on: date | None = None
    reason: str | None = None
    public_answer: str | None = None


@dataclass(frozen=True, slots=True)
class _Form:
    key: str
    fields: Sequence[Field]


def receipt_status_page(
    entry: EntryStatus,
    code: str,
    language: Language,
    *,
    filled: Filled,
    may_write: bool = True,
    sent: bool = False,
) -> str:
    """The page behind a code. `sent`: something was added to the conversation a moment ago."""
    form = None
    if may_write:
        said = plain_field("message", "text", filled, language)
        files = replace(plain_field("files", "files", filled, language, value=filled.accepted), seen=said.seen)
        form = _Form(filled.key, (said, files))
    return set_page(
        _STATUS,
        language,
        entry=entry,
        code=code,
        form=form,
        errors=filled.errors,
        sent=sent,
        there=receipt_address(other(language)),
    )
