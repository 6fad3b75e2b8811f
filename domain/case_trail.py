"""The events of a case as an answer to questions: what still counts of them, who stands in it, how far it has come.

It reads events one by one and folds nothing, so that it also answers about a case of which something is missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from domain.case_opening import CaseOpened
from domain.choice import DecisionNotPassed, DecisionTaken
from domain.clock import ClockExpired
from domain.decision import DecisionMeetingHeld
from domain.event import Event, Recorded
from domain.exceptional_appointment import ExceptionProposed, ExceptionWithdrawn
from domain.identity import CandidateId
from domain.nomination import CandidateNominated, CandidateWithdrawn
from domain.notice_correction import PublicNoticeCorrected
from domain.objection import ObjectionDisposed
from domain.pack import Pack, Stage, StageKind
from domain.probation import AppointmentIssued
from domain.public_notice import PublicNoticeElapsed, PublicNoticeOpened, PublicNoticeWithdrawn
from domain.reconsideration import DecisionReconsidered
from domain.record import RecordEntered, StageConcluded
from domain.record_signature import RecordSigned
from domain.stage import CaseEnded, Outcome, StageBegun, StageCompleted
from domain.stage_gate import record_key
from domain.supervision_review import OpinionOverdue, OpinionRequested, OpinionReturned, SupervisionReviewConcluded
from domain.training_verification import TrainingResult, TrainingVerified

E = TypeVar("E", bound=Event)

CAME_THROUGH = frozenset({Outcome.CONFIRMED, Outcome.APPOINTED, Outcome.COMPLETED})
"""Outcomes of a case that has come through every stage of its pack."""

_CHOICES = (DecisionMeetingHeld, DecisionTaken, DecisionNotPassed)
_REVIEWS = (OpinionRequested, OpinionReturned, OpinionOverdue, SupervisionReviewConcluded)


class CaseTrail:
    """What the events of a case tell under the pack that it stands under now."""

    def __init__(self, rows: Sequence[Recorded[Event]], pack: Pack):
        self.pack = pack
        self.order = {stage.id: place for place, stage in enumerate(pack.stages)}
        self._by_type: dict[type[Event], list[Recorded[Any]]] = defaultdict(list)
        self._indexes: dict[tuple[type[Event], tuple[str, ...]], dict[tuple[Any, ...], list[Recorded[Any]]]] = {}
        for row in _that_still_count(rows):
            self._by_type[type(row.event)].append(row)
        self.left = dict(self._leaving())
        self.chosen = self._chosen()

    def every(self, kind: type[E], **said: object) -> list[Recorded[E]]:
        """Events of a kind that say so, in order."""
        names = tuple(said)
        if (index := self._indexes.get((kind, names))) is None:
            index = self._indexes[kind, names] = defaultdict(list)
            for row in self._by_type.get(kind, ()):
                index[tuple(getattr(row.event, name) for name in names)].append(row)
        return index.get(tuple(said.values()), [])

    def last(self, kind: type[E], **said: object) -> Recorded[E] | None:
        """The last event of a kind that says so."""
        return next(iter(reversed(self.every(kind, **said))), None)

    @property
    def candidates(self) -> tuple[CandidateId, ...]:
        """Everybody who is named as a candidate, whether their nomination is there or not."""
        kinds = (CandidateNominated, TrainingVerified, DecisionTaken)
        named: list[Recorded[Any]] = [row for kind in kinds for row in self.every(kind)]
        return tuple(dict.fromkeys(row.event.candidate_id for row in sorted(named, key=lambda row: row.position)))

    @property
    def rank(self) -> str | None:
        """The rank of the post."""
        opened = self.last(CaseOpened)
        return opened.event.post.rank if opened else None

    @property
    def ended(self) -> Recorded[CaseEnded] | None:
        return self.last(CaseEnded)

    def is_over(self, stage: str) -> bool:
        """Whether a stage is over: it was completed, or the case has gone on behind it."""
        if self.every(StageCompleted, stage=stage) or (self.ended and self.ended.event.outcome in CAME_THROUGH):
            return True
        place = self.order[stage]
        passed: list[Recorded[Any]] = [*self.every(StageBegun), *self.every(StageCompleted)]
        return any(self.order.get(row.event.stage, -1) > place for row in passed)

    def has_begun(self, stage: str) -> bool:
        return bool(self.every(StageBegun, stage=stage)) or self.is_over(stage)

    def end_of(self, stage: str) -> Recorded[Event] | None:
        """The event with which a stage ended, or that shows that it is over; None while it is not."""
        place = self.order[stage]
        if completed := self.last(StageCompleted, stage=stage):
            return completed
        passed = [row for row in self.every(StageBegun) if self.order.get(row.event.stage, -1) > place]
        return min(passed, key=lambda row: row.position, default=self.ended)

    def silence_of(self, stage: str) -> Recorded[StageCompleted] | None:
        """The end of a stage for which the silence of a clock stood."""
        completed = self.last(StageCompleted, stage=stage)
        return completed if completed and completed.event.silence_of else None

    def whom(self, stage: Stage) -> tuple[CandidateId, ...]:
        """Those about whom a stage was, or is: who still stood at its end, and after the decision the chosen alone."""
        end = self.end_of(stage.id)
        until = end.position if end else None
        stood = [found for found in self.candidates if until is None or self.left.get(found, until + 1) > until]
        if until is None:
            stood = [found for found in stood if found not in self.left]
        if self._comes_after_the_decision(stage) and self.chosen is not None:
            return tuple(found for found in stood if found == self.chosen)
        return tuple(stood)

    def exceptions(self, candidate: CandidateId | None) -> set[str]:
        """Kinds of the exceptions that stand for a candidate; for the case, of those that stand for anybody."""
        withdrawn = {row.event.exception_id for row in self.every(ExceptionWithdrawn)}
        standing = [
            row.event
            for row in self.every(ExceptionProposed)
            if row.event.exception_id not in withdrawn and row.event.candidate_id not in self.left
        ]
        return {found.kind for found in standing if candidate is None or found.candidate_id in (None, candidate)}

    def _comes_after_the_decision(self, stage: Stage) -> bool:
        decisions = [found.id for found in self.pack.stages if found.kind is StageKind.DECISION]
        return bool(decisions) and self.order[stage.id] > self.order[decisions[0]]

    def _chosen(self) -> CandidateId | None:
        if issued := self.last(AppointmentIssued):
            return issued.event.candidate_id
        if taken := self.last(DecisionTaken):
            return taken.event.candidate_id
        deemed = [row.event.candidate_id for row in self.every(ClockExpired) if row.event.candidate_id]
        return deemed[-1] if deemed else None

    def _leaving(self) -> Iterator[tuple[CandidateId, int]]:
        for verified in self.every(TrainingVerified, result=TrainingResult.NOT_MET):
            yield verified.event.candidate_id, verified.position
        for withdrawn in self.every(CandidateWithdrawn):
            yield withdrawn.event.candidate_id, withdrawn.position
        for disposed in self.every(ObjectionDisposed):
            if disposed.event.candidate_out is not None:
                yield disposed.event.candidate_out, disposed.position
        for entered in self.every(RecordEntered, puts_out=True):
            if entered.event.candidate_id is not None:
                yield entered.event.candidate_id, entered.position


def ended_on(row: Recorded[Event] | None) -> date | None:
    """The civil day on which a stage ended, as the event with which it did says."""
    match row.event if row else None:
        case StageCompleted(completed_on=day) | StageBegun(began_on=day) | CaseEnded(ended_on=day):
            return day
        case _:
            return None


def _that_still_count(rows: Iterable[Recorded[Event]]) -> list[Recorded[Event]]:
    """The events without those that a reconsidered decision or a withdrawn notice has undone."""
    counting: list[Recorded[Event]] = []
    for row in rows:
        match row.event:
            case DecisionReconsidered():
                undone = row.event
                counting = [found for found in counting if not _is_undone(found.event, undone)]
            case PublicNoticeWithdrawn(notice_id=notice):
                counting = [found for found in counting if not _is_of_notice(found.event, notice)]
        counting.append(row)
    return counting


def _is_undone(event: Event, by: DecisionReconsidered) -> bool:
    stages = {by.stage, *by.stages_undone}
    match event:
        case StageCompleted(stage=stage) | StageConcluded(stage=stage):
            return stage in stages
        case StageBegun(stage=stage):
            return stage in by.stages_undone
        case RecordEntered(record=record, candidate_id=whom) | RecordSigned(record=record, candidate_id=whom):
            return record_key(record, whom) in by.records_undone
        case ClockExpired(clock=clock):
            return clock in by.clocks_undone
    return isinstance(event, _CHOICES) or (by.review_undone and isinstance(event, _REVIEWS))


def _is_of_notice(event: Event, notice: str) -> bool:
    return (
        isinstance(event, PublicNoticeOpened | PublicNoticeCorrected | PublicNoticeElapsed)
        and event.notice_id == notice
    )
