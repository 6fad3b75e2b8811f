"""The words of the pages in both languages, kept side by side so that neither can be forgotten."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from domain.law import Language, Text

TRANSLATIONS: Mapping[str, Text] = TypeAdapter(dict[str, Text]).validate_python(
    json.loads(Path(__file__).with_name("translations.json").read_text("utf-8"))
)
LANGUAGE_TAGS: Mapping[Language, str] = {"en": "en", "zh": "zh-Hans"}


class Words(Protocol):
    """Looks up the words under a key and sets facts into them."""

    def __call__(self, key: str, **facts: object) -> str: ...


@cache
def words(language: Language) -> Words:
    """The words of one language; a key that does not exist is a mistake of ours, not an empty space."""

    def say(key: str, **facts: object) -> str:
        return TRANSLATIONS[key].in_(language).format(**facts)

    return say


def other(language: Language) -> Language:
    """The language that a reader can change to."""
    return "en" if language == "zh" else "zh"


def field_label(field: str, language: Language) -> str:
    """A field of the particulars by the name people use; one that is not known yet still shows its own."""
    label = TRANSLATIONS.get(f"field.{field}")
    return label.in_(language) if label else field.replace("_", " ")


def section_label(section: str, language: Language) -> str:
    """A section of a pack by the name people use; one that is not known yet still shows its own."""
    label = TRANSLATIONS.get(f"regime.section.{section}")
    return label.in_(language) if label else section.replace("_", " ")
