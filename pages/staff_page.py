"""How a page for staff is declared: it holds nothing of anybody, so it is the same for everybody.

Its script asks the API with the reader's own token, and forgets both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.law import Confidence, Language
from pages.pack_words import CONFIDENCE
from pages.translations import TRANSLATIONS, other, words
from pages.typesetting import set_page, template

STATES = ("empty", "unauthenticated", "not_allowed", "missing", "malformed", "offline", "fault")
"""What can stand in the place of an answer."""

PARTS = (
    *("title", "for_staff", "lead", "no_script", "no_script_next", "form", "token", "token_hint", "ask", "asking"),
    *("footer", *(f"{state}.{part}" for state in STATES for part in ("title", "next"))),
)
"""What every such page says, in words of its own or in those that all of them share."""


def _nothing(_: Language) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page by its address, its template and its words; its script has the template's name."""

    path: str
    stem: str
    groups: tuple[str, ...]
    matter: Callable[[Language], Mapping[str, object]] = _nothing

    def __post_init__(self) -> None:
        template(f"{self.stem}.html")  # one that cannot be read stops the program at its start

    def address(self, language: Language, **named: object) -> str:
        """Where it stands; what its path names in braces is put in."""
        return f"/{language}{self.path.format(**named)}"

    def key(self, part: str) -> str:
        """Under which words it says a part: its own before those that all pages for staff share."""
        return next(key for group in (*self.groups, "staff") if (key := f"{group}.{part}") in TRANSLATIONS)

    def in_(self, language: Language, *, public_url: str, **more: object) -> str:
        """The form, and the sheets that its script fills in."""
        say = words(language)
        matter = {
            "stem": self.stem,
            "own": lambda part: say(self.key(part)),
            "states_of_asking": STATES,
            "origin": public_url.rstrip("/"),
            "here": self.address(language, **more),
            "there": self.address(other(language), **more),
            "confidences": {str(level): CONFIDENCE[level].in_(language) for level in Confidence},
            "verified": str(Confidence.CONFIRMED),
        }
        return set_page(template(f"{self.stem}.html"), language, **matter | dict(self.matter(language)) | more)
