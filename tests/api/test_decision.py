"""Recording a meeting of the deciding body, through the door."""

from tests.desk import D, Desk


async def at_decision(desk: Desk) -> tuple[str, list[str]]:
    case_id, candidates, _ = await desk.noticed()
    await desk.run_out(case_id, "public_notice")
    await desk.reviewed(case_id)
    return case_id, candidates


async def test_a_vote_in_favour_chooses_and_shows_counts_without_names(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    answer = await desk.post(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates), D)
    assert answer.status_code == 201 and '"m-1"' not in answer.text
    assert answer.json()["stage"] == "appointment"
    assert (await desk.get(f"/api/v1/cases/{case_id}")).json()["chosen"] == candidates[0]


async def test_a_vote_against_ends_the_case_or_leaves_nobody_chosen(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    answer = await desk.done(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates, "disagree"), D)
    assert "decision_not_passed" in [event["type"] for event in answer["events"]]


async def test_a_meeting_without_a_quorum_takes_no_vote(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    voting = await desk.post(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates, present=1), D)
    assert voting.status_code == 409 and voting.json()["rule"]["path"].startswith("decision.")
    noted = await desk.done(f"/cases/{case_id}/decision-meetings", desk.meeting([], present=1), D)
    assert noted["stage"] == "decision"


async def test_members_and_candidates_stand_once(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    meeting = desk.meeting([*candidates, *candidates])
    answer = await desk.post(f"/cases/{case_id}/decision-meetings", meeting, D)
    assert answer.status_code == 422 and "only once" in answer.json()["detail"]
    meeting = desk.meeting(candidates)
    meeting["members"].append(meeting["members"][0])
    answer = await desk.post(f"/cases/{case_id}/decision-meetings", meeting, D)
    assert answer.status_code == 422 and "only once" in answer.json()["detail"]


async def test_trying_makes_no_pseudonyms_of_members(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed()
    answer = await desk.post(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates), D, query="?dry_run=true")
    assert answer.status_code == 409
    assert [await desk.house.keys.find_subject(f"m-{number}") for number in (1, 2, 3)] == [None] * 3
