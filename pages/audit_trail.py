"""The page on which auditors and meetings read the audit trail, and the words of what was recorded.

The page holds nothing of any case: its script asks the API with the reader's own token, and forgets both.
"""

from domain.catalogue import EVENTS
from domain.law import Confidence, Language
from domain.technical import TECHNICAL
from pages.pack_words import CONFIDENCE
from pages.translations import TRANSLATIONS, other
from pages.typesetting import set_page, template

_PAGE = template("audit_trail.html")
_KIND = "audit.kind."
FILTERS = ("organ", "officer", "stage", "rule", "pack", "command", "from_position", "to_position")
"""Conditions that are written, in the order in which they stand on the page."""


def audit_address(language: Language, case_id: str | None = None) -> str:
    """Where the trail is read: of the whole log, or of one case."""
    return f"/{language}/audit" + (f"/cases/{case_id}" if case_id else "")


def audit_page(language: Language, *, public_url: str, case_id: str | None = None) -> str:
    """The form, and the sheet that its script fills in; the same for everybody."""
    return set_page(
        _PAGE,
        language,
        origin=public_url.rstrip("/"),
        here=audit_address(language, case_id),
        there=audit_address(other(language), case_id),
        case_id=case_id or "",
        events=_events(language),
        kinds={
            key.removeprefix(_KIND): said.in_(language) for key, said in TRANSLATIONS.items() if key.startswith(_KIND)
        },
        filters=FILTERS,
        confidences={str(level): CONFIDENCE[level].in_(language) for level in Confidence},
        verified=str(Confidence.CONFIRMED),
    )


def event_in_words(alias: str, language: Language) -> str:
    """A type of event as a clerk calls it; one that has no words yet still shows itself."""
    said = TRANSLATIONS.get(f"event.{alias}")
    return said.in_(language) if said else alias.replace("_", " ")


def _events(language: Language) -> list[tuple[str, str]]:
    """Every type of event with its words; those that only keep the record going come last."""
    said = [(alias, event_in_words(alias, language)) for alias in EVENTS]
    return sorted(said, key=lambda found: found[0] in TECHNICAL)
