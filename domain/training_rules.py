"""What a pack says of training: how much of it which ranks need, what counts, and what follows when it is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.clock_rule import OnExpiry
from domain.law import Frozen, Hours, Rule, Share, Text
from domain.working_days import Period, Unit

TrainingId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""The id of a kind of course or of a way of teaching it."""


class TrainingPart(Frozen):
    """A part of the hours, by kind of course or by method: at least so many of it, or at most so many of it count."""

    id: TrainingId
    kinds: tuple[TrainingId, ...] = ()
    methods: tuple[TrainingId, ...] = ()
    at_least: Rule[Hours] | None = None
    at_most: Rule[Hours] | None = None

    @model_validator(mode="after")
    def it_says_what_it_is_and_how_much(self) -> Self:
        if not self.kinds and not self.methods:
            raise ValueError(f"training: part `{self.id}` names neither kinds nor methods; say what it is a part of")
        if self.at_least is None and self.at_most is None:
            raise ValueError(f"training: part `{self.id}` has neither `at_least` nor `at_most`; say how much")
        return self


class TrainingRequirement(Frozen):
    """Training that people proposed for some ranks must have within a window before today.

    `length` may stand in place of the hours: days of training together. Units: a month of it is thirty days.
    """

    ranks: tuple[str, ...]
    hours: Rule[Hours]
    window: Rule[Period]
    length: Rule[Period] | None = None
    parts: tuple[TrainingPart, ...] = ()

    @model_validator(mode="after")
    def the_window_goes_back_by_the_calendar(self) -> Self:
        if self.window.value.unit is Unit.WORKING_DAY:
            raise ValueError("training: a window is counted back in days, months or years; write one of them")
        return self

    @model_validator(mode="after")
    def each_part_stands_once(self) -> Self:
        ids = [part.id for part in self.parts]
        if len(set(ids)) != len(ids):
            raise ValueError(f"training: the parts {ids} have an id twice")
        return self


class Training(Frozen):
    """The training rules of a pack. Kinds and methods are data: a new one comes with a new version of the pack."""

    requirements: tuple[TrainingRequirement, ...]
    kinds: dict[TrainingId, Text] = Field(default_factory=dict)
    methods: dict[TrainingId, Text] = Field(default_factory=dict)
    pass_mark: Rule[Annotated[int, Field(ge=0, le=100)]] | None = None
    leave_at_most: Rule[Share] | None = None
    make_up: Rule[Period] | None = None
    on_make_up_expiry: Rule[OnExpiry] | None = None
    remind_before: Rule[Period] | None = None
    closes_after_failing: Rule[Annotated[int, Field(ge=1, le=20)]] | None = None

    @model_validator(mode="after")
    def make_up_has_an_end(self) -> Self:
        if (self.make_up is None) != (self.on_make_up_expiry is None):
            raise ValueError("training: `make_up` and `on_make_up_expiry` go together: a clock needs its on_expiry")
        if self.remind_before is not None and self.make_up is None:
            raise ValueError("training: `remind_before` reminds of `make_up`, which is missing")
        if self.remind_before is not None and self.remind_before.value.unit is Unit.WORKING_DAY:
            raise ValueError("training: `remind_before` is counted back in days, months or years; write one of them")
        return self

    @model_validator(mode="after")
    def parts_are_of_what_there_is(self) -> Self:
        for part in (part for requirement in self.requirements for part in requirement.parts):
            unknown = sorted((set(part.kinds) - self.kinds.keys()) | (set(part.methods) - self.methods.keys()))
            if unknown:
                raise ValueError(f"training: part `{part.id}` names {unknown}, which are no kinds or methods")
        return self


@dataclass(frozen=True, slots=True)
class TrainingTerms:
    """The kinds and methods that the packs in force know."""

    kinds: Mapping[str, Text]
    methods: Mapping[str, Text]

    @classmethod
    def of(cls, rules: Iterable[Training | None]) -> Self:
        """What the training rules of several packs name together."""
        found = [training for training in rules if training is not None]
        kinds = {name: title for training in found for name, title in training.kinds.items()}
        methods = {name: title for training in found for name, title in training.methods.items()}
        return cls(MappingProxyType(kinds), MappingProxyType(methods))
