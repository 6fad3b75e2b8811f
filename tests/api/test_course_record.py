"""Four records of a person and a course make a training record; too much leave ends the course by itself."""

import pytest

from domain.access import AccessRefused, TrainingListRead, access_stream
from domain.identity import OfficerId
from eventstore.codec import decode
from tests.classroom import AMINA, ASSESSMENT, STUDY, WEI, Classroom
from tests.desk import A, D, Desk, P, S, V

ABSENT = {"attended_hours": 3, "leave_hours": 3, "leave_reason": "A court hearing."}


@pytest.fixture
def school(desk: Desk) -> Classroom:
    return Classroom(desk)


async def test_four_records_complete_a_course_and_it_counts_from_then(school: Classroom) -> None:
    course_id = await school.course()
    await school.enrolled(course_id)
    early = await school.desk.post(f"/courses/{course_id}/completions", AMINA, S)
    assert early.json()["type"] == "/problems/records_missing"
    await school.recorded(course_id)
    assert (await school.standing())["hours"] == 0
    await school.completed(course_id)
    found = await school.standing()
    assert (found["hours"], [line["counts"] for line in found["lines"]]) == (14, ["yes"])
    record = found["lines"][0]["record"]
    assert (record["number"], record["course_id"], record["days"]) == (f"course/{course_id}", course_id, 2)
    (person,) = (await school.shown(f"/courses/{course_id}"))["participants"]
    assert (person["attended_hours"], person["sessions"], person["completed"]) == (12, 2, True)


async def test_leave_over_the_share_ends_the_course_and_nothing_more_is_recorded(school: Classroom) -> None:
    course_id = await school.course()
    await school.enrolled(course_id)
    (line,) = await school.attended(course_id, 1, AMINA | ABSENT)
    assert (line["outcome"], line["ended_by_leave"]) == ("recorded", True)
    for path, body in (("study-records", STUDY), ("assessment-records", ASSESSMENT), ("completions", {})):
        refused = await school.desk.post(f"/courses/{course_id}/{path}", AMINA | body, S)
        assert refused.json()["type"] == "/problems/course_has_ended_for_them"
    (person,) = (await school.shown(f"/courses/{course_id}"))["participants"]
    assert (person["ended_by_leave"], person["completed"]) == (True, False)


async def test_a_class_is_recorded_line_by_line_and_again_without_anything_twice(school: Classroom) -> None:
    course_id = await school.course()
    await school.enrolled(course_id)
    await school.enrolled(course_id, WEI)
    stranger = {"person": "staff-1"}
    body = {"session": 1, "lines": [{**who, "attended_hours": 6} for who in (AMINA, stranger, WEI)]}
    path = f"/courses/{course_id}/attendance-records"
    tried = await school.desk.done(path, body, S, query="?dry_run=true")
    assert tried["counts"] == {"would_record": 2, "refused": 1}
    first = await school.desk.done(path, body, S, key="session-one")
    assert [line["outcome"] for line in first["lines"]] == ["recorded", "refused", "recorded"]
    assert first["lines"][1]["problem"]["type"] == "/problems/not_enrolled"
    again = await school.desk.done(path, body, S, key="session-one")
    assert [line["outcome"] for line in again["lines"]] == ["repeated", "refused", "repeated"]
    new_key = await school.desk.done(path, body, S)
    assert [line["outcome"] for line in new_key["lines"]] == ["unchanged", "refused", "unchanged"]


async def test_a_slip_is_corrected_with_a_reason(school: Classroom) -> None:
    course_id = await school.course()
    await school.enrolled(course_id)
    await school.attended(course_id, 1, AMINA | {"attended_hours": 5})
    (refused,) = await school.attended(course_id, 1, AMINA | {"attended_hours": 6})
    assert refused["problem"]["type"] == "/problems/already_on_record"
    (corrected,) = await school.attended(course_id, 1, AMINA | {"attended_hours": 6, "correcting": "Misread."})
    assert corrected["outcome"] == "recorded"


async def test_who_failed_the_examination_has_a_record_that_does_not_count(school: Classroom) -> None:
    course_id = await school.course()
    await school.enrolled(course_id)
    await school.recorded(course_id, score=59)
    await school.completed(course_id)
    found = await school.standing()
    assert (found["hours"], found["lines"][0]["record"]["passed"]) == (0, False)


async def test_nothing_of_what_somebody_did_in_a_course_is_readable_in_the_log(school: Classroom) -> None:
    course_id = await school.course()
    await school.enrolled(course_id)
    await school.recorded(course_id)
    await school.completed(course_id)
    entries = [row.entry.decode() for row in await school.desk.house.store.read_log()]
    of_file = [entry for entry in entries if '"stream":"training_file/' in entry]
    assert len(of_file) == 7
    assert not [entry for entry in of_file if "Chapters" in entry or "score" in entry or "hours" in entry]


async def test_nobody_records_their_own_training(school: Classroom) -> None:
    course_id = await school.course()
    own = {"person": "teacher-7"}
    await school.enrolled(course_id, own)
    answer = await school.desk.post(f"/courses/{course_id}/study-records", own | STUDY, S, subject="teacher-7")
    assert answer.json()["type"] == "/problems/schools_own_training"
    lines = {"session": 1, "lines": [own | {"attended_hours": 6}]}
    path = f"/courses/{course_id}/attendance-records"
    answers = [
        await school.desk.done(path, lines, S, subject="teacher-7", query=query) for query in ("?dry_run=true", "")
    ]
    assert [answer["counts"] for answer in answers] == [{"refused": 1}] * 2
    assert await attempts(school.desk, "teacher-7") == ["record_study", "record_attendance"]


async def test_a_pseudonym_of_nobody_begins_no_file(school: Classroom) -> None:
    course_id, nobody = await school.course(), {"person_id": "0123456789abcdef"}
    size = await school.desk.log_size()
    for path, role in ((f"/courses/{course_id}/participants", S), (f"/courses/{course_id}/sendings", P)):
        answer = await school.desk.post(path, nobody, role)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/nobody_of_that_name"), answer.text
    assert await school.desk.log_size() == size
    person = {"person_id": await school.enrolled(course_id)}
    assert (await school.desk.done(f"/courses/{course_id}/sendings", person, P))["person_id"] == person["person_id"]


async def test_who_is_in_a_course_is_read_by_those_who_send_teach_and_watch_and_is_noted(school: Classroom) -> None:
    course_id = await school.course()
    await school.desk.project()
    path, keys = f"/api/v1/courses/{course_id}", school.desk.house.keys
    assert (await school.desk.get(path, V)).json()["participants"] == []
    assert await read_lists(school.desk, await keys.subject_for("example-supervision")) == []
    await school.enrolled(course_id)
    await school.desk.project()
    for role in (P, S, V, A):
        assert len((await school.desk.get(path, role)).json()["participants"]) == 1
        assert await read_lists(school.desk, await keys.subject_for(f"example-{role}")) == [course_id]
    kept_from = (await school.desk.get(path, D)).json()
    assert (kept_from["taken"], kept_from["participants"]) == (1, None)


async def read_lists(desk: Desk, officer: str) -> list[str | None]:
    """The courses of which an officer has read who is in them."""
    rows = await desk.house.store.read_stream(access_stream(OfficerId(officer)))
    return [found.course_id for row in rows if isinstance(found := decode(row).event, TrainingListRead)]


async def attempts(desk: Desk, subject: str) -> list[str]:
    """What somebody tried that was not theirs."""
    officer = OfficerId(await desk.house.keys.subject_for(subject))
    rows = await desk.house.store.read_stream(access_stream(officer))
    return [found.attempted for row in rows if isinstance(found := decode(row).event, AccessRefused)]


async def test_whoever_completed_a_course_rates_it_once_and_few_ratings_tell_nothing(school: Classroom) -> None:
    course_id = await school.course()
    path, desk = f"/courses/{course_id}/ratings", school.desk
    for place in range(6):
        who = {"person": f"staff-{place}"}
        await school.enrolled(course_id, who)
        early = await desk.post(path, {"rating": 5}, V, subject=who["person"])
        assert early.json()["type"] == "/problems/not_completed_by_you"
        await school.recorded(course_id, who)
        await school.completed(course_id, who)
        await desk.done(path, {"rating": 4 + place % 2}, P if place else S, subject=who["person"])
        found = await school.shown(f"/courses/{course_id}")
        assert (found["ratings"], found["rating"]) == (place + 1, 4.4 if place >= 4 else None)
    again = await desk.post(path, {"rating": 1}, P, subject="staff-1")
    assert again.json()["type"] == "/problems/already_rated"
