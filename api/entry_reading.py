"""What somebody typed into a form, as the command that it means, or what to put right, field by field."""

from collections.abc import Mapping

from pydantic_core import PydanticCustomError

from domain.command import legible
from domain.identity import CandidateId
from domain.law import Language
from domain.objection import About, Channel, LodgeObjection
from domain.public_entry import FileEntry
from domain.sender import Identity
from domain.taking_part_rule import EntryKind
from pages.entry_form import LONGEST_NAME, LONGEST_TEXT, SHORTEST_TEXT, FieldError
from pages.translations import words
from projections.visible_notice import VisibleNotice

CANDIDATE = "candidate:"
TO_COME = "0" * 64
"""The hash of a code that the form's key gives later."""


class NotYet(Exception):
    """Something in the form is to be put right first."""

    def __init__(self, errors: tuple[FieldError, ...]):
        super().__init__(", ".join(error.at for error in errors))
        self.errors = errors


def said_in(
    kind: EntryKind, values: Mapping[str, str], notice: VisibleNotice, language: Language
) -> LodgeObjection | FileEntry:
    """The entry that a form holds; a name beside “anonymous” is dropped here and goes no further.

    Refuses: NotYet.
    """
    if kind is EntryKind.OBJECTION:
        return _objection(values, notice, language)
    reading = _Reading(values, language)
    text = reading.text("text")
    identity = reading.identity()
    name = None if identity is Identity.ANONYMOUS else reading.name()
    if reading.errors:
        raise NotYet(tuple(reading.errors))
    return FileEntry(kind=kind, text=text, sender=name, identity=identity, receipt_hash=TO_COME)


def message_in(values: Mapping[str, str], with_files: bool, language: Language) -> str:
    """What somebody goes on to say; with files it may be nothing.

    Refuses: NotYet.
    """
    reading = _Reading(values, language)
    text = reading.message(with_files)
    if reading.errors:
        raise NotYet(tuple(reading.errors))
    return text


def _objection(values: Mapping[str, str], notice: VisibleNotice, language: Language) -> LodgeObjection:
    reading = _Reading(values, language)
    about, candidate = _about(reading, notice)
    grounds = reading.text("grounds")
    identity = reading.identity()
    name = None if identity is Identity.ANONYMOUS else reading.name()
    if reading.errors or identity is None or about is None:
        raise NotYet(tuple(reading.errors))
    return LodgeObjection(
        channel=Channel.WEB, grounds=grounds, objector=name, candidate_id=candidate, identity=identity, about=about
    )


def _about(reading: "_Reading", notice: VisibleNotice) -> tuple[About | None, CandidateId | None]:
    chosen = reading.values.get("about", "")
    candidate = chosen.removeprefix(CANDIDATE)
    if chosen.startswith(CANDIDATE) and candidate in {found.candidate_id for found in notice.candidates}:
        return About.CANDIDATE, CandidateId(candidate)
    if chosen in (About.PROCEDURE, About.PERSONNEL_DEPARTMENT):
        return About(chosen), None
    reading.wrong("about", "about")
    return None, None


class _Reading:
    """Reads fields one after the other, and remembers what is wrong with them in their order."""

    def __init__(self, values: Mapping[str, str], language: Language):
        self.values = values
        self.errors: list[FieldError] = []
        self._say = words(language)

    def wrong(self, at: str, what: str, **facts: object) -> None:
        self.errors.append(FieldError(at, self._say(f"entry.error.{what}", **facts)))

    def text(self, at: str) -> str:
        text = self.values.get(at, "").strip()
        if self._legible(at, text):
            if len(text) < SHORTEST_TEXT:
                self.wrong(at, "text_short", n=SHORTEST_TEXT)
            elif len(text) > LONGEST_TEXT:
                self.wrong(at, "text_long", n=LONGEST_TEXT)
        return text

    def message(self, with_files: bool) -> str:
        text = self.values.get("message", "").strip()
        if self._legible("message", text):
            if not text and not with_files:
                self.wrong("message", "message")
            elif len(text) > LONGEST_TEXT:
                self.wrong("message", "text_long", n=LONGEST_TEXT)
        return text

    def name(self) -> str:
        name = self.values.get("name", "").strip()
        if self._legible("name", name):
            if not name:
                self.wrong("name", "name")
            elif len(name) > LONGEST_NAME:
                self.wrong("name", "name_long", n=LONGEST_NAME)
        return name

    def identity(self) -> Identity | None:
        try:
            return Identity(self.values.get("identity", ""))
        except ValueError:
            self.wrong("identity", "identity")
            return None

    def _legible(self, at: str, text: str) -> bool:
        try:
            legible(text)
        except PydanticCustomError:
            self.wrong(at, "illegible")
            return False
        return True
