"""Feeds over HTTP: for every notice and for any search, asked again cheaply, and never found by a name."""

import json

import httpx2
import pytest

from tests.desk import Desk
from tests.examples import at
from tests.pages.test_notice_feed import valid_atom

FEEDS = [f"/{language}/feed.{form}" for language in ("en", "zh") for form in ("atom", "json")]


async def read(desk: Desk, path: str, **headers: str) -> httpx2.Response:
    return await desk.http.get(path, headers=headers)


async def items(desk: Desk, query: str = "") -> list[list[str]]:
    found: list[list[str]] = [it["tags"] for it in (await read(desk, f"/en/feed.json{query}")).json()["items"]]
    return found


async def test_a_feed_follows_a_notice_to_its_end(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed()
    await desk.project()
    assert await items(desk) == [["opened"]]
    feed = await read(desk, "/en/feed.atom")
    assert feed.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert f"/en/notices/{notice_id}" in feed.text and "Okafor" not in feed.text
    valid_atom(feed.content)
    desk.clock.at = at("2026-03-10")
    assert await items(desk) == [["closed"]]


async def test_one_that_is_taken_down_says_so(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()
    assert await items(desk) == [["cut_short"]]


async def test_an_objection_keeps_the_entries_and_a_disposal_deletes_them(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await desk.objected(case_id)
    desk.clock.at = at("2026-03-10")
    await desk.project()
    assert await items(desk) == [["closed"], ["opened"]]
    await desk.disposed(case_id, objection, "dismissed")
    await desk.project()
    assert await items(desk) == [["closed"]]
    assert "deleted-entry" in (await read(desk, "/zh/feed.atom")).text


@pytest.mark.parametrize("path", FEEDS)
async def test_a_reader_who_has_it_is_not_sent_it_again(desk: Desk, path: str) -> None:
    await desk.noticed()
    await desk.project()
    first = await read(desk, path)
    same = await read(desk, path, **{"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert (same.status_code, same.content) == (304, b"") and same.headers["ETag"] == first.headers["ETag"]
    since = await read(desk, path, **{"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    assert (await read(desk, path, **{"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"})).status_code == 200
    assert (await read(desk, path, **{"If-Modified-Since": "last week"})).status_code == 200
    desk.clock.at = at("2026-03-10")
    assert (await read(desk, path, **{"If-None-Match": first.headers["ETag"]})).status_code == 200


async def test_any_search_is_a_feed_and_no_search_finds_a_name(desk: Desk) -> None:
    await desk.noticed()
    await desk.project()
    assert await items(desk, "?q=head+clerk") == await items(desk, "?organ=registry&state=open") == [["opened"]]
    for none in ("?q=okafor", "?q=LL.B.", "?organ=Water", "?state=closed"):
        assert await items(desk, none) == []
    assert (await read(desk, "/en/feed.atom?state=never")).status_code == 422
    assert (await read(desk, "/fr/feed.atom")).status_code == 404


async def test_a_long_feed_goes_on_until_every_notice_was_told(desk: Desk) -> None:
    ids = []
    for number in range(3):
        case_id, _ = await desk.trained(post_id=f"post-{number}")
        ids.append((await desk.done(f"/cases/{case_id}/public-notices", {}))["events"][0]["notice_id"])
        await desk.objected(case_id)
    await desk.project()
    # 53 rows more than the three would take an hour of cases; the same rows stand here under other ids.
    for number in range(50):
        await desk.house.pool.execute(
            "INSERT INTO read_model.public_notice SELECT (jsonb_populate_record(n, jsonb_build_object('notice_id', "
            "$1::text, 'position', position + $2, 'changed_at_position', changed_at_position + $2))).* "
            "FROM read_model.public_notice n WHERE notice_id = $3",
            f"copy{number:08}",
            1000 + number // 2,  # two by two at the same position
            ids[0],
        )
    address: str | None = "/en/feed.json"
    read_so_far: list[str] = []
    pages = 0
    while address:
        page = json.loads((await read(desk, address)).content)
        read_so_far += [it["url"] for it in page["items"]]
        address, pages = page.get("next_url"), pages + 1
    assert pages == 2 and len(read_so_far) == 53


async def test_pages_tell_of_the_feeds(desk: Desk) -> None:
    await desk.project()
    page = (await read(desk, "/zh/")).text
    assert '<link rel="alternate" type="application/atom+xml"' in page and 'href="/zh/feed.json"' in page
