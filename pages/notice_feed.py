"""Feeds of what becomes of notices, as Atom and as JSON Feed: they name nobody, since a feed cannot be taken back.

The same notices give the same bytes. An entry keeps its id for good; those of a notice that has done its work are
declared deleted, and its last entry says that its names are not shown any longer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

import orjson

from domain.date_words import in_words
from domain.law import Language
from domain.notice_filter import NoticeFilter
from pages.notice_list import list_address
from pages.public_notice import notice_address
from pages.translations import LANGUAGE_TAGS, other, words
from projections.notice_change import NoticeChange, changes
from projections.visible_notice import VisibleNotice

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
_NO_XML_TEXT = dict.fromkeys({*range(32), 0xFFFE, 0xFFFF} - {9, 10, 13})
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one notice, as a feed tells of it."""

    id: str
    notice: VisibleNotice
    change: NoticeChange
    deleted_at: datetime | None

    @property
    def order(self) -> tuple[datetime, int, int]:
        return (self.change.at, self.notice.position, self.change.number + self.change.became.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A page of a feed: what is asked for, what came of it, and where its earlier part is."""

    language: Language
    wanted: NoticeFilter
    notices: Sequence[VisibleNotice]
    origin: str
    cursor: int | None = None
    before: int | None = None

    @property
    def entries(self) -> list[Entry]:
        """Every change of every notice of the page, the latest first."""
        found = [entry for notice in self.notices for entry in _entries(notice)]
        return sorted(found, key=lambda entry: entry.order, reverse=True)

    @property
    def updated(self) -> datetime:
        """When anything in it last changed; the same for every feed that has nothing in it."""
        return max((entry.change.at for entry in self.entries), default=_BEGINNING)

    def address(self, extension: str, language: Language | None = None, cursor: int | None = None) -> str:
        """Where it stands, as the form of that extension."""
        asked = self.wanted.in_address()
        if cursor is not None:
            asked = f"{asked}&cursor={cursor}".lstrip("&")
        return self.origin + feed_address(language or self.language, extension) + (f"?{asked}" if asked else "")

    @property
    def page(self) -> str:
        """The page of which it tells."""
        return self.origin + list_address(self.wanted, self.language)


def feed_address(language: Language, extension: str) -> str:
    """Where a feed of every notice stands; with a filter's query, the feed of what it finds."""
    return f"/{language}/feed.{extension}"


def _entries(notice: VisibleNotice) -> Iterator[Entry]:
    made = changes(notice)
    ended_at = made[-1].at if notice.gone and made else None
    for change in made:
        deleted_at = None if change.became.ends else ended_at
        yield Entry(_entry_id(notice.notice_id, change), notice, change, deleted_at)


def _entry_id(notice_id: str, change: NoticeChange) -> str:
    """The same for good, wherever the service stands.

    Source: RFC 4287, 4.2.6; RFC 9562, 5.5.
    """
    told_apart = "end" if change.became.ends else str(change.number)
    return uuid5(NAMESPACE_URL, f"investiture/notice/{notice_id}/{told_apart}").urn


def atom_feed(feed: Feed) -> bytes:
    """The feed as Atom, with deleted entries.

    Source: RFC 4287; RFC 6721; RFC 5005, 3.
    """
    say, tag = words(feed.language), LANGUAGE_TAGS[feed.language]
    there = other(feed.language)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" '
        f'xml:lang="{tag}">',
        f"<id>{_text(feed.address('atom', cursor=feed.cursor))}</id>",
        f"<title>{_text(_title(feed))}</title>",
        f"<subtitle>{_text(say('feed.names_nobody'))}</subtitle>",
        f"<updated>{_instant(feed.updated)}</updated>",
        f"<author><name>{_text(say('site.name'))}</name></author>",
        _link("self", feed.address("atom", cursor=feed.cursor), ATOM),
        _link("alternate", feed.page, "text/html", tag),
        _link("alternate", feed.address("atom", there), ATOM, LANGUAGE_TAGS[there]),
        _link("alternate", feed.address("json"), JSON_FEED, tag),
    ]
    if feed.before is not None:
        lines.append(_link("next", feed.address("atom", cursor=feed.before), ATOM))
    lines += [_atom_entry(entry, feed) for entry in feed.entries]
    return ("\n".join([*lines, "</feed>"]) + "\n").encode()


def _atom_entry(entry: Entry, feed: Feed) -> str:
    if entry.deleted_at is not None:
        comment = _text(words(feed.language)("feed.deleted"))
        when = _instant(entry.deleted_at)
        return f'<at:deleted-entry ref="{entry.id}" when="{when}"><at:comment>{comment}</at:comment></at:deleted-entry>'
    notice, tag = entry.notice, LANGUAGE_TAGS[feed.language]
    return "\n".join(
        (
            "<entry>",
            f"<id>{entry.id}</id>",
            f"<title>{_text(_headline(entry, feed.language))}</title>",
            f"<published>{_instant(entry.change.at)}</published>",
            f"<updated>{_instant(entry.change.at)}</updated>",
            _link("alternate", feed.origin + notice_address(notice.notice_id, feed.language), "text/html", tag),
            f"<category term={quoteattr(str(entry.change.became))}/>",
            f"<summary>{_text(_summary(entry, feed.language))}</summary>",
            "</entry>",
        )
    )


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed, where what is deleted is left out.

    Source: JSON Feed, version 1.1.
    """
    say = words(feed.language)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(feed),
        "description": say("feed.names_nobody"),
        "home_page_url": feed.page,
        "feed_url": feed.address("json", cursor=feed.cursor),
        "language": LANGUAGE_TAGS[feed.language],
        "authors": [{"name": say("site.name"), "url": f"{feed.origin}/{feed.language}/"}],
        "items": [_item(entry, feed) for entry in feed.entries if entry.deleted_at is None],
    }
    if feed.before is not None:
        document["next_url"] = feed.address("json", cursor=feed.before)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _item(entry: Entry, feed: Feed) -> dict[str, object]:
    return {
        "id": entry.id,
        "url": feed.origin + notice_address(entry.notice.notice_id, feed.language),
        "title": _headline(entry, feed.language),
        "content_text": _summary(entry, feed.language),
        "date_published": _instant(entry.change.at),
        "date_modified": _instant(entry.change.at),
        "language": LANGUAGE_TAGS[feed.language],
        "tags": [str(entry.change.became)],
        "_investiture": {
            "about": f"{feed.origin}/api/v1/open-data/schema.json",
            "notice_id": entry.notice.notice_id,
            "change": entry.change.became,
            "version": entry.change.number,
            "position": entry.change.position,
            "hash": entry.change.hash,
            "gone": entry.notice.gone is not None,
        },
    }


def _title(feed: Feed) -> str:
    """What it is a feed of; the words that a reader searched for are not repeated, since they may be a name."""
    return words(feed.language)("feed.title_of_search" if feed.wanted.in_address() else "feed.title")


def _headline(entry: Entry, language: Language) -> str:
    notice = entry.notice
    return words(language)(
        f"feed.{entry.change.became}", number=notice.number, post=notice.post_title, unit=notice.unit
    )


def _summary(entry: Entry, language: Language) -> str:
    """Unit, rank and days; no name, and nothing that somebody wrote of a person."""
    say, notice = words(language), entry.notice
    said = say(
        "feed.summary",
        unit=notice.unit,
        rank=notice.rank.in_(language),
        opens_on=in_words(notice.window.opens_on, language),
        closes_on=in_words(notice.ended_on or notice.window.closes_on, language),
    )
    if not (entry.change.became.ends and notice.gone):
        return said
    return f"{said}{'' if language == 'zh' else ' '}{say('feed.gone')}"


def _link(rel: str, address: str, kind: str, tag: str | None = None) -> str:
    of = f' hreflang="{tag}"' if tag else ""
    return f'<link rel="{rel}" href={quoteattr(address)} type="{kind.partition(";")[0]}"{of}/>'


def _text(said: str) -> str:
    """Text of an XML document, without the signs that XML cannot hold."""
    return escape(said.translate(_NO_XML_TEXT))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
