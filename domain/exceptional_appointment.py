"""An exception to the ordinary course: proposed with a reason, within the limits of the pack, and never unseen."""

from datetime import date
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import ProposedException
from domain.command import Command, ready
from domain.event import Event, Personal
from domain.exceptional_rule import ExceptionRule
from domain.identity import CandidateId, PersonId, Role, short_id
from domain.law import Frozen
from domain.nomination import standing_candidate
from domain.occasion import Occasion
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import put, replace


class CareerFacts(Frozen):
    """What the limits of an exception ask about a candidate."""

    basis: str = Field(min_length=3, max_length=300, description="file or register that these facts rest on")
    in_probation: bool = Field(description="still on probation in the present post")
    last_promoted_on: date | None = Field(None, description="day of the last promotion; left out when there was none")
    last_was_exceptional: bool = Field(description="the last promotion was an exception too")
    levels: int = Field(ge=0, le=20, description="levels of office between the present post and this one")


class ProposeException(Command):
    """Propose that the ordinary course is not kept, for one candidate or for the case."""

    by: ClassVar[Role | None] = Role.PERSONNEL
    kind: str
    candidate_id: CandidateId | None = None
    reason: str = Field(min_length=10, max_length=2000, description="stands in the public record: no personal data")
    facts: CareerFacts | None = Field(None, description="what the limits ask about the candidate; sealed")


class WithdrawException(Command):
    """Take a proposed exception back: the case goes on in the ordinary course."""

    by: ClassVar[Role | None] = Role.PERSONNEL
    exception_id: str
    reason: str = Field(min_length=10, max_length=2000, description="stands in the public record: no personal data")


class ExceptionProposed(CaseEvent):
    exception_id: str
    kind: str
    candidate_id: CandidateId | None = None
    person_id: PersonId | None = None
    reason: str
    limits: tuple[str, ...]
    proposed_on: date
    facts: Annotated[CareerFacts | None, Personal(of="person_id")] = None

    def rules_applied(self) -> tuple[str, ...]:
        path = f"exceptions.{self.kind}"
        return (f"{path}.permitted", *(f"{path}.limits.{name}" for name in self.limits))

    def apply(self, case: LiveCase) -> Case:
        proposed = ProposedException(self.kind, self.candidate_id, self.reason)
        return replace(case, proposed_exceptions=put(case.proposed_exceptions, self.exception_id, proposed))


class ExceptionWithdrawn(CaseEvent):
    exception_id: str
    kind: str
    reason: str
    withdrawn_on: date

    def apply(self, case: LiveCase) -> Case:
        left = {name: found for name, found in case.proposed_exceptions.items() if name != self.exception_id}
        reports = {name: found for name, found in case.prior_reports.items() if name != self.exception_id}
        return replace(case, proposed_exceptions=MappingProxyType(left), prior_reports=MappingProxyType(reports))


class ExceptionAlreadyProposed(Refusal):
    rule = "house.one_exception_of_a_kind"


class ExceptionAfterDecision(Refusal):
    rule = "house.an_exception_comes_before_the_decision"


class ExceptionAfterNotice(Refusal):
    rule = "exceptions.reason_is_public"


class CareerFactsMissing(Refusal):
    rule = "house.a_limit_is_checked_against_facts"
    unlawful = False


class ExceptionInProbation(Refusal):
    rule = "exceptions.limits.not_in_probation"


class PromotedTooRecently(Refusal):
    rule = "exceptions.limits.since_last_promotion"


class TwoExceptionsInARow(Refusal):
    rule = "exceptions.limits.not_two_in_a_row"


class TooManyLevelsAtOnce(Refusal):
    rule = "exceptions.limits.levels_at_most"


def exception_rule(kind: str, on: Occasion) -> ExceptionRule:
    """The pack's rule for a kind of exception.

    Refuses: UnknownChoice.
    """
    for rule in on.pack.exceptions:
        if rule.id == kind:
            return rule
    known = [rule.id for rule in on.pack.exceptions]
    raise UnknownChoice(
        f"`{on.pack.id}` knows no exception “{kind}”; choose one of {', '.join(known) or 'none'}.",
        field="kind",
        known=known,
    )


def propose_exception(case: Case, command: ProposeException, on: Occasion) -> list[Event]:
    """An exception is proposed before the decision, within the limits of its kind.

    Source: the pack's `exceptions` (cn.sr2019: exceptional promotion, Art. 9; the notice states the reason, Art. 42).
    Refuses: WrongOrgan, ExceptionAfterDecision, ExceptionAfterNotice, ExceptionAlreadyProposed, CareerFactsMissing,
    ExceptionInProbation, PromotedTooRecently, TwoExceptionsInARow, TooManyLevelsAtOnce, UnknownChoice.
    """
    live = ready(case, command, on)
    rule = exception_rule(command.kind, on)
    _in_time(live, rule, on)
    _once(live, command)
    person = standing_candidate(live, command.candidate_id).person if command.candidate_id else None
    if rule.binding_limits:
        _within_limits(rule, command, on)
    return [
        ExceptionProposed(
            exception_id=short_id(live.id, "exception", on.command_id),
            kind=rule.id,
            candidate_id=command.candidate_id,
            person_id=person,
            reason=command.reason,
            limits=rule.binding_limits,
            proposed_on=on.today,
            facts=command.facts if person else None,
        )
    ]


def _in_time(live: LiveCase, rule: ExceptionRule, on: Occasion) -> None:
    if live.chosen is not None:
        raise ExceptionAfterDecision(
            "The decision was taken in the ordinary course, and an exception comes before the decision. "
            "Go on with the candidate who was chosen, or withdraw the case and open another."
        )
    if live.notice is not None and rule.reason_is_public.value:
        raise ExceptionAfterNotice(
            f"The notice of this case opened on {live.notice.window.opens_on:%-d %B %Y} without this exception, and "
            "its reason must stand there. Withdraw the case and open another with the exception proposed in time.",
            citation=on.cite(f"exceptions.{rule.id}.reason_is_public"),
        )


def _once(live: LiveCase, command: ProposeException) -> None:
    for name, found in live.proposed_exceptions.items():
        if (found.kind, found.candidate) == (command.kind, command.candidate_id):
            raise ExceptionAlreadyProposed(
                f"This exception was already proposed in this case, as {name}. Withdraw it first, then state it anew.",
                exception_id=name,
            )


def _within_limits(rule: ExceptionRule, command: ProposeException, on: Occasion) -> None:
    facts = command.facts
    if facts is None or command.candidate_id is None:
        raise CareerFactsMissing(
            f"An exception “{rule.id}” has limits ({', '.join(rule.binding_limits)}) that ask about one candidate. "
            "State `candidate_id` and `facts`.",
            field="facts" if command.candidate_id else "candidate_id",
            limits=list(rule.binding_limits),
        )
    path, limits = f"exceptions.{rule.id}.limits", rule.limits
    if limits.not_in_probation and facts.in_probation:
        raise ExceptionInProbation(
            "The candidate is on probation in the present post, and nobody is promoted by exception from there. "
            "Wait until the probation is confirmed.",
            citation=on.cite(f"{path}.not_in_probation"),
            field="facts",
        )
    if limits.since_last_promotion and facts.last_promoted_on:
        _long_enough_ago(facts.last_promoted_on, rule, on)
    if limits.not_two_in_a_row and facts.last_was_exceptional:
        raise TwoExceptionsInARow(
            "The candidate's last promotion was an exception too, and two do not follow each other. "
            "Nominate somebody else, or wait for an ordinary promotion.",
            citation=on.cite(f"{path}.not_two_in_a_row"),
            field="facts",
        )
    if limits.levels_at_most and facts.levels > limits.levels_at_most.value:
        raise TooManyLevelsAtOnce(
            f"This would be {facts.levels} levels at once, and an exception goes up {limits.levels_at_most.value} at "
            "most. Nominate the candidate for a post in between.",
            citation=on.cite(f"{path}.levels_at_most"),
            field="facts",
            levels=facts.levels,
            at_most=limits.levels_at_most.value,
        )


def _long_enough_ago(promoted_on: date, rule: ExceptionRule, on: Occasion) -> None:
    limit = rule.limits.since_last_promotion
    if limit is None:
        return
    free_on = on.due(limit.value, start=promoted_on).closes_on
    if on.today < free_on:
        raise PromotedTooRecently(
            f"The candidate was last promoted on {promoted_on:%-d %B %Y}, and the rule asks for "
            f"{limit.value.in_words('en')} since then. Wait until {free_on:%-d %B %Y}.",
            citation=on.cite(f"exceptions.{rule.id}.limits.since_last_promotion"),
            field="facts",
            last_promoted_on=promoted_on,
            free_on=free_on,
        )


def withdraw_exception(case: Case, command: WithdrawException, on: Occasion) -> list[Event]:
    """A proposed exception may be taken back until the decision; that it was proposed stays on record.

    Refuses: WrongOrgan, UnknownChoice, ExceptionAfterDecision.
    """
    live = ready(case, command, on)
    found = live.proposed_exceptions.get(command.exception_id)
    if found is None:
        known = list(live.proposed_exceptions)
        raise UnknownChoice(
            f"“{command.exception_id}” is not an exception proposed in this case; choose one of "
            f"{', '.join(known) or 'none'}.",
            field="exception_id",
            known=known,
        )
    if live.chosen is not None:
        raise ExceptionAfterDecision(
            "The decision was taken with this exception, so it stays. Record what followed from it instead."
        )
    return [
        ExceptionWithdrawn(
            exception_id=command.exception_id, kind=found.kind, reason=command.reason, withdrawn_on=on.today
        )
    ]
