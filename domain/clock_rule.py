"""Clocks as a pack writes them: what starts one, how long it runs, what ends it, and what silence means."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from domain.law import Frozen, Rule, Text
from domain.working_days import Counting, Period, Unit

ClockId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
Start = Annotated[str, StringConstraints(pattern=r"^(opened|vacancy|(begun|completed|record):[a-z][a-z_]*)$")]
End = Annotated[str, StringConstraints(pattern=r"^(completed|record):[a-z][a-z_]*$")]
VACANCY = "vacancy"


class OnExpiry(StrEnum):
    """What silence means when a clock has run out."""

    CONSENT = "consent"
    BLOCK = "block"
    LAPSE = "lapse"
    ESCALATE = "escalate"


class ClockRule(Frozen):
    """A clock of the case. It runs from one moment to another, and says what it means when the other does not come.

    A moment is `opened`, `vacancy` (the day on which the post falls vacant), `begun:` or `completed:` with a stage, or
    `record:` with a record, which counts from its own date once it is complete. `backwards` counts back from the
    vacancy: the end must come so long before it.
    """

    id: ClockId
    title: Text
    starts: Start
    until: End
    backwards: bool = False
    within: Rule[Period]
    counting: Rule[Counting] | None = None
    on_expiry: Rule[OnExpiry]
    may_pause: Rule[bool] | None = None

    @model_validator(mode="after")
    def it_counts_back_from_a_day_that_is_known(self) -> Self:
        if self.backwards and (self.starts != VACANCY or self.within.value.unit is Unit.WORKING_DAY):
            raise ValueError(
                f"clocks: `{self.id}` counts backwards, which it can from `vacancy` alone and in days, months or years"
            )
        return self

    @model_validator(mode="after")
    def silence_consents_to_what_somebody_owes(self) -> Self:
        if self.backwards and self.on_expiry.value is OnExpiry.CONSENT:
            raise ValueError(f"clocks: `{self.id}` is a target before the vacancy; its silence consents to nothing")
        return self
