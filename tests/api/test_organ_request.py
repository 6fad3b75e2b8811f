"""Requests between organs, through the door: asked, answered by the right organ, and sealed for the two of them."""

from datetime import timedelta
from typing import Any

from domain.identity import Role
from tests.desk import A, Desk, P, S, V

ASK: dict[str, Any] = {
    "asked": "personnel-department",
    "question": "How many letters were issued before the end of a notice?",
    "subject": {"kind": "unit", "id": "Registry"},
    "particulars": "The letters to Mr Doe first.",
}
ANSWER = {"answer": "Three, all in March.", "particulars": "Mr Doe had the second."}


async def asked(desk: Desk, **more: Any) -> str:
    """The id of a request that supervision has just made."""
    return str((await desk.done("/organ-requests", ASK | more, V))["request_id"])


async def listed(desk: Desk, query: str = "", role: Role = A) -> list[dict[str, Any]]:
    answer = await desk.get(f"/api/v1/organ-requests{query}", role)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["requests"]
    return rows


async def test_a_request_is_answered_late_by_the_organ_that_was_asked_and_the_silence_stays(desk: Desk) -> None:
    request, other = await asked(desk), await asked(desk, asked="training-school")
    desk.clock.at += timedelta(days=30)
    assert (await desk.post(f"/organ-requests/{request}/answers", ANSWER, V)).status_code == 403
    await desk.done(f"/organ-requests/{request}/answers", ANSWER)
    again = await desk.post(f"/organ-requests/{request}/answers", ANSWER)
    assert (again.status_code, again.json()["rule"]["path"]) == (409, "house.a_request_is_settled_once")
    await desk.done(f"/organ-requests/{other}/declinings", {"reason": "The court has the file."}, S)
    await desk.project()
    row = (await desk.get(f"/api/v1/organ-requests/{request}", P)).json()
    assert (row["state"], row["overdue"], row["answer"]) == ("answered", True, "Three, all in March.")
    declined = (await desk.get(f"/api/v1/organ-requests/{other}")).json()
    assert (declined["state"], declined["overdue"], declined["reason"]) == ("declined", True, "The court has the file.")


async def test_requests_are_filtered_and_a_school_reads_what_it_was_asked(desk: Desk) -> None:
    case_id = await desk.opened()
    first, school = await asked(desk, case_id=case_id), await asked(desk, asked="training-school")
    back = await asked(desk)
    await desk.done(f"/organ-requests/{back}/withdrawals", {"reason": "The audit trail had the answer."}, V)
    await desk.project()
    for query, expected in (
        ("unanswered=true", [school, first]),
        ("unanswered=false&state=withdrawn", [back]),
        (f"case_id={case_id}", [first]),
        ("asked=training-school&asked_by=supervision-organ&subject_kind=unit&subject_id=Registry", [school]),
        ("overdue=true", []),
        ("from=2026-03-02&to=2026-03-02&limit=1", [back]),
    ):
        assert [row["request_id"] for row in await listed(desk, f"?{query}")] == expected, query
    assert [row["request_id"] for row in await listed(desk, role=S)] == [school]
    assert (await desk.get(f"/api/v1/organ-requests/{first}", S)).status_code == 404
    assert (await desk.post("/organ-requests", ASK | {"case_id": "0123456789ab"}, V)).status_code == 422


async def test_particulars_are_read_by_the_two_organs_and_by_auditors_and_the_reading_is_recorded(desk: Desk) -> None:
    request = await asked(desk)
    answered = await desk.post(f"/organ-requests/{request}/answers", ANSWER)
    assert "Doe" not in answered.text
    await desk.project()
    assert "Doe" not in str(await listed(desk))
    for role in (P, V, A):
        read = await desk.get(f"/api/v1/organ-requests/{request}/particulars", role)
        assert [step["particulars"] for step in read.json()["steps"]] == [ASK["particulars"], ANSWER["particulars"]]
    for role in (Role.DECISION_BODY, S):
        assert (await desk.get(f"/api/v1/organ-requests/{request}/particulars", role)).status_code == 403
    await desk.project()
    trail = await desk.get("/api/v1/audit-events?type=request_particulars_read", A)
    assert len(trail.json()["events"]) == 3
