"""How a decision can come out, and what must hold before anybody may be chosen, whoever chooses."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from domain.appointment import Case, CaseEvent, LiveCase
from domain.event import Confidential
from domain.identity import CandidateId
from domain.majority import Form
from domain.occasion import Occasion
from domain.pack import Pack, Stage, StageKind
from domain.prior_report import prior_consents_are_in
from domain.refusal import Refusal
from domain.replacing import replace
from domain.working_days import Window


class DecisionTaken(CaseEvent):
    """Somebody was chosen. The letter and the office follow later, each with a date of its own.

    By a body in a meeting, with its votes; or by one office alone, with its reasons.
    """

    schema_version: ClassVar[int] = 2
    under: ClassVar[tuple[str, ...]] = ("decision.majority",)
    meeting_id: str | None = None
    candidate_id: CandidateId
    decided_on: date
    in_favour: int | None = None
    votes_needed: int | None = None
    reasons: Annotated[str | None, Confidential(to="decision_body")] = None

    def rules_applied(self) -> tuple[str, ...]:
        return self.under if self.meeting_id else ("decision.form",)

    def apply(self, case: LiveCase) -> Case:
        return replace(case, chosen=self.candidate_id, decided_on=self.decided_on)


class DecisionNotPassed(CaseEvent):
    """Nobody was chosen. Where the pack lets it be reconsidered, the case waits so long before it ends."""

    schema_version: ClassVar[int] = 2
    under: ClassVar[tuple[str, ...]] = ("decision.majority",)
    meeting_id: str | None = None
    decided_on: date
    reconsider: Window | None = None
    reasons: Annotated[str | None, Confidential(to="decision_body")] = None

    def rules_applied(self) -> tuple[str, ...]:
        rules = self.under if self.meeting_id else ("decision.form",)
        return rules if self.reconsider is None else (*rules, "decision.reconsider_within")

    def windows(self) -> Mapping[str, Window]:
        return {"reconsideration": self.reconsider} if self.reconsider else {}

    def apply(self, case: LiveCase) -> Case:
        reconsider_by = self.reconsider.closes_on if self.reconsider else None
        return replace(case, not_passed=True, reconsider_by=reconsider_by, decided_on=self.decided_on)


class Deferral(StrEnum):
    """Why a body put its vote off."""

    MEMBERS_DEFERRED = "members_deferred"
    LARGE_DISAGREEMENT = "large_disagreement"
    UNCLEAR_QUESTION = "unclear_question"


class DecisionDeferred(CaseEvent):
    """A quorate meeting chose nobody yet: the stage and its limit go on, and another meeting decides."""

    schema_version: ClassVar[int] = 2
    meeting_id: str
    deferred_on: date
    why: Deferral

    def rules_applied(self) -> tuple[str, ...]:
        deferred_by_members = self.why is Deferral.MEMBERS_DEFERRED
        return ("decision.majority",) if deferred_by_members else ("decision.defer_on_large_disagreement",)


class NothingIsDecided(Refusal):
    rule = "house.what_was_decided_is_reconsidered"


class DecidedInAnotherForm(Refusal):
    rule = "house.a_body_decides_in_a_meeting"


class DecisionStands(Refusal):
    rule = "house.what_was_decided_is_reconsidered_first"


class MeetingNotToday(Refusal):
    rule = "house.a_meeting_is_recorded_after_it_was_held"


class AdHocMotion(Refusal):
    rule = "decision.no_ad_hoc_motion"


class ObjectionsStillOpen(Refusal):
    rule = "house.an_objection_holds_its_case"


def decision_stage(pack: Pack) -> Stage:
    """The stage of a pack in which it is decided.

    Refuses: NothingIsDecided.
    """
    for stage in pack.stages:
        if stage.kind is StageKind.DECISION:
            return stage
    raise NothingIsDecided(
        f"`{pack.id}` has no stage in which anybody decides, so there is neither a decision nor its minutes. "
        "Record what its stages ask for instead."
    )


def in_its_form(form: Form, on: Occasion) -> None:
    """It is decided by whom the pack says: a body in a meeting, or one office alone.

    Source: the pack's `decision.form`.
    Refuses: DecidedInAnotherForm.
    """
    rules = on.pack.decision
    if (form is Form.AUTHORITY) is rules.by_authority:
        return
    raise DecidedInAnotherForm(
        f"Under `{on.pack.id}` one office decides alone, and no body meets: record its decision, or that it declines."
        if rules.by_authority
        else f"Under `{on.pack.id}` a body decides, and nobody alone: record its meeting, member by member.",
        citation=on.cite("decision.form") if rules.form else None,
        form=str(Form.AUTHORITY if rules.by_authority else Form.MEETING),
    )


def may_be_decided(live: LiveCase, day: date, on: Occasion, *, field: str) -> None:
    """A case is decided on a day of its stage, with nothing decided before and no objection open.

    Refuses: PriorConsentMissing, DecisionStands, MeetingNotToday, AdHocMotion, ObjectionsStillOpen.
    """
    prior_consents_are_in(live, on)
    if live.not_passed and live.reconsider_by is not None:
        raise DecisionStands(
            "It was decided already that nobody is chosen. Record first that this is reconsidered; until "
            f"{live.reconsider_by:%-d %B %Y} it can be.",
            reconsider_by=live.reconsider_by,
        )
    _on_a_day_of_its_stage(live, day, on, field)
    if live.undisposed_objections:
        raise ObjectionsStillOpen(
            f"{len(live.undisposed_objections)} objections are open, and nobody is chosen before they are disposed of. "
            "Ask supervision to dispose of them.",
            open_objections=[str(found.id) for found in live.undisposed_objections],
        )


def _on_a_day_of_its_stage(live: LiveCase, day: date, on: Occasion, field: str) -> None:
    if not live.stage_began_on <= day <= on.today:
        raise MeetingNotToday(
            f"It cannot have been decided on {day:%-d %B %Y}: the stage began on "
            f"{live.stage_began_on:%-d %B %Y} and today is {on.today:%-d %B %Y}. State the day on which it was.",
            field=field,
        )
    rule = on.pack.decision.no_ad_hoc_motion
    if rule is not None and rule.value and day == live.stage_began_on:
        raise AdHocMotion(
            f"The case came before the deciding body on {day:%-d %B %Y}, the day of the meeting itself, so its "
            "candidates were not on the list before. Convene a meeting on a later day.",
            citation=on.cite("decision.no_ad_hoc_motion"),
            field=field,
        )
