"""Convenes the joint meetings that the pack asks for, fills the next agenda from the log, and mends a broken step.

It is a reactor over read models and no Temporal Schedule: a schedule would have to be made, changed and removed with
the pack's rules in an engine that may lose its memory, while here what is due and missing is found again by itself,
and convened under an id that pack, kind and period give, however often somebody looks.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import asyncpg

from domain.event import PackReference
from domain.identity import SYSTEM, short_id
from domain.joint_meeting import (
    FindingMade,
    ItemAbout,
    ItemKind,
    ItemSubject,
    MeetingCancelled,
    MeetingKind,
    Member,
    ResolutionAdopted,
    Seat,
    joint_meeting_stream,
)
from domain.joint_meeting_agenda import LONGEST_AGENDA, CauseFound, ConveneMeeting, FillAgenda
from domain.joint_supervision_rule import JointSupervision
from domain.refusal import Refusal
from domain.working_days import Calendar, Period, Unit
from eventstore.codec import decode
from eventstore.contention import TooBusy
from eventstore.followed_recording import Asked
from eventstore.joint_meeting_recording import carry_problem, record_joint_meeting
from eventstore.patience import rest
from projections.joint_meeting import causes_found, has_cases, next_meeting, not_carried
from runtime.clock import now
from runtime.connections import House
from runtime.log_key import transparency_log

LOOK_SECONDS = 300.0
FIRST_LOOK_SECONDS = 60.0
RETRY_SECONDS = 5.0
DATABASE_AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError)
BY_ITSELF = uuid5(NAMESPACE_URL, "investiture/joint-meeting")
DAYS_AFTER = {MeetingKind.CONTACT: 9, MeetingKind.QUARTERLY: 14, MeetingKind.YEARLY: 19}
"""How long after the time that it looks at each is held: no two of them on one day. Units: days."""
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Due:
    """A meeting that the pack asks for: its kind, the first day of the time that it looks at, and its day.

    `next_from` is the first day of the time after it, which the next meeting of its kind looks at.
    """

    kind: MeetingKind
    period_from: date
    held_on: date
    next_from: date


class MeetingSchedule:
    """Sees to it that a meeting of each kind is always to come, and that its agenda has what the log gives cause for.

    Items go to the one meeting that is held first of those whose agenda is still open, so that nothing stands on two.
    """

    def __init__(self, house: House, clock: Callable[[], datetime] = now):
        self._house = house
        self._clock = clock

    async def run(self, report: Callable[[str], None]) -> None:
        """Looks a minute after it starts, when the read models have caught up, and then every five."""
        await asyncio.sleep(FIRST_LOOK_SECONDS)
        while True:
            try:
                if done := await self.sweep():
                    report(f"joint meetings: {done} steps by themselves")
                await asyncio.sleep(LOOK_SECONDS)
            except (*DATABASE_AWAY, TooBusy) as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def sweep(self) -> int:
        """Convenes what is due, puts on the register what a crash kept from it, and fills the next agenda.

        Gives how many events that recorded.
        Idempotent by: pack, kind and period of a meeting; the problem's id; the cause of an item.
        """
        pack_id, at = self._house.settings.joint_meeting_pack, self._clock()
        done = await self._carry(at)
        if not pack_id or not await has_cases(self._house.pool, pack_id):
            return done
        pack = await self._house.packs.latest(pack_id, at)
        for due in await self._due(pack, at):
            done += await self._convene(pack, due, at)
        return done + await self._fill(pack, at)

    async def _due(self, reference: PackReference, at: datetime) -> list[Due]:
        """One meeting of each kind: about this time, or the first one after it that nobody has called off."""
        pack = await self._house.packs.get(reference)
        place = pack.jurisdictions[0]
        calendar = self._house.recorder.calendar_for(place.id)
        waiting = list(meetings_due(pack.joint_supervision, at.astimezone(ZoneInfo(place.timezone)).date(), calendar))
        due = []
        while waiting:
            found = waiting.pop()
            if not await self._called_off(meeting_of(reference.id, found)):
                due.append(found)
                continue
            later = meetings_due(pack.joint_supervision, found.next_from, calendar)
            waiting += [after for after in later if after.kind is found.kind]
        return due

    async def _called_off(self, meeting_id: str) -> bool:
        stored = await self._house.store.read_stream(joint_meeting_stream(meeting_id))
        return any(row.type == MeetingCancelled.alias for row in stored)

    async def _convene(self, pack: PackReference, due: Due, at: datetime) -> int:
        settings = self._house.settings
        meeting_id = meeting_of(pack.id, due)
        command = ConveneMeeting(
            kind=due.kind,
            held_on=due.held_on,
            place=settings.joint_meeting_place,
            members=members_of(settings.joint_meeting_members),
            period=due.period_from.isoformat(),
        )
        if await self._house.store.read_stream(joint_meeting_stream(meeting_id)):
            return 0
        return await self._record(meeting_id, command, uuid5(BY_ITSELF, meeting_id), pack, at)

    async def _fill(self, pack: PackReference, at: datetime) -> int:
        meeting = await next_meeting(self._house.pool, pack.id)
        if meeting is None:
            return 0
        causes = [*await self._alarms(), *await causes_found(self._house.pool, at.date())][:LONGEST_AGENDA]
        if not causes:
            return 0
        command_id = uuid5(BY_ITSELF, "/".join((meeting.meeting_id, *sorted(cause.item_id for cause in causes))))
        return await self._record(meeting.meeting_id, FillAgenda(found=tuple(causes)), command_id, pack, at)

    async def _alarms(self) -> list[CauseFound]:
        alarms = (await transparency_log(self._house.store)).alarms
        return [
            CauseFound(
                kind=ItemKind.LOG_ALARM,
                cause=f"alarm/{code}/{raised_at.isoformat()}",
                subject=ItemSubject(kind=ItemAbout.PUBLIC_LOG, id=str(code)),
            )
            for code, raised_at in alarms.items()
        ]

    async def _carry(self, at: datetime) -> int:
        """A finding or a resolution whose problem a crash kept from the register is put there now."""
        done = 0
        for problem_id, meeting_id in await not_carried(self._house.pool):
            for row in await self._house.store.read_stream(joint_meeting_stream(meeting_id)):
                event = decode(row).event
                if isinstance(event, FindingMade | ResolutionAdopted) and event.problem_id == problem_id:
                    kept = await carry_problem(self._house.recorder, meeting_id, event, SYSTEM, at)
                    done += 0 if kept.repeated else len(kept.events)
        return done

    async def _record(
        self, meeting_id: str, command: ConveneMeeting | FillAgenda, command_id: UUID, pack: PackReference, at: datetime
    ) -> int:
        asked = Asked(joint_meeting_stream(meeting_id), command, SYSTEM, command_id, at, pack)
        try:
            kept = await record_joint_meeting(self._house.recorder, meeting_id, asked)
        except Refusal:
            return 0  # an agenda that was settled in this moment, or a day that is too near: the next one takes it
        return 0 if kept.repeated else len(kept.events)


def meeting_of(pack_id: str, due: Due) -> str:
    """The id of a meeting that convenes by itself: the same however often somebody looks."""
    return short_id("joint_meeting", pack_id, due.kind, due.period_from.isoformat())


def members_of(written: str) -> tuple[Member, ...]:
    """The organs of a setting, as `ORGAN:SEAT` with commas.

    Refuses: ValueError, for a seat that is none.
    """
    pairs = [part.strip().rpartition(":") for part in written.split(",") if part.strip()]
    return tuple(Member.model_validate({"organ": organ, "seat": Seat(seat)}) for organ, _, seat in pairs)


def meetings_due(rules: JointSupervision, today: date, calendar: Calendar) -> Iterator[Due]:
    """The meeting about the time in which today lies, of each kind; held on a working day soon after that time.

    Source: the pack's `joint_supervision` (house rules; domain rules 1.6).
    """
    for kind, every in (
        (MeetingKind.CONTACT, rules.contact_every.value),
        (MeetingKind.QUARTERLY, rules.meeting_every.value),
        (MeetingKind.YEARLY, rules.report_every.value),
    ):
        if (found := period_around(today, every)) is not None:
            first, after = found
            yield Due(kind, first, _working_day_from(calendar, after + timedelta(days=DAYS_AFTER[kind])), after)


def period_around(today: date, every: Period) -> tuple[date, date] | None:
    """The first day of the time around a day, and of the next one; counted from January. None in days and working days.

    A rule that is written in days gives no calendar time that people could name, so nothing convenes by itself then.
    """
    if every.unit not in (Unit.MONTH, Unit.YEAR):
        return None
    width = every.n * (MONTHS_OF_A_YEAR if every.unit is Unit.YEAR else 1)
    index = (today.year * MONTHS_OF_A_YEAR + today.month - 1) // width * width
    return _first_of(index), _first_of(index + width)


def _first_of(month: int) -> date:
    return date(month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1, 1)


def _working_day_from(calendar: Calendar, day: date) -> date:
    while not calendar.day(day).works:
        day += timedelta(days=1)
    return day
