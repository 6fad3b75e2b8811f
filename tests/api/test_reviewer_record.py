"""An officer reads their own record: what they did, what waits, what they let pass; another's is read on the log."""

from datetime import timedelta
from typing import Any

from domain.access import ReviewerRecordRead, access_stream
from domain.identity import OfficerId, Role
from eventstore.codec import decode
from tests.api.test_organ_request import asked
from tests.api.test_supervision_problem import REMEDY, found
from tests.desk import A, D, Desk, P, S, V

HOLD = {"code": "complaint", "reason": "A complaint names a forged certificate."}


async def record(desk: Desk, role: Role, **who: str) -> dict[str, Any]:
    await desk.project()
    answer = await desk.http.get("/api/v1/reviewer-record", headers=desk.headers(role, **who))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def waiting(body: dict[str, Any], part: str = "due") -> list[tuple[str, str]]:
    return [(each["what"], each["id"]) for each in body[part]]


async def test_what_was_done_is_counted_and_leads_to_the_audit_trail(desk: Desk) -> None:
    await desk.opened()
    await desk.opened(post_id="registry/2")
    body = await record(desk, P)
    acts = {each["type"]: each for each in body["acts"]}
    assert acts["case_opened"]["acts"] == 2
    assert acts["case_opened"]["page"]["en"] == f"/en/audit?officer={body['officer']}&type=case_opened"
    assert "case_opened" not in {each["type"] for each in (await record(desk, V))["acts"]}


async def test_a_query_and_a_hold_wait_for_whoever_placed_them_until_they_are_settled(desk: Desk) -> None:
    case_id = await desk.opened()
    hold = (await desk.done(f"/cases/{case_id}/holds", HOLD, V))["events"][0]["hold_id"]
    query = (await desk.done(f"/cases/{case_id}/queries", {"question": "When were they entered?"}, V))["events"][0]
    theirs = {("hold_placed", f"hold:{hold}"), ("query_asked", f"query:{query['query_id']}")}
    desk.clock.at += timedelta(days=3)
    body = await record(desk, V)
    assert theirs <= set(waiting(body))
    assert {each["age_days"] for each in body["due"] if each["own"]} == {3}
    assert not theirs & set(waiting(await record(desk, V, subject="another-reviewer")))
    await desk.done(f"/cases/{case_id}/hold-liftings", {"hold_id": hold, "reason": "It was genuine."}, V)
    await desk.done(f"/cases/{case_id}/query-answers", {"query_id": query["query_id"], "answer": "On Monday."}, P)
    assert not theirs & set(waiting(await record(desk, V)))


async def test_what_an_organ_owes_waits_for_each_of_its_officers_and_for_nobody_else(desk: Desk) -> None:
    problem, request = await found(desk), await asked(desk)
    owed, judged = ("problem_to_mend", problem), ("remedy_to_judge", problem)
    assert owed in waiting(await record(desk, P)) and owed not in waiting(await record(desk, V))
    assert ("request_to_answer", request) in waiting(await record(desk, P)) + waiting(await record(desk, V))
    await desk.done(f"/problems/{problem}/remedies", REMEDY)
    assert owed not in waiting(await record(desk, P))
    assert judged in waiting(await record(desk, V)) and judged not in waiting(await record(desk, D))


async def test_a_day_that_passed_in_silence_stays_with_whoever_answered_for_it(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    query = (await desk.done(f"/cases/{case_id}/queries", {"question": "When were they entered?"}, V))["events"][0]
    await desk.run_out(case_id, f"query:{query['query_id']}")
    late = ("query", f"query:{query['query_id']}")
    for teacher in ("example-school", "another-teacher"):  # nobody has taken it up: it is their organ's
        body = await record(desk, S, subject=teacher)
        (due,) = [each for each in body["due"] if each["id"] == late[1]]
        assert late in waiting(body, "missed") and due["late_days"] > 0 and not due["own"]
    await desk.done(f"/cases/{case_id}/query-answers", {"query_id": query["query_id"], "answer": "On Monday."}, S)
    body = await record(desk, S)
    (missed,) = [each for each in body["missed"] if each["id"] == late[1]]
    assert missed["own"] and missed["done_on"] and late not in waiting(body)
    assert late not in waiting(await record(desk, S, subject="another-teacher"), "missed")


async def test_another_officers_record_is_read_by_supervision_and_auditors_and_the_reading_is_on_the_log(
    desk: Desk,
) -> None:
    await desk.opened()
    owed = ("problem_to_mend", await found(desk))
    await desk.project()
    theirs = {"person": "example-personnel"}
    answer = await desk.post("/reviewer-records", theirs, V)
    assert answer.status_code == 200, answer.text
    body, own = answer.json(), await record(desk, P)
    assert body["roles"] == ["personnel"] and body["organ"] == own["organ"] and owed in waiting(body)
    assert [each["type"] for each in body["acts"]] == [each["type"] for each in own["acts"]]
    by_pseudonym = await desk.post("/reviewer-records", {"person_id": own["officer"]}, A)
    assert by_pseudonym.json()["acts"] == body["acts"]
    for role in (P, S, D):
        assert (await desk.post("/reviewer-records", theirs, role)).status_code == 403
    nobody = await desk.post("/reviewer-records", {"person_id": "0" * 16}, V)
    assert nobody.status_code == 404
    reader = OfficerId(await desk.house.keys.subject_for("example-supervision"))
    events = [decode(row).event for row in await desk.house.store.read_stream(access_stream(reader))]
    assert [event.of_officer for event in events if isinstance(event, ReviewerRecordRead)] == [own["officer"]]


async def test_a_point_that_nobody_attended_while_its_stage_ran_is_let_pass_by_the_organ_that_watches(
    desk: Desk,
) -> None:
    case_id, _ = await desk.nominated()
    body = await record(desk, V)
    empty, running = ("point", "point:nomination:whole"), ("point", "point:training_verification:whole")
    assert empty in waiting(body, "missed") and {empty, running} <= set(waiting(body))
    assert running not in waiting(body, "missed") and empty not in waiting(await record(desk, P), "missed")
    seen = {"stage_id": "nomination", "point": "whole", "observation": "none"}
    await desk.done(f"/cases/{case_id}/supervision-points", seen, V)
    await desk.done(f"/cases/{case_id}/supervision-points", seen | {"stage_id": "training_verification"}, V)
    body = await record(desk, V)
    (late,) = [each for each in body["missed"] if each["id"] == empty[1]]
    assert late["title"]["en"] == "“Nomination”: who nominated whom"
    assert late["done_on"] and not late["own"] and not {empty, running} & set(waiting(body))
    desk_gone = {"reason": "The post was given up."}
    resting = await desk.opened(post_id="registry/3")
    await desk.done(f"/cases/{resting}/withdrawals", desk_gone)
    assert resting not in {each["case_id"] for each in (await record(desk, V))["due"]}
