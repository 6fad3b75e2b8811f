"""Training serves selection: three people's stories through the door, from the register to the office, or out of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from domain.date_words import in_words
from domain.training_verification import MakeUpTrainingRecorded, MakeUpTrainingReminded
from runtime.reverse_review import ReverseReviews
from runtime.settings import Settings
from tests.classroom import ASSESSMENT, STUDY, Classroom
from tests.desk import Desk, P, S, V, open_desk
from tests.spec import studied

AMINA, LI, CHEN = {"person": "staff-4711"}, {"person": "staff-2"}, {"person": "staff-3"}
FIRST = [{"on": "2026-03-02", "hours": 6}, {"on": "2026-03-03", "hours": 6}]
SECOND = [{"on": "2026-03-09", "hours": 6}, {"on": "2026-03-10", "hours": 6}]
OFFICE = "the training that office asks for: 40 hours in one year"


@dataclass
class Life:
    """A desk at which one person's training and case are followed."""

    desk: Desk
    school: Classroom

    def comes(self, day: date) -> None:
        self.desk.clock.at = datetime.combine(day, time(9), UTC)

    async def files(self, who: dict[str, str], hours: int, number: str) -> None:
        """The school puts a training on file that ended yesterday."""
        record = studied(hours, self.desk.clock().date() - timedelta(days=1), number=number).model_dump(mode="json")
        await self.desk.done("/training-records", who | {"record": record}, S)

    async def in_office_owing(self, who: dict[str, str], name: str) -> str:
        """Somebody with thirty of forty hours is appointed on condition of making up the other ten."""
        await self.files(who, 30, f"before/{name}")
        nominee = who | {"particulars": {"full_name": name}}
        case_id, (candidate,) = await self.desk.nominated(nominee, post_id=f"registry/{name}")
        wish = {"candidate_id": candidate, "conditional": True}
        verified = await self.desk.done(f"/cases/{case_id}/training-verifications", wish, S)
        said = verified["events"][0]
        assert (said["result"], said["hours"], said["missing_hours"]) == ("conditional", 30, 10)
        await self.desk.past_records(case_id)
        await self.desk.through_to_office(case_id, [candidate])
        return case_id

    async def clocks(self, case_id: str) -> dict[str, dict[str, Any]]:
        found = (await self.desk.get(f"/api/v1/cases/{case_id}/explanation", P)).json()["clocks"]
        return {clock["timer"]: clock for clock in found}

    async def outcome(self, case_id: str) -> str | None:
        found: str | None = (await self.desk.get(f"/api/v1/cases/{case_id}/explanation", P)).json()["outcome"]
        return found

    async def reviews(self) -> list[dict[str, Any]]:
        """What the relay's sweep opens, and what there is then."""
        await self.desk.project()
        await ReverseReviews(self.desk.house, self.desk.clock).sweep()
        await self.desk.project()
        found: list[dict[str, Any]] = (await self.desk.get("/api/v1/inquiries")).json()["inquiries"]
        return found


@pytest.fixture
async def life(settings: Settings) -> AsyncIterator[Life]:
    async with open_desk(settings) as desk:
        yield Life(desk, Classroom(desk))


async def test_somebody_out_of_order_leaves_one_course_passes_another_and_is_appointed(life: Life) -> None:
    desk = life.desk
    service = {"unit": "Registry", "pack": "standard", "rank": "officer", "since_on": "2024-09-01"}
    await desk.done("/service-registrations", AMINA | service)
    await life.files(AMINA, 30, "before/amina")
    standing = await life.school.standing(AMINA)
    assert (standing["in_order"], standing["hours"], standing["missing_hours"]) == (False, 30, 10)

    left = await sent_to_a_course(life, FIRST)
    life.comes(date(2026, 3, 3))
    (line,) = await life.school.attended(left, 1, AMINA | {"attended_hours": 6})
    assert not line["ended_by_leave"]
    away = {"attended_hours": 3, "leave_hours": 3, "leave_reason": "A hearing in another town."}
    (line,) = await life.school.attended(left, 2, AMINA | away)
    assert line["ended_by_leave"], "three hours of leave are more than one seventh of fourteen"
    answer = await desk.post(f"/courses/{left}/completions", AMINA, S)
    assert answer.json()["type"] == "/problems/course_has_ended_for_them"
    assert (await life.school.standing(AMINA))["hours"] == 30, "nothing of a course that was left counts"

    passed = await sent_to_a_course(life, SECOND)
    life.comes(date(2026, 3, 10))
    await four_records(life, passed)
    await life.school.completed(passed, AMINA)
    standing = await life.school.standing(AMINA)
    assert (standing["in_order"], standing["hours"], standing["missing_hours"]) == (True, 44, 0)
    numbers = [line["record"]["number"] for line in standing["lines"]]
    assert numbers == ["before/amina", f"course/{passed}"]

    nominee = AMINA | {"particulars": {"full_name": "Amina Okafor"}}
    case_id, (candidate,) = await desk.nominated(nominee, post_id="registry/amina")
    verified = await desk.done(f"/cases/{case_id}/training-verifications", {"candidate_id": candidate}, S)
    said = verified["events"][0]
    assert (said["result"], said["hours"], said["counted"]) == ("met", 44, [1, 2])
    assert said["file_version"] == standing["file_version"] and len(said["file_hash"]) == 64
    await desk.past_records(case_id)
    await desk.through_to_office(case_id, [candidate])
    assert set(await life.clocks(case_id)) == {"probation"}, "nothing is owed"
    await desk.run_out(case_id, "probation")
    await desk.done(f"/cases/{case_id}/probation-confirmations", {})
    assert await life.outcome(case_id) == "confirmed" and await life.reviews() == []


async def sent_to_a_course(life: Life, sessions: list[dict[str, Any]]) -> str:
    """A course to which personnel sent Amina, and in which the school gave her a place."""
    course_id = await life.school.course(sessions=sessions)
    refused = await life.desk.post(f"/courses/{course_id}/sendings", AMINA, S)
    assert refused.status_code == 403, "the school sends nobody"
    reason = "Lacks ten hours of " + OFFICE
    await life.desk.done(f"/courses/{course_id}/sendings", AMINA | {"reason": reason})
    assert (await life.desk.post(f"/courses/{course_id}/participants", AMINA, P)).status_code == 403
    await life.school.enrolled(course_id, AMINA)
    return course_id


async def four_records(life: Life, course_id: str) -> None:
    examination = {"examination": {"sitting": 1, "score": 84, "held_on": SECOND[-1]["on"]}}
    await life.desk.done(f"/courses/{course_id}/study-records", AMINA | STUDY, S)
    for session in (1, 2):
        await life.school.attended(course_id, session, AMINA | {"attended_hours": 6})
    await life.desk.done(f"/courses/{course_id}/examination-records", AMINA | examination, S)
    await life.desk.done(f"/courses/{course_id}/assessment-records", AMINA | ASSESSMENT, S)


async def test_what_was_owed_and_never_made_up_lapses_and_the_appointment_is_reviewed(life: Life) -> None:
    desk = life.desk
    case_id = await life.in_office_owing(LI, "li")
    clocks = await life.clocks(case_id)
    assert set(clocks) == {"make_up_reminder", "make_up_training", "probation"}
    due_on = date.fromisoformat(clocks["make_up_training"]["due_on"])
    assert clocks["make_up_reminder"]["due_on"] == due_on.replace(month=due_on.month - 2).isoformat()

    says_why(clocks, due_on)
    (reminded,) = (await desk.run_out(case_id, "make_up_reminder")).events
    assert isinstance(reminded, MakeUpTrainingReminded)
    assert (reminded.due_on, reminded.hours_owed) == (due_on, 10)
    assert set(await life.clocks(case_id)) == {"make_up_training", "probation"}, "it reminds once"
    await life.files(LI, 6, "after/li")
    short = (await desk.post(f"/cases/{case_id}/make-up-trainings", {}, S)).json()
    assert short["type"] == "/problems/still_short_of_hours"
    assert (short["facts"]["hours"], short["facts"]["hours_owed"]) == (6, 10)
    assert await life.reviews() == []

    lapsed = await desk.run_out(case_id, "make_up_training")
    assert [event.alias for event in lapsed.events] == ["make_up_training_expired", "case_ended"]
    assert await life.outcome(case_id) == "training_lapsed"
    (review,) = await life.reviews()
    assert (review["case_id"], review["cause"], review["outcome"]) == (case_id, "training_lapsed", None)
    acts = {act for found in review["took_part"] for act in found["acts"]}
    assert {"case_opened", "candidate_nominated", "training_verified", "decision_taken", "appointment_issued"} <= acts
    assert [found["inquiry_id"] for found in await life.reviews()] == [review["inquiry_id"]], "and only once"
    await concluded(desk, review["inquiry_id"])


def says_why(clocks: dict[str, dict[str, Any]], due_on: date) -> None:
    """The reminder and the deadline are explained in both languages, each with its rule and where that stands."""
    reminder, deadline = clocks["make_up_reminder"], clocks["make_up_training"]
    assert reminder["rule"]["path"] == "training.remind_before" and reminder["rule"]["instrument"]["en"]
    assert reminder["why"]["en"] == [f"It lies 2 months before the deadline, which is {in_words(due_on)}."]
    assert reminder["why"]["zh"] == [f"于截止日{in_words(due_on, 'zh')}前2个月提醒。"]
    assert (reminder["title"]["zh"], deadline["title"]["zh"]) == ("补训提醒", "补训")
    assert deadline["rule"]["path"] == "training.make_up" and deadline["why"]["en"] and deadline["why"]["zh"]
    assert (deadline["on_expiry"], deadline["meaning"]["path"]) == ("lapse", "training.on_make_up_expiry")


async def concluded(desk: Desk, inquiry_id: str) -> None:
    """An officer of supervision who did nothing in the case concludes the review."""
    apart = {"subject": "apart", "organ": "supervision-organ"}
    finding = {"code": "irregularity", "text": "No course was offered in the year that they had."}
    await desk.done(f"/inquiries/{inquiry_id}/findings", finding, V, **apart)
    conclusion = {"outcome": "shortcomings", "remarks": "The school plans a course each quarter now."}
    await desk.done(f"/inquiries/{inquiry_id}/conclusions", conclusion, V, **apart)


async def test_whoever_studied_in_time_keeps_the_office_though_nobody_told_the_case(life: Life) -> None:
    desk = life.desk
    case_id = await life.in_office_owing(CHEN, "chen")
    await desk.run_out(case_id, "make_up_reminder")
    await life.files(CHEN, 10, "after/chen")
    (kept,) = (await desk.run_out(case_id, "make_up_training")).events
    assert isinstance(kept, MakeUpTrainingRecorded) and kept.hours == 10
    assert await life.outcome(case_id) is None
    assert await life.reviews() == []
