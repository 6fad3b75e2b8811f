"""Declaring, checking and deciding on interests, through the door."""

from domain.access import AccessRefused, access_stream
from domain.identity import OfficerId
from eventstore.codec import decode
from tests.desk import D, Desk, P, S, V


def tie(candidate: str, kind: str = "spouse") -> dict[str, str]:
    return {"candidate_id": candidate, "kind": kind, "details": "Married in 2019."}


async def test_whoever_declares_a_spouse_is_refused_and_the_attempt_is_kept(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    declared = await desk.done(f"/cases/{case_id}/interest-declarations", {"relations": [tie(candidates[0])]}, S)
    assert declared["events"][0]["withdraws"] and "Married" not in str(declared) and "spouse" not in str(declared)
    body = {"candidate_id": candidates[0]}
    answer = await desk.post(f"/cases/{case_id}/training-verifications", body, S)
    assert (answer.status_code, answer.json()["rule"]["path"]) == (403, "conflicts.recuse")
    assert answer.json()["rule"]["says"]["zh"]
    school = OfficerId(await desk.house.keys.subject_for("example-school"))
    (stored,) = await desk.house.store.read_stream(access_stream(school))
    attempt = decode(stored).event
    assert isinstance(attempt, AccessRefused)
    assert (attempt.attempted, attempt.target, attempt.policy) == (
        "verify_training",
        f"case/{case_id}",
        "conflicts.recuse",
    )


async def test_a_relation_that_somebody_who_acted_never_declared_is_a_breach_which_the_log_itself_knows(
    desk: Desk,
) -> None:
    case_id, candidates = await desk.nominated()
    found = [tie(candidates[0], "lineal")]
    idle = {"officer": "somebody-else", "registers": ["personnel_file"], "found": found}
    answer = await desk.done(f"/cases/{case_id}/interest-checks", idle, V)
    assert [event["type"] for event in answer["events"]] == ["interests_cross_checked"]
    verified = {"candidate_id": candidates[0], "conditional": True}
    await desk.done(f"/cases/{case_id}/training-verifications", verified, S)
    answer = await desk.done(f"/cases/{case_id}/interest-checks", {**idle, "officer": "example-school"}, V)
    assert [event["type"] for event in answer["events"]] == ["interests_cross_checked", "undeclared_relation_found"]
    assert "Married" not in str(answer) and "lineal" not in str(answer)


async def test_whoever_opened_a_case_and_is_found_related_takes_no_further_step(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    body = {"officer": "example-personnel", "registers": ["personnel_file"], "found": [tie(candidates[0])]}
    answer = await desk.done(f"/cases/{case_id}/interest-checks", body, V)
    assert answer["events"][1]["type"] == "undeclared_relation_found"
    refused = await desk.post(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."}, P)
    assert refused.status_code == 403


async def test_supervision_reads_what_was_declared_and_decides_and_the_conflicted_read_nothing_sealed(
    desk: Desk,
) -> None:
    case_id, candidates = await desk.nominated()
    path = f"/cases/{case_id}/interest-declarations"
    declared = await desk.done(path, {"relations": [tie(candidates[0], "same_unit")]}, D)
    (relation_id,) = declared["events"][0]["to_decide"]
    sealed = await desk.get(f"/api/v1/cases/{case_id}/sealed", V)
    assert "same_unit" in sealed.text and "Married in 2019." in sealed.text
    assert (await desk.get(f"/api/v1/cases/{case_id}/sealed", D)).status_code == 200
    body = {"relation_id": relation_id, "withdraws": True, "plan": "Another member stands in at the meeting."}
    assert (await desk.post(f"/cases/{case_id}/conflict-decisions", body, V)).status_code == 201
    assert (await desk.get(f"/api/v1/cases/{case_id}/sealed", D)).status_code == 403


async def test_trying_to_check_somebody_makes_no_pseudonym_of_them(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    body = {"officer": "nobody-knows", "registers": ["personnel_file"]}
    answer = await desk.post(f"/cases/{case_id}/interest-checks", body, V, query="?dry_run=true")
    assert answer.status_code == 200
    assert await desk.house.keys.find_subject("nobody-knows") is None
