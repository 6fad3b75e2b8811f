"""A survey through the door: its method, its codes, ballots without a token, the count, and what follows by itself."""

from datetime import timedelta
from typing import Any

import pytest

from runtime.survey import SurveyFollowUp
from tests.desk import A, D, Desk, P, S, V

CLASSES = [
    {"id": "leadership", "says": {"en": "Leadership", "zh": "领导班子成员"}, "size": 12},
    {"id": "staff", "says": {"en": "Staff", "zh": "干部职工代表"}, "size": 40},
]
METHOD = {
    "unit": "Registry",
    "owner": "personnel-department",
    "accepting": "supervision-organ",
    "classes": CLASSES,
}
WORK = ("overall", "daily", "rectification")
USE = {"use": "rectify", "index": "work_index", "says": "Objections are answered within ten days."}


async def method(desk: Desk) -> str:
    """The id of a method just published."""
    return str((await desk.done("/survey-methods", {"method": METHOD}, V))["method_id"])


async def proposed(desk: Desk, method_id: str, follows: str | None = None) -> str:
    """A survey that opens tomorrow for three days."""
    first = desk.clock().date() + timedelta(days=1)
    days = {"opens_on": first.isoformat(), "closes_on": (first + timedelta(days=2)).isoformat()}
    body = {"method_id": method_id, **days} | ({"follows": follows} if follows else {})
    return str((await desk.done("/surveys", body, V))["survey_id"])


async def codes(desk: Desk, survey: str, voter_class: str = "staff", number: int = 30) -> list[str]:
    answer = await desk.done(f"/surveys/{survey}/codes", {"voter_class": voter_class, "codes": number}, V)
    found: list[str] = answer["codes"]
    return found


def form(code: str, says: str = "satisfied", **more: str) -> dict[str, str]:
    return {"code": code, **{f"q-{question}": says for question in WORK}, "q-recognition": "recognise", **more}


async def casts(desk: Desk, survey: str, filled: dict[str, str], language: str = "en") -> Any:
    return await desk.http.post(f"/{language}/surveys/{survey}/ballot", data=filled)


async def counted(desk: Desk, method_id: str, *says: str, follows: str | None = None) -> str:
    """A survey in which thirty of the staff voted, so many of them each of these answers."""
    survey = await proposed(desk, method_id, follows)
    given = await codes(desk, survey)
    desk.clock.at += timedelta(days=1)
    for number, code in enumerate(given):
        assert (await casts(desk, survey, form(code, says[number % len(says)]))).status_code == 200
    desk.clock.at += timedelta(days=3)
    await desk.done(f"/surveys/{survey}/counts", {}, V)
    return survey


async def test_survey_is_asked_counted_and_published_and_opens_problems_by_itself(desk: Desk) -> None:
    method_id = await method(desk)
    first = await counted(desk, method_id, "very", "satisfied")
    await desk.project()
    follow_up = SurveyFollowUp(desk.house, desk.clock)
    assert await follow_up.sweep() == 0
    second = await counted(desk, method_id, "rather_not", "not", follows=first)
    await desk.project()
    assert await SurveyFollowUp(desk.house, desk.clock).sweep() == 2
    assert await SurveyFollowUp(desk.house, desk.clock).sweep() == 0, "the same problems, whoever looks again"
    await desk.project()
    problems = (await desk.get("/api/v1/problems?origin_kind=survey", A)).json()["problems"]
    assert {problem["type"] for problem in problems} == {"index_low", "index_fallen"}
    assert {problem["origin_id"] for problem in problems} == {second}
    assert {(problem["owner"], problem["accepting"]) for problem in problems} == {
        ("personnel-department", "supervision-organ")
    }
    third = await proposed(desk, method_id, follows=second)
    await desk.project()
    shown = (await desk.http.get(f"/api/v1/surveys/{third}")).json()
    assert (shown["last_mended"], shown["last_open"]) == (0, 2), "the next survey asks about them"
    desk.clock.at += timedelta(days=1)
    assert "2 were open" in (await desk.http.get(f"/en/surveys/{third}/ballot")).text


async def test_result_is_public_with_its_numbers_and_the_house_report_is_not(desk: Desk) -> None:
    survey = await counted(desk, await method(desk), "very", "satisfied")
    for role in (P, V, D):
        await desk.done(f"/surveys/{survey}/uses", USE, role)
    await desk.project()
    told = (await desk.http.get(f"/api/v1/surveys/{survey}")).json()
    assert (told["status"], told["codes"], told["report"]["ballots"]) == ("counted", 30, 30)
    (whole,) = [one for one in told["report"]["figures"] if one["question"] == "overall"]
    assert (whole["mean"], whole["n"], whole["population"]) == ("90.00", 30, 52), "a class of nobody hides both"
    assert len({use["organ"] for use in told["uses"]}) == 3
    for language, title in (("en", "Index of credibility"), ("zh", "公信度指数")):
        page = (await desk.http.get(f"/{language}/index")).text
        assert title in page and "<svg" in page and "90.0" in page and "30" in page
    table = (await desk.http.get("/api/v1/open-data/index.csv")).text
    assert "work_index,everybody,90.00" in table and "very=100 satisfied=80" in table
    for role in (P, S, D, A):
        assert (await desk.get(f"/api/v1/surveys/{survey}/house-report", role)).status_code == 403
    house = (await desk.get(f"/api/v1/surveys/{survey}/house-report", V)).json()
    assert {flag["kind"] for flag in house["report"]["flags"]} >= {"missing_class"}
    await desk.project()
    trail = await desk.get("/api/v1/audit-events?type=survey_house_report_read", A)
    assert len(trail.json()["events"]) == 1, "the reading is on record"
    assert (await desk.get("/api/v1/surveys/000000000000/house-report", V)).status_code == 404
    assert (await desk.http.get("/api/v1/surveys/000000000000")).status_code == 404


async def test_a_survey_that_is_withdrawn_says_why_everywhere_and_its_codes_are_destroyed(desk: Desk) -> None:
    method_id = await method(desk)
    survey = await proposed(desk, method_id)
    given = await codes(desk, survey)
    why = "The sizes of the classes were of last year."
    for role in (P, D, A):
        assert (await desk.post(f"/surveys/{survey}/withdrawals", {"reason": why}, role)).status_code == 403
    await desk.done(f"/surveys/{survey}/withdrawals", {"reason": why}, V)
    await desk.project()
    told = (await desk.http.get(f"/api/v1/surveys/{survey}")).json()
    assert (told["status"], told["withdrawn_because"], told["withdrawn_on"]) == ("withdrawn", why, "2026-03-02")
    assert why in (await desk.http.get("/en/index")).text and why in (await desk.http.get("/zh/index")).text
    desk.clock.at += timedelta(days=1)
    assert "was withdrawn" in (await desk.http.get(f"/en/surveys/{survey}/ballot")).text
    assert (await casts(desk, survey, form(given[0]))).status_code == 409
    assert await desk.house.pool.fetchval("SELECT count(*) FROM ballot.code WHERE survey = $1", survey) == 0
    following = {"method_id": method_id, "opens_on": "2026-03-09", "closes_on": "2026-03-10", "follows": survey}
    assert (await desk.post("/surveys", following, V)).status_code == 404
    running = await proposed(desk, method_id)
    desk.clock.at += timedelta(days=1)
    late = await desk.post(f"/surveys/{running}/withdrawals", {"reason": why}, V)
    assert (late.status_code, late.json()["rule"]["path"]) == (409, "house.an_open_survey_runs_to_its_end")


async def test_codes_are_shown_once_and_a_repetition_has_none(desk: Desk) -> None:
    survey = await proposed(desk, await method(desk))
    body = {"voter_class": "staff", "codes": 20}
    first = await desk.post(f"/surveys/{survey}/codes", body, V, key="codes-key-1")
    again = await desk.post(f"/surveys/{survey}/codes", body, V, key="codes-key-1")
    assert len(first.json()["codes"]) == 20 and first.headers["Cache-Control"] == "no-store"
    assert again.json()["repeated"] and "codes" not in again.json()
    lost = {**body, "instead_of": first.json()["batch_id"]}
    assert len((await desk.done(f"/surveys/{survey}/codes", lost, V))["codes"]) == 20
    more = await desk.post(f"/surveys/{survey}/codes", {"voter_class": "staff", "codes": 21}, V)
    assert (more.status_code, more.json()["facts"]) == (409, {"size": 40, "issued": 20})
    trial = await desk.post(f"/surveys/{survey}/codes", {"voter_class": "staff", "codes": 5}, V, query="?dry_run=true")
    assert trial.status_code == 200 and "codes" not in trial.json()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_ballot_says_who_sees_it_and_what_to_put_right_and_keeps_what_was_typed(
    desk: Desk, language: str
) -> None:
    survey = await proposed(desk, await method(desk))
    code = (await codes(desk, survey))[0]
    before = await desk.http.get(f"/{language}/surveys/{survey}/ballot")
    assert before.status_code == 200 and "<form" not in before.text
    desk.clock.at += timedelta(days=1)
    page = await desk.http.get(f"/{language}/surveys/{survey}/ballot")
    assert page.headers["Cache-Control"] == "no-store" and "<script" not in page.text and "style=" not in page.text
    assert {"en": "Nobody sees who answered what", "zh": "任何人都看不到"}[language] in page.text
    unanswered = {name: value for name, value in form(code, **{"t-nepotism": "1"}).items() if name != "q-daily"}
    again = await casts(desk, survey, unanswered, language)
    assert again.status_code == 422 and 'id="q-daily-error"' in again.text and 'href="#q-daily"' in again.text
    assert again.text.count(" checked>") == 4
    assert (await casts(desk, survey, form("0" * 21), language)).status_code == 422
    assert (await casts(desk, survey, form(code, text="x" * 501), language)).status_code == 422
    assert (await casts(desk, survey, form(code), language)).status_code == 200
    assert (await casts(desk, survey, form(code), language)).status_code == 200, "the same ballot again is the same"
    assert (await casts(desk, survey, form(code, "not"), language)).status_code == 409
    desk.clock.at += timedelta(days=3)
    closed = await casts(desk, survey, form("0" * 21), language)
    assert closed.status_code == 409 and "<form" not in closed.text


async def test_casting_leaves_no_trace_in_the_log(desk: Desk) -> None:
    survey = await proposed(desk, await method(desk))
    code = (await codes(desk, survey))[0]
    desk.clock.at += timedelta(days=1)
    before = await desk.log_size()
    assert (await casts(desk, survey, form(code))).status_code == 200
    assert await desk.log_size() == before


async def test_there_is_no_ballot_of_what_is_no_survey(desk: Desk) -> None:
    await desk.project()
    for name in ("000000000000", "x", "0123456789ab"):
        assert (await desk.http.get(f"/en/surveys/{name}/ballot")).status_code == 404
    assert (await desk.http.get("/fr/index")).status_code == 404
    assert (await desk.http.get("/en/index")).status_code == 200
