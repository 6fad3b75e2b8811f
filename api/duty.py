"""Putting an officer on duty for a stage over HTTP, and reading who held which duty, and how late."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.answers import reads
from api.body import Body
from api.case_opening import CaseIdInPath
from api.door import CASE_ID, Door, Writes
from api.listing import AN_ID, LatestFirst, NextCursor, caught_up
from api.visitor import Reads
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


class DutyShown(BaseModel):
    """One duty in one case."""

    case_id: str
    duty: str = Field(
        description="the stage, or what is to be answered: `stage:…`, `objection:…`, `opinion:…`, `query:…`"
    )
    began_position: int
    stage: str = Field(description="the stage that the case was in when it began")
    role: str
    organ: str | None
    officer: str | None = Field(description="whom the organ assigned, or who acted first; null while nobody has")
    officer_name: str | None
    assigned: bool
    began_on: date
    due_on: date | None
    done_on: date | None
    silence: bool = Field(description="the day passed without the act; it counts against the holder, done later or not")
    dropped_on: date | None = Field(description="the case ended before it was done")
    post_title: str
    timezone: str
    age_days: int
    late_days: int


class DutyRegister(BaseModel):
    """Duties, those that began last first."""

    duties: list[DutyShown]
    next_cursor: NextCursor


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
    page: Annotated[LatestFirst, Depends()],
    case_id: Annotated[str | None, Query(pattern=f"^{CASE_ID}$", description="only of this case")] = None,
    role: Annotated[str | None, Query(pattern=AN_ID, description="only of this role")] = None,
    organ: Annotated[str | None, Query(max_length=120, description="only of this organ")] = None,
    still_open: Annotated[bool | None, Query(description="only those not done, or only the others")] = None,
    silence: Annotated[bool | None, Query(description="only those whose day passed in silence, or only others")] = None,
    mine: Annotated[
        bool, Query(description="your own inbox: what you are on duty for, and what nobody has yet")
    ] = False,
) -> Response:
    """Who held which duty, by when it was due, when it was done, and how late; those that began last first."""
    await visitor.may("read_duties", "duties")
    await caught_up(visitor, ("duty_register", "officer"), page.after_position)
    own = visitor.actor if mine else None
    asked = DutyFilter(case_id, role, organ, None, still_open, silence, own)
    found = await duties_page(visitor.services.pool, asked, before=page.before, limit=page.limit)
    now, duties = visitor.services.clock(), []
    for row, name in found:
        age_days, late_days = row.days(now)
        duties.append(asdict(row) | {"officer_name": name, "age_days": age_days, "late_days": late_days})
    return page.answer("duties", duties, [row.began_position for row, _ in found])
