"""The clocks that a case has running, and what is recorded when one has run out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.appointment import Case, LiveCase, under_way
from domain.clock import expiries
from domain.command import Command
from domain.event import Event
from domain.identity import Role
from domain.objection import ObjectionAnswerOverdue
from domain.occasion import Occasion
from domain.pack import Pack
from domain.prior_report import reply_clocks
from domain.probation import ProbationEnded
from domain.public_notice import PublicNoticeElapsed
from domain.query import QueryAnswerOverdue
from domain.reconsideration import ReconsiderationLapsed
from domain.refusal import Refusal, WrongOrgan
from domain.stage import StageLimitExpired
from domain.supervision_review import OpinionOverdue
from domain.training_verification import MAKE_UP_TIMER, made_up_by, training_clocks
from domain.working_days import end_of_day

TIMERS = uuid5(NAMESPACE_URL, "investiture/timer")


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock of a case: its durable name, the civil day at whose end it runs out, and what it then records."""

    name: str
    due_on: date
    due_at: datetime
    event: Event


class LetTimerRunOut(Command):
    """The engine's command: a clock has come to its end."""

    timer: str
    by: ClassVar[Role | None] = Role.SYSTEM


def timer_command_id(case_id: str, name: str, due_on: str) -> UUID:
    """The command id of a clock's end: from the case, the clock and its day, never from a run or an attempt."""
    return uuid5(TIMERS, f"{case_id}/{name}/{due_on}")


class TimerStillRunning(Refusal):
    rule = "house.a_clock_runs_its_time"


def timers(case: Case, pack: Pack) -> tuple[Timer, ...]:
    """Every clock that runs in a case now, the earliest first; none runs in a case that rests or has ended."""
    if not isinstance(case, LiveCase):
        return ()
    running = [
        Timer(name, due_on, end_of_day(due_on, case.timezone), event) for name, due_on, event in _running(case, pack)
    ]
    return tuple(sorted(running, key=lambda timer: (timer.due_at, timer.name)))


def _running(case: LiveCase, pack: Pack) -> Iterator[tuple[str, date, Event]]:
    if case.notice is not None and case.notice.elapsed_on is None:
        closes_on = case.notice.window.closes_on
        yield "public_notice", closes_on, PublicNoticeElapsed(notice_id=case.notice.id, closed_on=closes_on)
    if case.deadline is not None and not case.deadline.expired:
        limit = case.deadline
        expired = StageLimitExpired(stage=case.stage, expired_on=limit.due_on, on_expiry=limit.on_expiry)
        yield f"stage:{case.stage}", limit.due_on, expired
    yield from expiries(case, pack)
    if case.not_passed and case.reconsider_by is not None:
        yield "reconsideration", case.reconsider_by, ReconsiderationLapsed(lapsed_on=case.reconsider_by)
    yield from _duties(case, pack)
    yield from reply_clocks(case)
    yield from _time_in_office(case, pack)


def _duties(case: LiveCase, pack: Pack) -> Iterator[tuple[str, date, Event]]:
    for opinion in case.opinions.values():
        if not opinion.answered and not opinion.overdue:
            place = next(i for i, rule in enumerate(pack.review.opinions) if rule.organ == opinion.organ)
            overdue = OpinionOverdue(
                organ=opinion.organ,
                due_on=opinion.due_on,
                on_expiry=opinion.on_expiry,
                rule=f"review.opinions.{place}",
            )
            yield f"opinion:{opinion.organ}", opinion.due_on, overdue
    for objection in case.undisposed_objections:
        if not objection.overdue:
            late = ObjectionAnswerOverdue(
                objection_id=objection.id,
                due_on=objection.answer_due_on,
                on_expiry=pack.objections.on_expiry.value,
            )
            yield f"objection:{objection.id}", objection.answer_due_on, late
    for query in case.supervised.open_queries:
        if not query.overdue:
            silent = QueryAnswerOverdue(query_id=query.id, asked_of=query.asked_of, due_on=query.due_on)
            yield f"query:{query.id}", query.due_on, silent


def _time_in_office(case: LiveCase, pack: Pack) -> Iterator[tuple[str, date, Event]]:
    office = case.appointed
    if office is None:
        return
    if office.probation_ends_on is not None and not office.probation_ended and case.probation_outcome is None:
        yield "probation", office.probation_ends_on, ProbationEnded(ended_on=office.probation_ends_on)
    yield from training_clocks(office, pack)


def let_timer_run_out(case: Case, command: LetTimerRunOut, on: Occasion) -> list[Event]:
    """A clock that has run out records what its end means; one that is gone records nothing.

    Source: each clock's `on_expiry` in the pack.
    Refuses: TimerStillRunning, WrongOrgan, CaseIsSuspended, CaseHasEnded.
    """
    live = under_way(case)
    if not on.acts_as(Role.SYSTEM):
        raise WrongOrgan(
            "Only the engine lets a clock run out. Wait: it does so by itself when the day is over.",
            duty_holder=str(Role.SYSTEM),
        )
    timer = next((found for found in timers(live, on.pack) if found.name == command.timer), None)
    if timer is None:
        return []
    if on.at < timer.due_at:
        raise TimerStillRunning(
            f"The clock “{timer.name}” runs to the end of {timer.due_on:%-d %B %Y}. Wait until that day is over.",
            due_on=timer.due_on,
        )
    if timer.name == MAKE_UP_TIMER and (made_up := made_up_by(timer.due_on, live, on)) is not None:
        return [made_up]  # the school need not have said so: the file does
    return [timer.event]
