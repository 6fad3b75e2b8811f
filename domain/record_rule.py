"""What must be on record before a stage may end, as a pack writes it: papers, checks, conclusions and signatures."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from domain.identity import RecordKeeper
from domain.law import Frozen, People, Rule, Share, Text
from domain.working_days import Counting, Period

RecordId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
Occurrence = Annotated[
    str, StringConstraints(pattern=r"^(always|exceptional|late:[a-z][a-z_]*|unless:[a-z][a-z_]*|rank:[a-z][a-z_]*)$")
]
"""When a record is needed: in every case, in one with an exception, once a clock has run out before its end, in every
case but one with an exception of that kind, or for a post of that rank."""


def _several(ids: Any) -> Any:
    return (ids,) if isinstance(ids, str) else ids


class Lead(Frozen):
    """The time that must lie between an earlier record, or each of several, and this one."""

    after: Annotated[tuple[RecordId, ...], BeforeValidator(_several), Field(min_length=1)]
    at_least: Rule[Period]
    counting: Rule[Counting] | None = None


class RecordRule(Frozen):
    """A record that a stage needs: who enters it, who signs it, what it holds, and how long it is good for.

    `each_candidate`: one about every candidate who stands, instead of one about the case. `puts_out`: a candidate whose
    record is not in order leaves the case; otherwise the case waits until it is, or the candidate is withdrawn.
    `where_required`: whoever enters it may state instead, with a reason, that it is not required here.
    """

    id: RecordId
    stage: str
    title: Text
    by: RecordKeeper
    needed: Rule[Occurrence]
    where_required: Rule[bool] | None = None
    each_candidate: bool = False
    puts_out: bool = False
    signed_by: Rule[tuple[RecordKeeper, ...]] | None = None
    items: Rule[dict[RecordId, Text]] | None = None
    people: Rule[People] | None = None
    quorum: Rule[Share] | None = None
    lead: Lead | None = None
    valid: Rule[Period] | None = None

    @model_validator(mode="after")
    def only_a_candidate_is_put_out(self) -> Self:
        if self.puts_out and not self.each_candidate:
            raise ValueError(f"records: `{self.id}` puts candidates out and is not about one; add each_candidate: true")
        return self

    @model_validator(mode="after")
    def each_organ_signs_once(self) -> Self:
        signers = self.signed_by.value if self.signed_by else ()
        if len(set(signers)) != len(signers):
            raise ValueError(f"records: `{self.id}` asks an organ for two signatures; name each organ once")
        return self

    @property
    def signers(self) -> tuple[RecordKeeper, ...]:
        """Whose signatures make the record complete."""
        return self.signed_by.value if self.signed_by else ()
