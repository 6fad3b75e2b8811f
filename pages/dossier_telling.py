"""How a dossier says things: people and organs by name, dates in words, codes in words, and what is sealed as such."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from domain.date_words import in_words
from domain.event import Confidential, Event, Recorded
from domain.identity import PUBLIC, SYSTEM, CandidateId, OfficerId
from domain.law import Language
from domain.nomination import CandidateNominated
from pages.dossier_words import CODES, SAID, code_in_words
from pages.translations import TRANSLATIONS, field_label
from projections.dossier import DossierMatter

Block = dict[str, Any]
"""A piece of a part, for page and data alike: facts, a table, a sentence, or a statement that there is nothing."""

E = TypeVar("E", bound=Event)

NOT_SAID = frozenset({"limit", "window", "answer_by", "acknowledge_by", "answer_due", "probation", "make_up", "days"})
"""Fields of a step that its part of the dossier tells, and the timeline leaves out."""


class Telling:
    """One dossier in one language."""

    def __init__(self, matter: DossierMatter, language: Language):
        self.matter, self.language = matter, language
        self.pack, self.live = matter.pack, matter.live
        self.comma = "、" if language == "zh" else ", "
        self.pause = "，" if language == "zh" else ", "
        self._zone = ZoneInfo(self.live.timezone)
        self._by_type: dict[type[Event], list[Recorded[Any]]] = {}
        for row in matter.rows:
            self._by_type.setdefault(type(row.event), []).append(row)

    def t(self, key: str, **facts: object) -> str:
        """The words under a key, with facts set into them."""
        said = SAID[key].in_(self.language)
        return said.format(**facts) if facts else said

    def code(self, code: object) -> str:
        """A code of the record in words."""
        outcome = TRANSLATIONS.get(f"outcome.{code}")
        if outcome is not None and str(code) not in CODES:
            return outcome.in_(self.language)
        return code_in_words(str(code), self.language)

    def every(self, kind: type[E]) -> list[Recorded[E]]:
        """The events of a kind, in order."""
        return self._by_type.get(kind, [])

    @property
    def rows_by_position(self) -> Sequence[Recorded[Any]]:
        """Every event, in order."""
        return self.matter.rows

    def day(self, on: date | None) -> str:
        return in_words(on, self.language) if on is not None else "–"

    def at(self, moment: datetime) -> str:
        """A moment in the case's own time."""
        local = moment.astimezone(self._zone)
        return f"{local:%Y-%m-%d %H:%M:%S}"

    def days_between(self, first: date, last: date) -> int:
        """Units: calendar days, both ends counted."""
        return max(0, (last - first).days + 1)

    def officer(self, officer: OfficerId | None) -> str:
        """An officer by the name that the log knows; one who is forgotten, or never acted, by their pseudonym."""
        if officer is None:
            return "–"
        if officer == SYSTEM.officer:
            return self.t("the_engine")
        if officer == PUBLIC.officer:
            return self.t("the_public")
        name = self.matter.officers.get(officer)
        return f"{name} ({officer[:8]})" if name else str(officer)

    def who(self, row: Recorded[Event]) -> str:
        """Who did it, for which organ, and on whose behalf."""
        if row.actor.officer == SYSTEM.officer:
            return self.t("the_engine")
        if row.actor.officer == PUBLIC.officer:
            return self.t("the_public")
        stood_in = f" {self.t('for', of=self.officer(row.actor.on_behalf_of))}" if row.actor.on_behalf_of else ""
        return f"{self.officer(row.actor.officer)}{stood_in}\n{row.actor.organ}"

    @cached_property
    def _numbers(self) -> Mapping[CandidateId, int]:
        return {found: place for place, found in enumerate(self.live.candidates, start=1)}

    @cached_property
    def _names(self) -> Mapping[CandidateId, str]:
        return {
            row.event.candidate_id: row.event.particulars.full_name
            for row in self.every(CandidateNominated)
            if row.event.particulars is not None
        }

    def candidate(self, candidate: CandidateId | str | None) -> str:
        """A candidate by their number, and by name where the reader may know it."""
        if candidate is None:
            return self.t("whole")
        name = self._names.get(CandidateId(candidate))
        return self.numbered(CandidateId(candidate)) + (f" · {name}" if name else f" ({candidate})")

    def numbered(self, candidate: CandidateId) -> str:
        """A candidate by their number alone, where each line names them again."""
        return f"{self.t('candidate')} {self._numbers.get(candidate, candidate)}"

    def stage(self, stage: str) -> str:
        found = next((each for each in self.pack.stages if each.id == stage), None)
        return found.title.in_(self.language) if found else stage.replace("_", " ")

    def record(self, record: str) -> str:
        found = self.pack.record(record)
        return found.title.in_(self.language) if found else record.replace("_", " ")

    def clock(self, clock: str) -> str:
        found = self.pack.clock(clock)
        return found.title.in_(self.language) if found else clock.replace("_", " ")

    def hidden(self, row: Recorded[Event], field: str) -> str:
        """Why a sealed field is not shown: it is sealed for others, or forgotten; nothing where none was recorded."""
        mark = type(row.event).sealed_fields[field]
        if isinstance(mark, Confidential):
            if f"{row.stream}#{mark.to}" not in row.sealed:
                return ""
            may = mark.to in self.matter.opened_for
            return self.t("forgotten") if may else self.t("sealed_for", whom=self.code(mark.to))
        if not any(owner == f"person/{getattr(row.event, mark.of)}" for owner in row.sealed):
            return ""
        if (stone := self.matter.forgotten.get(getattr(row.event, mark.of))) is not None:
            return self.t("forgotten_on", day=self.day(stone.forgotten_on), why=self.code(stone.ground))
        return self.t("forgotten") if self.matter.opened_for else self.t("sealed_person")

    def sealed(self, row: Recorded[Event], field: str) -> str:
        """A sealed sentence where the reader may open it, or why it is not shown."""
        value = getattr(row.event, field)
        return str(value) if value is not None else self.hidden(row, field)

    def said(self, row: Recorded[Event]) -> str:
        """What an event says in public, in a line."""
        return ("；" if self.language == "zh" else "; ").join(self._said(row))

    def _said(self, row: Recorded[Event]) -> Iterator[str]:
        event = row.event
        understood = (None, False, (), row.actor.officer, row.recorded_at.astimezone(self._zone).date())
        for name in type(event).model_fields:
            value = getattr(event, name)
            if value in understood or name in NOT_SAID or name in type(event).sealed_fields:
                continue
            if (words := self._field(name, value)) is not None:
                yield words

    def _field(self, name: str, value: Any) -> str | None:
        """A field of an event in words: what it is of speaks for itself, any other is named."""
        match name, value:
            case (("stage" | "attended_stage" | "assigned_stage"), str()):
                return self.stage(value)
            case "record", str():
                return self.record(value)
            case "clock", str():
                return self.clock(value)
            case (("candidate_id" | "candidate_out"), str()):
                return self.numbered(CandidateId(value))
            case "items", tuple():
                return self.comma.join(self._items.get(item, item) for item in value)
            case (("roles" | "awaits"), tuple()):
                return self.comma.join(self.code(found) for found in value)
            case "signed_as", str():
                return self.code(value)
            case (("officer" | "opened_by" | "nominated_by" | "placed_by" | "reported_by"), str()):
                return self.officer(OfficerId(value))
            case (("organ" | "body" | "paper" | "reason" | "question" | "matter" | "code" | "rule"), str()):
                return self.code(value) if name == "code" else str(value)
            case (("case_id" | "person_id" | "file_hash" | "pack"), _):
                return None
        return self._plain(name, value)

    @cached_property
    def _items(self) -> Mapping[str, str]:
        """What the records of the pack hold, by the ids of their items."""
        named = [rule.items.value for rule in self.pack.records if rule.items]
        return {item: title.in_(self.language) for found in named for item, title in found.items()}

    def _plain(self, name: str, value: Any) -> str | None:
        label = field_label(name.removesuffix("_on").removesuffix("_id"), "en") if self.language == "en" else ""
        match value:
            case True:
                return label or None
            case Enum():
                return self.code(value.value)
            case date():
                return f"{label} {self.day(value)}" if label else None
            case int():
                return f"{label} {value}" if label else None
            case str():
                return f"{label} {value}" if label else value
            case tuple() if all(isinstance(part, str) for part in value):
                return f"{label} {self.comma.join(str(part) for part in value)}".strip()
        return None


def facts(*rows: tuple[str, str]) -> Block:
    """Labels and what stands behind each; one behind which nothing stands is left out."""
    return {"is": "facts", "rows": [list(row) for row in rows if row[1] != ""]}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> Block:
    """A table with its head. Units: `widths` are parts of the line."""
    return {"is": "table", "head": list(head), "rows": [list(row) for row in rows], "widths": list(widths)}


def sentence(text: str) -> Block:
    return {"is": "text", "text": text}


def heading(text: str) -> Block:
    return {"is": "heading", "text": text}


def nothing(text: str) -> Block:
    """A statement that there is nothing, so that nobody takes a gap for a page that is lost."""
    return {"is": "nothing", "text": text}


def urgent(text: str) -> Block:
    """Something that a reader must not overlook."""
    return {"is": "urgent", "text": text}


def table_or_nothing(
    telling: Telling, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> Block:
    """A table, or the statement that nothing of it is on record."""
    return table(head, rows, widths) if rows else nothing(telling.t("nothing"))
