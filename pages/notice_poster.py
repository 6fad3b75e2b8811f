"""A notice as a poster for a wall: A3, read from two metres away, with a code that leads to the notice itself."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, cast

from domain.date_words import in_words
from domain.law import Language
from pages.address_code import address_code
from pages.public_notice import candidate_facts, notice_address
from pages.tagged_pdf import families, legible, tagged_pdf
from pages.translations import LANGUAGE_TAGS, words
from pages.typesetting import timezone_in_words
from projections.visible_notice import Standing, VisibleNotice

TEMPLATE = Path(__file__).with_name("templates") / "notice_poster.typ"


def notice_poster(notice: VisibleNotice, language: Language, *, public_url: str) -> bytes:
    """The poster as a tagged PDF; it shows who is proposed as far as the notice does, and is the same bytes each time.

    It takes its time and the processor: call it in a thread.

    Refuses: GlyphMissing.
    """
    origin = public_url.rstrip("/")
    address = f"{origin}{notice_address(notice.notice_id, language)}"
    made = datetime.combine(notice.versions[-1].on, time(), UTC)
    return tagged_pdf(TEMPLATE, _matter(notice, language, origin, made), made, {"code": address_code(address)})


def _matter(notice: VisibleNotice, language: Language, origin: str, made: datetime) -> dict[str, Any]:
    """What the template is given. All of it is data to it, and no part of it is markup."""
    say, address = words(language), f"{origin}{notice_address(notice.notice_id, language)}"
    runs = notice.standing in (Standing.TO_OPEN, Standing.OPEN, Standing.CLOSES_TODAY)
    closes_on = in_words(notice.window.closes_on, language)
    text = {
        "title": f"{say('notice.title', number=notice.number)} · {notice.post_title}",
        "gazette": say("site.name"),
        "number": say("notice.number", number=notice.number),
        "published": say("notice.published", on=in_words(notice.opened_on, language)),
        "post": notice.post_title,
        "of": f"{notice.unit} · {notice.rank.in_(language)}",
        "who": say("who.title"),
        "candidates": [_facts(candidate, language) for candidate in notice.candidates],
        "nobody": say("who.to_come") if notice.standing is Standing.TO_OPEN else say("who.taken_down"),
        "until": say("poster.until" if runs else "poster.ended"),
        "closes_on": closes_on,
        "midnight": say("poster.midnight", timezone=timezone_in_words(notice.timezone, language)),
        "held": say("mark.held") if notice.open_objections else "",
        "provisional": say("state.provisional_more") if notice.window.provisional else "",
        "how": say("object.how", closes_on=closes_on) if runs else say("object.over", closes_on=closes_on),
        "object": say("object.title"),
        "to": notice.objections_to.in_(language),
        "scan": say("poster.scan"),
        "code_says": say("poster.code", address=address),
        "address": address,
        "foot": f"{say('record.recorded', position=notice.versions[-1].position)} · {notice.versions[-1].hash}",
        "proof": f"{say('record.proof_at')}: {origin}/log/proof/notices/{notice.notice_id}",
        "version": say("versions.number", n=notice.versions[-1].number),
    }
    dated = {name: getattr(made, name) for name in ("year", "month", "day", "hour", "minute", "second")}
    kept = {"lang": LANGUAGE_TAGS[language].partition("-")[0], "fonts": families(), "made": dated, "runs": runs}
    return cast(dict[str, Any], legible(text)) | kept


def _facts(candidate: Any, language: Language) -> list[dict[str, Any]]:
    return [
        {"label": fact.label, "says": fact.says, "name": fact.is_name} for fact in candidate_facts(candidate, language)
    ]
