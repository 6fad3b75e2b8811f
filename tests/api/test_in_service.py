"""Personnel keep the register of who serves where; a rank must be one of the pack's, and no school writes it."""

from tests.desk import Desk, S

SERVICE = {"person": "staff-4711", "unit": "Registry", "pack": "standard", "rank": "officer", "since_on": "2024-09-01"}


async def test_somebody_is_registered_moved_and_taken_off_the_register(desk: Desk) -> None:
    person = (await desk.done("/service-registrations", SERVICE))["person_id"]
    assert (await desk.done("/service-registrations", SERVICE))["recorded"] is False
    moved = SERVICE | {"unit": "Treasury", "since_on": "2025-09-01"}
    assert (await desk.done("/service-registrations", moved))["version"] == 2
    ended = await desk.done("/service-endings", {"person_id": person, "until_on": "2026-02-01"})
    assert ended["events"] == [{"type": "service_ended", "person_id": person}]


async def test_an_unknown_rank_is_refused_with_those_there_are(desk: Desk) -> None:
    answer = await desk.post("/service-registrations", SERVICE | {"rank": "admiral"})
    assert (answer.status_code, answer.json()["field"]) == (422, "rank")


async def test_a_school_registers_nobody(desk: Desk) -> None:
    assert (await desk.post("/service-registrations", SERVICE, S)).status_code == 403
