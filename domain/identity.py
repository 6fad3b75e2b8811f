"""Who acts, for which organ, and the ids that keep people apart from their names."""

import hashlib
from enum import StrEnum
from typing import Literal, NewType

from pydantic import BaseModel, ConfigDict

CaseId = NewType("CaseId", str)
CandidateId = NewType("CandidateId", str)
PersonId = NewType("PersonId", str)
OfficerId = PersonId  # an officer can stand as a candidate: one id a person, so that the two can be told to be one
ObjectionId = NewType("ObjectionId", str)
OrganId = NewType("OrganId", str)
CourseId = NewType("CourseId", str)
FacilityId = NewType("FacilityId", str)

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that reads like something else


class Role(StrEnum):
    """What a person may be here to do; a token carries one or more."""

    PERSONNEL = "personnel"
    SCHOOL = "school"
    SUPERVISION = "supervision"
    DECISION_BODY = "decision_body"
    AUDITOR = "auditor"
    SYSTEM = "system"
    PERSON = "person"
    """Somebody who acts for nobody here and reads what is theirs."""
    MODERATOR = "moderator"
    """Whoever looks at what the public has sent in before anybody else sees it, and does nothing else."""


DutyHolder = Literal[Role.PERSONNEL, Role.SCHOOL, Role.SUPERVISION, Role.DECISION_BODY]
"""Who can hold a duty of a case."""

RecordKeeper = Literal[Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY]
"""Who can put something on record in a selection: the school writes training, and nothing else."""


class Actor(BaseModel):
    """An officer acting for an organ; `officer` is a pseudonym, the name rests with its own key."""

    model_config = ConfigDict(frozen=True)

    officer: OfficerId
    organ: OrganId
    roles: tuple[Role, ...]
    on_behalf_of: OfficerId | None = None

    @property
    def hands(self) -> frozenset[OfficerId]:
        """Whose act it is: the officer's, and that of whoever the officer stands in for."""
        return frozenset({self.officer, self.on_behalf_of or self.officer})


SYSTEM = Actor(officer=OfficerId("system"), organ=OrganId("system"), roles=(Role.SYSTEM,))
"""The engine's own hand: timers that have run out, and nothing that a person should decide."""

PUBLIC = Actor(officer=OfficerId("public"), organ=OrganId("public"), roles=())
"""Anybody's hand: somebody who takes part without an account. It has no role, and who it was is nowhere."""


def short_id(*parts: str, length: int = 12) -> str:
    """An id of `length` characters that the same parts always give, and that reveals none of them.

    Units: five bits a character.
    """
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest(), "big")
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(length))
