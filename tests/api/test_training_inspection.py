"""Inspections over HTTP: findings for everybody, remarks sealed, and the inspected school's answer as their end."""

from domain.access import InspectionRemarksRead, access_stream
from domain.identity import OfficerId, Role
from eventstore.codec import decode
from tests.api.test_training_plan import listed
from tests.desk import D, Desk, P, S, V

INSPECTION = {
    "school": "training-school",
    "inspected": "The attendance sheets of the spring term",
    "inspected_on": "2026-03-02",
    "findings": ["attendance_not_kept"],
    "remedy_due_on": "2026-04-01",
    "remarks": "The sheets of teacher Wang were signed afterwards.",
}
ANSWER = {
    "answers": [{"finding": "attendance_not_kept", "outcome": "remedied", "text": "Two officers sign each sheet now."}],
    "remarks": "Teacher Wang was told.",
}


async def inspected(desk: Desk) -> str:
    return str((await desk.done("/training-inspections", INSPECTION))["inspection_id"])


async def test_an_inspection_is_open_until_its_school_answers(desk: Desk) -> None:
    inspection = await inspected(desk)
    (shown,) = (await listed(desk, "/training-inspections?still_open=true&organ=training-school"))["inspections"]
    assert (shown["findings"], shown["answers"], shown["answered_at"]) == (["attendance_not_kept"], [], None)
    await desk.done(f"/training-inspections/{inspection}/answers", ANSWER, S)
    (shown,) = (await listed(desk, "/training-inspections?still_open=false"))["inspections"]
    assert shown["answers"] == ANSWER["answers"] and shown["answered_at"]


async def test_a_school_in_order_leaves_nothing_open(desk: Desk) -> None:
    await desk.done("/training-inspections", INSPECTION | {"findings": ["in_order"], "remedy_due_on": None})
    assert (await listed(desk, "/training-inspections?still_open=true"))["inspections"] == []


async def test_another_school_does_not_answer_and_the_attempt_is_on_the_log(desk: Desk) -> None:
    inspection = await inspected(desk)
    address = f"/training-inspections/{inspection}/answers"
    answer = await desk.post(address, ANSWER, S, organ="county-school", subject="county-teacher")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/another_schools_inspection")
    stored = await noted(desk, "county-teacher")
    assert [(event["attempted"], event["target"]) for event in stored] == [
        ("answer_training_inspection", f"training_inspection/{inspection}")
    ]


async def test_remarks_are_in_no_list_and_open_to_those_concerned_on_the_record(desk: Desk) -> None:
    inspection = await inspected(desk)
    await desk.done(f"/training-inspections/{inspection}/answers", ANSWER, S)
    await desk.project()
    assert "Wang" not in (await desk.http.get("/api/v1/training-inspections")).text
    assert not any(b"Wang" in row.entry for row in await desk.house.store.read_log())
    for role in (P, S, V, Role.AUDITOR):
        found = await desk.get(f"/api/v1/training-inspections/{inspection}/remarks", role)
        assert [step["remarks"] for step in found.json()["steps"]] == [INSPECTION["remarks"], ANSWER["remarks"]]
        read = await noted(desk, f"example-{role}")
        assert read[-1] == {"officer": read[-1]["officer"], "inspection_id": inspection}
    assert (await desk.get(f"/api/v1/training-inspections/{inspection}/remarks", D)).status_code == 403


async def test_a_school_reads_no_remarks_on_another(desk: Desk) -> None:
    address = f"/api/v1/training-inspections/{await inspected(desk)}/remarks"
    other = desk.headers(S, organ="county-school", subject="county-teacher")
    answer = await desk.http.get(address, headers=other)
    assert (answer.status_code, answer.json()["policies"]) == (403, ["house.a_school_answers_for_itself"])
    assert [event["attempted"] for event in await noted(desk, "county-teacher")] == ["read_training_inspection_remarks"]
    assert (await desk.get("/api/v1/training-inspections/0123456789ab/remarks", S)).status_code == 404


async def noted(desk: Desk, subject: str) -> list[dict[str, str]]:
    """What the log says somebody read or tried."""
    officer = OfficerId(await desk.house.keys.subject_for(subject))
    events = [decode(row).event for row in await desk.house.store.read_stream(access_stream(officer))]
    assert {type(event) for event in events} <= {InspectionRemarksRead} or len(events) == 1
    return [event.model_dump(mode="json") for event in events]
