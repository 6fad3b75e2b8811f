"""Recording a meeting of the deciding body, through the door."""

from typing import Any

from tests.desk import D, Desk, V


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


async def regulated(desk: Desk) -> tuple[str, list[str]]:
    """A case under cn.sr2019 that has come before the deciding body."""
    case_id, candidates = await desk.trained(pack="cn.sr2019")
    for organ in ("discipline-organ", "co-managing-organ"):
        await desk.done(f"/cases/{case_id}/opinion-requests", {"organ": organ}, V)
        opinion = {"organ": organ, "finding": "no_objection", "text": "In order."}
        await desk.done(f"/cases/{case_id}/opinions", opinion, V, organ=organ, subject=f"of-{organ}")
    cleared = {"conclusion": "cleared", "remarks": "Everybody has answered."}
    await desk.done(f"/cases/{case_id}/review-conclusions", cleared, V)
    await desk.declared(case_id)
    return case_id, candidates


def in_secret(desk: Desk, candidate: str, in_favour: int, against: int) -> dict[str, Any]:
    counts = [{"candidate_id": candidate, "in_favour": in_favour, "against": against}]
    return desk.meeting([]) | {"voted_by": "secret", "counts": counts}


async def test_of_a_secret_ballot_only_counts_are_taken(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    where = f"/cases/{case_id}/decision-meetings"
    named = await desk.post(where, desk.meeting(candidates) | {"voted_by": "secret"}, D)
    assert named.status_code == 409 and named.json()["type"] == "/problems/ballot_is_secret"
    short = await desk.post(where, in_secret(desk, candidates[0], 2, 0), D)
    assert short.status_code == 409 and short.json()["type"] == "/problems/counts_do_not_add_up"
    held = await desk.done(where, in_secret(desk, candidates[0], 2, 1), D)
    assert held["events"][0]["voted_by"] == "secret" and held["stage"] == "appointment"


async def test_a_vote_may_be_put_off_and_why_is_sealed(desk: Desk) -> None:
    case_id, _ = await at_decision(desk)
    reason = "Where the funds of 2024 went is not clear."
    meeting = desk.meeting([]) | {"unresolved": {"why": "unclear_question", "reason": reason}}
    answer = await desk.post(f"/cases/{case_id}/decision-meetings", meeting, D)
    assert answer.status_code == 201 and reason not in answer.text
    assert answer.json()["events"][1]["why"] == "unclear_question" and answer.json()["stage"] == "decision"


async def test_no_decision_goes_round_on_paper(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    meeting = desk.meeting(candidates) | {"held_as": "circulation"}
    answer = await desk.post(f"/cases/{case_id}/decision-meetings", meeting, D)
    assert answer.status_code == 409 and answer.json()["rule"]["path"] == "decision.not_by_circulation"


async def test_minutes_hold_people_by_pseudonyms_and_take_notes(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    proceedings = {"title": "Fourth meeting", "chair": "m-3", "recorder": "clerk-7", "observers": ["auditor-1"]}
    wrong = desk.meeting(candidates) | {"proceedings": {**proceedings, "observers": ["m-1"]}}
    refused = await desk.post(f"/cases/{case_id}/decision-meetings", wrong, D)
    assert refused.status_code == 422 and "an observer has no vote" in refused.json()["detail"]
    meeting = desk.meeting(candidates) | {"proceedings": proceedings}
    held = await desk.done(f"/cases/{case_id}/decision-meetings", meeting, D)
    note = {"meeting_id": held["events"][0]["meeting_id"], "note": "The observer left before the vote."}
    noted = await desk.post(f"/cases/{case_id}/minutes-annotations", note, D)
    assert noted.status_code == 201 and note["note"] not in noted.text
    sealed = (await desk.get(f"/api/v1/cases/{case_id}/sealed")).json()["steps"]
    parts = {step["type"]: step["sealed"] for step in sealed}
    said = parts["decision_meeting_held"]["minutes"]["proceedings"]
    assert said["title"] == "Fourth meeting" and said["chair"] == await desk.house.keys.find_subject("m-3")
    assert parts["minutes_annotated"] == {"note": note["note"]}
    assert "clerk-7" not in str(sealed)


async def test_nobody_decides_alone_where_a_body_meets(desk: Desk) -> None:
    case_id, candidates = await at_decision(desk)
    day = desk.clock().date().isoformat()
    reasons = {"decided_on": day, "reasons": "This one has run a body of that size."}
    for where, body in (("decisions", {"candidate_id": candidates[0], **reasons}), ("declined-decisions", reasons)):
        answer = await desk.post(f"/cases/{case_id}/{where}", body, D)
        assert answer.status_code == 409 and answer.json()["rule"]["path"] == "decision.form"


async def test_a_decision_is_reconsidered_with_the_consents_that_the_pack_asks_for(desk: Desk) -> None:
    case_id, candidates = await regulated(desk)
    await desk.done(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates), D)
    notice_id = (await desk.done(f"/cases/{case_id}/public-notices", {}))["events"][0]["notice_id"]
    members = desk.meeting([])["members"]
    wish = {
        "reconsidered_on": desk.clock().date().isoformat(),
        "members": members,
        "consents": ["m-2"],
        "reasons": "A finding of the audit office came in after the meeting.",
    }
    few = await desk.post(f"/cases/{case_id}/reconsiderations", wish, D)
    assert few.status_code == 409 and few.json()["rule"]["path"] == "decision.reconsider_share"
    again = await desk.post(f"/cases/{case_id}/reconsiderations", wish | {"consents": ["m-2", "m-3"]}, D)
    assert again.status_code == 201 and '"m-2"' not in again.text and wish["reasons"] not in again.text
    kinds = [event["type"] for event in again.json()["events"]]
    assert kinds == ["decision_reconsidered", "public_notice_withdrawn", "stage_begun"]
    await desk.project()
    assert (await desk.get("/api/v1/notices")).json()["open"] == []
    await desk.done(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates), D)
    second = (await desk.done(f"/cases/{case_id}/public-notices", {}))["events"][0]["notice_id"]
    await desk.project()
    open_now = (await desk.get("/api/v1/notices")).json()["open"]
    assert second != notice_id and [found["notice_id"] for found in open_now] == [second]
    page = (await desk.get(f"/en/notices/{notice_id}")).text
    assert "Amina Okafor" not in page and "Amina Okafor" in (await desk.get(f"/en/notices/{second}")).text


async def test_a_case_that_nobody_takes_up_again_ends(desk: Desk) -> None:
    case_id, candidates = await regulated(desk)
    waits = await desk.done(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates, "disagree"), D)
    assert waits["status"] == "open"
    assert [step["step"] for step in waits["next"]["steps"]] == ["reconsider_decision", "reconsideration"]
    ended = await desk.run_out(case_id, "reconsideration")
    assert [event.alias for event in ended.events] == ["reconsideration_lapsed", "case_ended"]
