"""A course over HTTP: it fits its facility, has places for so many, and two rivals never both get the last one."""

import asyncio

import pytest

from tests.classroom import AMINA, SESSIONS, WEI, Classroom, arrangement
from tests.desk import Desk, P, S


@pytest.fixture
def school(desk: Desk) -> Classroom:
    return Classroom(desk)


async def test_a_course_is_scheduled_read_and_listed(school: Classroom) -> None:
    hall = await school.facility()
    course_id = await school.course(facility_id=hall, needs={"projector": 20})
    await school.desk.done(f"/courses/{course_id}/sendings", WEI, P)
    await school.enrolled(course_id)
    found = await school.shown(f"/courses/{course_id}")
    assert (found["places"], found["taken"], found["sent"], found["facility_id"]) == (20, 1, 1, hall)
    assert (found["method"], found["began_on"], found["sessions"]) == ("off_job", "2026-03-02", SESSIONS)
    assert [(person["sent"], person["enrolled"]) for person in found["participants"]].count((False, True)) == 1
    listed = (await school.shown("/courses?method=off_job&to_come=true"))["courses"]
    assert [course["course_id"] for course in listed] == [course_id]
    assert (await school.shown("/courses?method=online"))["courses"] == []
    (facility,) = (await school.shown("/facilities"))["facilities"]
    assert facility["booked_on"] == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"places": 31}, "places_over_capacity"),
        ({"needs": {"projector": 31}}, "need_not_met"),
        ({"needs": {"computer": 1}}, "need_not_met"),
        ({"sessions": [{"on": "2025-12-30", "hours": 6}, {"on": "2026-03-03", "hours": 6}]}, "facility_not_available"),
    ],
)
async def test_a_course_does_not_go_over_its_facility_also_when_it_is_only_tried(
    school: Classroom, changed: dict[str, object], refusal: str
) -> None:
    body = school.course_body(facility_id=await school.facility(), **changed)
    size = await school.desk.log_size()
    for query in ("?dry_run=true", ""):
        answer = await school.desk.post("/courses", body, S, query=query)
        assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{refusal}"), answer.text
    assert await school.desk.log_size() == size


async def test_of_two_courses_at_once_in_one_facility_on_one_day_one_has_it(school: Classroom) -> None:
    body = school.course_body(facility_id=await school.facility())
    answers = await asyncio.gather(*(school.desk.post("/courses", body, S) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/facility_taken"}


async def test_a_course_that_moves_or_is_cancelled_gives_its_facility_back(school: Classroom) -> None:
    hall, other = await school.facility(), await school.facility(title="Hall 3")
    course_id = await school.course(facility_id=hall)
    moved = {"arrangement": arrangement(facility_id=other), "reason": "The first hall is being painted."}
    await school.desk.done(f"/courses/{course_id}/changes", moved, S)
    taking = await school.course(facility_id=hall)
    refused = await school.desk.post("/courses", school.course_body(facility_id=other), S)
    assert refused.json()["facts"]["course_id"] == course_id
    await school.desk.done(f"/courses/{taking}/cancellations", {"reason": "Nobody was sent."}, S)
    await school.course(facility_id=hall)


async def test_the_same_wish_again_schedules_no_second_course(school: Classroom) -> None:
    body = school.course_body(facility_id=await school.facility())
    first = await school.desk.done("/courses", body, S, key="the-same-wish")
    again = await school.desk.done("/courses", body, S, key="the-same-wish")
    assert (again["course_id"], again["repeated"]) == (first["course_id"], True)


async def test_two_who_want_the_last_place_at_once_do_not_both_get_it(school: Classroom) -> None:
    course_id = await school.course(places=1)
    path = f"/courses/{course_id}/participants"
    answers = await asyncio.gather(*(school.desk.post(path, who, S) for who in (AMINA, WEI)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    full = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (full["type"], full["facts"]) == ("/problems/course_is_full", {"places": 1, "enrolled": 1})
    assert (await school.shown(f"/courses/{course_id}"))["taken"] == 1


async def test_a_course_names_registered_teachers_a_known_plan_and_the_packs_own_methods(school: Classroom) -> None:
    body = school.course_body()
    for wrong in ({"plan_id": "none"}, {"method": "telepathy"}, {"kind": "cookery"}):
        assert (await school.desk.post("/courses", body | wrong, S)).json()["type"] == "/problems/unknown_choice"
    stranger = school.course_body(teachers=["0123456789abcdef"])
    assert (await school.desk.post("/courses", stranger, S)).json()["field"] == "arrangement.teachers"
    terms = {"staff_type": "visiting", "profession": "law", "birth_year": 1974, "from_on": "2026-01-01"}
    teacher = await school.desk.done("/teachers", {"person": "staff-9", "terms": terms}, S)
    assert "profession" not in str(teacher["events"])
    course_id = await school.course(teachers=[teacher["person_id"]])
    assert (await school.shown(f"/courses/{course_id}"))["teachers"] == [teacher["person_id"]]
    assert await school.desk.house.pool.fetchval("SELECT profession FROM read_model.teacher") == "law"


async def test_what_courses_without_a_facility_need_is_told_as_a_shortfall(school: Classroom) -> None:
    await school.facility()
    await school.course(needs={"projector": 45, "computer": 10})
    found = {row["need"]: row["short"] for row in (await school.shown("/facilities"))["shortfalls"]}
    assert found == {"projector": 15, "computer": 10, "places": 0}


async def test_a_facility_is_not_made_smaller_than_a_course_to_come_needs(school: Classroom) -> None:
    hall = await school.facility()
    await school.course(facility_id=hall)
    smaller = {"title": "Hall", "places": 10, "available_from_on": "2026-01-01", "reason": "Rebuilt."}
    refused = await school.desk.post(f"/facilities/{hall}/changes", smaller, S)
    assert refused.json()["type"] == "/problems/facility_still_needed"


async def test_whoever_plans_does_not_enrol_and_whoever_teaches_does_not_send(school: Classroom) -> None:
    course_id = await school.course()
    for path, role in (("participants", P), ("sendings", S)):
        answer = await school.desk.post(f"/courses/{course_id}/{path}", AMINA, role)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not_allowed")


async def test_there_is_no_course_at_an_unknown_address(school: Classroom) -> None:
    await school.desk.project()
    assert (await school.desk.get("/api/v1/courses/0123456789ab")).status_code == 404
    assert (await school.desk.post("/courses/0123456789ab/participants", AMINA, S)).status_code == 404
