"""Papers as PDF: tagged (PDF/UA-1), archivable (PDF/A-3a), and the same bytes each time."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import orjson
import typst

FONTS = ("Libertinus Serif", "Noto Serif CJK SC")
"""Latin, Greek and Cyrillic come with typst; Chinese is Debian's package `fonts-noto-cjk`."""
CHINESE_PACKAGE = "fonts-noto-cjk"
STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
_ILLEGIBLE = re.compile(
    r"[^\n\x20-\x7e\xa0-\xac\xae-\u02af\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u1e00-\u1eff"
    r"\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\u2260\u2264\u2265\u2460-\u24ff"
    r"\u3000-\u3029\u3030-\u303f\u3041-\u3096\u309b-\u30ff\u3400-\u4db5\u4e00-\u9fea\uac00-\ud7a3\ufe30-\ufe4f"
    r"\uff01-\uff9f\uffe0-\uffe6]"
)
"""What the two families have no form for. It is written as its code point: no character keeps a paper back."""


class GlyphMissing(Exception):
    """No font of this machine has a character that a paper needs. `package` is what usually brings it."""

    def __init__(self, what: str):
        super().__init__(
            f"The paper cannot be set: {what} Install the fonts of Debian's package `{CHINESE_PACKAGE}` on the "
            "machine that serves the API, and ask again."
        )
        self.package = CHINESE_PACKAGE


def tagged_pdf(template: Path, matter: Mapping[str, Any], made: datetime, files: Mapping[str, str]) -> bytes:
    """A template set with its matter, all of which is data to it, and with `files` that it may take in by their names.

    It takes its time and the processor: call it in a thread, which leaves others running.

    Refuses: GlyphMissing.
    """
    try:
        found = typst.compile(
            template,
            root=template.parent,
            font_paths=_fonts(),
            sys_inputs={"matter": orjson.dumps(matter).decode(), **files},
            format="pdf",
            pdf_standards=cast(Any, STANDARDS),
            timestamp=int(made.timestamp()),
        )
    except typst.TypstError as problem:
        if "could not be displayed" in problem.message or "unknown font" in problem.message:
            raise GlyphMissing(f"{problem.message}.") from problem
        raise
    assert isinstance(found, bytes)
    return found


def legible(value: Any) -> Any:
    """The same words, in which whatever cannot be set is written as its code point."""
    match value:
        case str():
            return _ILLEGIBLE.sub(lambda found: f"‹U+{ord(found[0]):04X}›", value)
        case list() | tuple():
            return [legible(part) for part in value]
        case dict():
            return {key: legible(part) for key, part in value.items()}
        case _:
            return value


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this machine, looked for once."""
    return typst.Fonts()


def families() -> list[str]:
    """The families that are there: one that is not is no fault until something needs it."""
    there = set(_fonts().families())
    return [family for family in FONTS if family in there]
