"""What candidates may be measured by, and what they may never be: a pack's two lists."""

from typing import Self

from pydantic import Field, model_validator

from domain.law import Frozen, Rule, Text


class Criterion(Frozen):
    """Something that a candidate can be measured by."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: Text


class Merit(Frozen):
    """Criteria come from a list. A second list names what is no merit, so that a refusal can say which door is shut."""

    criteria: Rule[tuple[Criterion, ...]]
    refused: Rule[tuple[Criterion, ...]]
    required: Rule[bool]

    @model_validator(mode="after")
    def nothing_is_both_merit_and_refused(self) -> Self:
        named = [found.id for found in (*self.criteria.value, *self.refused.value)]
        if twice := sorted({criterion for criterion in named if named.count(criterion) > 1}):
            raise ValueError(f"merit: {twice} stand more than once; a criterion is either allowed or refused")
        if not self.criteria.value:
            raise ValueError("merit.criteria: the list is empty, so no criterion could ever be set; name some")
        return self
