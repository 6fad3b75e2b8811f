"""A breach of what nobody can allow: found by supervision, typed, and never taken off the record."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.appointment import Case, CaseEvent, under_way, underlying
from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner
from domain.event import Confidential, Event
from domain.identity import Role, short_id
from domain.occasion import Occasion
from domain.refusal import Refusal, UnknownChoice


class RecordBreach(Command):
    """Record that a prohibition of the pack was broken in a case; also in one that rests or has ended."""

    code: str = Field(description="one of the pack's prohibitions")
    happened_on: date
    evidence: str = Field(min_length=10, max_length=4000, description="what shows it; sealed for supervision")


class BreachFound(CaseEvent):
    breach_id: str
    code: str
    happened_on: date
    found_on: date
    evidence: Annotated[str | None, Confidential(to="supervision")] = None

    def rules_applied(self) -> tuple[str, ...]:
        return (f"deviations.prohibitions.{self.code}.forbidden",)


class BreachNotYetHappened(Refusal):
    rule = "house.a_breach_has_happened"
    unlawful = False


class FindsInOwnCase(Refusal):
    rule = "house.nobody_reviews_their_own_work"


def record_breach(case: Case, command: RecordBreach, on: Occasion) -> list[Event]:
    """Supervision that did not run the case finds a breach, whenever it comes to light.

    Source: the pack's `deviations.prohibitions` (cn.sr2019: the ten prohibitions, Art. 61 in the 2014 numbering).
    Refuses: CaseNotFound, WrongOrgan, ActsInOwnCase, FindsInOwnCase, UnknownChoice, BreachNotYetHappened.
    """
    live = underlying(case) or under_way(case)
    held_by(Role.SUPERVISION, command, on)
    nobody_acts_for_themselves(live, command, on)
    not_by_its_runner(live, on, FindsInOwnCase, "judge it")
    known = [rule.id for rule in on.pack.deviations.prohibitions]
    if command.code not in known:
        raise UnknownChoice(
            f"“{command.code}” is not a prohibition of `{on.pack.id}`; choose one of {', '.join(known) or 'none'}.",
            field="code",
            known=known,
        )
    if command.happened_on > on.today:
        raise BreachNotYetHappened(
            f"{command.happened_on:%-d %B %Y} has not come yet: today is {on.today:%-d %B %Y}. State the day on which "
            "it happened.",
            field="happened_on",
        )
    return [
        BreachFound(
            breach_id=short_id(live.id, "breach", on.command_id),
            code=command.code,
            happened_on=command.happened_on,
            found_on=on.today,
            evidence=command.evidence,
        )
    ]
