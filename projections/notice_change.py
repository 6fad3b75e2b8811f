"""What became of notices, change by change, for whatever cannot be taken back once it was sent: it names nobody."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from domain.notice_filter import NoticeFilter
from eventstore.named_sql import statements
from projections.notice_list import LAST_POSITION, ROWS_READ_AT_ONCE, narrowed_to
from projections.public_notice import notice_of
from projections.reading import Pool
from projections.visible_notice import Change, Standing, VisibleNotice, matches, visible

SQL = statements("projections", "notice_change.sql")


class Became(StrEnum):
    """What became of a notice: a version was made, or time or the case ended it."""

    OPENED = Change.OPENED
    RECOUNTED = Change.RECOUNTED
    CORRECTED = Change.CORRECTED
    NAME_REMOVED = Change.NAME_REMOVED
    CLOSED = "closed"
    CUT_SHORT = "cut_short"

    @property
    def ends(self) -> bool:
        return self in (Became.CLOSED, Became.CUT_SHORT)


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """One change, on a civil day of the notice's jurisdiction; what only time brings about is no event of the log."""

    became: Became
    number: int
    on: date
    at: datetime
    position: int | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class UpTo:
    """A place in the order of changes: a position of the log, and which of the notices that changed with it."""

    changed: int = -1
    notice: int = -1


def unnamed(notice: VisibleNotice) -> VisibleNotice:
    """A notice without whom it names: a copy that went out cannot be taken back when the names are taken down."""
    return replace(notice, candidates=())


def changes(notice: VisibleNotice) -> tuple[NoticeChange, ...]:
    """Everything that has become of a notice up to its reader's day, the first first."""
    zone = ZoneInfo(notice.timezone)
    found = [
        NoticeChange(Became(of.change), of.number, of.on, _midnight(of.on, zone), of.position, of.hash)
        for of in notice.versions
    ]
    if notice.standing.ended_early and notice.ended_on:
        found.append(NoticeChange(Became.CUT_SHORT, len(found), notice.ended_on, _midnight(notice.ended_on, zone)))
    elif notice.standing is Standing.ENDED:
        over_on = notice.window.closes_on + timedelta(days=1)
        found.append(NoticeChange(Became.CLOSED, len(found), over_on, _midnight(over_on, zone)))
    return tuple(found)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """Notices of which something changed, the latest first, and before which position the next page begins."""

    notices: tuple[VisibleNotice, ...]
    before: int | None


async def latest_changed(
    pool: "Pool[Any]", wanted: NoticeFilter, at: datetime, *, before: int | None = None, limit: int = 50
) -> ChangedPage:
    """The notices that a reader asked for, by when something of them last changed; none is found by a name."""
    found: list[VisibleNotice] = []
    place = UpTo(LAST_POSITION if before is None else before)
    while True:
        rows = await pool.fetch(
            SQL["latest_first"], place.changed, place.notice, narrowed_to(wanted), ROWS_READ_AT_ONCE
        )
        for row in rows:
            # Notices of one case may change together: a page ends only between two changes.
            if len(found) >= limit and row["changed_at_position"] != place.changed:
                return ChangedPage(tuple(found), place.changed)
            place = UpTo(row["changed_at_position"], row["position"])
            notice = unnamed(visible(notice_of(row), at))
            if matches(notice, wanted):
                found.append(notice)
        if len(rows) < ROWS_READ_AT_ONCE:
            return ChangedPage(tuple(found), None)


async def notices_onwards(pool: "Pool[Any]", at: datetime, after: UpTo) -> AsyncIterator[tuple[UpTo, VisibleNotice]]:
    """Every notice of which something changed after a place, in that order, without an end but the last.

    One that changes while it is read comes again, and none is left out.
    """
    while rows := await _onwards(pool, after):
        for row in rows:
            after = UpTo(row["changed_at_position"], row["position"])
            yield after, unnamed(visible(notice_of(row), at))


async def _onwards(pool: "Pool[Any]", after: UpTo) -> Sequence[Any]:
    return await pool.fetch(SQL["onwards"], after.changed, after.notice, ROWS_READ_AT_ONCE)


async def newest_change(pool: "Pool[Any]") -> int:
    """The position of the last event that changed anything of any notice; -1 before the first."""
    return int(await pool.fetchval(SQL["newest"]))


@dataclass(frozen=True, slots=True)
class StateOfNotices:
    """How many notices there are, and what tells what is visible of them all from any other day or change."""

    notices: int
    mark: str


async def state_of_notices(pool: "Pool[Any]", at: datetime) -> StateOfNotices:
    """The state of all notices at an instant: it changes with an event, and with the day of a jurisdiction."""
    (row,) = await pool.fetch(SQL["state"])
    days = [f"{zone} {at.astimezone(ZoneInfo(zone)).date()}" for zone in row["timezones"]]
    mark = hashlib.sha256("\n".join([str(row["newest"]), str(row["notices"]), *days]).encode()).hexdigest()
    return StateOfNotices(row["notices"], mark[:32])
