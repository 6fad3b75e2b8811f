"""The page on which meetings read the trend report: it holds nothing, and its script asks with the reader's token."""

from domain.law import Language
from domain.trend_report import Counted
from pages.staff_page import StaffPage

WORDED = (
    "declared_recuses",
    "declared_to_decide",
    "found_undeclared",
    "decided_withdraws",
    "decided_stays",
    "open",
    "dismissed",
    "upheld",
    "rejected",
)
"""What is counted under a word of ours, and not under a name of a unit or of a pack."""


def _matter(_: Language) -> dict[str, object]:
    return {"tables": [str(table) for table in Counted], "worded": WORDED}


TRENDS = StaffPage("/trends", "trend_report", ("trend",), _matter)
