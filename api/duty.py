"""Putting an officer on duty for a stage over HTTP, and reading who held which duty, and how late."""

from dataclasses import asdict
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.answers import DutyRegister, reads
from api.body import Body
from api.case_opening import CaseIdInPath
from api.case_timeline import AN_ID, LARGEST_POSITION, After, caught_up
from api.door import CASE_ID, JSON, Door, Reads, Writes
from api.writing import API, writes
from domain.duty import AssignDuty
from domain.identity import OfficerId, OrganId
from domain.officer import OfficerIdentified, officer_stream
from eventstore.noting import latest
from projections.duty_register import DutyFilter, duties_page

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


@router.get(
    "/duties",
    operation_id="read_duties",
    summary="The register of duties",
    responses=reads(DutyRegister, "A page of the register"),
)
async def read_duties(
    visitor: Reads,
    case_id: Annotated[str | None, Query(pattern=f"^{CASE_ID}$", description="only of this case")] = None,
    role: Annotated[str | None, Query(pattern=AN_ID, description="only of this role")] = None,
    organ: Annotated[str | None, Query(max_length=120, description="only of this organ")] = None,
    still_open: Annotated[bool | None, Query(description="only those not done, or only the others")] = None,
    silence: Annotated[bool | None, Query(description="only those whose day passed in silence, or only others")] = None,
    mine: Annotated[
        bool, Query(description="your own inbox: what you are on duty for, and what nobody has yet")
    ] = False,
    cursor: Annotated[
        int | None, Query(ge=0, le=LARGEST_POSITION, description="`next_cursor` of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after_position: After = None,
) -> Response:
    """Who held which duty, by when it was due, when it was done, and how late; those that began last first."""
    await visitor.may("read_duties", "duties")
    if (late := await caught_up(visitor, ("duty_register", "officer"), after_position)) is not None:
        return late
    own = visitor.actor if mine else None
    asked = DutyFilter(case_id, role, organ, None, still_open, silence, own)
    found = await duties_page(visitor.services.pool, asked, before=cursor, limit=limit)
    now, duties = visitor.services.clock(), []
    for row, name in found:
        age_days, late_days = row.days(now)
        duties.append(asdict(row) | {"officer_name": name, "age_days": age_days, "late_days": late_days})
    next_cursor = found[-1][0].began_position if len(found) == limit else None
    return Response(orjson.dumps({"duties": duties, "next_cursor": next_cursor}), media_type=JSON)
