"""Who was due at a meeting and what each said on a candidate; it knows neither quorum nor majority."""

from enum import StrEnum

from pydantic import Field

from domain.identity import CandidateId, OfficerId
from domain.law import Frozen


class Statement(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    DEFER = "defer"


class Member(Frozen):
    """A member of the deciding body who was due at the meeting."""

    member: OfficerId
    present: bool = True
    recused: bool = False
    chief: bool = False
    absent_because: str | None = Field(None, max_length=300)


class Said(Frozen):
    """What one member said on one candidate."""

    member: OfficerId
    says: Statement


class Ballot(Frozen):
    """The statements on one candidate, in the order in which they were made."""

    candidate_id: CandidateId
    statements: tuple[Said, ...]

    def count(self, statement: Statement) -> int:
        return sum(said.says is statement for said in self.statements)
