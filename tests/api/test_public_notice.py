"""Opening a notice through the door, and the pages and open data that the public reads without a token."""

import httpx2
import pytest

from tests.desk import Desk
from tests.examples import at


async def anonymous(desk: Desk, path: str, method: str = "GET", **headers: str) -> httpx2.Response:
    return await desk.http.request(method, path, headers=headers)


async def test_a_notice_opens_for_the_shortest_lawful_window_and_says_when_it_closes(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    answer = await desk.post(f"/cases/{case_id}/public-notices", {})
    assert answer.status_code == 201
    window = answer.json()["events"][0]["window"]
    assert (window["opens_on"], window["closes_on"]) == ("2026-03-02", "2026-03-09")
    assert "public_notice" in [clock["timer"] for clock in answer.json()["clocks"]]


async def test_a_shorter_window_is_refused_with_the_earliest_lawful_day(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    answer = await desk.post(f"/cases/{case_id}/public-notices", {"closes_on": "2026-03-04"})
    assert answer.status_code == 409
    assert answer.json()["field"] == "closes_on"
    assert answer.json()["facts"]["earliest_close_on"] == "2026-03-09"


async def test_the_public_reads_page_and_data_without_a_token(desk: Desk) -> None:
    _, candidates, notice_id = await desk.noticed()
    await desk.project()
    for language in ("en", "zh"):
        page = await anonymous(desk, f"/{language}/notices/{notice_id}")
        assert page.status_code == 200 and "Amina Okafor" in page.text
        assert page.headers["X-Robots-Tag"].startswith("noindex")
        listed = await anonymous(desk, f"/{language}/")
        assert notice_id in listed.text and "Okafor" not in listed.text
    data = (await anonymous(desk, f"/api/v1/notices/{notice_id}")).json()
    assert data["candidates"] == [
        {"candidate_id": candidates[0], "full_name": "Amina Okafor", "education": "LL.B."},
    ]
    both = (await anonymous(desk, "/api/v1/notices")).json()
    assert [found["notice_id"] for found in both["open"]] == [notice_id] and both["recent"] == []


async def test_a_notice_that_opens_later_names_nobody_before_its_first_day(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    opened = await desk.done(f"/cases/{case_id}/public-notices", {"opens_on": "2026-03-05"})
    notice_id = opened["events"][0]["notice_id"]
    await desk.project()
    paths = (f"/en/notices/{notice_id}", f"/zh/notices/{notice_id}", f"/api/v1/notices/{notice_id}", "/api/v1/notices")
    for path in paths:
        assert "Okafor" not in (await anonymous(desk, path)).text
    desk.clock.at = at("2026-03-05", timezone="Europe/London")
    for path in paths:
        assert "Okafor" in (await anonymous(desk, path)).text


async def test_heads_of_pages_are_answered_without_a_body(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed()
    await desk.project()
    for path in ("/en/", f"/zh/notices/{notice_id}", "/static/gazette.css", "/api/docs"):
        answer = await anonymous(desk, path, "HEAD")
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(("language", "leads_to"), [("zh-CN,zh;q=0.9", "/zh/"), ("en", "/en/"), ("fr", "/en/")])
async def test_addresses_without_a_language_lead_to_the_readers(desk: Desk, language: str, leads_to: str) -> None:
    answer = await anonymous(desk, "/", **{"Accept-Language": language})
    assert (answer.status_code, answer.headers["Location"]) == (307, leads_to)
    notice = await anonymous(desk, "/notices/0123456789ab", **{"Accept-Language": language})
    assert notice.headers["Location"] == f"{leads_to}notices/0123456789ab"


async def test_there_is_no_notice_at_a_made_up_address(desk: Desk) -> None:
    await desk.project()
    for notice_id in ("0123456789ab", "x", "a%00b", "..%2f..%2fetc", "%F0%9F%92%A9" * 3, "a" * 5000):
        for prefix in ("/en", "/zh", "/fr", ""):
            answer = await anonymous(desk, f"{prefix}/notices/{notice_id}")
            assert answer.status_code in (307, 404), prefix
        data = await anonymous(desk, f"/api/v1/notices/{notice_id}")
        assert data.status_code in (404, 422)
        assert data.headers["Content-Type"] == "application/problem+json"
