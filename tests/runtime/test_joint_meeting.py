"""Meetings convene by themselves, once; their agendas fill from the log, once a cause; a broken step is mended."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.identity import SYSTEM
from domain.joint_meeting import FindingMade, Seat, joint_meeting_stream
from domain.joint_supervision_rule import OF_THE_HOUSE
from domain.transparency_log import TRANSPARENCY_STREAM, AlarmCode, LogAlarmRaised
from domain.working_days import Period, Unit
from eventstore.followed_recording import run_out
from eventstore.noting import note
from projections.joint_meeting import MeetingRow, meetings_page
from runtime.calendars import calendar_for
from runtime.joint_meeting import MeetingSchedule, meetings_due, members_of, period_around
from runtime.settings import Settings
from tests.api.test_joint_meeting import FINDING, opened
from tests.desk import Desk, V, open_desk
from tests.projections.whole_lives import WAIVER


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(settings) as at_work:
        yield at_work


async def swept(desk: Desk, pack: str = "standard") -> int:
    await desk.project()
    settings = desk.house.settings.model_copy(update={"joint_meeting_pack": pack})
    done = await MeetingSchedule(replace(desk.house, settings=settings), desk.clock).sweep()
    await desk.project()
    return done


async def meetings(desk: Desk) -> dict[str, MeetingRow]:
    return {row.kind: row for row in await meetings_page(desk.house.pool)}


async def agenda(desk: Desk, meeting_id: str) -> list[tuple[str, str | None]]:
    answer = await desk.get(f"/api/v1/joint-meetings/{meeting_id}")
    return [(item["kind"], item["title"]) for item in answer.json()["agenda"]]


async def test_a_meeting_of_each_kind_is_convened_once_when_there_are_cases_and_the_setting_wants_it(
    desk: Desk,
) -> None:
    assert await swept(desk) == 0
    await desk.opened()
    assert await swept(desk, "") == 0
    assert await swept(desk) == 3
    assert await swept(desk) == 0
    found = await meetings(desk)
    assert {kind: row.held_on for kind, row in found.items()} == {
        "contact": date(2026, 4, 10),
        "quarterly": date(2026, 4, 15),
        "yearly": date(2027, 1, 20),
    }
    assert {row.chair for row in found.values()} == {"personnel-department"}
    desk.clock.at += timedelta(days=30)
    assert await swept(desk) == 2  # April has begun: another month, and another quarter


async def test_the_next_agenda_takes_each_cause_once_and_a_left_item_goes_on_to_the_next_meeting(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.done(f"/cases/{case_id}/deviations", WAIVER, V)
    await desk.done("/problems", FINDING | {"type": "index_fallen"}, V)
    alarm = LogAlarmRaised(code=AlarmCode.UNCOSIGNED, size=9, what="silent")
    store, keys, at = desk.house.store, desk.house.keys, desk.clock()
    await note(store, keys, TRANSPARENCY_STREAM, alarm, actor=SYSTEM, command_id=uuid4(), at=at)
    await swept(desk)
    await swept(desk)
    next_one = (await meetings(desk))["contact"].meeting_id
    items = [("log_alarm", None), ("deviation", None), ("index_fallen", None)]
    assert await agenda(desk, next_one) == items
    placed = {"title": "Letters of May", "asked": "Say whether letters wait."}
    await desk.done(f"/joint-meetings/{next_one}/agenda-items", placed, V)
    for name, day in (("agenda", "2026-04-07"), ("held", "2026-04-10")):
        desk.clock.at += timedelta(days=40)
        await run_out(desk.house.recorder, joint_meeting_stream(next_one), name, day, desk.clock())
    desk.clock.at -= timedelta(days=75)
    await swept(desk)
    later = (await meetings(desk))["quarterly"].meeting_id
    assert sorted(await agenda(desk, later)) == sorted([*items, ("placed", "Letters of May")])
    assert await swept(desk) == 0


async def coming(desk: Desk) -> list[MeetingRow]:
    found = await meetings_page(desk.house.pool, state="convened")
    return sorted(found, key=lambda row: row.held_on)


async def test_what_a_called_off_meeting_had_before_it_goes_on_and_the_next_one_of_its_kind_is_convened(
    desk: Desk,
) -> None:
    case_id = await desk.opened()
    await desk.done(f"/cases/{case_id}/deviations", WAIVER, V)
    await swept(desk)
    await swept(desk)
    placed = {"title": "Letters of May", "asked": "Say whether letters wait."}
    await desk.done(f"/joint-meetings/{(await coming(desk))[0].meeting_id}/agenda-items", placed, V)
    await desk.project()
    days = []
    for _ in range(2):
        off = (await coming(desk))[0]
        days.append((off.kind, off.held_on))
        assert sorted(await agenda(desk, off.meeting_id)) == [("deviation", None), ("placed", "Letters of May")]
        why = {"reason": "Everybody is at the inspection."}
        await desk.done(f"/joint-meetings/{off.meeting_id}/cancellations", why, V)
        await swept(desk)
    assert days == [("contact", date(2026, 4, 10)), ("quarterly", date(2026, 4, 15))]
    later = await coming(desk)
    assert [(row.kind, row.held_on) for row in later] == [
        ("contact", date(2026, 5, 11)),
        ("quarterly", date(2026, 7, 15)),
        ("yearly", date(2027, 1, 20)),
    ]
    assert sorted(await agenda(desk, later[0].meeting_id)) == [("deviation", None), ("placed", "Letters of May")]
    assert await swept(desk) == 0


async def test_a_finding_that_a_crash_kept_from_the_register_is_put_there(desk: Desk) -> None:
    await desk.project()
    path, _ = await opened(desk)
    left = FindingMade.model_validate(FINDING | {"number": 1, "problem_id": "problem00001", "evidence": ()})
    store, keys, at = desk.house.store, desk.house.keys, desk.clock()
    stream = joint_meeting_stream(path.rpartition("/")[2])
    await note(store, keys, stream, left, actor=SYSTEM, command_id=uuid4(), at=at)
    assert await swept(desk, "") == 1
    assert await swept(desk, "") == 0
    answer = await desk.get("/api/v1/problems/problem00001")
    assert answer.json()["finding"] == FINDING["finding"]


def test_periods_are_counted_from_january_and_days_convene_nothing() -> None:
    day = date(2026, 11, 23)
    assert period_around(day, Period(n=1, unit=Unit.MONTH)) == (date(2026, 11, 1), date(2026, 12, 1))
    assert period_around(day, Period(n=3, unit=Unit.MONTH)) == (date(2026, 10, 1), date(2027, 1, 1))
    assert period_around(day, Period(n=1, unit=Unit.YEAR)) == (date(2026, 1, 1), date(2027, 1, 1))
    assert period_around(day, Period(n=90, unit=Unit.DAY)) is None
    due = list(meetings_due(OF_THE_HOUSE, day, calendar_for("GB-ENG")))
    assert all(calendar_for("GB-ENG").day(found.held_on).works for found in due)
    assert len({found.held_on for found in due}) == 3


def test_members_of_scheduled_meetings_are_written_as_organ_and_seat() -> None:
    found = members_of("personnel-department:personnel, supervision-organ:supervision")
    assert [member.seat for member in found] == [Seat.PERSONNEL, Seat.SUPERVISION]
    with pytest.raises(ValueError, match="chairman"):
        members_of("personnel-department:chairman")
