"""How many members must be there and how many must agree; it knows no meeting and no candidate."""

from fractions import Fraction
from typing import Literal, Self

from pydantic import model_validator

from domain.law import Frozen, Rule, Share


class Decision(Frozen):
    """How a deciding body decides. Its two shares have each a base of their own."""

    quorum: Rule[Share]
    majority: Rule[Share]
    majority_of: Rule[Literal["members_due", "members_present"]]
    recused_count_in_base: Rule[bool]
    recused_count_in_quorum: Rule[bool]
    chief_speaks_last: Rule[bool]

    @model_validator(mode="after")
    def a_majority_can_be_reached(self) -> Self:
        if self.majority.value == 1:
            raise ValueError("majority: more than all of the members can never agree; write a share below 1")
        return self

    def quorum_of(self, members: int) -> int:
        """Members that must be present: at least the quorum's share of all members.

        Source: the pack's `decision.quorum`.
        """
        return _at_least(self.quorum.value, members)

    def present_for_quorum(self, present: int, recused: int) -> int:
        """Members present who count towards the quorum.

        Source: the pack's `decision.recused_count_in_quorum`.
        """
        return present if self.recused_count_in_quorum.value else present - recused

    def votes_needed(self, members: int, present: int, recused: int) -> int:
        """Votes in favour that pass: more than the majority's share of its base.

        Source: the pack's `decision.majority`, `decision.majority_of` and `decision.recused_count_in_base`.
        """
        base = members if self.majority_of.value == "members_due" else present
        if not self.recused_count_in_base.value:
            base -= recused
        return int(self.majority.value * base) + 1


def _at_least(share: Fraction, whole: int) -> int:
    return -int(-share * whole // 1)
