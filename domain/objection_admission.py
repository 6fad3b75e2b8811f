"""Before an objection is answered: a moderator looks at what came without proof, and supervision acknowledges it."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Objection
from domain.command import Command, not_by_its_runner, ready
from domain.event import Event
from domain.identity import ObjectionId, Role
from domain.moderation_reasons import PRESENT, reason_to_reject
from domain.objection import RanTheCase, open_objection
from domain.occasion import Occasion
from domain.refusal import Refusal
from domain.replacing import replace

REJECTED = "rejected"
"""What becomes of an objection that a moderator found to be none."""


class AcknowledgeObjection(Command):
    """Tell whoever objected that it was received and is looked into."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    while_resting: ClassVar[bool] = True
    objection_id: ObjectionId


class AdmitObjection(Command):
    """Pass on to supervision what came without proof of work."""

    by: ClassVar[Role | None] = Role.MODERATOR
    while_resting: ClassVar[bool] = True
    objection_id: ObjectionId


class RejectObjection(Command):
    """Turn away what is no objection at all, for a reason of the present list."""

    by: ClassVar[Role | None] = Role.MODERATOR
    while_resting: ClassVar[bool] = True
    objection_id: ObjectionId
    reason: str = Field(max_length=60)
    reasons_version: int = PRESENT


class ObjectionAcknowledged(CaseEvent):
    """Whoever objected was told that it is looked into; `late` when that came after its day."""

    under: ClassVar[tuple[str, ...]] = ("objections.acknowledged",)
    objection_id: ObjectionId
    acknowledged_on: date
    due_on: date
    late: bool

    def apply(self, case: LiveCase) -> Case:
        found = case.objections[self.objection_id]
        return case.with_objection(replace(found, acknowledged_on=self.acknowledged_on, awaits_admission=False))


class ObjectionAdmitted(CaseEvent):
    """A moderator has found it to be an objection; from here on only supervision ends it."""

    objection_id: ObjectionId
    admitted_on: date

    def apply(self, case: LiveCase) -> Case:
        return case.with_objection(replace(case.objections[self.objection_id], awaits_admission=False))


class ObjectionRejected(CaseEvent):
    """A moderator has found it to be no objection at all, so that it holds the case no longer."""

    objection_id: ObjectionId
    reason: str
    reasons_version: int
    rejected_on: date

    def apply(self, case: LiveCase) -> Case:
        found = case.objections[self.objection_id]
        return case.with_objection(
            replace(found, outcome=REJECTED, disposed_on=self.rejected_on, awaits_admission=False)
        )


class AlreadyAcknowledged(Refusal):
    rule = "house.an_objection_is_acknowledged_once"


class AwaitsNoAdmission(Refusal):
    rule = "house.a_moderator_looks_before_anybody_else"


def acknowledge_objection(case: Case, command: AcknowledgeObjection, on: Occasion) -> list[Event]:
    """Supervision says that it has the objection; what it has acknowledged no moderator turns away.

    Source: the pack's `objections.acknowledged`.
    Refuses: WrongOrgan, UnknownChoice, AlreadyAcknowledged.
    """
    objection = open_objection(ready(case, command, on), command.objection_id)
    if objection.acknowledged_on is not None:
        raise AlreadyAcknowledged(
            f"The objection {objection.id} was acknowledged on {objection.acknowledged_on:%-d %B %Y}. "
            "Read it, and dispose of it.",
            acknowledged_on=objection.acknowledged_on,
        )
    due_on = objection.acknowledge_due_on or on.today
    return [
        ObjectionAcknowledged(
            objection_id=objection.id, acknowledged_on=on.today, due_on=due_on, late=on.today > due_on
        )
    ]


def admit_objection(case: Case, command: AdmitObjection, on: Occasion) -> list[Event]:
    """A moderator passes on what awaited a look.

    Source: features F42 (moderation).
    Refuses: WrongOrgan, UnknownChoice, AwaitsNoAdmission.
    """
    objection = _awaiting(ready(case, command, on), command.objection_id)
    return [ObjectionAdmitted(objection_id=objection.id, admitted_on=on.today)]


def reject_objection(case: Case, command: RejectObjection, on: Occasion) -> list[Event]:
    """A moderator who did not run the case turns away what is no objection at all, which releases the case.

    Source: features F42; the reasons, `domain.moderation_reasons`.
    Refuses: WrongOrgan, UnknownChoice, AwaitsNoAdmission, RanTheCase.
    """
    live = ready(case, command, on)
    objection = _awaiting(live, command.objection_id)
    not_by_its_runner(live, on, RanTheCase, "reject an objection to it", by="Another moderator")
    reason = reason_to_reject(command.reason, command.reasons_version, objection=True)
    return [
        ObjectionRejected(
            objection_id=objection.id,
            reason=reason.code,
            reasons_version=command.reasons_version,
            rejected_on=on.today,
        )
    ]


def _awaiting(live: LiveCase, objection_id: ObjectionId) -> Objection:
    objection = open_objection(live, objection_id)
    if not objection.awaits_admission:
        raise AwaitsNoAdmission(
            f"The objection {objection.id} awaits no moderator: it was admitted, or came with its proof of work. "
            "Leave it to supervision, which disposes of it."
        )
    return objection
