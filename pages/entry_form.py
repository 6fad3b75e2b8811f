"""The forms by which anybody takes part: each field says who will see what is written in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from domain.law import Language
from domain.taking_part_rule import EntryKind
from pages.entry_address import form_address
from pages.translations import other, words
from pages.typesetting import set_page, template
from projections.visible_notice import NoticeCandidate, VisibleNotice

_FORM = template("entry_form.html")

LONGEST_TEXT = 4000
LONGEST_NAME = 300
SHORTEST_TEXT = 10


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong, and with which field; `at` is empty when it is the form as a whole."""

    at: str
    says: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few answers, with what it means."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: what is asked, how to answer, and who will see the answer."""

    name: str
    kind: Literal["line", "text", "files", "choice"]
    label: str
    hint: str
    seen: str
    value: str = ""
    error: str = ""
    longest: int = LONGEST_NAME
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """The work that a form asks a browser for."""

    challenge: str
    salt: str
    signature: str
    most: int


NO_WORK = Sum("", "", "", 0)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form that is shown: its key and work, what was typed before, and what was wrong with it."""

    key: str
    work: Sum
    values: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    accepted: str = ""
    """Which files may be chosen."""


@dataclass(frozen=True, slots=True)
class _Form:
    title: str
    lead: str
    send: str
    address: str
    key: str
    work: Sum
    fields: Sequence[Field]
    errors: tuple[FieldError, ...]


def entry_form_page(notice: VisibleNotice, kind: EntryKind, filled: Filled, language: Language) -> str:
    """The form of one kind for one notice, as empty or as filled in as it came back."""
    say = words(language)
    form = _Form(
        title=say(f"entry.{kind}.title"),
        lead=say(f"entry.{kind}.lead"),
        send=say(f"entry.{kind}.send"),
        address=form_address(notice.notice_id, kind, language),
        key=filled.key,
        work=filled.work,
        fields=_objection(notice, filled, language) if kind is EntryKind.OBJECTION else _other(kind, filled, language),
        errors=filled.errors,
    )
    there = form_address(notice.notice_id, kind, other(language))
    return set_page(_FORM, language, notice=notice, form=form, there=there)


def _objection(notice: VisibleNotice, filled: Filled, language: Language) -> list[Field]:
    say = words(language)
    about = (
        *(_candidate(candidate, n, language) for n, candidate in enumerate(notice.candidates, start=1)),
        Choice("procedure", say("entry.about.procedure"), say("entry.about.procedure_more")),
        Choice("personnel_department", say("entry.about.personnel"), say("entry.about.personnel_more")),
    )
    return [
        plain_field("about", "choice", filled, language, choices=about),
        plain_field("grounds", "text", filled, language, longest=LONGEST_TEXT),
        plain_field("files", "files", filled, language, value=filled.accepted),
        *_who(filled, language),
    ]


def _other(kind: EntryKind, filled: Filled, language: Language) -> list[Field]:
    say, text = words(language), plain_field("text", "text", filled, language, longest=LONGEST_TEXT)
    files = plain_field("files", "files", filled, language, value=filled.accepted)
    seen = say("entry.files.seen_personnel")
    label, hint, read_by = (say(f"entry.{kind}.{part}") for part in ("label", "hint", "seen"))
    asked = replace(text, label=label, hint=hint, seen=read_by)
    identity, name = _who(filled, language)
    return [asked, replace(files, seen=seen), replace(identity, seen=say("entry.identity.seen_by_all")), name]


def _who(filled: Filled, language: Language) -> list[Field]:
    say = words(language)
    identities = tuple(
        Choice(value, say(f"entry.identity.{value}"), say(f"entry.identity.{value}_more"))
        for value in ("anonymous", "confidential", "named")
    )
    identity = plain_field("identity", "choice", filled, language, choices=identities, value="anonymous")
    return [identity, plain_field("name", "line", filled, language)]


def plain_field(
    name: str,
    kind: Literal["line", "text", "files", "choice"],
    filled: Filled,
    language: Language,
    *,
    value: str = "",
    longest: int = LONGEST_NAME,
    choices: tuple[Choice, ...] = (),
) -> Field:
    """A field with its words, and with what was typed in it before."""
    say = words(language)
    return Field(
        name=name,
        kind=kind,
        label=say(f"entry.{name}.label"),
        hint=say(f"entry.{name}.hint"),
        seen=say(f"entry.{name}.seen"),
        value=value if kind == "files" else filled.values.get(name, value),
        error=next((error.says for error in filled.errors if error.at == name), ""),
        longest=longest,
        choices=choices,
    )


def _candidate(candidate: NoticeCandidate, n: int, language: Language) -> Choice:
    say = words(language)
    name = dict(candidate.shown).get("full_name") or say("entry.about.candidate_without_name", n=n)
    return Choice(f"candidate:{candidate.candidate_id}", name, say("entry.about.candidate_more"))
