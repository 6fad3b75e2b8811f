"""The trend report through the door: what a life of cases makes of it, and who reads it."""

from datetime import timedelta
from typing import Any

from tests.api.test_conflict import tie
from tests.desk import NOMINEE, Desk, P, S, V

REPORT = "/api/v1/trend-report"
QUARTER = "from_on=2026-01-01&to_on=2026-12-31"
HOURS = "training.requirements.1.hours"
WAIVER = {"rule": HOURS, "code": "exceptional", "reason": "The academy was closed for the whole year."}


async def report(desk: Desk, query: str = QUARTER) -> dict[str, Any]:
    await desk.project()
    answer = await desk.get(f"{REPORT}?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def numbers(body: dict[str, Any], table: str) -> dict[str, int]:
    return {line["name"]: line["n"] for line in body["tables"][table] if line["n"]}


async def test_a_life_of_cases_is_counted_from_the_log(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed()
    dismissed, open_still = [await desk.objected(case_id, candidate_id=candidates[0]) for _ in range(2)]
    await desk.disposed(case_id, dismissed, "dismissed")
    await desk.done(f"/cases/{case_id}/deviations", WAIVER, V)
    assert open_still
    body = await report(desk)
    assert numbers(body, "complaints") == {"Registry": 2}
    assert numbers(body, "complaint_outcomes") == {"dismissed": 1, "open": 1}
    assert numbers(body, "deviations") == {HOURS: 1}
    (line,) = body["tables"]["complaints"]
    assert (line["cases"], line["per_case"], line["expected"], line["unusual"]) == (1, 2.0, None, None)
    assert [(found["case_id"], found["departures"], found["complaints"]) for found in body["conformance"]] == [
        (case_id, [f"deviation:{HOURS}"], 2)
    ]
    assert body["conforming"] == 0 and body["running"]
    stages = {found["name"]: found for found in body["stages"]}
    assert stages["standard/nomination"]["n"] == 1 and stages["standard/nomination"]["median_days"] is not None
    assert {rule["confidence"] for rule in body["rules"]} == {"own_choice"}
    assert "Okafor" not in str(body) and "staff-4711" not in str(body)


async def test_letters_before_a_leader_left_are_told_by_unit_and_name_nobody(desk: Desk) -> None:
    served = {"person": "staff-1", "unit": "Registry", "pack": "standard", "rank": "senior", "since_on": "2020-01-01"}
    await desk.done("/service-registrations", served)
    case_id, _, _ = await desk.appointed(NOMINEE)
    assert case_id
    today = desk.clock().date()
    await desk.done("/service-endings", {"person": "staff-1", "until_on": today.isoformat()})
    body = await report(desk)
    (line,) = body["tables"]["before_leaders_left"]
    assert (line["name"], line["n"]) == ("Registry", 1)
    assert line["from_on"] == (today - timedelta(days=89)).isoformat()
    assert "staff-1" not in str(body)


async def test_a_table_is_copied_for_a_spreadsheet_and_no_unit_is_a_formula(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed(unit="=1+1")
    await desk.objected(case_id, candidate_id=candidates[0])
    await desk.project()
    answer = await desk.get(f"{REPORT}.csv?table=complaints&{QUARTER}", V)
    assert 'filename="trend-complaints-2026-01-01-2026-12-31.csv"' in answer.headers["content-disposition"]
    header, line = answer.content.decode("utf-8-sig").splitlines()
    assert header.startswith("name,from_on,to_on,n,expected,before") and line.startswith("'=1+1,2026-01-01,")
    conformance = await desk.get(f"{REPORT}.csv?table=conformance&{QUARTER}", V)
    assert f"{case_id},'=1+1,standard@1,true,1," in conformance.text
    stages = await desk.get(f"{REPORT}.csv?table=stages&{QUARTER}", V)
    assert "standard/nomination,1," in stages.text


async def test_left_out_the_period_is_this_quarter_and_one_that_is_none_is_refused(desk: Desk) -> None:
    body = await report(desk, "")
    assert (body["from_on"], body["to_on"]) == ("2026-01-01", "2026-03-31")
    for query in ("from_on=2026-03-01&to_on=2026-02-01", "from_on=2024-01-01&to_on=2025-01-02", "from_on=2026-04-01"):
        answer = await desk.get(f"{REPORT}?{query}")
        assert answer.status_code == 422 and "State a" in answer.json()["detail"], query
    assert (await desk.get(REPORT, S)).status_code == 403
    assert (await desk.get(REPORT, P)).status_code == 200


async def test_a_tie_that_was_found_and_a_prohibition_of_that_name_are_told_apart(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    found = {"officer": "example-personnel", "registers": ["personnel_file"], "found": [tie(candidates[0], "lineal")]}
    await desk.done(f"/cases/{case_id}/interest-checks", found, V)
    evidence = {"code": "undeclared_interest", "happened_on": "2026-03-01", "evidence": "The register shows it."}
    await desk.done(f"/cases/{case_id}/breaches", evidence, V)
    body = await report(desk)
    assert numbers(body, "prohibitions") == {"standard/undeclared_interest": 1}
    assert body["titles"]["standard/undeclared_interest"]["zh"]
    assert set(body["titles"]) >= {stage["name"] for stage in body["stages"]}
    assert numbers(body, "kin_ties") == {"found_undeclared": 1}
    assert body["conformance"][0]["departures"] == [
        "kin_tie:found_undeclared",
        "breach:standard/undeclared_interest",
    ]
    assert "lineal" not in str(body)


async def test_cases_are_told_page_by_page_those_that_depart_first(desk: Desk) -> None:
    cases = [await desk.opened(post_id=f"registry/{number}") for number in range(3)]
    await desk.done(f"/cases/{max(cases)}/deviations", WAIVER, V)
    first = await report(desk, f"{QUARTER}&limit=2")
    rest = await report(desk, f"{QUARTER}&limit=2&cursor={first['next_cursor']}")
    told = [found["case_id"] for found in (*first["conformance"], *rest["conformance"])]
    assert told == [max(cases), *sorted(set(cases) - {max(cases)})]
    assert [(len(page["conformance"]), page["of_cases"], page["conforming"]) for page in (first, rest)] == [
        (2, 3, 2),
        (1, 3, 2),
    ]
    assert (first["next_cursor"], rest["next_cursor"]) == (2, None) and first["tables"] == rest["tables"]
    assert (await desk.get(f"{REPORT}?limit=201")).status_code == 422


async def test_a_day_that_was_missed_is_called_what_its_pack_calls_it(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    await desk.run_out(case_id, "public_notice")
    await desk.done(f"/cases/{case_id}/opinion-requests", {"organ": "audit-office"}, V)
    await desk.run_out(case_id, "opinion:audit-office")
    body = await report(desk)
    assert body["conformance"][0]["departures"] == ["missed:standard/opinion:audit-office"]
    assert body["titles"]["standard/opinion:audit-office"]["en"] == "Opinion: Audit office"
