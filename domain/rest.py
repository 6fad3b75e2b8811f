"""What a rest does to the clocks of a case: duties keep the time that was left, and what the public reads runs on."""

from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import Field

from domain.appointment import LiveCase, SuspendedCase
from domain.clock_pause import StoodStill, goes_on
from domain.identity import ObjectionId, OrganId
from domain.law import Frozen
from domain.occasion import Occasion
from domain.pack import Pack
from domain.prior_report import SuperiorSilent
from domain.query import with_query
from domain.replacing import replace
from domain.timer import Timer, timers
from domain.working_days import Unit, Window


class MovedClock(Frozen):
    """A clock by its durable name, and the day on which it now runs out."""

    clock: str
    due_on: date
    window: Window | None = Field(None, description="how it was counted, where a later calendar may change it")


def moved_clocks(resting: SuspendedCase, on: Occasion) -> tuple[MovedClock, ...]:
    """Every clock that stood still, with the day on which it runs out when its case goes on today.

    Units: working days that were left are counted anew; a clock in calendar time gets back the days of the rest.
    Refuses: BeyondTheCalendar.
    """
    moved = []
    for timer in timers(resting.case, on.pack):
        if (unit := _stops_in(timer, on.pack)) is not None:
            stopped = StoodStill(timer.name, timer.due_on, unit, _stood_still_from(timer, resting))
            due_on, window = goes_on(stopped, resting.case, on)
            moved.append(MovedClock(clock=timer.name, due_on=due_on, window=window))
    return tuple(moved)


def counted_windows(moved: Iterable[MovedClock]) -> Mapping[str, Window]:
    """The windows of clocks that were moved, by their durable names, for those whose days may still change."""
    return {found.clock: found.window for found in moved if found.window is not None}


def with_clock(case: LiveCase, clock: str, due_on: date) -> LiveCase:
    """The case with one of its clocks set to another day."""
    match clock.split(":", 1):
        case ["stage", _] if case.deadline is not None:
            return replace(case, deadline=replace(case.deadline, due_on=due_on))
        case ["clock", name]:
            return case.with_clock(name, replace(case.clocks[name], due_on=due_on))
        case ["opinion", organ]:
            return case.with_opinion(replace(case.opinions[OrganId(organ)], due_on=due_on))
        case ["objection", objection]:
            return case.with_objection(replace(case.objections[ObjectionId(objection)], answer_due_on=due_on))
        case ["prior_report", matter]:
            return case.with_prior_report(matter, replace(case.prior_reports[matter], due_on=due_on))
        case ["query", query]:
            return with_query(case, query, due_on=due_on)
        case ["reconsideration"]:
            return replace(case, reconsider_by=due_on)
        case ["probation"] if case.appointed is not None:
            return replace(case, appointed=replace(case.appointed, probation_ends_on=due_on))
        case ["make_up_training"] if case.appointed is not None:
            return replace(case, appointed=replace(case.appointed, make_up_due_on=due_on))
    return case


def _stops_in(timer: Timer, pack: Pack) -> Unit | None:
    """The unit in which a clock keeps what is left of its time; None for one that runs on (a notice, a probation)."""
    periods = {f"stage:{stage.id}": stage.limit.within for stage in pack.stages if stage.limit}
    periods |= {f"opinion:{rule.organ}": rule.within for rule in pack.review.opinions}
    periods |= {f"clock:{rule.id}": rule.within for rule in pack.clocks if not rule.backwards}
    if pack.training_rules and pack.training_rules.make_up:
        periods["make_up_training"] = pack.training_rules.make_up
    if pack.decision_rules and pack.decision_rules.reconsider_within:
        periods["reconsideration"] = pack.decision_rules.reconsider_within
    if isinstance(timer.event, SuperiorSilent):
        organ = timer.event.organ
        return next(rule.within.value.unit for rule in pack.prior_reports if rule.id == organ)
    if timer.name.startswith("objection:"):
        return pack.objections.answered.value.unit
    if timer.name.startswith("query:") and pack.supervision is not None:
        return pack.supervision.query_answered.value.unit
    return periods[timer.name].value.unit if timer.name in periods else None


def _stood_still_from(timer: Timer, resting: SuspendedCase) -> date:
    """The day of the suspension; that of its lodging for an objection that was lodged during the rest."""
    objections = resting.case.objections.values()
    lodged_on = next((found.lodged_on for found in objections if timer.name == f"objection:{found.id}"), resting.since)
    return max(lodged_on, resting.since)
