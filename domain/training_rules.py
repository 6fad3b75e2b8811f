"""What a pack says of training: how much of it which ranks need, and until when what is missing may be made up."""

from typing import Self

from pydantic import model_validator

from domain.clock_rule import OnExpiry
from domain.law import Frozen, Hours, Rule
from domain.working_days import Period


class TrainingRequirement(Frozen):
    """Hours of training that people proposed for some ranks must have within a window before today."""

    ranks: tuple[str, ...]
    hours: Rule[Hours]
    window: Rule[Period]


class Training(Frozen):
    requirements: tuple[TrainingRequirement, ...]
    make_up: Rule[Period] | None = None
    on_make_up_expiry: Rule[OnExpiry] | None = None

    @model_validator(mode="after")
    def make_up_has_an_end(self) -> Self:
        if (self.make_up is None) != (self.on_make_up_expiry is None):
            raise ValueError("training: `make_up` and `on_make_up_expiry` go together: a clock needs its on_expiry")
        return self
