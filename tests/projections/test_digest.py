"""What a digest tells of: each notice once under what is new of it, by organ, and never by anybody's name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.notice_filter import NoticeFilter
from domain.subscription import Often
from projections.digest import Digest, Since, Told, digest
from projections.visible_notice import Change, NoticeVersion, PublicNotice
from tests.pages.notices import CHINESE, ENGLISH, LAST_DAY, OPENED_ON, WHILE_OPEN, on

ALL = NoticeFilter()
MORNING = datetime(2026, 10, 9, 5, tzinfo=UTC)
BEFORE_ALL = Since(0, None)


def told(notice: PublicNotice, since: Since, day: date = WHILE_OPEN, often: Often = Often.EACH_DAY) -> Told | None:
    found = digest([on(notice, day)], ALL, often, since)
    return found.organs[0][1][0].told if found.count else None


def after(notice: PublicNotice, day: date, changed: int = 0) -> Since:
    return Since(notice.position + changed, datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=5))


def test_a_notice_is_new_once() -> None:
    assert told(CHINESE, Since(CHINESE.position - 1, MORNING)) is Told.OPENED
    assert told(CHINESE, after(CHINESE, date(2026, 10, 8))) is None


def test_it_closes_soon_once_for_whoever_hears_each_day_and_for_whoever_hears_each_week() -> None:
    days = [OPENED_ON + timedelta(days=n) for n in range(1, 14)]
    daily = [day for day in days if told(CHINESE, after(CHINESE, day - timedelta(days=1)), day) is Told.CLOSING]
    assert daily == [date(2026, 10, 11)]  # a Sunday: two working days are left, and the make-up Saturday is over
    mondays = [date(2026, 10, 5), date(2026, 10, 12)]
    weekly = [day for day in mondays if told(CHINESE, after(CHINESE, day - timedelta(days=7)), day, Often.EACH_WEEK)]
    assert weekly == mondays[1:]


def test_whoever_has_just_subscribed_hears_what_closes_soon() -> None:
    assert told(CHINESE, Since(CHINESE.position, None), LAST_DAY) is Told.CLOSING


def test_a_correction_and_new_days_are_told_and_the_opening_version_is_not() -> None:
    opened = NoticeVersion(1, Change.OPENED, OPENED_ON, CHINESE.position, "")
    moved = NoticeVersion(2, Change.RECOUNTED, WHILE_OPEN, CHINESE.position + 5, "")
    changed = replace(CHINESE, versions=(opened, moved), changed_at_position=moved.position)
    assert told(changed, after(changed, date(2026, 10, 8))) is Told.CHANGED
    assert told(changed, after(changed, date(2026, 10, 8), changed=5)) is None


def test_its_end_is_told_once_by_the_day_and_not_again_for_what_happens_to_it_later() -> None:
    ended_on = LAST_DAY + timedelta(days=1)
    assert told(CHINESE, after(CHINESE, LAST_DAY), ended_on) is Told.CLOSED
    touched = replace(CHINESE, elapsed_on=ended_on, changed_at_position=CHINESE.position + 9)
    assert told(touched, after(touched, ended_on), ended_on + timedelta(days=1)) is None


def test_one_that_was_taken_down_is_told_as_over_and_only_once() -> None:
    down = replace(CHINESE, ended_on=WHILE_OPEN, changed_at_position=CHINESE.position + 3)
    assert told(down, after(down, WHILE_OPEN), WHILE_OPEN + timedelta(days=1)) is Told.CLOSED
    assert told(down, after(down, WHILE_OPEN, changed=3), WHILE_OPEN + timedelta(days=1)) is None


def test_entries_stand_by_organ_and_new_ones_first() -> None:
    second = replace(ENGLISH, notice_id="another", number="2026/90", position=90, window=CHINESE.window)
    found: Digest = digest(
        [on(n, WHILE_OPEN) for n in (ENGLISH, CHINESE, second)], ALL, Often.EACH_WEEK, Since(100, None)
    )
    assert [organ for organ, _ in found.organs] == sorted({ENGLISH.unit, CHINESE.unit})
    assert [entry.told for entry in dict(found.organs)[ENGLISH.unit]] == [Told.OPENED, Told.CLOSING]
    assert found.count == 3


@pytest.mark.parametrize("name", ["龑文澜", "水务局副局长"])
def test_nobody_is_found_by_name_and_nobody_is_in_it(name: str) -> None:
    assert digest([on(CHINESE, WHILE_OPEN)], NoticeFilter(q=name), Often.EACH_DAY, BEFORE_ALL).count == 0
    found = digest([on(CHINESE, WHILE_OPEN)], NoticeFilter(q="水务局"), Often.EACH_DAY, BEFORE_ALL)
    assert found.count == 1 and name not in str(found)
