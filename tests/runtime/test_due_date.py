"""A program with a newer calendar counts provisional dates anew, once, and everybody who shows them says so."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from domain.appointment import LiveCase, case_stream
from domain.due_date import DueDatesRecounted, RecountDueDates, recount_command_id
from domain.identity import SYSTEM, CaseId
from domain.working_days import Calendar
from eventstore.codec import decode
from eventstore.recording import Recorder
from runtime.calendars import calendar_for
from runtime.due_date import DueDates
from runtime.settings import Settings
from tests.desk import Desk, V, open_desk
from tests.examples import at

BEFORE_EASTER = at("2026-03-30")
NEWS = "the closing date was moved later, from 6 April 2026: the days were counted anew on 31 march 2026"


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(settings) as opened:
        opened.clock.at = BEFORE_EASTER
        yield opened


def older(jurisdiction: str) -> Calendar:
    """The calendar of a program that was installed before that of 2026 was published."""
    known = calendar_for(jurisdiction)
    return known.model_copy(update={"version": "holidays 0.1", "last_year": 2025, "exceptions": {}})


async def noticed(desk: Desk) -> tuple[CaseId, str]:
    """A case whose notice stands over Easter, counted by an older program; a newer one is running now."""
    recorder = desk.house.recorder
    recorder.calendar_for = older
    case_id, _, notice_id = await desk.noticed()
    question = {"question": "Who drew the list of candidates up?"}
    await desk.done(f"/cases/{case_id}/queries", question, V)
    recorder.calendar_for = calendar_for
    desk.clock.at += timedelta(days=1)
    return CaseId(case_id), notice_id


async def swept(desk: Desk) -> int:
    await desk.project()
    return await DueDates(desk.house, desk.clock).sweep()


async def recounts(recorder: Recorder, case_id: CaseId) -> list[DueDatesRecounted]:
    stored = await recorder.store.read_stream(case_stream(case_id))
    return [event for row in stored if isinstance(event := decode(row).event, DueDatesRecounted)]


async def shown(desk: Desk, path: str) -> Any:
    await desk.project()
    answer = await desk.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_newer_program_counts_anew_once_however_often_it_starts(desk: Desk) -> None:
    case_id, _ = await noticed(desk)
    assert await swept(desk) == 1
    (event,) = await recounts(desk.house.recorder, case_id)
    days = {found.clock.partition(":")[0]: (found.before, found.after) for found in event.clocks}
    assert days == {
        "public_notice": (date(2026, 4, 6), date(2026, 4, 8)),
        "query": (date(2026, 4, 13), date(2026, 4, 15)),
    }
    assert await swept(desk) == 0 and len(await recounts(desk.house.recorder, case_id)) == 1


async def test_two_programs_that_start_at_once_record_one_recount(desk: Desk) -> None:
    """The read model of the second does not know yet what the first has recorded."""
    case_id, _ = await noticed(desk)
    await desk.project()
    assert await DueDates(desk.house, desk.clock).sweep() == 1
    assert await DueDates(desk.house, desk.clock).sweep() == 0
    assert len(await recounts(desk.house.recorder, case_id)) == 1


async def test_a_calendar_that_changes_nothing_is_asked_once_until_the_case_goes_on(desk: Desk) -> None:
    case_id, _ = await noticed(desk)
    desk.house.recorder.calendar_for = lambda place: older(place).model_copy(update={"version": "holidays 0.2"})
    await desk.project()
    due_dates = DueDates(desk.house, desk.clock)
    assert await due_dates.sweep() == 0
    desk.house.recorder.calendar_for = calendar_for
    assert await due_dates.sweep() == 0, "nobody has brought this program another calendar"
    await desk.objected(case_id)
    await desk.project()
    assert await due_dates.sweep() == 1


async def test_the_page_the_board_and_the_register_show_the_later_day_and_why(desk: Desk) -> None:
    case_id, notice_id = await noticed(desk)
    await desk.project()
    before = (await desk.get(f"/en/notices/{notice_id}")).text
    assert "Provisional date" in before and "6 April 2026" in before
    (row,) = (await shown(desk, "/cases"))["cases"]
    assert (row["due_on"], row["provisional_by"]) == ("2026-04-06", "holidays 0.1")
    await swept(desk)
    (row,) = (await shown(desk, "/cases"))["cases"]
    assert (row["due_on"], row["provisional_by"]) == ("2026-04-08", None)
    after = (await desk.get(f"/en/notices/{notice_id}")).text
    assert "Provisional date" not in after and NEWS in after.lower().replace("april", "April")
    assert "截止日期由2026年4月6日顺延" in (await desk.get(f"/zh/notices/{notice_id}")).text
    duties = {duty["duty"]: duty["due_on"] for duty in (await shown(desk, f"/duties?case_id={case_id}"))["duties"]}
    assert [due_on for duty, due_on in duties.items() if duty.startswith("query:")] == ["2026-04-15"]


async def test_the_timeline_and_the_explanation_name_both_calendars(desk: Desk) -> None:
    case_id, _ = await noticed(desk)
    await swept(desk)
    step = (await shown(desk, f"/cases/{case_id}/timeline"))["steps"][-1]
    assert (step["type"], step["who"]["officer"]) == ("due_dates_recounted", SYSTEM.officer)
    assert {clock["calendar_before"] for clock in step["what"]["clocks"]} == {"holidays 0.1"}
    told = await shown(desk, f"/cases/{case_id}/explanation?at=2026-03-31T12:00:00Z")
    notice = next(clock for clock in told["clocks"] if clock["timer"] == "public_notice")
    assert notice["why"]["en"][0].startswith("Counted anew on 31 March 2026 by calendar version holidays ")
    assert not notice["moved"] and not notice["provisional"]


async def test_a_notice_does_not_end_by_the_older_count_though_nobody_has_swept(desk: Desk) -> None:
    case_id, _ = await noticed(desk)
    receipt = await desk.run_out(case_id, "public_notice")
    assert [type(event) for event in receipt.events] == [DueDatesRecounted]
    assert isinstance(receipt.case, LiveCase) and receipt.case.notice is not None
    assert receipt.case.notice.window.closes_on == date(2026, 4, 8) and receipt.case.notice.elapsed_on is None
    assert await swept(desk) == 0


async def test_the_command_id_is_that_of_the_case_its_version_and_the_calendar(desk: Desk) -> None:
    case_id, _ = await noticed(desk)
    recorder = desk.house.recorder
    version = (await recorder.load(case_stream(case_id))).version
    command_id = recount_command_id(case_id, version, calendar_for("GB-ENG").version)
    first = await recorder.record(case_id, RecountDueDates(), actor=SYSTEM, command_id=command_id)
    again = await recorder.record(case_id, RecountDueDates(), actor=SYSTEM, command_id=command_id)
    assert first.events == again.events and again.repeated
    assert len(await recounts(recorder, case_id)) == 1
