"""The page on which meetings read the trend report: it holds nothing, and its script asks with the reader's token."""

from domain.law import Language, Text
from domain.pack import Pack
from domain.pack_titles import titles_of_clocks, titles_of_codes
from domain.trend_report import BREAKS_CONFORMANCE, Counted, Kind
from pages.clock_words import clock_title
from pages.staff_page import StaffPage
from pages.translations import words

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


DEPARTURES = (*BREAKS_CONFORMANCE, Kind.KIN_TIE)
"""What a case can depart from its pack by."""


def title_in(pack: Pack, code: str) -> Text | None:
    """What a pack calls what is counted under a code of its own: a stage, a rule, or a clock that was missed."""
    return titles_of_codes(pack).get(code) or clock_title(code, titles_of_clocks(pack).get(code))


def _matter(language: Language) -> dict[str, object]:
    say = words(language)
    departures = {str(kind): say(f"trend.departure.{kind}") for kind in DEPARTURES}
    return {"tables": [str(table) for table in Counted], "worded": WORDED, "departures": departures}


TRENDS = StaffPage("/trends", "trend_report", ("trend",), _matter)
