"""Training is put on record by the school alone, once, and corrected beside what stood there before."""

from api.training_record import RECORD
from domain.identity import Role
from tests.desk import Desk, P, S

WHO = {"person": "staff-4711", "pack": "standard"}


async def test_a_school_puts_a_training_on_record_and_the_same_again_records_nothing(desk: Desk) -> None:
    first = await desk.done("/training-records", WHO | {"record": RECORD}, S)
    assert first["events"][0] == {
        "type": "training_recorded",
        "person_id": first["person_id"],
        "entry": 1,
        "school": "training-school",
    }
    again = await desk.done("/training-records", WHO | {"record": RECORD}, S)
    assert (again["recorded"], again["version"]) == (False, 1)


async def test_the_same_number_with_other_words_is_refused_and_can_be_corrected(desk: Desk) -> None:
    await desk.done("/training-records", WHO | {"record": RECORD}, S)
    other = RECORD | {"attended_hours": 60}
    refused = await desk.post("/training-records", WHO | {"record": other}, S)
    assert (refused.status_code, refused.json()["field"]) == (409, "record.number")
    reason = {"entry": 1, "record": other, "reason": "Four hours were counted twice."}
    assert (await desk.done("/training-record-corrections", WHO | reason, S))["version"] == 2


async def test_what_was_studied_is_sealed_in_the_log(desk: Desk) -> None:
    await desk.done("/training-records", WHO | {"record": RECORD}, S)
    entries = [row.entry.decode() for row in await desk.house.store.read_log()]
    assert any('"type":"training_recorded"' in entry for entry in entries)
    assert not any(str(RECORD["title"]) in entry or str(RECORD["number"]) in entry for entry in entries)


async def test_whoever_plans_training_writes_no_results_and_the_attempt_is_on_the_log(desk: Desk) -> None:
    answer = await desk.post("/training-records", WHO | {"record": RECORD}, P)
    assert (answer.status_code, answer.json()["action"]) == (403, "record_training")


async def test_a_standing_is_read_line_by_line_and_foretold(desk: Desk) -> None:
    await desk.done("/training-records", WHO | {"record": RECORD}, S)
    asked = WHO | {"rank": "officer", "on": "2026-06-01"}
    answer = await desk.http.post("/api/v1/training-standings", json=asked, headers=desk.headers(P))
    found = answer.json()
    assert answer.status_code == 200
    assert (found["in_order"], found["hours"], found["in_order_until"]) == (True, 64, "2027-01-22")
    assert [line["counts"] for line in found["lines"]] == ["yes"]
    later = await desk.http.post(
        "/api/v1/training-standings", json=asked | {"on": "2027-01-23"}, headers=desk.headers(P)
    )
    assert (later.json()["in_order"], later.json()["missing_hours"]) == (False, 40)


async def test_somebody_without_any_office_reads_how_they_stand_themselves(desk: Desk) -> None:
    await desk.done("/training-records", WHO | {"record": RECORD}, S)
    await desk.project()
    mine = desk.headers(Role.PERSON, subject="staff-4711", organ="registry")
    answer = await desk.http.get("/api/v1/training-standings/mine?rank=officer&on=2026-06-01", headers=mine)
    assert (answer.status_code, answer.json()["hours"], answer.json()["lines"][0]["record"]["score"]) == (200, 64, 84)
    assert answer.json()["owed"] is None
    everybody = {"person": "staff-4711", "rank": "officer"}
    refused = await desk.http.post("/api/v1/training-standings", json=everybody, headers=mine)
    assert refused.status_code == 403
