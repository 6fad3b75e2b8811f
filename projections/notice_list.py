"""Notices that a reader asked for, a page at a time: found among what is visible, and never by what is hidden."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.notice_filter import NoticeFilter, NoticeState
from domain.searched_words import narrowing
from projections.public_notice import SQL, notice_of
from projections.reading import Pool
from projections.visible_notice import VisibleNotice, matches, visible

ROWS_READ_AT_ONCE = 200
LAST_POSITION = 2**63 - 1
CURSOR = r"^(\d{4}-\d{2}-\d{2}\.)?\d{1,16}$"
_RUNNING = (NoticeState.TO_COME, NoticeState.OPEN, NoticeState.CLOSING)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices, and where the next one begins."""

    notices: tuple[VisibleNotice, ...]
    next_cursor: str | None


async def find_notices(
    pool: "Pool[Any]", wanted: NoticeFilter, at: datetime, *, after: str | None = None, limit: int = 50
) -> NoticePage:
    """The notices that a reader asked for, as they are visible at an instant.

    Those that are to close come soonest first, all others latest first.
    """
    soonest = wanted.state in _RUNNING
    found: list[VisibleNotice] = []
    cursor = last = after
    while True:
        rows = await _rows(pool, wanted, at, cursor, soonest)
        for row in rows:
            cursor = f"{row['closes_on']}.{row['position']}" if soonest else str(row["position"])
            notice = visible(notice_of(row), at)
            if not matches(notice, wanted):
                continue
            if len(found) == limit:
                return NoticePage(tuple(found), last)
            found.append(notice)
            last = cursor
        if len(rows) < ROWS_READ_AT_ONCE:
            return NoticePage(tuple(found), None)


async def last_change(pool: "Pool[Any]") -> int:
    """Position of the last event that changed anything of any notice; -1 where there is none."""
    return int(await pool.fetchval(SQL["last_change"]))


async def _rows(
    pool: "Pool[Any]", wanted: NoticeFilter, at: datetime, after: str | None, soonest: bool
) -> Sequence[Any]:
    narrowed = narrowed_to(wanted)
    if not soonest:
        position = int(after.split(".")[-1]) if after else LAST_POSITION
        closed_by = _days_now(at)[1] if wanted.state is NoticeState.CLOSED else None
        return await pool.fetch(SQL["latest_first"], position, closed_by, narrowed, ROWS_READ_AT_ONCE)
    day, position = _place(after)
    earliest, latest = _days_now(at)
    opens = (earliest, date.max) if wanted.state is NoticeState.TO_COME else (date.min, latest)
    return await pool.fetch(SQL["soonest_first"], day, position, *opens, narrowed, ROWS_READ_AT_ONCE)


def _days_now(at: datetime) -> tuple[date, date]:
    """The earliest and the latest civil day that it is anywhere: no row is left out by a day that is not its own."""
    today = at.astimezone(UTC).date()
    return today - timedelta(days=1), today + timedelta(days=1)


def narrowed_to(wanted: NoticeFilter) -> list[str]:
    """What the text of every row that can be found holds: the plain parts of the words that are looked for."""
    return [f"%{part}%" for word in wanted.words for part in narrowing(word)]


def is_cursor(text: str) -> bool:
    """Whether a page can begin after this."""
    try:
        return re.fullmatch(CURSOR, text) is not None and _place(text) is not None
    except ValueError:
        return False


def _place(after: str | None) -> tuple[date, int]:
    if after is None:
        return date.min, 0
    day, _, position = after.rpartition(".")
    return date.fromisoformat(day) if day else date.min, int(position)
