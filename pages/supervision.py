"""The page on which those who supervise together read what came by which channel, and their own department's notes."""

from domain.law import Language
from domain.private_note import NoteKind
from domain.supervision_channel import AXES
from domain.supervision_input import InputStatus, Secrecy
from pages.staff_page import StaffPage
from pages.translations import words

VALUES = (*AXES, *(name for names in AXES.values() for name in names), *InputStatus, Secrecy.RESTRICTED)
"""What the script tells apart by name, and the page has words for."""

QUESTIONS = ("inputs", "channels", "notes")


def _matter(language: Language) -> dict[str, object]:
    t = words(language)
    return {
        "values": {str(name): t(f"supervise.value.{name}") for name in VALUES},
        "kinds": {str(kind): t(f"supervise.kind.{kind}") for kind in NoteKind},
        "questions": {name: t(f"supervise.ask_{name}") for name in QUESTIONS},
    }


SUPERVISION = StaffPage("/supervision", "supervision", ("supervise",), _matter)
