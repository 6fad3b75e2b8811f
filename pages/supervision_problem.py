"""The page on which staff read the register of problems.

It holds nothing of any problem: its script asks the API with the reader's own token, and forgets both.
"""

from domain.law import Language
from domain.supervision_problem import ProblemState, ProblemType, Severity, SubjectKind
from pages.translations import other, words
from pages.typesetting import set_page, template

_PAGE = template("problems.html")
WRITTEN = ("owner", "accepting", "subject_id", "origin_kind", "origin_id")
"""Conditions that are written, in the order in which they stand on the page."""


def problems_address(language: Language) -> str:
    """Where the register is read."""
    return f"/{language}/problems"


def problems_page(language: Language, *, public_url: str) -> str:
    """The form, and the sheet that its script fills in; the same for everybody."""
    t = words(language)
    return set_page(
        _PAGE,
        language,
        origin=public_url.rstrip("/"),
        here=problems_address(language),
        there=problems_address(other(language)),
        states={str(state): t(f"problems.state.{state}") for state in ProblemState},
        types={str(kind): t(f"meeting.type.{kind}") for kind in ProblemType},
        severities={str(level): t(f"meeting.severity.{level}") for level in Severity},
        subjects={str(kind): t(f"meeting.subject.{kind}") for kind in SubjectKind},
        written=WRITTEN,
    )
