"""Where the forms by which anybody takes part stand: below the notice that they are about."""

from domain.law import Language
from domain.taking_part_rule import EntryKind

ADDRESSES = {
    EntryKind.OBJECTION: "object",
    EntryKind.COMMENT: "comment",
    EntryKind.RECOMMENDATION: "recommend",
    EntryKind.ERROR_REPORT: "report-error",
}
"""The last part of each form's address."""


def form_address(notice_id: str, kind: EntryKind, language: Language) -> str:
    """Where a form stands for good."""
    return f"/{language}/notices/{notice_id}/{ADDRESSES[kind]}"
