"""How a case moves from stage to stage in the order of its pack, and how it ends."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar

from domain.appointment import Case, CaseEvent, ClosedCase, LiveCase, evolve, stage_of
from domain.case_file import Deadline
from domain.clock import clock_changes
from domain.event import Event
from domain.occasion import Occasion
from domain.pack import OnExpiry, Stage, StageKind
from domain.replacing import replace
from domain.stage_gate import consented_by_silence, is_held, waivers_used
from domain.working_days import Window


class Outcome(StrEnum):
    """How a case can end."""

    CONFIRMED = "confirmed"
    APPOINTED = "appointed"
    COMPLETED = "completed"
    PROBATION_FAILED = "probation_failed"
    TRAINING_LAPSED = "training_lapsed"
    NOT_PASSED = "not_passed"
    NO_QUORUM = "no_quorum"
    LAPSED = "lapsed"
    NO_CANDIDATE_LEFT = "no_candidate_left"
    NOT_CLEARED = "not_cleared"
    WITHDRAWN = "withdrawn"


class StageBegun(CaseEvent):
    """A stage begins; its clock, where the pack sets one, is worked out at once."""

    stage: str
    began_on: date
    limit: Window | None = None
    on_expiry: OnExpiry | None = None

    def windows(self) -> Mapping[str, Window]:
        return {f"stage:{self.stage}": self.limit} if self.limit else {}

    def apply(self, case: LiveCase) -> Case:
        deadline = None
        if self.limit is not None and self.on_expiry is not None:
            deadline = Deadline(self.limit.closes_on, self.on_expiry)
        opened_on = case.opened_on or self.began_on
        return replace(case, stage=self.stage, stage_began_on=self.began_on, deadline=deadline, opened_on=opened_on)


class StageCompleted(CaseEvent):
    """A stage is over; `deviations` are the rules without whose waiver it could not be.

    `silence_of` is the clock whose silence stood for it, where nobody ended it.
    """

    schema_version: ClassVar[int] = 2
    stage: str
    completed_on: date
    deviations: tuple[str, ...] = ()
    silence_of: str | None = None

    def rules_applied(self) -> tuple[str, ...]:
        return (f"clocks.{self.silence_of}.on_expiry",) if self.silence_of else ()

    def apply(self, case: LiveCase) -> Case:
        silent = {self.stage} if self.silence_of else set()
        return replace(
            case,
            completed=(*case.completed, self.stage),
            by_silence=case.by_silence - {self.stage} | silent,
            deadline=None,
        )


class StageLimitExpired(CaseEvent):
    """The duty holder has been silent past the limit; what follows is what the pack says."""

    stage: str
    expired_on: date
    on_expiry: OnExpiry

    def rules_applied(self) -> tuple[str, ...]:
        return (f"stages.{self.stage}.limit.within", f"stages.{self.stage}.limit.on_expiry")

    def apply(self, case: LiveCase) -> Case:
        return replace(case, deadline=replace(case.deadline, expired=True)) if case.deadline else case


class CaseEnded(CaseEvent):
    """The case is over."""

    outcome: Outcome
    ended_on: date

    def apply(self, case: LiveCase) -> Case:
        return ClosedCase(case, outcome=str(self.outcome), closed_on=self.ended_on)


def begin(stage: Stage, on: Occasion) -> list[Event]:
    """The events with which a stage begins."""
    if stage.limit is None:
        return [StageBegun(stage=stage.id, began_on=on.today)]
    limit = on.due(stage.limit.within.value)
    return [StageBegun(stage=stage.id, began_on=on.today, limit=limit, on_expiry=stage.limit.on_expiry.value)]


def advance(case: Case, on: Occasion) -> list[Event]:
    """What follows of itself from the state that a command has led to: the end, or the next stage.

    Decided with the command that completes a stage, so that nobody waits for the engine.
    """
    events: list[Event] = []
    while isinstance(case, LiveCase):
        following = _next_of_itself(case, on)
        if not following:
            break
        for event in following:
            case = evolve(case, event)
        events.extend(following)
    return events


def _next_of_itself(case: LiveCase, on: Occasion) -> list[Event]:
    if (outcome := _end_of(case)) is not None:
        return [CaseEnded(outcome=outcome, ended_on=on.today)]
    if changes := clock_changes(case, on):
        return changes
    stage = stage_of(case, on.pack)
    if stage.id in case.completed:
        return [CaseEnded(outcome=_outcome(case), ended_on=on.today)]
    silent = consented_by_silence(case, on.pack, stage)
    if silent is None and (not is_complete(case, stage.kind) or is_held(case, on.pack, stage, on.today)):
        return []
    completed = StageCompleted(
        stage=stage.id,
        completed_on=on.today,
        deviations=() if silent else waivers_used(case, on.pack, stage, on.today),
        silence_of=silent.id if silent else None,
    )
    following = on.pack.stage_after(stage.id)
    # The last stage ends first and the case after it: what was waiting for the stage must still hear of it.
    return [completed] if following is None else [completed, *begin(following, on)]


def _outcome(case: LiveCase) -> Outcome:
    """How a case ends that has come through its last stage."""
    if case.appointed is None:
        return Outcome.COMPLETED
    return Outcome.CONFIRMED if case.probation_outcome == "confirmed" else Outcome.APPOINTED


def _end_of(case: LiveCase) -> Outcome | None:
    """The outcome that ends a case before its last stage is complete."""
    if case.probation_outcome == "failed":
        return Outcome.PROBATION_FAILED
    if case.appointed and case.appointed.make_up_lapsed:
        return Outcome.TRAINING_LAPSED
    if case.review_outcome == "not_cleared":
        return Outcome.NOT_CLEARED
    if any(clock.expired and not clock.stopped and clock.on_expiry is OnExpiry.LAPSE for clock in case.clocks.values()):
        return Outcome.LAPSED
    lapsed = case.deadline is not None and case.deadline.expired and case.deadline.on_expiry is OnExpiry.LAPSE
    if case.not_passed and (case.reconsider_by is None or lapsed):
        return Outcome.NOT_PASSED
    if lapsed:
        return Outcome.NO_QUORUM if 0 < len(case.meetings) == case.inquorate_meetings else Outcome.LAPSED
    if case.chosen is not None and not case.candidates[case.chosen].stands:
        return Outcome.NO_CANDIDATE_LEFT
    if case.nominations_closed and not case.standing:
        return Outcome.NO_CANDIDATE_LEFT
    return None


def is_complete(case: LiveCase, kind: StageKind) -> bool:
    """Whether a stage of a kind has nothing left to do."""
    match kind:
        case StageKind.NOMINATION:
            return case.nominations_closed
        case StageKind.TRAINING_VERIFICATION:
            return all(candidate.training is not None for candidate in case.standing)
        case StageKind.PUBLIC_NOTICE:
            return case.notice is not None and case.notice.elapsed_on is not None and not case.undisposed_objections
        case StageKind.SUPERVISION_REVIEW:
            return case.review_outcome == "cleared"
        case StageKind.DECISION:
            return case.chosen is not None
        case StageKind.APPOINTMENT:
            return case.appointed is not None
        case StageKind.PROBATION:
            return case.probation_outcome == "confirmed" and not _owes_training(case)
        case _:
            return case.stage in case.concluded


def _owes_training(case: LiveCase) -> bool:
    office = case.appointed
    return office is not None and office.make_up_due_on is not None and not office.made_up
