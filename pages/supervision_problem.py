"""The page on which staff read the register of problems."""

from domain.law import Language
from domain.supervision_problem import ProblemState, ProblemType, Severity, SubjectKind
from pages.staff_page import StaffPage
from pages.translations import words

WRITTEN = ("owner", "accepting", "subject_id", "origin_kind", "origin_id")
"""Conditions that are written, in the order in which they stand on the page."""


def _matter(language: Language) -> dict[str, object]:
    t = words(language)
    return {
        "states": {str(state): t(f"problems.state.{state}") for state in ProblemState},
        "types": {str(kind): t(f"meeting.type.{kind}") for kind in ProblemType},
        "severities": {str(level): t(f"meeting.severity.{level}") for level in Severity},
        "subjects": {str(kind): t(f"meeting.subject.{kind}") for kind in SubjectKind},
        "written": WRITTEN,
    }


PROBLEMS = StaffPage("/problems", "problems", ("problems",), _matter)
