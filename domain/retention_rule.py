"""What a pack says of how long records are kept: a floor, a ceiling, or neither, each a rule with its source."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from domain.law import Frozen, Rule
from domain.working_days import Period, Unit, after


class CaseFiles(Frozen):
    """How long what is sealed in a case is kept, from the day on which the case ended.

    Before `at_least` nobody in it is forgotten; on the day after `at_most` the sealed parts of the case are destroyed.
    """

    at_least: Rule[Period] | None = None
    at_most: Rule[Period] | None = None

    @model_validator(mode="after")
    def the_floor_lies_under_the_ceiling(self) -> Self:
        for rule in (self.at_least, self.at_most):
            if rule is not None and rule.value.unit is Unit.WORKING_DAY:
                raise ValueError("retention is counted in days, months or years, not in working days")
        start = date(2024, 1, 1)  # any day tells which of two periods is the longer
        if self.at_least and self.at_most and after(start, self.at_least.value) > after(start, self.at_most.value):
            raise ValueError("retention: `at_least` is longer than `at_most`, so that nothing could ever be right")
        return self


class Retention(Frozen):
    """How long records are kept. A pack without it, or without one of its parts, sets no floor and no ceiling there."""

    with_appointment: CaseFiles = Field(CaseFiles(), description="files of cases in which somebody was appointed")
    without_appointment: CaseFiles = Field(CaseFiles(), description="files of the other cases")
    training_files: Rule[Period] | None = Field(None, description="at least, from the last day of service")

    @model_validator(mode="after")
    def training_files_are_counted_without_a_calendar(self) -> Self:
        if self.training_files is not None and self.training_files.value.unit is Unit.WORKING_DAY:
            raise ValueError("retention.training_files: counted in days, months or years, not in working days")
        return self
