"""The duties of one case, as its events have made them: who held each, by when, and whether it was met with silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.case_move import CaseMoved
from domain.case_opening import CaseOpened, CaseResumed, CaseWithdrawn
from domain.clock import ClockExpired, ClockResumed, ClockStarted, ClockStopped
from domain.clock_pause import ClockPaused
from domain.due_date import DueDatesRecounted
from domain.duty import DutyAssigned
from domain.event import Event, Recorded
from domain.identity import Actor, Role
from domain.objection import ObjectionAnswerOverdue, ObjectionDisposed, ObjectionLodged
from domain.objection_admission import ObjectionRejected
from domain.pack import Pack
from domain.probation import AppointmentIssued
from domain.query import QueryAnswered, QueryAnswerOverdue, RunnerQueried
from domain.reconsideration import DecisionReconsidered
from domain.stage import CaseEnded, StageBegun, StageCompleted, StageLimitExpired
from domain.supervision_review import OpinionOverdue, OpinionRequested, OpinionReturned
from domain.training_verification import MakeUpTrainingExpired, MakeUpTrainingRecorded


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty; the fields are the columns of its table, in their order.

    `officer` is whom the organ assigned, or who acted first. `silence` says that the day passed without the act, also
    when it was done later. A duty that was not done when its case ended, or that fell with the decision that it
    followed from, was `dropped`; one that began once more has its earlier time under its name with a number.
    """

    case_id: str
    duty: str
    began_position: int
    stage: str
    role: str
    organ: str | None
    officer: str | None
    assigned: bool
    began_on: date
    due_on: date | None
    done_on: date | None
    silence: bool
    dropped_on: date | None
    post_title: str
    timezone: str

    @property
    def open(self) -> bool:
        return self.done_on is None and self.dropped_on is None

    def days(self, now: datetime) -> tuple[int, int]:
        """How many days old it is or was, and how many of them it was late.

        Units: civil days in the case's jurisdiction.
        """
        until = self.done_on or self.dropped_on or now.astimezone(ZoneInfo(self.timezone)).date()
        late = (until - self.due_on).days if self.due_on else 0
        return (until - self.began_on).days, max(0, late)


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties of one case, as its events have made them."""

    version: int = 0
    post_title: str = ""
    timezone: str = "UTC"
    stage: str = ""
    assigned: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rows: Mapping[str, DutyRow] = field(default_factory=dict)

    def after(self, recorded: Recorded[Event], pack: Pack) -> "Duties":
        """The duties after one more event of the case."""
        duties = replace(self, version=recorded.version)._changed(recorded, pack)
        if isinstance(recorded.event, StageBegun | StageCompleted | DutyAssigned):
            return duties
        return duties._taken_up(recorded.actor)

    def _changed(self, recorded: Recorded[Event], pack: Pack) -> "Duties":
        match recorded.event:
            case CaseOpened() as opened:
                return replace(self, post_title=opened.post.title, timezone=opened.timezone)
            case StageBegun() as begun:
                return self._stage_begun(begun, recorded, pack)
            case StageCompleted() as completed:
                return self._with(f"stage:{completed.stage}", done_on=completed.completed_on)
            case DutyAssigned() as given:
                named = replace(self, assigned={**self.assigned, given.assigned_stage: (given.officer, given.organ)})
                return named._with(
                    f"stage:{given.assigned_stage}", officer=given.officer, organ=given.organ, assigned=True
                )
            case CaseResumed(clocks=clocks) | CaseMoved(clocks=clocks):
                return self._due({moved.clock: moved.due_on for moved in clocks})
            case DueDatesRecounted(clocks=recounted):
                return self._due({found.clock: found.after for found in recounted})
            case DecisionReconsidered() as reconsidered:
                fallen = [row.duty for row in self.rows.values() if row.open and _falls(row.duty, reconsidered)]
                return self._all_with(fallen, dropped_on=_today(recorded, self))
            case CaseEnded(ended_on=ended_on) | CaseWithdrawn(withdrawn_on=ended_on):
                left = [row.duty for row in self.rows.values() if row.open]
                return self._all_with(left, dropped_on=ended_on)
            case ClockStarted() as started:
                role = _owed_by(started.clock, pack)
                return self._owed(recorded, f"clock:{started.clock}", role, _today(recorded, self), started.due_on)
            case ClockPaused(clock=clock):
                return self._with(f"clock:{clock}", due_on=None)
            case ClockResumed(clock=clock, due_on=due_on):
                return self._due({f"clock:{clock}": due_on})
            case _:
                return self._answered(recorded)._silent(recorded.event)._asked(recorded)

    def _asked(self, recorded: Recorded[Event]) -> "Duties":
        match recorded.event:
            case ObjectionLodged() as event:
                due = event.answer_by
                return self._owed(
                    recorded, f"objection:{event.objection_id}", Role.SUPERVISION, due.opens_on, due.closes_on
                )
            case OpinionRequested() as event:
                due = event.answer_by
                asked = self._owed(recorded, f"opinion:{event.organ}", Role.SUPERVISION, due.opens_on, due.closes_on)
                return asked._with(f"opinion:{event.organ}", organ=event.organ)
            case RunnerQueried() as event:
                due = event.answer_due
                return self._owed(recorded, f"query:{event.query_id}", event.asked_of, due.opens_on, due.closes_on)
            case AppointmentIssued(make_up=owed) if owed is not None:
                return self._owed(recorded, "make_up_training", Role.SCHOOL, owed.opens_on, owed.closes_on)
        return self

    def _answered(self, recorded: Recorded[Event]) -> "Duties":
        match recorded.event:
            case ObjectionDisposed() as event:
                done = (f"objection:{event.objection_id}", event.disposed_on)
            case ObjectionRejected() as event:
                return self._with(f"objection:{event.objection_id}", dropped_on=event.rejected_on)
            case OpinionReturned() as event:
                done = (f"opinion:{event.organ}", event.returned_on)
            case QueryAnswered() as event:
                done = (f"query:{event.query_id}", event.answered_on)
            case MakeUpTrainingRecorded() as event:
                done = ("make_up_training", event.recorded_on)
            case ClockStopped() as event:
                return self._with(f"clock:{event.clock}", done_on=event.stopped_on)
            case _:
                return self
        duty, done_on = done
        return self._with(duty, done_on=done_on, officer=recorded.actor.officer, organ=recorded.actor.organ)

    def _silent(self, event: Event) -> "Duties":
        match event:
            case StageLimitExpired():
                return self._with(f"stage:{event.stage}", silence=True)
            case ObjectionAnswerOverdue():
                return self._with(f"objection:{event.objection_id}", silence=True)
            case OpinionOverdue():
                return self._with(f"opinion:{event.organ}", silence=True)
            case QueryAnswerOverdue():
                return self._with(f"query:{event.query_id}", silence=True)
            case ClockExpired():
                return self._with(f"clock:{event.clock}", silence=True)
            case MakeUpTrainingExpired():
                return self._with("make_up_training", silence=True)
        return self

    def _stage_begun(self, begun: StageBegun, recorded: Recorded[Event], pack: Pack) -> "Duties":
        holder = pack.stage(begun.stage).duty.holder
        due_on = begun.limit.closes_on if begun.limit else None
        duty = f"stage:{begun.stage}"
        duties = replace(self, stage=begun.stage)._owed(recorded, duty, holder, begun.began_on, due_on)
        if begun.stage not in self.assigned:
            return duties
        officer, organ = self.assigned[begun.stage]
        return duties._with(duty, officer=officer, organ=organ, assigned=True)

    def _owed(self, recorded: Recorded[Event], duty: str, role: Role, began_on: date, due_on: date | None) -> "Duties":
        row = DutyRow(
            case_id=recorded.stream.partition("/")[2],
            duty=duty,
            began_position=recorded.position,
            stage=self.stage,
            role=str(role),
            organ=None,
            officer=None,
            assigned=False,
            began_on=began_on,
            due_on=due_on,
            done_on=None,
            silence=False,
            dropped_on=None,
            post_title=self.post_title,
            timezone=self.timezone,
        )
        return replace(self, rows={**self.rows, **self._set_aside(duty), duty: row})

    def _set_aside(self, duty: str) -> dict[str, DutyRow]:
        """The row of a duty that begins once more, under a name of its own: what was late then stays on record."""
        earlier = self.rows.get(duty)
        if earlier is None:
            return {}
        name = f"{duty}/{1 + sum(known.startswith(f'{duty}/') for known in self.rows)}"
        return {name: replace(earlier, duty=name)}

    def _taken_up(self, actor: Actor) -> "Duties":
        """Whoever acts first at a stage that nobody was assigned to is on duty there."""
        duty = f"stage:{self.stage}"
        row = self.rows.get(duty)
        if row is None or not row.open or row.officer is not None or row.role not in actor.roles:
            return self
        return self._with(duty, officer=actor.officer, organ=actor.organ)

    def _due(self, days: Mapping[str, date]) -> "Duties":
        duties = self
        for duty, due_on in days.items():
            duties = duties._with(duty, due_on=due_on)
        return duties

    def _with(self, duty: str, **changed: Any) -> "Duties":
        return self._all_with([duty] if duty in self.rows else [], **changed)

    def _all_with(self, duties: Sequence[str], **changed: Any) -> "Duties":
        return replace(self, rows={**self.rows, **{duty: replace(self.rows[duty], **changed) for duty in duties}})


def _falls(duty: str, reconsidered: DecisionReconsidered) -> bool:
    """Whether what is owed is not owed any more, because it began with a decision that no longer stands."""
    what, _, name = duty.partition(":")
    match what:
        case "stage":
            return name in (reconsidered.stage, *reconsidered.stages_undone)
        case "clock":
            return name in reconsidered.clocks_undone
        case "opinion":
            return reconsidered.review_undone
        case _:
            return False


def _owed_by(clock: str, pack: Pack) -> Role:
    """Whose silence a clock of the pack counts: whoever enters the record, or holds the stage, that it waits for."""
    rule = next(found for found in pack.clocks if found.id == clock)
    what, _, name = rule.until.partition(":")
    if what == "record":
        return next(Role(record.by) for record in pack.records if record.id == name)
    return pack.stage(name).duty.holder


def _today(recorded: Recorded[Event], duties: Duties) -> date:
    return recorded.recorded_at.astimezone(ZoneInfo(duties.timezone)).date()
