"""The page on which officers read their own record, and supervision and auditors another's."""

from collections.abc import Mapping

from domain.catalogue import EVENTS
from domain.law import Language
from pages.audit_trail import event_in_words
from pages.staff_page import StaffPage
from pages.translations import words

WAITS = (
    "stage",
    "objection",
    "opinion",
    "query",
    "clock",
    "make_up_training",
    "query_asked",
    "hold_placed",
    "problem_to_mend",
    "remedy_to_judge",
    "request_to_answer",
    "point",
)
"""What can wait for an officer, as the API calls it."""


def _matter(language: Language) -> Mapping[str, object]:
    say = words(language)
    return {
        "waits": {name: say(f"my_record.what.{name}") for name in WAITS},
        "events": {alias: event_in_words(alias, language) for alias in EVENTS},
    }


MY_RECORD = StaffPage("/my-record", "reviewer_record", ("my_record",), _matter)
