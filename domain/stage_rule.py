"""What a pack says of a stage: whose duty it is, who watches, and how long it may take."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.clock_rule import OnExpiry
from domain.identity import DutyHolder
from domain.law import Frozen, Rule, Text
from domain.stage_kind import StageKind
from domain.supervision_rules import SupervisionPoint
from domain.working_days import Period


class Duty(Frozen):
    """Who must act at a stage, and who watches that they do."""

    holder: DutyHolder
    watched_by: DutyHolder
    watches: Text
    watch_points: tuple[SupervisionPoint, ...] = ()

    @property
    def points(self) -> tuple[SupervisionPoint, ...]:
        """What is signed off apart: the points that are listed, or `watches` as a whole."""
        return self.watch_points or (SupervisionPoint(id="whole", watches=self.watches),)

    @model_validator(mode="after")
    def somebody_else_watches_each_point_once(self) -> Self:
        if self.holder == self.watched_by:
            raise ValueError(f"duty: {self.holder} cannot watch itself; let another organ watch")
        ids = [point.id for point in self.watch_points]
        if len(set(ids)) != len(ids):
            raise ValueError(f"duty.watch_points: {ids} has an id twice; each point is attended once")
        return self


class Limit(Frozen):
    """How long a stage may take, and what its silence means. A clock without an end is not a rule."""

    within: Rule[Period]
    on_expiry: Rule[OnExpiry]

    @model_validator(mode="after")
    def no_stage_is_passed_by_silence(self) -> Self:
        if self.on_expiry.value is OnExpiry.CONSENT:
            raise ValueError(
                "on_expiry: silence passes no stage, so `consent` cannot stand here; write block, lapse or escalate"
            )
        return self


class Stage(Frozen):
    """A part of a case: one of the kinds that the code knows, in the place that the pack gives it."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    kind: StageKind
    title: Text
    duty: Duty
    requires: tuple[str, ...] = ()
    limit: Limit | None = None
    names_beyond_vacancies: Rule[Annotated[int, Field(ge=0, le=1000)]] | None = None
