"""Nominating, withdrawing candidates and closing nominations over HTTP."""

from fastapi import APIRouter, Response
from pydantic import Field

from api.body import Body
from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.nomination import UNIT, CloseNominations, NominateCandidate, Particulars, WithdrawCandidate

router = APIRouter(prefix=API, tags=["nomination"])


class Nominee(Body):
    """Somebody to put forward.

    `person` is the identifier that the identity provider knows them by, such as a staff number. It is turned into a
    pseudonym before anything is recorded, so that an officer and a candidate can be told to be one person.
    """

    person: str = Field(min_length=1, max_length=200)
    particulars: Particulars
    unit_of_origin: str | None = Field(None, min_length=1, max_length=120, description=UNIT)


@writes(
    router,
    "/cases/{case_id}/candidates",
    status_code=201,
    summary="Nominate a candidate",
    example={
        "person": "staff-4711",
        "unit_of_origin": "Registry",
        "particulars": {
            "full_name": "Amina Okafor",
            "present_post": "Senior Clerk, Registry",
            "education": "LL.B.",
            "results": "Cleared the backlog of 2025 land filings.",
        },
    },
)
async def nominate_candidate(door: Writes, case_id: CaseIdInPath, body: Nominee) -> Response:
    """Particulars and unit are sealed with the candidate's own key; the notice shows what the pack allows."""
    person = await door.person(body.person)
    command = NominateCandidate(person_id=person, particulars=body.particulars, unit_of_origin=body.unit_of_origin)
    return await door.record(case_id, command, 201)


@writes(
    router,
    "/cases/{case_id}/candidate-withdrawals",
    summary="Take a candidate off the list",
    example={"candidate_id": "d6fhcqtf5dfs"},
)
async def withdraw_candidate(door: Writes, case_id: CaseIdInPath, body: WithdrawCandidate) -> Response:
    """A candidate may leave until they are appointed."""
    return await door.record(case_id, body)


@writes(router, "/cases/{case_id}/nomination-closings", summary="Close nominations", example={})
async def close_nominations(door: Writes, case_id: CaseIdInPath, body: CloseNominations) -> Response:
    """Nobody else can be put forward; the case goes on to the next stage of its pack."""
    return await door.record(case_id, body)
