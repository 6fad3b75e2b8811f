"""Putting an officer on duty for a stage over HTTP."""

from fastapi import APIRouter, Response
from pydantic import Field

from api.body import Body
from api.case_opening import CaseIdInPath
from api.door import Door, Writes
from api.writing import API, writes
from domain.duty import AssignDuty
from domain.identity import OfficerId, OrganId
from domain.officer import OfficerIdentified, officer_stream
from eventstore.noting import latest

router = APIRouter(prefix=API, tags=["duties and supervision"])


class OnDuty(Body):
    """Who answers for a stage. `person` is what the identity provider knows them by, such as a staff number."""

    stage_id: str = Field(min_length=1, max_length=60, description="id of a stage of the case's pack")
    person: str = Field(min_length=1, max_length=200)


@writes(
    router,
    "/cases/{case_id}/duty-assignments",
    status_code=201,
    summary="Put an officer on duty for a stage",
    example={"stage_id": "training_verification", "person": "staff-2301"},
)
async def assign_duty(door: Writes, case_id: CaseIdInPath, body: OnDuty) -> Response:
    """The organ that holds the stage names one of its own officers, before the stage or while it runs."""
    officer = OfficerId(await door.person(body.person))
    command = AssignDuty(stage_id=body.stage_id, officer=officer, known_in=await _organ_of(door, officer))
    return await door.record(case_id, command, 201)


async def _organ_of(door: Door, officer: OfficerId) -> OrganId | None:
    """Where the log knows the officer; None for one who never acted here, whom the assigning organ answers for."""
    last = await latest(door.services.store, door.services.keys, officer_stream(officer))
    return last.event.organ if last and isinstance(last.event, OfficerIdentified) else None
