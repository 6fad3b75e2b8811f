"""The declarations of interests and the look-ups that a stage cannot be without, told from who acted at it.

Who sat in a meeting is sealed: of its members, as many must have declared and been looked up as were present.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from domain.appointment import CaseEvent
from domain.case_trail import CaseTrail
from domain.choice import DecisionNotPassed, DecisionTaken
from domain.conflict import InterestsCrossChecked, InterestsDeclared
from domain.decision import DecisionMeetingHeld
from domain.declaration import CROSS_CHECK, DECLARE_BEFORE
from domain.event import Event, Recorded
from domain.identity import OfficerId, Role
from domain.law import Text
from domain.merit import CriteriaSet
from domain.nomination import CandidateNominated, NominationsClosed
from domain.pack import Pack, Stage, StageKind
from domain.probation import AppointmentIssued, ProbationConfirmed, ProbationFailed
from domain.public_notice import PublicNoticeOpened
from domain.record import RecordEntered, StageConcluded
from domain.record_signature import RecordSigned
from domain.required_acts import Act, Counted
from domain.supervision_review import OpinionRequested, OpinionReturned, SupervisionReviewConcluded
from domain.training_verification import TrainingVerified

_ACTS: dict[StageKind, tuple[type[CaseEvent], ...]] = {
    StageKind.NOMINATION: (CriteriaSet, CandidateNominated, NominationsClosed),
    StageKind.TRAINING_VERIFICATION: (TrainingVerified,),
    StageKind.PUBLIC_NOTICE: (PublicNoticeOpened,),
    StageKind.SUPERVISION_REVIEW: (OpinionRequested, OpinionReturned, SupervisionReviewConcluded),
    StageKind.DECISION: (DecisionMeetingHeld, DecisionTaken, DecisionNotPassed),
    StageKind.APPOINTMENT: (AppointmentIssued,),
    StageKind.PROBATION: (ProbationConfirmed, ProbationFailed),
}
"""The events by which somebody acts at a stage of a kind, beside its records and its conclusion."""

DECLARED = Text(en="Whoever acts at the stage has declared their interests", zh="经办人员已申报应回避情形")
MEMBERS_DECLARED = Text(en="The members present have declared their interests", zh="到会成员已申报应回避情形")
LOOKED_UP = Text(en="Whoever decides was looked up in the register", zh="已在登记中核对决定人员")


def declarations_of_stage(stage: Stage, law: Pack, trail: CaseTrail) -> Iterator[Act]:
    """What must be declared, and looked up, before anybody acts at a stage.

    Source: the pack's `conflicts.declare_before` and `conflicts.cross_check`.
    """
    if law.conflicts is None or stage.id not in law.conflicts.declare_before.value:
        return
    for officer in sorted(_who_acted(stage, law, trail)):
        said = {"officer": officer}
        yield Act("declaration", "interests_declared", DECLARED, (InterestsDeclared,), said, officer, DECLARE_BEFORE)
    if stage.kind is StageKind.DECISION:
        yield from _of_those_who_decide(law, trail)


def _of_those_who_decide(law: Pack, trail: CaseTrail) -> Iterator[Act]:
    """As many as decided have declared, and were looked up in every register."""
    meeting, alone = trail.last(DecisionMeetingHeld), trail.last(DecisionTaken)
    if meeting is not None:
        wanted = meeting.event.members_present
        declared = [row for row in trail.every(InterestsDeclared) if Role.DECISION_BODY in row.event.roles]
        yield _counted("declaration", MEMBERS_DECLARED, declared, wanted)
    elif law.decision.by_authority and alone is not None:
        wanted = 1
    else:
        return
    for register in law.conflicts.cross_check.value if law.conflicts else ():
        found = [row for row in trail.every(InterestsCrossChecked) if register in row.event.registers]
        yield _counted("look_up", LOOKED_UP, found, wanted, register)


def _counted(kind: str, title: Text, rows: Sequence[Recorded[Any]], wanted: int, about: str | None = None) -> Counted:
    at = {row.event.officer: row.position for row in rows if not row.event.withdraws}
    event, rule = (InterestsCrossChecked, CROSS_CHECK) if about else (InterestsDeclared, DECLARE_BEFORE)
    return Counted(
        kind, event.alias, title, (event,), about=about, rule=rule, wanted=wanted, at=tuple(sorted(at.values()))
    )


def _who_acted(stage: Stage, law: Pack, trail: CaseTrail) -> set[OfficerId]:
    """Officers who acted at a stage, and those who took part in what was put on record at it."""
    rows: list[Recorded[Event]] = [row for kind in _ACTS.get(stage.kind, ()) for row in trail.every(kind)]
    rows += trail.every(StageConcluded, stage=stage.id)
    records = [rule.id for rule in law.records if rule.stage == stage.id]
    entered = [row for record in records for row in trail.every(RecordEntered, record=record)]
    signed = [row for record in records for row in trail.every(RecordSigned, record=record)]
    acted = {hand for row in (*rows, *entered, *signed) for hand in row.actor.hands if not _is_the_engine(row)}
    return acted | {officer for row in entered for officer in row.event.people}


def _is_the_engine(row: Recorded[Event]) -> bool:
    return Role.SYSTEM in row.actor.roles
