"""Recording a meeting of the deciding body over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import date

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from api.body import Body
from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.decision import Ballot, HoldDecisionMeeting, Member, Said, Statement
from domain.identity import CandidateId, PersonId

router = APIRouter(prefix=API, tags=["decision"])


class Attendance(Body):
    """A member who was due, by the identifier that the identity provider knows them by."""

    member: str = Field(min_length=1, max_length=200)
    present: bool = True
    recused: bool = False
    chief: bool = False
    absent_because: str | None = Field(None, max_length=300)


class StatementMade(Body):
    """What one member said on a candidate."""

    member: str = Field(min_length=1, max_length=200)
    says: Statement


class BallotTaken(Body):
    """The statements on one candidate, in the order in which they were made."""

    candidate_id: CandidateId = Field(max_length=60)
    statements: list[StatementMade] = Field(max_length=1000)


class MeetingHeld(Body):
    """A meeting, person by person. Without a quorum it is recorded without ballots."""

    held_on: date
    members: list[Attendance] = Field(min_length=3, max_length=1000)
    ballots: list[BallotTaken] = Field([], max_length=100)

    async def command(self, person: Callable[[str], Awaitable[PersonId]]) -> HoldDecisionMeeting:
        """The meeting with pseudonyms in the place of identifiers."""
        names = {found.member for found in self.members} | {
            said.member for ballot in self.ballots for said in ballot.statements
        }
        known = {name: await person(name) for name in sorted(names)}
        return HoldDecisionMeeting(
            held_on=self.held_on,
            members=tuple(
                Member(
                    member=known[found.member],
                    present=found.present,
                    recused=found.recused,
                    chief=found.chief,
                    absent_because=found.absent_because,
                )
                for found in self.members
            ),
            ballots=tuple(
                Ballot(
                    candidate_id=ballot.candidate_id,
                    statements=tuple(Said(member=known[said.member], says=said.says) for said in ballot.statements),
                )
                for ballot in self.ballots
            ),
        )


@writes(
    router,
    "/cases/{case_id}/decision-meetings",
    status_code=201,
    summary="Record a meeting of the deciding body",
    example={
        "held_on": "2026-10-20",
        "members": [{"member": "m-1"}, {"member": "m-2"}, {"member": "m-3", "chief": True}],
        "ballots": [
            {
                "candidate_id": "d6fhcqtf5dfs",
                "statements": [
                    {"member": "m-1", "says": "agree"},
                    {"member": "m-2", "says": "agree"},
                    {"member": "m-3", "says": "agree"},
                ],
            }
        ],
    },
)
async def hold_decision_meeting(door: Writes, case_id: CaseIdInPath, body: MeetingHeld) -> Response:
    """Counts are public; who said what is sealed for the deciding body and supervision."""
    try:
        command = await body.command(door.person)
    except ValidationError as problem:
        raise RequestValidationError(problem.errors(include_input=False)) from None
    return await door.record(case_id, command, 201)
