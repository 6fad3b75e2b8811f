"""How somebody stands by their training: what counts on which day, what is missing, and until when it suffices."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.identity import OrganId
from domain.pack import Pack
from domain.training_file import FiledRecord, TrainingFile, TrainingRecord
from domain.training_standing import (
    Counts,
    TrainingStanding,
    cited,
    days_in,
    hours_beside,
    training_standing,
    years_failed_running,
)
from domain.working_days import Period, Unit
from tests.domain.variants import variant
from tests.examples import CHEN, pack
from tests.spec import studied

ON = date(2026, 3, 2)
STANDARD, CHINA = pack("standard"), pack("cn.sr2019")
DIVISION, SECTION = "division_and_above", "section_and_below"


def file_of(*records: TrainingRecord | None) -> TrainingFile:
    file = TrainingFile(CHEN)
    for entry, record in enumerate(records, 1):
        file = file.with_entry(FiledRecord(entry, OrganId("party-school"), record))
    return file


def officer(*records: TrainingRecord | None, law: Pack = STANDARD, on: date = ON) -> TrainingStanding:
    return training_standing(file_of(*records), law, "officer", on)


def within(n: int, unit: str) -> Pack:
    """The standard pack with another window for officers."""
    return variant("standard", {"training.requirements.1.window.value": {"n": n, "unit": unit}})


def test_nothing_on_file_is_everything_missing() -> None:
    found = officer()
    assert (found.in_order, found.hours, found.missing_hours, found.in_order_until) == (False, 0, 40, None)
    assert found.lines == () and found.counted == ()


def test_hours_attended_count_and_not_those_that_the_course_had() -> None:
    found = officer(studied(40, ON, attended_hours=39))
    assert (found.hours, found.missing_hours) == (39, 1)
    assert officer(studied(40, ON, attended_hours=39), studied(1, ON)).in_order


@pytest.mark.parametrize(
    ("on", "ended_on", "counts"),
    [
        (date(2026, 8, 27), date(2026, 2, 28), True),
        (date(2026, 8, 28), date(2026, 2, 28), False),
        (date(2026, 8, 31), date(2026, 2, 28), False),
        (date(2026, 8, 31), date(2026, 3, 1), True),
        (date(2024, 8, 28), date(2024, 2, 29), True),
        (date(2024, 8, 29), date(2024, 2, 29), False),
        (date(2026, 8, 31), date(2026, 8, 31), True),
        (date(2026, 8, 30), date(2026, 8, 31), False),
    ],
)
def test_half_a_year_goes_back_by_the_calendar_and_ends_today(on: date, ended_on: date, counts: bool) -> None:
    found = officer(studied(40, ended_on), law=within(6, "month"), on=on)
    assert found.in_order is counts
    assert [line.counts for line in found.lines] == [Counts.YES if counts else Counts.NOT_IN_WINDOW]


@pytest.mark.parametrize("window", [(6, "month"), (1, "month"), (1, "year"), (5, "year"), (10, "day")])
@pytest.mark.parametrize("ended_on", [date(2024, 2, 29), date(2025, 8, 31), date(2025, 12, 30), date(2026, 1, 31)])
def test_the_day_foretold_is_the_last_one_in_order(window: tuple[int, str], ended_on: date) -> None:
    law, record = within(*window), studied(40, ended_on)
    until = officer(record, law=law, on=ended_on).in_order_until
    assert until is not None
    days = [ended_on] + [until + timedelta(days=more) for more in range(-9, 40)]
    for day in (day for day in days if day >= ended_on):
        assert officer(record, law=law, on=day).in_order is (day <= until), day


def test_of_several_trainings_the_one_that_is_needed_says_until_when() -> None:
    records = [studied(hours, date(2025, month, 15)) for hours, month in ((30, 4), (20, 6), (20, 8))]
    found = officer(*records)
    assert (found.hours, found.in_order_until) == (70, date(2026, 6, 14))
    in_order = [officer(*records, on=ON + timedelta(days=days)).in_order for days in range(200)]
    assert in_order == [ON + timedelta(days=days) <= date(2026, 6, 14) for days in range(200)]


def test_what_asks_for_nothing_is_in_order_for_good() -> None:
    found = officer(law=variant("standard", {"training.requirements.1.hours.value": 0}))
    assert (found.in_order, found.in_order_until, found.missing_hours) == (True, None, 0)


@pytest.mark.parametrize(
    ("law", "rank", "days"), [(CHINA, DIVISION, 90), (CHINA, SECTION, 12)], ids=["three months", "twelve days"]
)
def test_days_of_training_stand_in_place_of_the_hours(law: Pack, rank: str, days: int) -> None:
    enough = training_standing(file_of(studied(1, ON, days=days - 1), studied(1, ON, days=1)), law, rank, ON)
    assert (enough.in_order, enough.days, enough.required_days, enough.missing_hours) == (True, days, days, 0)
    short = training_standing(file_of(studied(1, ON, days=days - 1)), law, rank, ON)
    assert not short.in_order and short.missing_hours == short.required_hours - 1
    assert f"{enough.path}.length" in cited(enough, law)


def test_a_pack_that_says_nothing_of_days_counts_none() -> None:
    found = officer(studied(1, ON, days=900))
    assert (found.in_order, found.required_days) == (False, None)


def test_a_month_of_training_has_thirty_days() -> None:
    assert [days_in(Period(n=2, unit=unit)) for unit in (Unit.DAY, Unit.MONTH, Unit.YEAR)] == [2, 60, 720]


def test_hours_above_the_most_that_count_of_a_part_are_left_out() -> None:
    online = studied(150, ON, method="online")
    senior = training_standing(file_of(online, studied(99, ON)), STANDARD, "senior", ON)
    assert (senior.hours, senior.in_order, senior.missing_hours) == (199, False, 1)
    (part,) = senior.parts
    assert (part.part.id, part.hours, part.at_most, part.beyond, part.missing) == ("online", 150, 100, 50, 0)
    assert "training.requirements.0.parts.online.at_most" in cited(senior, STANDARD)
    assert training_standing(file_of(online, studied(100, ON)), STANDARD, "senior", ON).in_order


SAYS: dict[str, Any] = {
    "says": {"en": "So many hours of it.", "zh": "其中若干学时。"},
    "source": {"instrument": "house", "article": "2.2"},
    "confidence": "own_choice",
}
THEORY_OR_ROTATION = variant(
    "standard",
    {
        "training.requirements.1.parts": [
            {"id": "theory", "kinds": ["theory", "policy_rotation"], "at_least": {"value": 20, **SAYS}},
        ]
    },
)


def test_of_a_part_there_must_be_the_least_that_the_rule_says() -> None:
    law = THEORY_OR_ROTATION
    lacking = officer(studied(60, ON), studied(12, ON, kind="theory"), law=law)
    assert (lacking.in_order, lacking.hours, lacking.missing_hours, lacking.in_order_until) == (False, 72, 8, None)
    assert lacking.parts[0].missing == 8
    whole = officer(studied(60, ON), studied(12, ON, kind="theory"), studied(8, ON, kind="policy_rotation"), law=law)
    assert (whole.in_order, whole.missing_hours) == (True, 0)
    assert officer(law=law).missing_hours == 40, "the hours of the part are hours of the whole"


def test_a_part_that_leaves_the_window_puts_out_of_order_though_the_hours_suffice() -> None:
    early, late = studied(20, date(2025, 6, 1), kind="theory"), studied(60, ON)
    found = officer(early, late, law=THEORY_OR_ROTATION)
    assert found.in_order_until == date(2026, 5, 31)
    after = officer(early, late, law=THEORY_OR_ROTATION, on=date(2026, 6, 1))
    assert (after.in_order, after.hours, after.missing_hours) == (False, 60, 20)


@pytest.mark.parametrize(("score", "counts"), [(None, True), (60, True), (59, False)])
def test_an_examination_under_the_pass_mark_gives_nothing(score: int | None, counts: bool) -> None:
    found = officer(studied(40, ON, score=score))
    assert found.in_order is counts
    assert found.lines[0].rule == (None if counts else "training.pass_mark")
    assert ("training.pass_mark" in cited(found, STANDARD)) is not counts


@pytest.mark.parametrize(("leave", "counts"), [(78, Counts.YES), (79, Counts.TOO_MUCH_LEAVE)])
def test_leave_of_more_than_a_seventh_ends_a_course(leave: int, counts: Counts) -> None:
    record = studied(550, ON, attended_hours=550 - leave, leave_hours=leave)
    found = training_standing(file_of(record), CHINA, DIVISION, ON)
    assert [line.counts for line in found.lines] == [counts]
    assert found.hours == (472 if counts is Counts.YES else 0)


def test_where_a_pack_has_no_mark_and_no_limit_of_leave_neither_counts() -> None:
    law = variant("standard", {"training.pass_mark": None, "training.leave_at_most": None})
    assert officer(studied(80, ON, score=0, attended_hours=40, leave_hours=40), law=law).in_order


def test_what_was_not_passed_and_what_was_forgotten_give_nothing_and_are_shown() -> None:
    found = officer(studied(40, ON, passed=False), None, studied(39, ON))
    assert [line.counts for line in found.lines] == [Counts.NOT_PASSED, Counts.FORGOTTEN, Counts.YES]
    assert (found.hours, found.counted) == (39, (3,))


def test_a_correction_changes_what_counts() -> None:
    before = file_of(studied(40, ON))
    after = before.with_entry(FiledRecord(1, OrganId("party-school"), studied(40, ON, passed=False), corrections=1))
    assert training_standing(before, STANDARD, "officer", ON).in_order
    assert not training_standing(after, STANDARD, "officer", ON).in_order


def test_hours_beside_those_that_were_counted_are_of_the_other_entries() -> None:
    records = [studied(hours, date(2026, 3, day)) for hours, day in ((1, 1), (2, 2), (4, 3), (8, 4))]
    file = file_of(*records, studied(16, date(2026, 3, 3), passed=False), None)
    assert hours_beside(file, STANDARD, "officer", {1, 2}, date(2026, 3, 3)) == 4
    assert hours_beside(file, STANDARD, "officer", {1}, date(2026, 3, 4)) == 14


def test_hours_above_what_a_part_may_give_make_nothing_up() -> None:
    file = file_of(studied(90, date(2026, 3, 1), method="online"), studied(200, date(2026, 3, 2), method="online"))
    assert hours_beside(file, STANDARD, "senior", {1}, date(2026, 3, 4)) == 10


@pytest.mark.parametrize(
    ("trained_in", "since", "failed"),
    [((), 2020, 5), ((2025,), 2020, 0), ((2024,), 2020, 1), ((2023, 2025), 2020, 0), ((), 2024, 1), ((), 2025, 0)],
)
def test_years_failed_running_are_whole_years_of_service_without_a_break(
    trained_in: tuple[int, ...], since: int, failed: int
) -> None:
    file = file_of(*(studied(40, date(year, 7, 1)) for year in trained_in))
    assert years_failed_running(file, STANDARD, "officer", ON, date(since, 5, 1)) == failed
