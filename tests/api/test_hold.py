"""A reviewer's hold and query, and who is on duty, through the door."""

from tests.desk import D, Desk, P, S, V

HOLD = {"code": "evidence_missing", "reason": "The register does not show these hours."}


async def test_a_held_case_answers_whoever_runs_it_with_the_hold_and_its_reviewer(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    placed = await desk.done(f"/cases/{case_id}/holds", HOLD, V)
    hold_id = placed["events"][0]["hold_id"]
    assert "reason" not in placed["events"][0]
    verified = {"candidate_id": candidates[0]}
    refused = await desk.post(f"/cases/{case_id}/training-verifications", verified, S)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/held_by_reviewer" and refused.json()["facts"]["hold"] == hold_id
    lifting = {"hold_id": hold_id, "reason": "The register was corrected."}
    colleague = await desk.post(f"/cases/{case_id}/hold-liftings", lifting, V, subject="another-reviewer")
    assert colleague.json()["type"] == "/problems/not_yours_to_lift"
    assert (await desk.post(f"/cases/{case_id}/hold-liftings", lifting, P)).status_code == 403
    await desk.done(f"/cases/{case_id}/hold-liftings", lifting, D)
    await desk.done(f"/cases/{case_id}/training-verifications", verified, S)


async def test_a_query_is_answered_by_the_stages_duty_holder(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    asked = await desk.done(f"/cases/{case_id}/queries", {"question": "When were the hours entered?"}, V)
    query = asked["events"][0]
    assert query["asked_of"] == "school" and query["answer_due"]["closes_on"] == "2026-03-16"
    answer = {"query_id": query["query_id"], "answer": "On 3 February."}
    assert (await desk.post(f"/cases/{case_id}/query-answers", answer, P)).status_code == 403
    given = await desk.done(f"/cases/{case_id}/query-answers", answer, S)
    assert "answer" not in given["events"][0]


async def test_an_organ_assigns_nobody_whom_the_log_knows_elsewhere(desk: Desk) -> None:
    case_id = await desk.opened()
    mine = {"stage_id": "nomination", "person": "staff-77"}
    assigned = await desk.done(f"/cases/{case_id}/duty-assignments", mine, P)
    assert assigned["events"][0]["organ"] == "personnel-department"
    theirs = {"stage_id": "training_verification", "person": "example-personnel"}
    refused = await desk.post(f"/cases/{case_id}/duty-assignments", theirs, S)
    assert refused.json()["type"] == "/problems/officer_of_another_organ"


async def test_what_is_held_asked_and_unattended_stands_in_the_case(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    seen = {"stage_id": "nomination", "point": "whole", "observation": "concern", "text": "One name came late."}
    attended = await desk.done(f"/cases/{case_id}/supervision-points", seen, V)
    assert "text" not in attended["events"][0]
    held = (await desk.done(f"/cases/{case_id}/holds", HOLD, V))["events"][0]
    asked = (await desk.done(f"/cases/{case_id}/queries", {"question": "When were they entered?"}, V))["events"][0]
    await desk.done(f"/cases/{case_id}/duty-assignments", {"stage_id": "decision", "person": "staff-9"}, D)
    case = (await desk.get(f"/api/v1/cases/{case_id}")).json()["supervised"]
    assert case["unattended_points"] == [{"stage": "training_verification", "point": "whole"}]
    assert [(hold["hold_id"], hold["code"], hold["candidate_id"]) for hold in case["holds"]] == [
        (held["hold_id"], "evidence_missing", None)
    ]
    assert [(query["query_id"], query["due_on"]) for query in case["open_queries"]] == [
        (asked["query_id"], "2026-03-16")
    ]
    assert list(case["on_duty"]) == ["decision"]
