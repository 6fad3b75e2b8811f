"""The last day of a notice as a calendar entry. It names nobody, because a calendar keeps what it was given."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDDDTypes, vText

from domain.law import Language
from pages.public_notice import notice_address
from pages.translations import LANGUAGE_TAGS, words
from pages.typesetting import timezone_in_words
from projections.visible_notice import VisibleNotice

MEDIA_TYPE = "text/calendar; charset=utf-8"


def notice_calendar(notice: VisibleNotice, language: Language, *, public_url: str) -> bytes:
    """The day until which one may object, whole, where the notice stands; taken back when the notice was.

    The same notice makes the same bytes, and a corrected or withdrawn one a later SEQUENCE of the same entry.
    Source: RFC 5545 (3.8.2.4, 3.8.7.4), RFC 5546 (3.2.5).
    """
    cancelled = notice.standing.ended_early
    calendar = Calendar()
    calendar.add("prodid", "-//Investiture//Public notices//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_event(notice, language, public_url.rstrip("/"), cancelled=cancelled))
    return bytes(calendar.to_ical())


def _event(notice: VisibleNotice, language: Language, origin: str, *, cancelled: bool) -> Event:
    say, tag = words(language), {"LANGUAGE": LANGUAGE_TAGS[language]}
    address = f"{origin}{notice_address(notice.notice_id, language)}"
    event = Event()
    event.add("uid", f"{notice.notice_id}@{urlsplit(origin).hostname or 'localhost'}")
    event.add("sequence", len(notice.versions) - 1 + cancelled)
    event.add("dtstamp", _stamp(notice))
    event["dtstart"] = vDDDTypes(notice.window.closes_on)
    event["dtend"] = vDDDTypes(notice.window.closes_on + timedelta(days=1))
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if notice.window.provisional else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", vText(say("calendar.summary", number=notice.number, post=notice.post_title)), parameters=tag)
    said = say(
        "calendar.cancelled" if cancelled else "calendar.says",
        post=notice.post_title,
        unit=notice.unit,
        timezone=timezone_in_words(notice.timezone, language),
        address=address,
    )
    event.add("description", vText(said), parameters=tag)
    event.add("url", address)
    return event


def _stamp(notice: VisibleNotice) -> datetime:
    """The beginning of the day of what changed last: a clock's reading would make other bytes each time."""
    changed = max(notice.versions[-1].on, notice.ended_on or notice.opened_on)
    return datetime.combine(changed, time(), ZoneInfo(notice.timezone)).astimezone(ZoneInfo("UTC"))
