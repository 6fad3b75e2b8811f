"""Exceptions, prior reports and breaches, through the door."""

from tests.desk import D, Desk, P, V

REASON = "A court date stands, and the post has nobody."


async def excepted(desk: Desk, case_id: str) -> str:
    answer = await desk.done(f"/cases/{case_id}/exceptions", {"kind": "no_competition", "reason": REASON})
    return str(answer["events"][0]["exception_id"])


async def test_an_exception_waits_for_the_answer_that_the_pack_asks_for(desk: Desk) -> None:
    case_id, candidates = await desk.trained()
    name = await excepted(desk, case_id)
    report = {"matter": name, "statement": "The post cannot wait for a competition."}
    reported = await desk.done(f"/cases/{case_id}/prior-reports", report)
    assert f"prior_report:{name}" in [clock["timer"] for clock in reported["clocks"]]
    await desk.done(f"/cases/{case_id}/public-notices", {})
    await desk.run_out(case_id, "public_notice")
    await desk.reviewed(case_id)
    refused = await desk.post(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates), D)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/prior_consent_missing")
    assert refused.json()["rule"]["path"] == "prior_reports.appointments-regulator.consent_needed"
    reply = {"matter": name, "reply": "refuses", "paper": "letter 12/2026", "text": "We would rather not."}
    await desk.done(f"/cases/{case_id}/prior-report-replies", reply, V)
    assert await desk.done(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates), D)


async def test_a_limit_of_an_exception_is_told_with_its_rule(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    facts = {"basis": "personal file", "in_probation": True, "last_was_exceptional": False, "levels": 1}
    body = {"kind": "exceptional_promotion", "candidate_id": candidates[0], "reason": REASON, "facts": facts}
    answer = await desk.post(f"/cases/{case_id}/exceptions", body, P)
    assert answer.status_code == 409
    assert answer.json()["rule"]["path"] == "exceptions.exceptional_promotion.limits.not_in_probation"


async def test_facts_about_a_career_are_in_no_plain_text_of_the_log(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    facts = {
        "basis": "personal file",
        "in_probation": False,
        "last_promoted_on": "2019-11-23",
        "last_was_exceptional": False,
        "levels": 1,
    }
    body = {"kind": "exceptional_promotion", "candidate_id": candidates[0], "reason": REASON, "facts": facts}
    await desk.done(f"/cases/{case_id}/exceptions", body)
    await desk.project()
    trail = await desk.get(f"/api/v1/cases/{case_id}/timeline")
    assert REASON in trail.text and "2019-11-23" not in trail.text


async def test_a_withdrawn_exception_is_gone_from_the_case_and_not_from_its_trail(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    name = await excepted(desk, case_id)
    body = {"exception_id": name, "reason": "The post will be advertised after all."}
    await desk.done(f"/cases/{case_id}/exception-withdrawals", body)
    await desk.project()
    steps = (await desk.get(f"/api/v1/cases/{case_id}/timeline")).json()["steps"]
    assert [step["type"] for step in steps][-2:] == ["exception_proposed", "exception_withdrawn"]


async def test_a_breach_is_recorded_in_a_case_that_has_ended(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished last week."})
    body = {"code": "leak", "happened_on": "2026-03-01", "evidence": "The list was in the newspaper."}
    answer = await desk.done(f"/cases/{case_id}/breaches", body, V)
    assert (answer["status"], answer["events"][0]["code"]) == ("closed", "leak")
    assert "newspaper" not in str(answer["events"])
