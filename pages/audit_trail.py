"""The page on which auditors and meetings read the audit trail, and the words of what was recorded."""

from dataclasses import replace

from domain.catalogue import EVENTS
from domain.law import Language
from domain.technical import TECHNICAL
from pages.staff_page import StaffPage
from pages.translations import TRANSLATIONS

_KIND = "audit.kind."
FILTERS = ("organ", "officer", "stage", "rule", "pack", "command", "from_position", "to_position")
"""Conditions that are written, in the order in which they stand on the page."""


def event_in_words(alias: str, language: Language) -> str:
    """A type of event as a clerk calls it; one that has no words yet still shows itself."""
    said = TRANSLATIONS.get(f"event.{alias}")
    return said.in_(language) if said else alias.replace("_", " ")


def _events(language: Language) -> list[tuple[str, str]]:
    """Every type of event with its words; those that only keep the record going come last."""
    said = [(alias, event_in_words(alias, language)) for alias in EVENTS]
    return sorted(said, key=lambda found: found[0] in TECHNICAL)


def _matter(language: Language) -> dict[str, object]:
    kinds = {key.removeprefix(_KIND): said.in_(language) for key, said in TRANSLATIONS.items() if key.startswith(_KIND)}
    return {"case_id": "", "events": _events(language), "kinds": kinds, "filters": FILTERS}


AUDIT_TRAIL = StaffPage("/audit", "audit_trail", ("audit",), _matter)
AUDIT_TRAIL_OF_A_CASE = replace(AUDIT_TRAIL, path="/audit/cases/{case_id}")
