"""The register holds what the files say: each record once, as corrected, and where everybody serves."""

from datetime import date

from api.training_record import RECORD
from tests.desk import Desk, S

WHO = {"person": "staff-4711"}
SERVICE = WHO | {"unit": "Registry", "pack": "standard", "rank": "officer", "since_on": "2024-09-01"}


async def test_a_record_stands_in_the_register_once_and_as_it_was_corrected(desk: Desk) -> None:
    await desk.done("/training-records", WHO | {"record": RECORD}, S)
    await desk.done("/training-records", WHO | {"record": RECORD | {"number": "2026/113"}}, S)
    fewer = RECORD | {"attended_hours": 60}
    await desk.done("/training-record-corrections", WHO | {"entry": 1, "record": fewer, "reason": "Counted twice."}, S)
    await desk.project()
    rows = await desk.house.pool.fetch("SELECT * FROM read_model.training_entry ORDER BY entry")
    assert [(row["entry"], row["attended_hours"], row["corrected"]) for row in rows] == [(1, 60, True), (2, 64, False)]


async def test_the_register_knows_where_somebody_serves_and_since_when(desk: Desk) -> None:
    await desk.done("/service-registrations", SERVICE)
    await desk.done("/service-registrations", SERVICE | {"unit": "Treasury", "since_on": "2025-09-01"})
    await desk.project()
    rows = await desk.house.pool.fetch("SELECT * FROM read_model.in_service ORDER BY since_on")
    assert [(row["unit"], row["since_on"], row["until_on"], row["in_service_since"]) for row in rows] == [
        ("Registry", date(2024, 9, 1), date(2025, 8, 31), date(2024, 9, 1)),
        ("Treasury", date(2025, 9, 1), None, date(2024, 9, 1)),
    ]


async def test_an_interruption_of_days_keeps_the_first_day_of_service(desk: Desk) -> None:
    await desk.done("/service-registrations", SERVICE)
    await desk.done("/service-endings", WHO | {"until_on": "2025-12-30"})
    await desk.done("/service-registrations", SERVICE | {"since_on": "2026-01-02"})
    await desk.project()
    rows = await desk.house.pool.fetch("SELECT * FROM read_model.in_service ORDER BY since_on")
    assert [row["in_service_since"] for row in rows] == [date(2024, 9, 1)] * 2


async def test_whoever_was_forgotten_is_in_no_row_of_a_rebuilt_register(desk: Desk) -> None:
    person = (await desk.done("/training-records", WHO | {"record": RECORD}, S))["person_id"]
    assert hasattr(desk.house.keys, "_pool")
    await desk.house.keys._pool.execute("DELETE FROM owner_key WHERE owner = $1", f"person/{person}")
    await desk.project()
    assert await desk.house.pool.fetchval("SELECT count(*) FROM read_model.training_entry") == 0
