"""One predicate says what the public sees of a notice: names from its first day until its work is done, no longer."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice_filter import NoticeFilter, NoticeState
from domain.ordinary_course import LiveUntil
from projections.visible_notice import Objections, PublicNotice, Standing, VisibleNotice, closing, matches, visible
from tests.pages.notices import AFTERWARDS, CHINESE, ENGLISH, LAST_DAY, OPENED_ON, WHILE_OPEN, held, on

DAYS = st.dates(date(2026, 9, 1), date(2026, 12, 31))
NAME = "龑文澜"


def words(notice: VisibleNotice) -> str:
    return "".join(str(getattr(notice, field.name)) for field in fields(notice))


@pytest.mark.parametrize(
    ("notice", "day", "standing", "named"),
    [
        (CHINESE, OPENED_ON - timedelta(days=1), Standing.TO_OPEN, False),
        (CHINESE, OPENED_ON, Standing.OPEN, True),
        (CHINESE, LAST_DAY, Standing.CLOSES_TODAY, True),
        (CHINESE, LAST_DAY + timedelta(days=1), Standing.ENDED, False),
        (held(CHINESE, 1), AFTERWARDS, Standing.ENDED, True),
        (replace(held(CHINESE, 1), live_until=LiveUntil.WINDOW_ENDS), AFTERWARDS, Standing.ENDED, False),
        (replace(CHINESE, objections=Objections(2, 0, (("dismissed", 2),))), AFTERWARDS, Standing.ENDED, False),
        (replace(CHINESE, ended_on=WHILE_OPEN), WHILE_OPEN, Standing.CUT_SHORT, False),
        (replace(held(CHINESE, 1), ended_on=WHILE_OPEN), WHILE_OPEN, Standing.CUT_SHORT, False),
    ],
)
def test_names_stand_from_the_first_day_until_the_notice_has_done_its_work(
    notice: PublicNotice, day: date, standing: Standing, named: bool
) -> None:
    seen = on(notice, day)
    assert (seen.standing, bool(seen.candidates), NAME in words(seen)) == (standing, named, named)
    assert (seen.gone is not None) is (standing.over and not named)
    assert seen.indexable is not named


def test_a_held_notice_is_gone_from_the_day_on_which_its_last_objection_was_settled() -> None:
    settled = replace(CHINESE, objections=Objections(1, 0, (("dismissed", 1),), settled_on=date(2026, 11, 2)))
    gone = on(settled, AFTERWARDS).gone
    early = replace(settled, objections=replace(settled.objections, settled_on=WHILE_OPEN))
    gone_by_the_clock = on(early, AFTERWARDS).gone
    assert gone and gone.since == date(2026, 11, 2)
    assert gone_by_the_clock and gone_by_the_clock.since == LAST_DAY + timedelta(days=1)


def test_a_day_ends_where_the_notice_stands_and_not_where_its_reader_is() -> None:
    ends = datetime(2026, 10, 13, 16, tzinfo=UTC)  # midnight in Beijing
    assert visible(CHINESE, ends - timedelta(seconds=1)).candidates
    assert visible(CHINESE, ends).gone is not None


def test_a_pack_that_says_so_lets_its_notices_be_indexed() -> None:
    assert on(replace(CHINESE, indexed_while_live=True), WHILE_OPEN).indexable


@given(DAYS, st.integers(0, 2), st.sampled_from(LiveUntil))
def test_what_is_hidden_is_found_by_no_search(day: date, waiting: int, live_until: LiveUntil) -> None:
    seen = on(replace(held(CHINESE, waiting), live_until=live_until), day)
    assert matches(seen, NoticeFilter(q=NAME[0])) is bool(seen.candidates)
    assert matches(seen, NoticeFilter(q="水务局 局长"))


@given(DAYS, st.integers(0, 2))
def test_nobody_comes_back_once_gone(day: date, waiting: int) -> None:
    """However the objections that were there fall: a page that was gone stays gone."""
    if on(held(CHINESE, waiting), day).gone:
        later = day + timedelta(days=1)
        assert on(held(CHINESE, waiting), later).gone and on(CHINESE, later).gone


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (NoticeFilter(), True),
        (NoticeFilter(organ="临河市水务局"), True),
        (NoticeFilter(organ="水务局"), True),
        (NoticeFilter(organ="财政局"), False),
        (NoticeFilter(place="cn"), True),
        (NoticeFilter(place="GB-ENG"), False),
        (NoticeFilter(post="局长"), True),
        (NoticeFilter(q="2026/153"), True),
        (NoticeFilter(from_on=date(2026, 10, 14)), False),
        (NoticeFilter(to_on=date(2026, 9, 29)), False),
        (NoticeFilter(from_on=LAST_DAY, to_on=OPENED_ON, state=NoticeState.OPEN), True),
        (NoticeFilter(state=NoticeState.CLOSED), False),
    ],
)
def test_a_filter_finds_what_it_says(wanted: NoticeFilter, found: bool) -> None:
    assert matches(on(CHINESE, WHILE_OPEN), wanted) is found


def test_a_notice_closes_soon_when_two_working_days_are_left() -> None:
    # The 11th is a Sunday.
    assert [day for day in range(1, 14) if closing(on(CHINESE, date(2026, 10, day)))] == [11, 12, 13]
    assert not closing(on(ENGLISH, WHILE_OPEN))


def test_a_filter_reads_the_same_in_every_address() -> None:
    assert NoticeFilter(state=NoticeState.OPEN, q=" 局长 ").in_address() == "q=%E5%B1%80%E9%95%BF&state=open"
    assert NoticeFilter().in_address() == ""
