"""A page that was rendered is sent again as long as what it was rendered from is the same, and not a moment longer."""

import asyncio
import gzip
from functools import partial

from api.kept_pages import MOST_PAGES, KeptPages, Page
from tests.desk import NOMINEE, Desk


async def said(mark: int) -> int:
    return mark


async def test_a_page_is_rendered_again_when_its_mark_changes_and_the_one_asked_for_longest_ago_goes_first() -> None:
    kept, rendered = KeptPages(), 0

    async def render() -> Page:
        nonlocal rendered
        rendered += 1
        return Page.of(str(rendered), {})

    async def asked(address: str, mark: int) -> int:
        page = await kept.page(address, partial(said, mark), render)
        return int(page.body)

    assert [await asked("/a", mark) for mark in (1, 1, 2)] == [1, 1, 2]
    for number in range(MOST_PAGES):
        await asked(f"/{number}", 0)
    assert await asked(f"/{MOST_PAGES - 1}", 0) == MOST_PAGES + 2
    assert await asked("/a", 2) == MOST_PAGES + 3


async def test_readers_who_ask_at_the_same_time_share_one_look() -> None:
    kept, looks = KeptPages(), 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)
        return looks

    async def render() -> Page:
        return Page.of("page", {})

    await asyncio.gather(*(kept.page("/a", look, render) for _ in range(10)))
    assert looks == 1
    await kept.page("/a", look, render)
    assert looks == 2


async def test_a_reader_who_has_the_page_is_sent_nothing_and_one_who_can_unpack_it_packed(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed(NOMINEE)
    await desk.project()
    address = f"/en/notices/{notice_id}"
    plain = await desk.http.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.headers["vary"] == "Accept-Encoding"
    again = await desk.http.get(address, headers={"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = await desk.http.get(address, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip" and packed.text == plain.text
    assert len(gzip.compress(plain.content)) < len(plain.content) / 2
    assert plain.headers["cache-control"] == "no-cache"
