"""Why a case stands where it stands, through the door."""

import re
from datetime import timedelta

from tests.desk import MORNING, Desk, P, S


async def test_an_explanation_names_steps_rules_and_why_each_clock_ends(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    found = (await desk.get(f"/api/v1/cases/{case_id}/explanation", S)).json()
    assert (found["stage"], found["status"]) == ("public_notice", "open")
    clock = next(clock for clock in found["clocks"] if clock["timer"] == "public_notice")
    assert clock["rule"]["path"] == "notice.minimum" and clock["rule"]["verified"] is False
    assert clock["why"]["en"] and clock["why"]["zh"]
    assert [step["by"] for step in found["steps"]] == ["engine"]


async def test_the_track_shows_what_is_done_now_and_to_come_as_of_the_moment(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    desk.clock.at += timedelta(days=1)
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post is no longer needed."}, P)
    path = f"/api/v1/cases/{case_id}/explanation"
    before = (await desk.get(f"{path}?at={MORNING:%Y-%m-%dT%H:%M:%SZ}", S)).json()
    after = (await desk.get(path, S)).json()
    assert [stage["progress"] for stage in before["track"]][:4] == ["done", "done", "now", "to_come"]
    assert [stage["progress"] for stage in after["track"]][:4] == ["done", "done", "ended_here", "not_reached"]
    assert before["track"][0]["completed_on"] == before["track"][1]["began_on"] == "2026-03-02"
    assert (before["outcome"], after["outcome"]) == (None, "withdrawn")


async def test_a_rule_leads_to_its_place_on_a_page_that_shows_the_version_of_the_case(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    found = (await desk.get(f"/api/v1/cases/{case_id}/explanation", S)).json()
    rule = next(clock for clock in found["clocks"] if clock["timer"] == "public_notice")["rule"]
    assert rule["page"]["zh"] == "/zh/regimes/standard?version=1#notice.minimum"
    page = await desk.http.get(rule["page"]["en"])
    assert page.status_code == 200 and 'id="notice.minimum"' in page.text
    for unheard in ("2000", "no"):
        answer = await desk.http.get(f"/en/regimes/standard?version={unheard}")
        assert answer.status_code == (404 if unheard.isdecimal() else 200)


async def test_the_page_is_the_same_for_everybody_and_alone_may_run_a_script(desk: Desk) -> None:
    await desk.project()
    pages = [await desk.http.get(f"/{language}/explain") for language in ("en", "zh", "xx")]
    assert [page.status_code for page in pages] == [200, 200, 404]
    policies = [page.headers["Content-Security-Policy"] for page in (*pages, await desk.http.get("/en/"))]
    assert ["script-src 'self'" in policy for policy in policies] == [True, True, False, False]
    script = re.findall(r'src="(/static/explanation[^"]+)"', pages[0].text)
    answer = await desk.http.get(script[0])
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_a_case_is_explained_as_it_stood_and_not_before_it_was_opened(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    path = f"/api/v1/cases/{case_id}/explanation"
    before = await desk.get(f"{path}?at=2020-01-01T00:00:00Z", S)
    assert before.status_code == 404 and "Name a later moment" in before.json()["detail"]
    for moment in ("yesterday", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00%2B14:00"):
        wrong = await desk.get(f"{path}?at={moment}", S)
        assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "at", moment
