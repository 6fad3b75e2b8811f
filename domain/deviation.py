"""A departure from the pack that somebody with the duty allowed: typed, reasoned, and impossible to hide."""

from datetime import date

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner
from domain.event import Event
from domain.identity import short_id
from domain.occasion import Occasion
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace


class AllowDeviation(Command):
    """Let one rule of the pack not apply in this case."""

    rule: str = Field(description="path of the rule in the pack, such as `nomination.minimum_candidates`")
    code: str
    reason: str = Field(min_length=10, max_length=2000, description="stands in the public record: no personal data")


class DeviationAllowed(CaseEvent):
    deviation_id: str
    rule: str
    code: str
    reason: str
    allowed_on: date

    def rules_applied(self) -> tuple[str, ...]:
        return (self.rule,)

    def apply(self, case: LiveCase) -> Case:
        return replace(case, deviations=case.deviations | {self.rule})


class RuleCannotBeWaived(Refusal):
    rule = "house.only_waivable_rules_are_waived"


class OwnCaseDeviation(Refusal):
    rule = "house.nobody_waives_for_their_own_case"


class ProhibitionCannotBeAllowed(Refusal):
    rule = "deviations.prohibitions"


def allow_deviation(case: Case, command: AllowDeviation, on: Occasion) -> list[Event]:
    """A rule that the pack marks as waivable may be waived by the pack's approver, with a code and a reason.

    Source: the pack's `deviations`.
    Refuses: WrongOrgan, ProhibitionCannotBeAllowed, UnknownChoice, RuleCannotBeWaived, OwnCaseDeviation.
    """
    live = under_way(case)
    nobody_acts_for_themselves(live, command, on)
    approver = on.pack.deviations.approved_by
    held_by(approver, command, on)
    not_by_its_runner(live, on, OwnCaseDeviation, "allow a deviation in it", f"Another officer of {approver}")
    _waivable(command, on)
    return [
        DeviationAllowed(
            deviation_id=short_id(live.id, "deviation", on.command_id),
            rule=command.rule,
            code=command.code,
            reason=command.reason,
            allowed_on=on.today,
        )
    ]


def _waivable(command: AllowDeviation, on: Occasion) -> None:
    if command.code in {rule.id for rule in on.pack.deviations.prohibitions}:
        raise ProhibitionCannotBeAllowed(
            f"“{command.code}” is a prohibition of `{on.pack.id}`: nobody can allow it. "
            "Record a breach where it has happened.",
            citation=on.cite(f"deviations.prohibitions.{command.code}.forbidden"),
            field="code",
        )
    if command.code not in on.pack.deviations.codes:
        known = sorted(on.pack.deviations.codes)
        raise UnknownChoice(
            f"“{command.code}” is not a deviation code of `{on.pack.id}`; choose one of {', '.join(known)}.",
            field="code",
            known=known,
        )
    rules = dict(on.pack.rules())
    if command.rule not in rules or not rules[command.rule].waivable:
        waivable = sorted(path for path, rule in rules.items() if rule.waivable)
        raise RuleCannotBeWaived(
            f"“{command.rule}” cannot be waived in `{on.pack.id}`; choose one of {', '.join(waivable) or 'none'}.",
            field="rule",
            waivable=waivable,
        )
