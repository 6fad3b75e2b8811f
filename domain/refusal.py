"""How a rule says no: typed, with its source and the facts, and never the same thing as a fault."""

from datetime import date
from typing import ClassVar

from domain.law import Citation
from domain.naming import snake_case

Fact = str | int | bool | date | list[str] | None


class Refusal(Exception):
    """A rule said no. Nothing was recorded, and trying again without a change gives the same answer.

    `rule` names the rule by its path in the pack, or a rule of the house; the sentence says what was
    tried, the value, the limit and the next step.
    """

    rule: ClassVar[str] = "house"
    unlawful: ClassVar[bool] = True  # False: the command itself is malformed rather than forbidden

    def __init__(
        self,
        sentence: str,
        *,
        rule: str | None = None,
        citation: Citation | None = None,
        field: str | None = None,
        **facts: Fact,
    ):
        super().__init__(sentence)
        self.sentence = sentence
        self.rule_path = rule or (citation.rule if citation else type(self).rule)
        self.citation = citation
        self.field = field
        self.facts = facts

    @property
    def name(self) -> str:
        """The refusal's durable name: its class in snake_case."""
        return snake_case(type(self).__name__)


class CaseNotFound(Refusal):
    rule = "house.case_exists"


class CaseAlreadyOpened(Refusal):
    rule = "house.one_opening"


class CaseHasEnded(Refusal):
    rule = "house.closed_case_rests"


class CaseIsSuspended(Refusal):
    rule = "house.suspended_case_rests"


class HeldByReviewer(Refusal):
    """A reviewer holds the case, or the candidate."""

    rule = "house.a_hold_stops_whoever_runs_the_case"


class OutOfOrder(Refusal):
    """The command belongs to another stage than the one that the case is in."""

    rule = "stages.order"


class WrongOrgan(Refusal):
    """Another organ holds the duty."""

    rule = "stages.duty"


class UnknownChoice(Refusal):
    """A value that the pack, or the case, does not have."""

    rule = "house.known_values"
    unlawful = False


class BeyondTheCalendar(Refusal):
    """A date lies where no days can be counted."""

    rule = "house.dates_can_be_counted"
    unlawful = False


class ReviewsOwnWork(Refusal):
    """Nobody reviews what they did themselves."""

    rule = "house.nobody_reviews_their_own_work"


class ActsInOwnCase(Refusal):
    """Nobody takes a step in a case in which they stand."""

    rule = "house.nobody_acts_in_their_own_case"
