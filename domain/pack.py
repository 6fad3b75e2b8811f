"""The law of one regime as data: its stages, gates, clocks and majorities, each with its source.

It knows what a pack may say and refuses what cannot work; it does not know where packs are kept.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, field_validator, model_validator

from domain import joint_supervision_rule, taking_part_rule
from domain.clock_rule import ClockRule as ClockRule
from domain.clock_rule import OnExpiry as OnExpiry
from domain.exceptional_rule import (
    Deviations,
    ExceptionRule,
    PriorReportRule,
    refuse_exceptions_that_lead_nowhere,
)
from domain.identity import DutyHolder as DutyHolder
from domain.interests import Conflicts
from domain.joint_supervision_rule import JointSupervision
from domain.law import HOUSE, Citation, Counterpart, Frozen, Instrument, Rule, Text, rule_at, rules_in
from domain.majority import Decision
from domain.merit_rule import Merit
from domain.ordinary_course import Nomination, Notice, Objections, Probation, Review
from domain.record_rule import RecordRule as RecordRule
from domain.retention_rule import Retention
from domain.rule_family import Collision, both_sides, collisions, refuse_counterparts_without_effect
from domain.stage_kind import ON_RECORD as ON_RECORD
from domain.stage_kind import StageKind as StageKind
from domain.stage_order import refuse_an_order_that_never_finishes, refuse_what_points_nowhere
from domain.stage_rule import Stage as Stage
from domain.supervision_rules import Supervision
from domain.taking_part_rule import TakingPart
from domain.training_rules import Training, TrainingRequirement

HONOURED_WAIVERS = re.compile(
    r"nomination\.minimum_candidates|training\.requirements\.\d+\.hours|training\.closes_after_failing|"
    r"records\.[a-z_]+\.needed|clocks\.[a-z_]+\.on_expiry|stages\.[a-z_]+\.names_beyond_vacancies"
)
"""Paths of the rules that may be waived: `domain.command.gate`, `domain.stage_gate` and `verify_training` open."""


class Jurisdiction(Frozen):
    """Whose working days and whose midnight count."""

    id: str
    timezone: str

    @field_validator("timezone")
    @classmethod
    def a_clock_knows_it(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (LookupError, ValueError, OSError) as unknown:
            raise ValueError(f"“{timezone}” is not a known time zone; write one like Asia/Shanghai") from unknown
        return timezone


class Rank(Frozen):
    """A level of office that rules distinguish."""

    id: str
    title: Text


class Pack(Frozen):
    """One version of one regime's rules. A case pins the version that it opened under."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    id: str = Field(pattern=r"^[a-z]+(\.[a-z0-9]+)*$")
    version: int = Field(ge=1)
    title: Text
    effective_from: date
    jurisdictions: tuple[Jurisdiction, ...] = Field(min_length=1)
    instruments: dict[str, Instrument]
    ranks: tuple[Rank, ...] = Field(min_length=1)
    stages: tuple[Stage, ...] = Field(min_length=1)
    records: tuple[RecordRule, ...] = ()
    clocks: tuple[ClockRule, ...] = ()
    nomination_rules: Nomination | None = Field(None, alias="nomination")
    training_rules: Training | None = Field(None, alias="training")
    notice_rules: Notice | None = Field(None, alias="notice")
    objection_rules: Objections | None = Field(None, alias="objections")
    review: Review = Review()
    decision_rules: Decision | None = Field(None, alias="decision")
    probation_rules: Probation | None = Field(None, alias="probation")
    deviations: Deviations
    conflicts: Conflicts | None = None
    merit: Merit | None = None
    exceptions: tuple[ExceptionRule, ...] = ()
    prior_reports: tuple[PriorReportRule, ...] = ()
    supervision: Supervision | None = None
    retention: Retention | None = None
    taking_part_rules: TakingPart | None = Field(None, alias="taking_part")
    joint_supervision_rules: JointSupervision | None = Field(None, alias="joint_supervision")

    @model_validator(mode="after")
    def exceptions_are_reported_to_somebody(self) -> Self:
        refuse_exceptions_that_lead_nowhere(self.exceptions, self.prior_reports)
        unseen = self.notice_rules is not None and "exceptional_reason" not in self.notice_rules.fields.value
        if unseen and any(rule.reason_is_public.value for rule in self.exceptions):
            raise ValueError("notice.fields: `exceptional_reason` is missing, and an exception's reason is public")
        return self

    @model_validator(mode="after")
    def every_rule_has_its_source(self) -> Self:
        for path, rule in self.rules():
            if rule.source.instrument not in self.instruments:
                raise ValueError(f"{path}: the source names `{rule.source.instrument}`, which is not in `instruments`")
        return self

    @model_validator(mode="after")
    def a_counterpart_has_an_effect(self) -> Self:
        refuse_counterparts_without_effect(self.rules(), self.instruments)
        return self

    @model_validator(mode="after")
    def a_waiver_has_an_effect(self) -> Self:
        for path, rule in self.rules():
            if rule.waivable and not HONOURED_WAIVERS.fullmatch(path):
                raise ValueError(
                    f"{path}: `waivable: true` has no effect here, since no gate opens for it; take it out"
                )
        return self

    @model_validator(mode="after")
    def each_stage_has_its_rules(self) -> Self:
        for stage in self.stages:
            for section in SECTIONS.get(stage.kind, ()):
                if getattr(self, section) is None:
                    name = type(self).model_fields[section].alias
                    raise ValueError(f"{name}: the stage `{stage.id}` works by these rules, and they are missing")
        if self.training_rules and self.training_rules.make_up and not self.has(StageKind.PROBATION):
            raise ValueError(
                "stages: `probation` is missing: training that is owed is made up in it (training.make_up)"
            )
        return self

    @model_validator(mode="after")
    def declarations_come_before_a_stage(self) -> Self:
        known = {stage.id for stage in self.stages}
        before = self.conflicts.declare_before.value if self.conflicts else ()
        if unknown := [stage for stage in before if stage not in known]:
            raise ValueError(f"conflicts.declare_before: {unknown} are no stages of this pack")
        return self

    @model_validator(mode="after")
    def the_order_can_finish(self) -> Self:
        refuse_an_order_that_never_finishes(self.stages)
        return self

    @model_validator(mode="after")
    def records_and_clocks_name_what_there_is(self) -> Self:
        refuse_what_points_nowhere(self)
        return self

    @model_validator(mode="after")
    def every_rank_has_its_training(self) -> Self:
        if self.training_rules is None:
            return self
        known = {rank.id for rank in self.ranks}
        named = [rank for requirement in self.training.requirements for rank in requirement.ranks]
        if set(named) != known or len(named) != len(known):
            raise ValueError(
                f"training: each of the ranks {sorted(known)} needs exactly one requirement, found {named}"
            )
        return self

    @property
    def nomination(self) -> Nomination:
        return _provided(self.nomination_rules, "nomination")

    @property
    def training(self) -> Training:
        return _provided(self.training_rules, "training")

    @property
    def notice(self) -> Notice:
        return _provided(self.notice_rules, "notice")

    @property
    def objections(self) -> Objections:
        return _provided(self.objection_rules, "objections")

    @property
    def decision(self) -> Decision:
        return _provided(self.decision_rules, "decision")

    @property
    def probation(self) -> Probation:
        return _provided(self.probation_rules, "probation")

    @property
    def taking_part(self) -> TakingPart:
        """What the public may send in beside objections; the house's own rules where the pack has none."""
        return self.taking_part_rules or taking_part_rule.OF_THE_HOUSE

    @property
    def joint_supervision(self) -> JointSupervision:
        """How the departments supervise together; the house's own rules where the pack has none."""
        return self.joint_supervision_rules or joint_supervision_rule.OF_THE_HOUSE

    def rules(self) -> Iterator[tuple[str, Rule[Any]]]:
        """Every rule of the pack with its path, in the order in which the pack is written."""
        return rules_in(self)

    def rule(self, path: str) -> Rule[Any]:
        """The rule at a path such as `notice.minimum`."""
        section, _, rest = path.partition(".")
        if section in OF_THE_HOUSE and getattr(self, f"{section}_rules") is None:
            return rule_at(OF_THE_HOUSE[section], rest)
        return rule_at(self, path)

    def cite(self, path: str) -> Citation:
        """The rule at a path, as it is shown to a person, with what another family says of the same matter."""
        rule = self.rule(path)
        also = tuple(self._cited(path, said) for said in rule.also)
        return self._cited(path, rule).model_copy(update={"also": also})

    def _cited(self, path: str, said: Rule[Any] | Counterpart[Any]) -> Citation:
        instrument = self.instruments.get(said.source.instrument) or Instrument(title=HOUSE)
        return Citation(
            rule=path,
            pack=f"{self.id}@{self.version}",
            says=said.says,
            instrument=instrument.title,
            article=said.source.article,
            in_force_from=instrument.in_force_from,
            confidence=said.confidence,
        )

    def collisions(self) -> tuple[Collision, ...]:
        """Matters on which two families of rules say different things."""
        return tuple(collisions(self.rules(), self.instruments))

    def both_sides(self, path: str) -> str:
        """What each family asks for at a path, as a sentence; nothing where one family rules alone."""
        return both_sides(self.rule(path), self.instruments)

    def stage(self, stage_id: str) -> Stage:
        return next(stage for stage in self.stages if stage.id == stage_id)

    def has(self, kind: StageKind) -> bool:
        return any(stage.kind is kind for stage in self.stages)

    def record(self, record_id: str) -> RecordRule | None:
        return next((found for found in self.records if found.id == record_id), None)

    def clock(self, clock_id: str) -> ClockRule | None:
        return next((found for found in self.clocks if found.id == clock_id), None)

    def stage_after(self, stage_id: str) -> Stage | None:
        place = [stage.id for stage in self.stages].index(stage_id)
        return self.stages[place + 1] if place + 1 < len(self.stages) else None

    def training_requirement(self, rank: str) -> tuple[str, TrainingRequirement]:
        """The path and the requirement that a rank falls under."""
        for place, requirement in enumerate(self.training.requirements):
            if rank in requirement.ranks:
                return f"training.requirements.{place}", requirement
        raise KeyError(rank)

    def jurisdiction(self, jurisdiction_id: str | None) -> Jurisdiction | None:
        """The jurisdiction of that id, or the pack's first when none is named."""
        if jurisdiction_id is None:
            return self.jurisdictions[0]
        return next((found for found in self.jurisdictions if found.id == jurisdiction_id), None)


S = TypeVar("S")

OF_THE_HOUSE: dict[str, Frozen] = {
    "taking_part": taking_part_rule.OF_THE_HOUSE,
    "joint_supervision": joint_supervision_rule.OF_THE_HOUSE,
}
"""Sections that hold as the house wrote them where a pack says nothing of the matter."""

SECTIONS = {
    StageKind.NOMINATION: ("nomination_rules",),
    StageKind.TRAINING_VERIFICATION: ("training_rules",),
    StageKind.PUBLIC_NOTICE: ("notice_rules", "objection_rules"),
    StageKind.DECISION: ("decision_rules",),
    StageKind.PROBATION: ("probation_rules",),
}
"""The sections of a pack that its stages work by."""


def _provided(section: S | None, name: str) -> S:
    if section is None:
        raise LookupError(f"this pack has no `{name}`: no stage of it asks for that")
    return section
