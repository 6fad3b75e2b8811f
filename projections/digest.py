"""What a subscriber is told: the notices that match, grouped by organ, each under the one thing that is new of it.

A digest knows nobody's name, and does not look for one: a mail cannot be taken back once a notice has gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import asyncpg

from domain.notice_filter import NoticeFilter
from domain.subscription import Often
from eventstore.named_sql import statements
from projections.notice_change import unnamed
from projections.public_notice import notice_of
from projections.visible_notice import Change, VisibleNotice, closing, matches, visible

SQL = statements("projections", "digest.sql")
WEEK = timedelta(days=7)


class Told(StrEnum):
    """Under what a notice stands in a digest, in that order."""

    OPENED = "opened"
    CLOSING = "closing"
    CHANGED = "changed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice, and why it is told of."""

    told: Told
    notice: VisibleNotice


@dataclass(frozen=True, slots=True)
class Digest:
    """Entries by organ, in the order of their names."""

    organs: tuple[tuple[str, tuple[Entry, ...]], ...]

    @property
    def count(self) -> int:
        return sum(len(entries) for _, entries in self.organs)


@dataclass(frozen=True, slots=True)
class Since:
    """What somebody was told before: the log up to a position, at an instant; None where nothing yet."""

    up_to: int
    at: datetime | None


def digest(notices: Iterable[VisibleNotice], wanted: NoticeFilter, often: Often, since: Since) -> Digest:
    """What is new of notices to somebody who was told before.

    Names of candidates are not searched: that a notice came would say that it is about whom the filter names.
    """
    entries = [
        Entry(told, notice)
        for notice in map(unnamed, notices)
        if (told := _told(notice, often, since)) is not None and matches(notice, wanted)
    ]
    organs = sorted({entry.notice.unit for entry in entries})
    return Digest(tuple((organ, _of_organ(organ, entries)) for organ in organs))


def _of_organ(organ: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    order = list(Told)
    of_it = (entry for entry in entries if entry.notice.unit == organ)
    return tuple(
        sorted(of_it, key=lambda entry: (order.index(entry.told), entry.notice.window.closes_on, entry.notice.position))
    )


def _told(notice: VisibleNotice, often: Often, since: Since) -> Told | None:
    last = since.at.astimezone(ZoneInfo(notice.timezone)).date() if since.at else None
    if notice.standing.over:
        return Told.CLOSED if _has_just_closed(notice, since, last) else None
    if notice.position > since.up_to:
        return Told.OPENED
    if any(version.position > since.up_to and version.change is not Change.OPENED for version in notice.versions):
        return Told.CHANGED
    soon = notice.standing.runs and _closes_soon(notice, often, notice.today)
    told = last is not None and notice.window.opens_on <= last and _closes_soon(notice, often, last)
    return Told.CLOSING if soon and not told else None


def _has_just_closed(notice: VisibleNotice, since: Since, last: date | None) -> bool:
    """By its last day, whether or not the engine has recorded it yet; one that was taken down, by the event."""
    if notice.standing.ended_early:
        return notice.changed_at_position > since.up_to and (last is None or (notice.ended_on or last) >= last)
    return last is not None and notice.window.closes_on >= last


def _closes_soon(notice: VisibleNotice, often: Often, day: date) -> bool:
    """Before the next digest of somebody who hears each week; for the others as the pages say it."""
    if often is Often.EACH_WEEK:
        return notice.window.closes_on <= day + WEEK
    return closing(replace(notice, today=day))


async def notices_to_tell(pool: "asyncpg.Pool[asyncpg.Record]", since: Since, at: datetime) -> list[VisibleNotice]:
    """The notices that a digest at an instant may tell somebody of, as anybody may see them then."""
    from_on = (since.at or at).date() - timedelta(days=2)
    return [visible(notice_of(row), at) for row in await pool.fetch(SQL["to_tell"], since.up_to, from_on)]


async def projected_up_to(pool: "asyncpg.Pool[asyncpg.Record]") -> int:
    """Up to where the log is in the notices that digests are made of; -1 when nothing is."""
    position = await pool.fetchval(SQL["projected_up_to"])
    return -1 if position is None else int(position)
