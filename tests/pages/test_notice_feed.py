"""Feeds keep to their standards in both languages, are the same bytes for the same notices, and name nobody."""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any, get_args
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from domain.law import Language
from domain.notice_filter import NoticeFilter
from pages.notice_feed import Feed, atom_feed, feed_address, json_feed
from projections.notice_change import unnamed
from projections.visible_notice import Change, NoticeVersion, PublicNotice
from tests.pages.notices import AFTERWARDS, CHINESE, ENGLISH, PUBLIC_URL, WHILE_OPEN, held, on
from tests.pages.versions import versioned

ATOM, AT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
LANGUAGES = get_args(Language)
OPENED = versioned(CHINESE)
CORRECTED = versioned(
    ENGLISH, NoticeVersion(2, Change.CORRECTED, date(2026, 10, 8), 180, "a" * 64, "The unit was misspelt.")
)


def feed(*notices: PublicNotice, language: Language = "en", day: date = WHILE_OPEN, **more: Any) -> Feed:
    seen = [unnamed(on(notice, day)) for notice in notices]
    made: dict[str, Any] = {"wanted": NoticeFilter(), "origin": PUBLIC_URL, **more}
    return Feed(language=language, notices=seen, **made)


def valid_atom(document: bytes) -> ElementTree.Element:
    """What RFC 4287 and RFC 6721 ask of a feed, held against it."""
    root = ElementTree.fromstring(document)
    assert root.tag == f"{ATOM}feed"
    _has_what_each_needs(root)
    assert root.find(f"{ATOM}author/{ATOM}name") is not None  # stands for every entry, 4.1.2
    links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in root.findall(f"{ATOM}link")]
    assert len(set(links)) == len(links) and [rel for rel, *_ in links].count("self") == 1
    for entry in root.findall(f"{ATOM}entry"):
        _has_what_each_needs(entry)
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        assert len(entry.findall(f"{ATOM}summary")) == 1
    deleted = root.findall(f"{AT}deleted-entry")
    for tombstone in deleted:
        assert tombstone.get("ref") and _instant(str(tombstone.get("when")))
    ids = [str(found.text) for found in root.findall(f"{ATOM}entry/{ATOM}id")] + [str(it.get("ref")) for it in deleted]
    assert len(set(ids)) == len(ids)
    return root


def _has_what_each_needs(of: ElementTree.Element) -> None:
    for name in ("id", "title", "updated"):
        assert len(of.findall(ATOM + name)) == 1, name
    said = of.find(f"{ATOM}id")
    assert said is not None and said.text and urlsplit(said.text).scheme in ("http", "https", "urn")
    updated = of.find(f"{ATOM}updated")
    assert updated is not None and _instant(str(updated.text))


def _instant(said: str) -> datetime:
    """An RFC 3339 instant with its zone."""
    at = datetime.fromisoformat(said)
    assert at.tzinfo is not None and "T" in said
    return at


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", [date(2026, 9, 1), WHILE_OPEN, AFTERWARDS])
def test_atom_has_all_that_the_standard_asks_for(language: Language, day: date) -> None:
    root = valid_atom(atom_feed(feed(OPENED, CORRECTED, language=language, day=day, before=7)))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == {"en": "en", "zh": "zh-Hans"}[language]
    following = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "next"]
    assert following == [f"{PUBLIC_URL}/{language}/feed.atom?cursor=7"]


def test_a_feed_with_nothing_in_it_is_one_still() -> None:
    valid_atom(atom_feed(feed()))
    assert json.loads(json_feed(feed()))["items"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_feed_has_all_that_the_standard_asks_for(language: Language) -> None:
    said = json.loads(json_feed(feed(OPENED, CORRECTED, language=language, before=7)))
    assert said["version"] == "https://jsonfeed.org/version/1.1" and said["title"]
    assert said["feed_url"] == f"{PUBLIC_URL}/{language}/feed.json"
    assert said["next_url"] == f"{PUBLIC_URL}/{language}/feed.json?cursor=7"
    assert len({item["id"] for item in said["items"]}) == len(said["items"]) == 3
    for item in said["items"]:
        assert item["url"].startswith(f"{PUBLIC_URL}/{language}/notices/") and item["content_text"] and item["title"]
        assert _instant(item["date_published"]) <= _instant(item["date_modified"])
        assert all(name.startswith("_") or not isinstance(item[name], dict) for name in item)


def test_each_version_is_an_entry_the_latest_first() -> None:
    items = json.loads(json_feed(feed(CORRECTED)))["items"]
    assert [(item["tags"], item["_investiture"]["version"]) for item in items] == [(["corrected"], 2), (["opened"], 1)]
    assert items[0]["date_modified"] == "2026-10-07T23:00:00Z"  # midnight in London, in summer time


def test_what_has_done_its_work_is_deleted_and_its_last_entry_says_so() -> None:
    standing = valid_atom(atom_feed(feed(OPENED)))
    over = valid_atom(atom_feed(feed(OPENED, day=AFTERWARDS)))
    before = [entry.findtext(f"{ATOM}id") for entry in standing.findall(f"{ATOM}entry")]
    assert [found.get("ref") for found in over.findall(f"{AT}deleted-entry")] == before
    (last,) = over.findall(f"{ATOM}entry")
    assert "has closed" in str(last.findtext(f"{ATOM}title"))
    assert "Nobody is named" in str(last.findtext(f"{ATOM}summary"))
    assert [item["tags"] for item in json.loads(json_feed(feed(OPENED, day=AFTERWARDS)))["items"]] == [["closed"]]


def test_a_notice_that_is_held_has_closed_and_is_not_deleted_yet() -> None:
    root = valid_atom(atom_feed(feed(held(OPENED, 1), day=AFTERWARDS)))
    assert root.findall(f"{AT}deleted-entry") == [] and len(root.findall(f"{ATOM}entry")) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("write", [atom_feed, json_feed])
def test_nobody_is_named_and_the_same_notices_give_the_same_bytes(language: Language, write: Any) -> None:
    for day in (WHILE_OPEN, AFTERWARDS):
        made = write(feed(OPENED, CORRECTED, language=language, day=day))
        assert made == write(feed(OPENED, CORRECTED, language=language, day=day))
        for name in ("龑文澜", "Oduya", "Eddlestone", "Saltmouth", "misspelt"):
            assert name not in made.decode()


def test_a_search_is_in_the_address_and_its_words_in_no_title() -> None:
    asked = feed(OPENED, wanted=NoticeFilter(q="Marian Oduya", place="CN"))
    root = valid_atom(atom_feed(asked))
    assert root.findtext(f"{ATOM}id") == f"{PUBLIC_URL}/en/feed.atom?q=Marian+Oduya&place=CN"
    assert "Oduya" not in str(root.findtext(f"{ATOM}title"))


def test_text_that_xml_cannot_hold_does_not_break_a_feed() -> None:
    odd = replace(OPENED, post_title='A & B <script>"\x07\ufffe', unit="]]>")
    title = valid_atom(atom_feed(feed(odd))).findtext(f"{ATOM}entry/{ATOM}title")
    assert title is not None and 'A & B <script>"' in title and "]]>" in title


def test_entries_keep_their_ids_whatever_the_language_and_the_host() -> None:
    ids = {
        tuple(item["id"] for item in json.loads(json_feed(feed(CORRECTED, language=language, origin=origin)))["items"])
        for language in LANGUAGES
        for origin in (PUBLIC_URL, "https://other.example")
    }
    assert len(ids) == 1
    assert feed_address("zh", "atom") == "/zh/feed.atom"
