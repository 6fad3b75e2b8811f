"""Anybody looks for notices; what they look for is the address, and a name is found only while it is shown."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.notice_filter import NoticeFilter, NoticeState
from projections.notice_list import find_notices
from tests.desk import Desk

POST = {"post_id": "registry/keeper"}


async def ids(desk: Desk, query: str) -> list[str]:
    answer = await desk.http.get(f"/en/notices{query}")
    assert answer.status_code == 200, answer.headers.get("Location")
    results = answer.text.partition('id="results"')[2]
    return [line.split('"')[0] for line in results.split('href="/en/notices/')[1:]]


async def test_a_notice_is_found_by_what_a_person_would_type(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed()
    await desk.project()
    for query in ("", "?q=head+clerk", "?q=CLER", "?organ=Registry", "?post=head", "?place=GB-ENG&state=open"):
        assert await ids(desk, query) == [notice_id], query
    for query in (
        "?q=lerk",
        "?organ=Harbour",
        "?place=CN",
        "?state=closed",
        "?to_on=2026-03-01",
        "?from_on=2026-03-10",
    ):
        assert await ids(desk, query) == [], query


async def test_a_name_finds_its_notice_only_while_it_is_shown(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    await desk.project()
    assert await ids(desk, "?q=okafor") == [notice_id]
    answer = await desk.http.get("/en/notices?q=okafor")
    assert answer.headers["X-Robots-Tag"].startswith("noindex") and answer.headers["Cache-Control"] == "no-cache"
    await desk.run_out(case_id, "public_notice")
    await desk.project()
    assert await ids(desk, "?q=okafor") == [] and await ids(desk, "?q=clerk") == [notice_id]


async def test_what_a_form_leaves_empty_does_not_stay_in_the_address(desk: Desk) -> None:
    await desk.project()
    answer = await desk.http.get("/zh/notices?q=+clerk+&organ=&state=&from_on=&utm_source=x")
    assert (answer.status_code, answer.headers["Location"]) == (307, "/zh/notices?q=clerk")
    assert "form-action 'self'" in (await desk.http.get("/zh/notices?q=clerk")).headers["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["from_on=31-06-2026", "state=lost", "q=" + "x" * 201, "place=" + "x" * 21])
async def test_what_cannot_be_read_is_said_at_its_field(desk: Desk, query: str) -> None:
    await desk.project()
    answer = await desk.http.get(f"/en/notices?{query}")
    assert answer.status_code == 422 and f'id="wrong-{query.partition("=")[0]}"' in answer.text


@pytest.mark.parametrize("after", ["x", "9999-99-99.1", "-1", "1" * 20, "2026-03-09."])
async def test_a_made_up_page_is_not_there(desk: Desk, after: str) -> None:
    await desk.project()
    assert (await desk.http.get(f"/en/notices?after={after}")).status_code == 404


async def test_a_list_is_read_page_by_page(desk: Desk) -> None:
    known = [(await desk.noticed(pack="standard", post_id=f"registry/{place}"))[2] for place in range(3)]
    await desk.project()
    position = await desk.house.pool.fetchval("SELECT max(position) FROM read_model.public_notice")
    assert await ids(desk, "") == known[::-1]
    assert await ids(desk, f"?after={position}") == known[1::-1]
    assert await ids(desk, f"?state=open&after=2026-03-09.{position}") == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Europe/London", "Pacific/Pago_Pago"])
async def test_a_notice_changes_its_state_at_midnight_where_it_stands(desk: Desk, zone: str) -> None:
    _, _, notice_id = await desk.noticed()
    await desk.project()
    opens_on, closes_on = date(2026, 3, 10), date(2026, 3, 17)
    await desk.house.pool.execute(
        """UPDATE read_model.public_notice SET timezone = $1, opens_on = $2, closes_on = $3,
        notice = notice || jsonb_build_object('timezone', $1::text, 'window',
            (notice -> 'window') || jsonb_build_object('opens_on', $2::date, 'closes_on', $3::date))""",
        zone,
        opens_on,
        closes_on,
    )
    minute = timedelta(minutes=1)
    begins = datetime.combine(opens_on, time(), ZoneInfo(zone))
    ends = datetime.combine(closes_on, time(), ZoneInfo(zone)) + timedelta(days=1)
    for at, state in (
        (begins - minute, NoticeState.TO_COME),
        (begins, NoticeState.OPEN),
        (ends - minute, NoticeState.OPEN),
        (ends, NoticeState.CLOSED),
    ):
        for asked in (NoticeState.TO_COME, NoticeState.OPEN, NoticeState.CLOSED):
            found = await find_notices(desk.house.pool, NoticeFilter(state=asked), at)
            assert [one.notice_id for one in found.notices] == ([notice_id] if asked is state else []), (at, asked)
