"""What a pack says of exceptions and deviations, of what is reported before a decision, and what nobody may allow."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.identity import DutyHolder
from domain.law import Frozen, Rule, Text
from domain.working_days import Period

AN_ID = r"^[a-z][a-z_]*$"


class ExceptionLimits(Frozen):
    """How far an exception may go; a limit that the pack leaves out does not bind."""

    not_in_probation: Rule[Literal[True]] | None = None
    since_last_promotion: Rule[Period] | None = None
    not_two_in_a_row: Rule[Literal[True]] | None = None
    levels_at_most: Rule[Annotated[int, Field(ge=1, le=20)]] | None = None


class ExceptionRule(Frozen):
    """A kind of exception that the regime knows. What is not listed is not permitted."""

    id: str = Field(pattern=AN_ID)
    title: Text
    permitted: Rule[Literal[True]]
    limits: ExceptionLimits = ExceptionLimits()
    reason_is_public: Rule[bool]
    needs_prior_report: Rule[bool]
    reported_to: str | None = None

    @model_validator(mode="after")
    def a_report_has_somebody_to_go_to(self) -> Self:
        if self.needs_prior_report.value != (self.reported_to is not None):
            raise ValueError(
                f"exceptions.{self.id}: `reported_to` names an organ when a prior report is needed, and only then"
            )
        return self

    @property
    def binding_limits(self) -> tuple[str, ...]:
        """Names of the limits that the pack sets."""
        return tuple(name for name in ExceptionLimits.model_fields if getattr(self.limits, name) is not None)


class Matter(Frozen):
    """Something in a case that must be reported before the decision."""

    id: str = Field(pattern=AN_ID)
    title: Text
    must_be_reported: Rule[Literal[True]]


class PriorReportRule(Frozen):
    """An organ to which something is reported before the decision, how long it has, and what it must say.

    `id` is the organ's. Silence never counts as consent. Without `consent_needed` it is only consulted: the decision
    waits for its answer, whatever that says.
    """

    id: str = Field(pattern=r"^[a-z][a-z-]*$")
    title: Text
    within: Rule[Period]
    on_expiry: Rule[Literal["block", "escalate"]]
    consent_needed: Rule[bool]
    matters: tuple[Matter, ...] = ()


class Prohibition(Frozen):
    """A departure that nobody can allow: it is found, and then stands on record."""

    id: str = Field(pattern=AN_ID)
    title: Text
    forbidden: Rule[Literal[True]]


class Deviations(Frozen):
    """Departures that may be allowed, by whom, and those that nobody can allow; each is an event of its case."""

    approved_by: DutyHolder
    codes: dict[str, Text]
    prohibitions: tuple[Prohibition, ...] = ()

    @model_validator(mode="after")
    def what_is_forbidden_is_not_allowed(self) -> Self:
        forbidden = [rule.id for rule in self.prohibitions]
        if twice := sorted({code for code in forbidden if forbidden.count(code) > 1 or code in self.codes}):
            raise ValueError(f"deviations: {twice} stand more than once; a code is either allowed or prohibited")
        return self


def refuse_exceptions_that_lead_nowhere(
    exceptions: tuple[ExceptionRule, ...], reports: tuple[PriorReportRule, ...]
) -> None:
    """Every kind, organ and matter stands once, and every report goes to an organ that is listed.

    Refuses: ValueError.
    """
    kinds = [rule.id for rule in exceptions]
    organs = [rule.id for rule in reports]
    matters = [matter.id for rule in reports for matter in rule.matters]
    for section, names in (("exceptions", kinds), ("prior_reports", organs), ("prior_reports matters", matters)):
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{section}: {twice} stand more than once")
    if lost := [rule.reported_to for rule in exceptions if rule.reported_to not in (None, *organs)]:
        raise ValueError(f"exceptions: `reported_to` names {lost}, which `prior_reports` does not list")
