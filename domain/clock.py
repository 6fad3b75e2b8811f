"""The clocks that a pack sets: started and stopped by what happens in the case, and run out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import OnRecord, RunningClock
from domain.event import Event
from domain.identity import CandidateId
from domain.occasion import Occasion
from domain.pack import ClockRule, OnExpiry, Pack, StageKind
from domain.replacing import replace
from domain.stage_gate import missing_records, record_key
from domain.working_days import Counting, Window, before


class ClockStarted(CaseEvent):
    """A clock runs from here; one that counts back from the vacancy has a day and no window."""

    clock: str
    due_on: date
    on_expiry: OnExpiry
    window: Window | None = None

    def rules_applied(self) -> tuple[str, ...]:
        return (f"clocks.{self.clock}.within", f"clocks.{self.clock}.on_expiry")

    def windows(self) -> Mapping[str, Window]:
        return {f"clock:{self.clock}": self.window} if self.window else {}

    def apply(self, case: LiveCase) -> Case:
        return case.with_clock(self.clock, RunningClock(self.due_on, self.on_expiry))


class ClockStopped(CaseEvent):
    """What the clock waited for has come, in time or late."""

    clock: str
    stopped_on: date
    late: bool

    def apply(self, case: LiveCase) -> Case:
        clock = case.clocks[self.clock]
        return case.with_clock(self.clock, replace(clock, stopped=True, expired=clock.expired or self.late))


class ClockResumed(CaseEvent):
    """A clock goes on: after a pause, or because what had stopped it was found not to be in order."""

    schema_version: ClassVar[int] = 2
    clock: str
    resumed_on: date
    due_on: date
    window: Window | None = None

    def windows(self) -> Mapping[str, Window]:
        return {f"clock:{self.clock}": self.window} if self.window else {}

    def apply(self, case: LiveCase) -> Case:
        clock = case.clocks[self.clock]
        return case.with_clock(
            self.clock, replace(clock, paused_on=None, goes_on_on=None, stopped=False, due_on=self.due_on)
        )


class ClockExpired(CaseEvent):
    """A clock has run out. Where silence consents, `deems` is the moment that counts as come, and whom it favours.

    `silent_on` are the candidates about whom an organ was silent, where it owed a record on each.
    """

    clock: str
    due_on: date
    on_expiry: OnExpiry
    deems: str | None = None
    candidate_id: CandidateId | None = None
    silent_on: tuple[CandidateId, ...] = ()

    def rules_applied(self) -> tuple[str, ...]:
        return (f"clocks.{self.clock}.within", f"clocks.{self.clock}.on_expiry")

    def apply(self, case: LiveCase) -> Case:
        ended = replace(case.clocks[self.clock], expired=True, deemed=self.deems is not None)
        expired = case.with_clock(self.clock, ended)
        what, _, name = (self.deems or "").partition(":")
        if what == "record":
            for candidate in self.silent_on or (None,):
                consent = OnRecord(dated_on=self.due_on, in_order=True)
                expired = expired.with_record(record_key(name, candidate), consent)
            return expired
        if what == "completed" and self.candidate_id is not None:
            return replace(expired, chosen=self.candidate_id)
        if what == "completed":
            return replace(expired, concluded=expired.concluded | {name})
        return expired


def clock_changes(case: LiveCase, on: Occasion) -> list[Event]:
    """The clocks that start or stop by what the case has come to.

    Source: the pack's `clocks`.
    """
    return [event for rule in on.pack.clocks if (event := _change(rule, case, on)) is not None]


def _change(rule: ClockRule, case: LiveCase, on: Occasion) -> Event | None:
    running = case.clocks.get(rule.id)
    if running is None:
        may_start = _come(rule.starts, case, on.pack) is not None and _come(rule.until, case, on.pack) is None
        return _started(rule, case, on) if may_start else None
    if running.stopped and _come(rule.until, case, on.pack) is None:
        return ClockResumed(clock=rule.id, resumed_on=on.today, due_on=running.due_on)
    if not running.stopped and (come_on := _come(rule.until, case, on.pack)) is not None:
        stopped_on = come_on if come_on > date.min else on.today
        return ClockStopped(clock=rule.id, stopped_on=stopped_on, late=running.expired or stopped_on > running.due_on)
    # A target before the vacancy can be over on the day the case opens: nobody is early while the engine wakes.
    return _expired(rule, running, case, on.pack) if running.runs and running.due_on < on.today else None


def _started(rule: ClockRule, case: LiveCase, on: Occasion) -> ClockStarted:
    start = _come(rule.starts, case, on.pack) or on.today
    start = start if start > date.min else on.today
    meaning = rule.on_expiry.value
    if meaning is OnExpiry.CONSENT:
        start = max(start, on.today)  # nobody was silent about what was not on record yet
    if rule.backwards:
        return ClockStarted(clock=rule.id, due_on=before(start, rule.within.value), on_expiry=meaning)
    counting = rule.counting.value if rule.counting else Counting.EXCLUSIVE
    window = on.due(rule.within.value, start=start, counting=counting)
    return ClockStarted(clock=rule.id, due_on=window.closes_on, on_expiry=meaning, window=window)


def _come(moment: str, case: LiveCase, pack: Pack) -> date | None:
    """The day on which a moment came; `date.min` when it has come and its day is the present one."""
    match moment.split(":"):
        case ["opened"]:
            return date.min
        case ["vacancy"]:
            return case.post.vacant_on
        case ["begun", stage]:
            return date.min if stage == case.stage or stage in case.completed else None
        case ["completed", stage]:
            return date.min if stage in case.completed else None
        case ["record", record]:
            return _recorded_on(record, case, pack)
    return None


def _recorded_on(record: str, case: LiveCase, pack: Pack) -> date | None:
    """The date of a record that is complete: of the latest of them, where each candidate who stands has one."""
    rule = pack.record(record)
    whom = [candidate.id for candidate in case.standing] if rule and rule.each_candidate else [None]
    entered = [case.records.get(record_key(record, candidate)) for candidate in whom]
    complete = [found.dated_on for found in entered if found is not None and found.complete]
    return max(complete) if complete and len(complete) == len(whom) else None


def expiries(case: LiveCase, pack: Pack) -> Iterator[tuple[str, date, ClockExpired | ClockResumed]]:
    """The clocks of the pack that run or are paused, each with its day and with what its end records."""
    for rule in pack.clocks:
        clock = case.clocks.get(rule.id)
        if clock is not None and clock.runs:
            yield f"clock:{rule.id}", clock.due_on, _expired(rule, clock, case, pack)
        elif clock is not None and clock.goes_on_on and clock.due_after_pause and not clock.stopped:
            goes_on = ClockResumed(
                clock=rule.id,
                resumed_on=clock.goes_on_on,
                due_on=clock.due_after_pause,
                window=clock.counted_after_pause,
            )
            yield f"pause:{rule.id}", clock.goes_on_on, goes_on


def _expired(rule: ClockRule, clock: RunningClock, case: LiveCase, pack: Pack) -> ClockExpired:
    """The end of a clock and what its silence stands for."""
    ended = ClockExpired(clock=rule.id, due_on=clock.due_on, on_expiry=clock.on_expiry)
    what, _, name = rule.until.partition(":")
    # While a reviewer holds the case nobody's silence speaks for it: somebody must act when the hold is lifted.
    if rule.on_expiry.value is not OnExpiry.CONSENT or case.supervised.holds:
        return ended
    if what == "record":
        return _silence_on_record(ended, rule.until, case, pack)
    if pack.stage(name).kind is not StageKind.DECISION:
        return ended.model_copy(update={"deems": rule.until})
    # Silence chooses nobody among several, nor before the list is closed, nor past a gate that has opened again.
    settled = case.nominations_closed and not any(
        missing_records(case, pack, stage, clock.due_on) for stage in set(case.completed) - case.by_silence
    )
    if len(case.standing) != 1 or not settled:
        return ended
    return ended.model_copy(update={"deems": rule.until, "candidate_id": case.standing[0].id})


def _silence_on_record(ended: ClockExpired, until: str, case: LiveCase, pack: Pack) -> ClockExpired:
    """Consent in place of the records that nobody entered; whoever found something not in order was not silent."""
    record = pack.record(until.partition(":")[2])
    if record is None:
        return ended
    if not record.each_candidate:
        return ended if record.id in case.records else ended.model_copy(update={"deems": until})
    silent_on = tuple(found.id for found in case.standing if record_key(record.id, found.id) not in case.records)
    return ended.model_copy(update={"deems": until, "silent_on": silent_on}) if silent_on else ended
