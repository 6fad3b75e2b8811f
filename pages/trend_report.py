"""The page on which meetings read the trend report: it holds nothing, and its script asks with the reader's token."""

from domain.law import Confidence, Language
from domain.trend_report import Counted
from pages.pack_words import CONFIDENCE
from pages.translations import other
from pages.typesetting import set_page, template

_PAGE = template("trend_report.html")
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


def trends_address(language: Language) -> str:
    """Where the report is read."""
    return f"/{language}/trends"


def trend_report_page(language: Language, *, public_url: str) -> str:
    """The form, and the sheet that its script fills in; the same for everybody."""
    return set_page(
        _PAGE,
        language,
        origin=public_url.rstrip("/"),
        here=trends_address(language),
        there=trends_address(other(language)),
        tables=[str(table) for table in Counted],
        worded=WORDED,
        confidences={str(level): CONFIDENCE[level].in_(language) for level in Confidence},
        verified=str(Confidence.CONFIRMED),
    )
