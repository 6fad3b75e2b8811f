"""Forgetting at the door: one department proposes, the other judges, and what keeps somebody is said by name."""

from datetime import timedelta
from typing import Any

from domain.access import ForgettingRead, access_stream
from domain.identity import OfficerId
from eventstore.codec import decode
from tests.desk import NOMINEE, A, D, Desk, P, S, V

AMINA = {"person": NOMINEE["person"]}
WISH = AMINA | {"ground": "request", "reason": "She asked for it in writing."}
INQUIRY = {"cause": "own_initiative", "grounds": "Letters of this year went out too soon."}
SERVICE = {"unit": "Registry", "pack": "standard", "rank": "officer", "since_on": "2024-09-01"}


async def told_no(desk: Desk, name: str, path: str = "/forgettings", body: Any = WISH, role: Any = P) -> str:
    answer = await desk.post(path, body, role)
    assert answer.status_code in (403, 409), answer.text
    assert answer.json()["type"] == f"/problems/{name}"
    return str(answer.json()["detail"])


async def test_from_proposal_to_approval_and_what_everybody_reads_of_it(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed()
    assert case_id in await told_no(desk, "stands_in_open_case")
    await desk.run_out(case_id, "probation")
    await desk.done(f"/cases/{case_id}/probation-confirmations", {})
    closed_on = desk.clock().date()
    kept = await desk.post("/forgettings", WISH)
    assert (kept.status_code, kept.json()["type"]) == (409, "/problems/retention_floor_running")
    assert kept.json()["rule"]["path"] == "retention.with_appointment.at_least"
    assert kept.json()["facts"]["kept_until"] == closed_on.replace(year=closed_on.year + 2).isoformat()
    desk.clock.at += timedelta(days=2 * 366)
    tried = await desk.done("/forgettings", WISH, query="?dry_run=true")
    assert tried["dry_run"] and tried["events"][0]["type"] == "forgetting_proposed"
    proposed = await desk.done("/forgettings", WISH)
    assert "reason" not in proposed["events"][0]
    await told_no(desk, "forgetting_under_way")
    found = (await desk.post("/forgetting-readings", AMINA, V)).json()
    assert (found["state"], found["reason"], found["kept_by"]) == ("proposed", WISH["reason"], None)
    await desk.done("/forgetting-approvals", AMINA, V)
    await desk.project()
    listed = (await desk.get("/api/v1/forgettings?state=approved", A)).json()["forgettings"]
    assert [row["person_id"] for row in listed] == [proposed["person_id"]]
    assert listed[0]["proposed_by"] != listed[0]["approved_by"] and "reason" not in listed[0]
    reader = OfficerId(await desk.house.keys.subject_for("example-supervision"))
    read = [decode(row).event for row in await desk.house.store.read_stream(access_stream(reader))]
    assert [event for event in read if isinstance(event, ForgettingRead)]


async def test_whoever_acted_in_an_open_case_serves_teaches_or_is_inquired_into_is_kept(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed()
    decider = await desk.done(f"/cases/{case_id}/interest-declarations", {}, D, subject="decider-7")
    assert decider["recorded"]
    assert case_id in await told_no(desk, "acts_in_open_case", body=WISH | {"person": "decider-7"})
    await desk.run_out(case_id, "probation")
    await desk.done(f"/cases/{case_id}/probation-confirmations", {})
    opened = await desk.done(f"/cases/{case_id}/inquiries", INQUIRY, V, subject="another-officer")
    inquiry = opened["inquiry_id"]
    assert inquiry in await told_no(desk, "under_inquiry")
    for path, body in (("findings", {"code": "in_order", "text": "In order."}),):
        await desk.done(f"/inquiries/{inquiry}/{path}", body, V, subject="another-officer")
    concluded = {"outcome": "nothing_found", "remarks": "In order."}
    await desk.done(f"/inquiries/{inquiry}/conclusions", concluded, V, subject="another-officer")
    await desk.done("/service-registrations", AMINA | SERVICE)
    assert "in-service register" in await told_no(desk, "still_in_service")
    await desk.done("/service-endings", AMINA | {"until_on": "2026-01-31"})
    terms = {"staff_type": "visiting", "profession": "law", "birth_year": 1974, "from_on": "2026-01-01"}
    await desk.done("/teachers", AMINA | {"terms": terms}, S)
    assert "register of teachers" in await told_no(desk, "still_in_service")
    await desk.done("/teachers", AMINA | {"terms": terms | {"until_on": "2026-02-01"}}, S)
    desk.clock.at += timedelta(days=2 * 366)
    await desk.done("/forgettings", WISH)


async def test_something_that_comes_up_after_the_proposal_stops_the_approval(desk: Desk) -> None:
    await desk.done("/service-registrations", AMINA | SERVICE)
    await desk.done("/service-endings", AMINA | {"until_on": "2026-01-31"})
    await desk.done("/forgettings", WISH)
    case_id, _ = await desk.nominated()
    assert case_id in await told_no(desk, "stands_in_open_case", "/forgetting-approvals", AMINA, V)
    found = (await desk.post("/forgetting-readings", AMINA, A)).json()
    assert case_id in found["kept_by"]
    refusal = AMINA | {"reason": "She stands in a selection again."}
    await desk.done("/forgetting-refusals", refusal, V)
    found = (await desk.post("/forgetting-readings", AMINA, A)).json()
    assert (found["state"], found["reason_against"]) == ("refused", refusal["reason"])


async def test_one_officer_with_two_offices_does_not_do_both_halves(desk: Desk) -> None:
    await desk.done("/service-registrations", AMINA | SERVICE)
    await desk.done("/service-endings", AMINA | {"until_on": "2026-01-31"})
    await desk.done("/forgettings", WISH, subject="two-hats")
    answer = await desk.post("/forgetting-approvals", AMINA, V, subject="two-hats")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/one_hand_forgets")
    both = await desk.http.post("/api/v1/forgettings", json=WISH, headers=desk.headers(P, V))
    assert both.status_code == 403 and both.json()["policies"] == ["forgetting-takes-two-departments"]
    await desk.done("/forgetting-withdrawals", AMINA)


async def test_of_somebody_unknown_there_is_nothing_to_forget_and_no_pseudonym_is_made(desk: Desk) -> None:
    answer = await desk.post("/forgettings", WISH | {"person": "nobody-9"})
    assert answer.status_code == 422 and answer.json()["type"] == "/problems/nobody_of_that_name"
    assert await desk.house.keys.find_subject("nobody-9") is None
    unread = await desk.post("/forgetting-readings", {"person_id": "0123456789abcdef"}, A)
    assert unread.status_code == 404
