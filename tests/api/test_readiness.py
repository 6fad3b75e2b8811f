"""Lists that a department acts on: who is ready for a rank, what the others lack, who falls out by when."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from api.training_record import RECORD
from tests.classroom import Classroom
from tests.desk import NOMINEE, Desk, P, S


async def serves(desk: Desk, person: str, hours: int, ended_on: str = "2026-01-23", unit: str = "Registry") -> None:
    service = {"person": person, "unit": unit, "pack": "standard", "rank": "officer", "since_on": "2020-01-01"}
    await desk.done("/service-registrations", service)
    said: dict[str, Any] = {"hours": hours, "attended_hours": hours, "leave_hours": 0, "days": 1}
    began_on = date.fromisoformat(ended_on) - timedelta(days=hours // 24)
    said |= {"began_on": str(began_on), "ended_on": ended_on}
    await desk.done("/training-records", {"person": person, "record": RECORD | said}, S)


async def asked(desk: Desk, query: str) -> dict[str, Any]:
    answer = await desk.get(f"/api/v1/readiness?unit=Registry&{query}", P)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def three(desk: Desk) -> None:
    await serves(desk, "ready", 210)
    await serves(desk, "short", 30)
    await serves(desk, "ageing", 40, "2025-05-01")
    await serves(desk, "elsewhere", 40, unit="Treasury")
    await desk.project()


async def test_a_unit_sees_who_is_in_order_and_what_the_others_lack(desk: Desk) -> None:
    await three(desk)
    found = await asked(desk, "on=2026-03-02")
    assert (found["in_service"], found["ready"]) == (3, 2)
    assert [(each["missing_hours"], each["in_order_until"]) for each in found["people"]] == [
        (0, "2026-04-30"),
        (0, "2027-01-22"),
        (10, None),
    ]


async def test_a_list_is_held_against_a_rank_that_people_would_rise_to(desk: Desk) -> None:
    await three(desk)
    found = await asked(desk, "rank=senior&state=ready&on=2026-03-02")
    assert [(each["rank"], each["against"], each["hours"]) for each in found["people"]] == [("officer", "senior", 210)]
    lacking = await asked(desk, "rank=senior&state=lacking&on=2026-03-02")
    assert [each["missing_hours"] for each in lacking["people"]] == [160, 170]


async def test_whoever_lacks_hours_is_shown_the_courses_to_be_sent_to(desk: Desk) -> None:
    await three(desk)
    sessions = [{"on": "2026-04-07", "hours": 6}, {"on": "2026-04-08", "hours": 6}]
    course_id = await Classroom(desk).course(sessions=sessions, hours=12)
    await desk.project()
    (lacking,) = (await asked(desk, "state=lacking&on=2026-03-02"))["people"]
    assert lacking["could_take"] == [
        {"course_id": course_id, "began_on": "2026-04-07", "ended_on": "2026-04-08", "missing_hours": 0}
    ]
    await desk.done(f"/courses/{course_id}/sendings", {"person_id": lacking["person_id"]})
    await desk.project()
    (sent,) = (await asked(desk, "state=lacking&on=2026-03-02"))["people"]
    assert (lacking["sent_to"], sent["sent_to"]) == ([], [course_id])
    ready = (await asked(desk, "state=ready&on=2026-03-02"))["people"]
    assert [each["could_take"] for each in ready] == [[], []]


async def test_who_falls_out_of_order_is_foretold(desk: Desk) -> None:
    await three(desk)
    found = await asked(desk, "falls_out_by=2026-06-01&on=2026-03-02")
    assert [each["in_order_until"] for each in found["people"]] == ["2026-04-30"]
    assert (await asked(desk, "state=ready&on=2026-05-01"))["ready"] == 1


async def test_a_case_shows_how_its_candidates_stand_before_anybody_verifies(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.past_records(case_id)
    await desk.done(f"/cases/{case_id}/candidates", NOMINEE)
    await serves(desk, "staff-4711", 30)
    found = (await desk.get(f"/api/v1/cases/{case_id}/training-standings", P)).json()
    (candidate,) = found["candidates"]
    assert (candidate["verified"], candidate["in_order"], candidate["missing_hours"]) == (None, False, 10)


async def test_the_register_leaves_the_house_as_a_table_of_years(desk: Desk) -> None:
    await three(desk)
    answer = await desk.get("/api/v1/training-register", P)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sorted((row["unit"], row["year"], row["attended_hours"]) for row in rows) == [
        ("Registry", "2025", "40"),
        ("Registry", "2026", "210"),
        ("Registry", "2026", "30"),
        ("Treasury", "2026", "40"),
    ]
    assert "ready" not in answer.text.replace("already", "")
