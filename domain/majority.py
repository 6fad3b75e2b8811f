"""How many members must be there and how many must agree; it knows no meeting and no candidate."""

from enum import StrEnum
from fractions import Fraction
from typing import Literal, Self, TypeVar

from pydantic import model_validator

from domain.law import Frozen, Rule, Share
from domain.rule_family import demands
from domain.working_days import Period

T = TypeVar("T")


class Form(StrEnum):
    """Who decides: a body that meets, or one office alone."""

    MEETING = "meeting"
    AUTHORITY = "authority"


class BallotForm(StrEnum):
    """How members vote. In a secret ballot only counts are taken."""

    OPEN = "open"
    SHOW_OF_HANDS = "show_of_hands"
    SECRET = "secret"


OF_A_MEETING = (
    "quorum",
    "majority",
    "majority_of",
    "recused_count_in_base",
    "recused_count_in_quorum",
    "chief_speaks_last",
)
"""What a body that meets cannot decide without; an office that decides alone has none of it."""


class Decision(Frozen):
    """How it is decided. The two shares of a body that meets have each a base of their own.

    What a pack leaves out, it does not provide for: a body meets, states openly, and its word stands.
    """

    form: Rule[Form] | None = None
    quorum: Rule[Share] | None = None
    majority: Rule[Share] | None = None
    majority_of: Rule[Literal["members_due", "members_present"]] | None = None
    recused_count_in_base: Rule[bool] | None = None
    recused_count_in_quorum: Rule[bool] | None = None
    chief_speaks_last: Rule[bool] | None = None
    ballot: Rule[tuple[BallotForm, ...]] | None = None
    defer_on_large_disagreement: Rule[bool] | None = None
    large_disagreement: Rule[Share] | None = None
    reconsider_share: Rule[Share] | None = None
    reconsider_within: Rule[Period] | None = None
    not_by_circulation: Rule[bool] | None = None
    no_ad_hoc_motion: Rule[bool] | None = None

    @model_validator(mode="after")
    def a_body_that_meets_has_its_shares(self) -> Self:
        if not self.by_authority and (missing := [name for name in OF_A_MEETING if getattr(self, name) is None]):
            raise ValueError(f"decision: a body that meets needs {', '.join(missing)}; write them, or form: authority")
        return self

    @model_validator(mode="after")
    def a_majority_can_be_reached(self) -> Self:
        for name in ("majority", "reconsider_share"):
            share = getattr(self, name)
            if share is not None and 1 in demands(share):
                raise ValueError(f"{name}: more than all of the members can never agree; write a share below 1")
        return self

    @model_validator(mode="after")
    def a_ballot_has_a_form(self) -> Self:
        if self.ballot is not None and not self.ballot.value:
            raise ValueError(f"decision.ballot: name at least one of {', '.join(BallotForm)}")
        return self

    @model_validator(mode="after")
    def what_goes_together_stands_together(self) -> Self:
        if (self.reconsider_share is None) != (self.reconsider_within is None):
            raise ValueError(
                "decision: `reconsider_share` and `reconsider_within` go together: "
                "a case in which nobody was passed waits to be reconsidered, and a wait needs an end"
            )
        if self.by_authority and self.reconsider_share is not None:
            raise ValueError("decision.reconsider_share: an office that decides alone has no members to consent")
        if self.large_disagreement is not None and not self.defers_on_disagreement:
            raise ValueError("decision.large_disagreement: it has no effect without `defer_on_large_disagreement`")
        return self

    @property
    def by_authority(self) -> bool:
        """Whether one office decides alone."""
        return self.form is not None and self.form.value is Form.AUTHORITY

    @property
    def ballot_forms(self) -> tuple[BallotForm, ...]:
        """The forms in which may be voted; the first is the usual one."""
        return self.ballot.value if self.ballot is not None else (BallotForm.OPEN,)

    @property
    def chief_is_last(self) -> bool:
        """Whether the chief speaks last, so that nobody follows the chief."""
        return self.chief_speaks_last is not None and self.chief_speaks_last.value

    @property
    def defers_on_disagreement(self) -> bool:
        """Whether a large disagreement, or a major question that is unclear, defers the vote."""
        return self.defer_on_large_disagreement is not None and self.defer_on_large_disagreement.value

    def quorum_of(self, members: int) -> int:
        """Members that must be present: at least the quorum's share of all members.

        Source: the pack's `decision.quorum`.
        """
        return max(_at_least(share, members) for share in _asked_of_a_meeting(self.quorum))

    def present_for_quorum(self, present: int, recused: int) -> int:
        """Members present who count towards the quorum.

        Source: the pack's `decision.recused_count_in_quorum`.
        """
        return present if _of_a_meeting(self.recused_count_in_quorum) else present - recused

    def votes_needed(self, members: int, present: int, recused: int) -> int:
        """Votes in favour that pass: more than the majority's share of its base.

        Source: the pack's `decision.majority`, `decision.majority_of` and `decision.recused_count_in_base`.
        """
        base = members if _of_a_meeting(self.majority_of) == "members_due" else present
        if not _of_a_meeting(self.recused_count_in_base):
            base -= recused
        return max(_more_than(share, base) for share in _asked_of_a_meeting(self.majority))

    def is_large_disagreement(self, opposed: int, voting: int) -> bool:
        """Whether those who did not agree are more than the pack's share of those who voted.

        Source: the pack's `decision.large_disagreement`.
        """
        return self.large_disagreement is not None and opposed >= _more_than(self.large_disagreement.value, voting)

    def consents_needed(self, members: int) -> int:
        """Members who must consent to a reconsideration: more than the pack's share of all who are due.

        Source: the pack's `decision.reconsider_share`.
        """
        return _more_than(_of_a_meeting(self.reconsider_share), members)


def _of_a_meeting(rule: Rule[T] | None) -> T:
    return _asked_of_a_meeting(rule)[0]


def _asked_of_a_meeting(rule: Rule[T] | None) -> tuple[T, ...]:
    """What every family of rules asks for."""
    if rule is None:
        raise LookupError("the pack has no such rule: whoever decides under it does so without one")
    return demands(rule)


def _at_least(share: Fraction, whole: int) -> int:
    return -int(-share * whole // 1)


def _more_than(share: Fraction, whole: int) -> int:
    return int(share * whole) + 1
