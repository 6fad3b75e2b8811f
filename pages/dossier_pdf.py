"""A dossier on paper: PDF/A-3a and PDF/UA-1, the same bytes each time, with the proof inside."""

import re
from collections.abc import Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import orjson
import typst

from pages.dossier import Dossier
from pages.dossier_bundle import BundleFile, bundle
from pages.translations import LANGUAGE_TAGS

TEMPLATE = Path(__file__).with_name("templates") / "dossier.typ"
FONTS = ("Libertinus Serif", "Noto Serif CJK SC")
"""Latin, Greek and Cyrillic come with typst; Chinese is Debian's package `fonts-noto-cjk`."""
CHINESE_PACKAGE = "fonts-noto-cjk"
STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
SHORT_HASH = 16
_ILLEGIBLE = re.compile(
    r"[^\n\x20-\x7e\xa0-\xac\xae-\u02af\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u1e00-\u1eff"
    r"\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\u2260\u2264\u2265\u2460-\u24ff"
    r"\u3000-\u3029\u3030-\u303f\u3041-\u3096\u309b-\u30ff\u3400-\u4db5\u4e00-\u9fea\uac00-\ud7a3\ufe30-\ufe4f"
    r"\uff01-\uff9f\uffe0-\uffe6]"
)
"""What the two families have no form for. It is written as its code point: no character keeps a dossier back."""


class GlyphMissing(Exception):
    """No font of this machine has a character that the dossier needs. `package` is what usually brings it."""

    def __init__(self, what: str):
        super().__init__(
            f"The dossier cannot be set: {what} Install the fonts of Debian's package `{CHINESE_PACKAGE}` on the "
            "machine that serves the API, and ask again."
        )
        self.package = CHINESE_PACKAGE


def as_pdf(dossier: Dossier) -> bytes:
    """The dossier as a file. It takes its time and the processor: call it in a thread, which leaves others running.

    Refuses: GlyphMissing.
    """
    made = int(dossier.matter.last.recorded_at.timestamp())
    files = bundle(dossier.matter.stored, dossier.matter.published, dossier.language)
    inputs = {"matter": orjson.dumps(_matter(dossier, files)).decode()} | {file.name: file.content for file in files}
    try:
        found = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=_fonts(),
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=cast(Any, STANDARDS),
            timestamp=made,
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


def _matter(dossier: Dossier, files: Sequence[BundleFile]) -> dict[str, Any]:
    """What the template is given. All of it is data to it, and no part of it is markup."""
    t, matter = dossier.telling.t, dossier.matter
    recorded = matter.last.recorded_at.astimezone(UTC)
    first, last = matter.stored[0].position, matter.last.position
    return {
        "title": legible(dossier.title),
        "author": "Investiture",
        "recorded": {name: getattr(recorded, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "lang": LANGUAGE_TAGS[dossier.language].partition("-")[0],
        "fonts": families(),
        "pack": f"{matter.pack.title.in_(dossier.language)} ({matter.pinned})",
        "day": t("day_of", day=dossier.telling.day(matter.today)),
        "seal": t("seal"),
        "contents": t("parts"),
        "foot": f"{matter.case_id} · {t('foot', first=first, last=last, hash=matter.last.hash.hex()[:SHORT_HASH])}",
        "page": t("page"),
        "parts": [
            {
                "number": part.number,
                "heading": t("part", n=part.number, title=part.title),
                "blocks": legible(part.blocks),
            }
            for part in dossier.parts
        ],
        "files": [{"name": file.name, "type": file.type, "says": file.says} for file in files],
    }
