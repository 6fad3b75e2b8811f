"""The page on which those who supervise together read what came by which channel, and their own department's notes.

The page holds nothing of anybody: its script asks the API with the reader's own token, and forgets both.
"""

from domain.law import Language
from domain.private_note import NoteKind
from domain.supervision_channel import AXES
from domain.supervision_input import InputStatus, Secrecy
from pages.translations import TRANSLATIONS, other
from pages.typesetting import set_page, template

_PAGE = template("supervision.html")
VALUES = (*AXES, *(name for names in AXES.values() for name in names), *InputStatus, Secrecy.RESTRICTED)
"""What the script tells apart by name, and the page has words for."""

QUESTIONS = ("inputs", "channels", "notes")


def supervision_address(language: Language) -> str:
    """Where what came to supervision is read."""
    return f"/{language}/supervision"


def supervision_page(language: Language, *, public_url: str) -> str:
    """The form, and the sheets that its script fills in; the same for everybody."""
    return set_page(
        _PAGE,
        language,
        origin=public_url.rstrip("/"),
        here=supervision_address(language),
        there=supervision_address(other(language)),
        values={str(name): TRANSLATIONS[f"supervise.value.{name}"].in_(language) for name in VALUES},
        kinds={str(kind): TRANSLATIONS[f"supervise.kind.{kind}"].in_(language) for kind in NoteKind},
        questions={name: TRANSLATIONS[f"supervise.ask_{name}"].in_(language) for name in QUESTIONS},
        confidences={},
        verified="",
    )
