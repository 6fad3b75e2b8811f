"""What a pack says of supervising the whole process: its points, its queries, and what brings an old case back."""

from enum import StrEnum

from pydantic import Field

from domain.law import Frozen, Rule, Text
from domain.working_days import Period


class Severity(StrEnum):
    """How heavy a sanction is, the lightest first."""

    WARNING = "warning"
    SERIOUS_WARNING = "serious_warning"
    DISMISSAL = "dismissal"
    EXPULSION = "expulsion"
    CONVICTION = "conviction"

    def at_least(self, other: "Severity") -> bool:
        order = list(Severity)
        return order.index(self) >= order.index(other)


class SupervisionPoint(Frozen):
    """One thing at a stage that the watching organ looks at and signs off."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    watches: Text


class Supervision(Frozen):
    """How the whole process is supervised. A pack without it asks for no sign-off and knows no queries."""

    every_point_attended: Rule[bool]
    query_answered: Rule[Period]
    reverse_review_from: Rule[Severity]
