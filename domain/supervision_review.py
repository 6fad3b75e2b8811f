"""The supervision organ's review: opinions asked of other organs and returned, and its conclusion."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.case_file import Opinion
from domain.command import Command, at_its_stage, nobody_acts_for_themselves, not_by_its_runner, ready
from domain.declaration import declared_before
from domain.event import Confidential, Event
from domain.identity import OrganId, Role
from domain.occasion import Occasion
from domain.ordinary_course import OpinionRule
from domain.pack import OnExpiry, StageKind
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.replacing import replace
from domain.stage_gate import stage_may_end
from domain.working_days import Window


class Finding(StrEnum):
    NO_OBJECTION = "no_objection"
    RESERVATION = "reservation"
    OBJECTION = "objection"
    DEEMED_CONSENT = "deemed_consent"


class Conclusion(StrEnum):
    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"


class RequestOpinion(Command):
    """Ask an organ that the pack names for its opinion."""

    stage: ClassVar[StageKind | None] = StageKind.SUPERVISION_REVIEW
    organ: OrganId


class ReturnOpinion(Command):
    """An organ answers for itself. Consent that is deemed is never its answer: only its silence is."""

    stage: ClassVar[StageKind | None] = StageKind.SUPERVISION_REVIEW
    organ: OrganId
    finding: Literal[Finding.NO_OBJECTION, Finding.RESERVATION, Finding.OBJECTION]
    text: str = Field(min_length=3, max_length=4000)


class ConcludeSupervisionReview(Command):
    """Supervision states whether the case may go on."""

    stage: ClassVar[StageKind | None] = StageKind.SUPERVISION_REVIEW
    conclusion: Conclusion
    remarks: str = Field(min_length=3, max_length=4000)


class OpinionRequested(CaseEvent):
    organ: OrganId
    answer_by: Window
    on_expiry: OnExpiry
    rule: str

    def rules_applied(self) -> tuple[str, ...]:
        return (f"{self.rule}.within", f"{self.rule}.on_expiry")

    def windows(self) -> Mapping[str, Window]:
        return {f"opinion:{self.organ}": self.answer_by}

    def apply(self, case: LiveCase) -> Case:
        return case.with_opinion(Opinion(self.organ, self.answer_by.closes_on, self.on_expiry))


class OpinionReturned(CaseEvent):
    organ: OrganId
    finding: Finding
    returned_on: date
    text: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return case.with_opinion(replace(case.opinions[self.organ], finding=str(self.finding)))


class OpinionOverdue(CaseEvent):
    """The organ was silent past its date; what that means is what the pack says."""

    organ: OrganId
    due_on: date
    on_expiry: OnExpiry
    rule: str

    def rules_applied(self) -> tuple[str, ...]:
        return (f"{self.rule}.within", f"{self.rule}.on_expiry")

    def apply(self, case: LiveCase) -> Case:
        finding = str(Finding.DEEMED_CONSENT) if self.on_expiry is OnExpiry.CONSENT else None
        silent = case.with_opinion(replace(case.opinions[self.organ], overdue=True, finding=finding))
        return replace(silent, review_outcome="not_cleared") if self.on_expiry is OnExpiry.LAPSE else silent


class SupervisionReviewConcluded(CaseEvent):
    conclusion: Conclusion
    concluded_on: date
    remarks: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return replace(case, review_outcome=str(self.conclusion))


class OpinionAlreadyRequested(Refusal):
    rule = "house.one_request_an_organ"


class OpinionNotRequested(Refusal):
    rule = "house.an_opinion_answers_a_request"


class OpinionsMissing(Refusal):
    rule = "review.opinions"


class RanTheCaseUnderReview(Refusal):
    rule = "house.nobody_reviews_their_own_work"


def opinion_rule(on: Occasion, organ: OrganId) -> tuple[str, OpinionRule]:
    """The path and the rule for an organ's opinion.

    Refuses: UnknownChoice.
    """
    for place, rule in enumerate(on.pack.review.opinions):
        if rule.organ == organ:
            return f"review.opinions.{place}", rule
    known = [rule.organ for rule in on.pack.review.opinions]
    raise UnknownChoice(
        f"`{on.pack.id}` asks no opinion of “{organ}”; choose one of {', '.join(known) or 'none'}.",
        field="organ",
        known=known,
    )


def request_opinion(case: Case, command: RequestOpinion, on: Occasion) -> list[Event]:
    """An opinion is asked once, with a date by which silence gets its meaning.

    Source: the pack's `review.opinions`.
    Refuses: OutOfOrder, WrongOrgan, UnknownChoice, OpinionAlreadyRequested.
    """
    live = ready(case, command, on)
    path, rule = opinion_rule(on, command.organ)
    if (asked := live.opinions.get(command.organ)) is not None:
        raise OpinionAlreadyRequested(
            f"The opinion of {command.organ} was asked already and is due on {asked.due_on:%-d %B %Y}. "
            "Wait for the answer, or for that day.",
            due_on=asked.due_on,
        )
    return [
        OpinionRequested(
            organ=command.organ,
            answer_by=on.due(rule.within.value),
            on_expiry=rule.on_expiry.value,
            rule=path,
        )
    ]


def return_opinion(case: Case, command: ReturnOpinion, on: Occasion) -> list[Event]:
    """Only the organ that was asked answers, and only once.

    Refuses: OutOfOrder, ActsInOwnCase, WrongOrgan, DeclarationMissing, OpinionNotRequested.
    """
    live = under_way(case)
    at_its_stage(live, command, on)
    nobody_acts_for_themselves(live, command, on)
    if on.actor.organ != command.organ or not on.acts_as(Role.SUPERVISION):
        raise WrongOrgan(
            f"The opinion was asked of {command.organ}, and you act for {on.actor.organ}. "
            f"An officer of supervision at {command.organ} must answer.",
            organ=on.actor.organ,
        )
    declared_before(live, live.stage, on.actor.hands, on)
    asked = live.opinions.get(command.organ)
    if asked is None or asked.answered:
        raise OpinionNotRequested(
            f"No answer of {command.organ} is awaited in this case. Supervision must request its opinion first, "
            "and an organ answers once.",
            organ=command.organ,
        )
    return [OpinionReturned(organ=command.organ, finding=command.finding, returned_on=on.today, text=command.text)]


def conclude_supervision_review(case: Case, command: ConcludeSupervisionReview, on: Occasion) -> list[Event]:
    """The review ends when every opinion that the pack asks for has been answered, or is deemed to be.

    Source: the pack's `review.opinions`.
    Refuses: OutOfOrder, WrongOrgan, RanTheCaseUnderReview, OpinionsMissing.
    """
    live = ready(case, command, on)
    not_by_its_runner(live, on, RanTheCaseUnderReview, "conclude its review")
    if command.conclusion is Conclusion.CLEARED:
        _every_opinion_is_in(live, on)
        stage_may_end(live, on)
    return [SupervisionReviewConcluded(conclusion=command.conclusion, concluded_on=on.today, remarks=command.remarks)]


def _every_opinion_is_in(live: LiveCase, on: Occasion) -> None:
    missing = {
        rule.organ: f"review.opinions.{place}.within"
        for place, rule in enumerate(on.pack.review.opinions)
        if rule.organ not in live.opinions or not live.opinions[OrganId(rule.organ)].answered
    }
    if missing:
        raise OpinionsMissing(
            f"The opinions of {', '.join(missing)} are missing. Request them, or wait for the answer.",
            citation=on.cite(next(iter(missing.values()))),
            rule="review.opinions",
            missing=list(missing),
        )
