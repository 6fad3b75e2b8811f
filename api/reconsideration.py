"""Taking a decision anew, over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import date

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from api.body import Body
from api.case_opening import CaseIdInPath
from api.decision import Attendance, Reference, known_people
from api.door import Writes
from api.writing import API, writes
from domain.identity import PersonId
from domain.majority import BallotForm
from domain.reconsideration import ReconsiderDecision

router = APIRouter(prefix=API, tags=["decision"])


class ConsentsGiven(Body):
    """Who was due and who of them consents; or how many, where the ballot was secret."""

    reconsidered_on: date
    members: list[Attendance] = Field(min_length=3, max_length=1000)
    consents: list[Reference] = Field([], max_length=1000, description="members who consent")
    consents_counted: int | None = Field(None, ge=0, le=1000, description="how many consent, of a secret ballot")
    voted_by: BallotForm | None = Field(None, description="the pack's usual form when left out")
    body: str | None = Field(None, min_length=1, max_length=200, description="which body; public, names nobody")
    reasons: str = Field(min_length=10, max_length=4000, description="sealed for the deciding body")

    async def command(self, person: Callable[[str], Awaitable[PersonId]]) -> ReconsiderDecision:
        """The consents with pseudonyms in the place of identifiers."""
        people = await known_people(person, (*(found.member for found in self.members), *self.consents))
        return ReconsiderDecision(
            reconsidered_on=self.reconsidered_on,
            members=tuple(found.known(people) for found in self.members),
            consents=tuple(people[name] for name in self.consents),
            consents_counted=self.consents_counted,
            voted_by=self.voted_by,
            body=self.body,
            reasons=self.reasons,
        )


@writes(
    router,
    "/cases/{case_id}/reconsiderations",
    status_code=201,
    summary="Take a decision anew",
    example={
        "reconsidered_on": "2026-10-22",
        "members": [{"member": "m-1"}, {"member": "m-2"}, {"member": "m-3", "chief": True}],
        "consents": ["m-1", "m-3"],
        "reasons": "A finding of the audit office came in after the meeting.",
    },
)
async def reconsider_decision(door: Writes, case_id: CaseIdInPath, body: ConsentsGiven) -> Response:
    """With the consents that the pack asks for, until the letter is issued.

    The stage of the decision begins anew. What came after it is done again, and a notice of the earlier choice is
    taken down.
    """
    try:
        command = await body.command(door.person)
    except ValidationError as problem:
        raise RequestValidationError(problem.errors(include_input=False)) from None
    return await door.record(case_id, command, 201)
