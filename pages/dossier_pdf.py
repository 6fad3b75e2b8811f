"""A dossier on paper: PDF/A-3a and PDF/UA-1, the same bytes each time, with the proof inside."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from pages.dossier import Dossier
from pages.dossier_bundle import BundleFile, bundle
from pages.tagged_pdf import families, legible, tagged_pdf
from pages.translations import LANGUAGE_TAGS

TEMPLATE = Path(__file__).with_name("templates") / "dossier.typ"
SHORT_HASH = 16


def as_pdf(dossier: Dossier) -> bytes:
    """The dossier as a file. It takes its time and the processor: call it in a thread, which leaves others running.

    Refuses: GlyphMissing.
    """
    files = bundle(dossier.matter.stored, dossier.matter.published, dossier.language)
    inside = {file.name: file.content for file in files}
    return tagged_pdf(TEMPLATE, _matter(dossier, files), dossier.matter.last.recorded_at, inside)


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
