"""Declaring interests over HTTP, checking them against registers, and deciding on those that do not recuse."""

from fastapi import APIRouter, Response
from pydantic import Field

from api.body import Body
from api.case_opening import CaseIdInPath
from api.door import Door, Writes
from api.writing import API, writes
from domain.appointment import case_stream
from domain.conflict import CrossCheckInterests, DecideConflict, DeclareInterests
from domain.identity import CaseId, PersonId
from domain.interests import FoundRelation
from eventstore.codec import decode

router = APIRouter(prefix=API, tags=["conflicts"])


class InterestsLookedUp(Body):
    """What the registers say of an officer, named by the identifier that the identity provider knows them by."""

    officer: str = Field(min_length=1, max_length=200)
    registers: list[str] = Field(min_length=1, max_length=20, description="of those that the pack names; best all")
    found: list[FoundRelation] = Field([], max_length=50, description="left out when nothing was found")


@writes(
    router,
    "/cases/{case_id}/interest-declarations",
    status_code=201,
    summary="Declare your interests in a case",
    example={
        "relations": [{"candidate_id": "d6fhcqtf5dfs", "kind": "same_unit", "details": "Same office until 2024."}]
    },
)
async def declare_interests(door: Writes, case_id: CaseIdInPath, body: DeclareInterests) -> Response:
    """For yourself, also when there is none: then with no relations. What ties you to whom is sealed for supervision.

    A relation of a kind that recuses puts you out of the case at once; on any other, supervision decides, and until
    then you take no step.
    """
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/interest-checks",
    status_code=201,
    summary="Check an officer's interests against registers",
    example={"officer": "staff-0815", "registers": ["personnel_file", "donation_register"]},
)
async def cross_check_interests(door: Writes, case_id: CaseIdInPath, body: InterestsLookedUp) -> Response:
    """What was found is sealed for supervision. A relation that an officer left out is a breach, and stands in the
    exception register by itself. Supervision may record one after the case has ended, too; what follows is for an
    inquiry.
    """
    officer = await door.person(body.officer)
    command = CrossCheckInterests(
        officer=officer,
        registers=tuple(body.registers),
        found=tuple(body.found),
        acted=await _has_acted(door, case_id, officer),
    )
    return await door.record(case_id, command, 201)


@writes(
    router,
    "/cases/{case_id}/conflict-decisions",
    status_code=201,
    summary="Decide on a relation that does not recuse by itself",
    example={
        "relation_id": "k3v0d8s1m2qa",
        "withdraws": False,
        "plan": "Votes, and leaves the room while this candidate's old unit is discussed.",
    },
)
async def decide_conflict(door: Writes, case_id: CaseIdInPath, body: DecideConflict) -> Response:
    """With a plan, which is sealed for supervision. Until it is decided, the officer takes no step in the case."""
    return await door.record(case_id, body, 201)


async def _has_acted(door: Door, case_id: CaseId, officer: PersonId) -> bool:
    """Whether a step of the case was taken by an officer's hand; the log knows, and nobody need be believed."""
    stored = await door.services.store.read_stream(case_stream(case_id))
    return any(officer in decode(found).actor.hands for found in stored)
