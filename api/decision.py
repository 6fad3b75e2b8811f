"""Recording a meeting of the deciding body over HTTP."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, StringConstraints, ValidationError

from api.body import Body
from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.ballot import Tally
from domain.decision import Ballot, HeldAs, HoldDecisionMeeting, Member, Said, Statement, Unresolved
from domain.identity import CandidateId, OfficerId, PersonId
from domain.majority import BallotForm
from domain.minutes import LONGEST_LINE, Proceedings

router = APIRouter(prefix=API, tags=["decision"])

Reference = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""How the identity provider knows somebody."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_LINE)]


class Attendance(Body):
    """A member who was due, by the identifier that the identity provider knows them by."""

    member: Reference
    present: bool = True
    recused: bool = False
    chief: bool = False
    absent_because: str | None = Field(None, max_length=300)

    def known(self, people: dict[str, PersonId]) -> Member:
        """The member with a pseudonym in the place of the identifier."""
        return Member(
            member=people[self.member],
            present=self.present,
            recused=self.recused,
            chief=self.chief,
            absent_because=self.absent_because,
        )


class StatementMade(Body):
    """What one member said on a candidate."""

    member: Reference
    says: Statement


class BallotTaken(Body):
    """The statements on one candidate, in the order in which they were made."""

    candidate_id: CandidateId = Field(max_length=60)
    statements: list[StatementMade] = Field(max_length=1000)


class ProceedingsTaken(Body):
    """How the meeting went, for the minutes; people by the identifiers that the identity provider knows them by."""

    title: str | None = Field(None, max_length=300)
    place: str | None = Field(None, max_length=300)
    chair: Reference | None = None
    recorder: Reference | None = None
    reporter: Reference | None = None
    observers: list[Reference] = Field([], max_length=100)
    agenda: list[Line] = Field([], max_length=50)
    resolutions: list[Line] = Field([], max_length=50)

    @property
    def named(self) -> set[str]:
        return {name for name in (self.chair, self.recorder, self.reporter, *self.observers) if name is not None}

    def known(self, people: dict[str, PersonId]) -> Proceedings:
        """The proceedings with pseudonyms in the place of identifiers."""

        def officer(name: str | None) -> OfficerId | None:
            return None if name is None else people[name]

        return Proceedings(
            title=self.title,
            place=self.place,
            chair=officer(self.chair),
            recorder=officer(self.recorder),
            reporter=officer(self.reporter),
            observers=tuple(people[name] for name in self.observers),
            agenda=tuple(self.agenda),
            resolutions=tuple(self.resolutions),
        )


class MeetingHeld(Body):
    """A meeting, person by person, or by counts where the ballot was secret. Without a quorum it holds no vote."""

    held_on: date
    members: list[Attendance] = Field(min_length=3, max_length=1000)
    ballots: list[BallotTaken] = Field([], max_length=100)
    counts: list[Tally] = Field([], max_length=100, description="of a secret ballot; nobody is named")
    voted_by: BallotForm | None = Field(None, description="the pack's usual form when left out")
    held_as: HeldAs = HeldAs.MEETING
    body: str | None = Field(None, min_length=1, max_length=200, description="which body met; public, names nobody")
    unresolved: Unresolved | None = Field(None, description="why the vote was put off; then without ballots")
    proceedings: ProceedingsTaken | None = None

    async def command(self, person: Callable[[str], Awaitable[PersonId]]) -> HoldDecisionMeeting:
        """The meeting with pseudonyms in the place of identifiers."""
        said_by = (said.member for ballot in self.ballots for said in ballot.statements)
        others = self.proceedings.named if self.proceedings else set()
        people = await known_people(person, (*(found.member for found in self.members), *said_by, *others))
        return HoldDecisionMeeting(
            held_on=self.held_on,
            members=tuple(found.known(people) for found in self.members),
            ballots=tuple(
                Ballot(
                    candidate_id=ballot.candidate_id,
                    statements=tuple(Said(member=people[said.member], says=said.says) for said in ballot.statements),
                )
                for ballot in self.ballots
            ),
            counts=tuple(self.counts),
            voted_by=self.voted_by,
            held_as=self.held_as,
            body=self.body,
            unresolved=self.unresolved,
            proceedings=self.proceedings.known(people) if self.proceedings else None,
        )


async def known_people(person: Callable[[str], Awaitable[PersonId]], names: Iterable[str]) -> dict[str, PersonId]:
    """The pseudonym of each who is named."""
    return {name: await person(name) for name in sorted(set(names))}


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
        "proceedings": {"title": "Fourth meeting of 2026", "chair": "m-3", "recorder": "clerk-7"},
    },
)
async def hold_decision_meeting(door: Writes, case_id: CaseIdInPath, body: MeetingHeld) -> Response:
    """Counts are public; who said what is sealed for the deciding body and supervision.

    Of a secret ballot only `counts` are taken, so that nobody can say who voted how.
    """
    try:
        command = await body.command(door.person)
    except ValidationError as problem:
        raise RequestValidationError(problem.errors(include_input=False)) from None
    return await door.record(case_id, command, 201)
