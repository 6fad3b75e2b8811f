"""What supervision has about one person, at one glance; the person is named in the body, and the reading is logged."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.listing import LARGEST_POSITION, caught_up
from api.person_named import PersonNamed
from api.problem import NotAllowed
from api.visitor import Reads, Visitor
from api.writing import API
from domain.access import PersonOverviewRead
from domain.appointment import case_stream, underlying
from domain.identity import CaseId, PersonId
from projections.person_overview import READ_FROM, person_overview

router = APIRouter(prefix=API, tags=["supervising together"])


class CaseShown(BaseModel):
    case_id: str
    stage: str | None
    outcome: str | None
    closed_on: date | None
    doubts: list[str] = Field(description="what throws doubt on it, such as training_corrected or failed_probation")
    holds: int = Field(description="holds on the case or on the person in it")


class InquiryShown(BaseModel):
    inquiry_id: str
    case_id: str
    as_candidate: bool = Field(description="false: they acted in the case")
    cause: str
    outcome: str | None


class SanctionShown(BaseModel):
    sanction_id: str
    severity: str


class WatchShown(BaseModel):
    watch_id: str
    subject_kind: str
    subject_id: str
    outcome: str | None


class InputShown(BaseModel):
    input_id: str
    voice: str | None
    status: str


class OverviewShown(BaseModel):
    """What supervision has about somebody. Restricted items are left out, whoever asks."""

    person_id: str
    cases: list[CaseShown]
    inquiries: list[InquiryShown]
    sanctions: list[SanctionShown]
    watches: list[WatchShown]
    inputs: list[InputShown]


@router.post(
    "/person-overviews",
    operation_id="read_person_overview",
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"person": "staff-4711"}}}}},
    summary="What supervision has about one person",
    responses=reads(OverviewShown, "What there is"),
)
async def read_person_overview(
    visitor: Reads,
    body: PersonNamed,
    after_position: Annotated[int | None, Query(ge=0, le=LARGEST_POSITION)] = None,
) -> Response:
    """Across selection, training, assessment and daily management: cases with their doubts and holds, inquiries,
    sanctions, watches and inputs. For supervision and auditors, and about nobody to themselves.
    """
    await visitor.may("read_person_overview", "person-overviews")
    person = await body.to_read_of(visitor)
    if person in visitor.actor.hands:
        rule = "house.nobody_reads_what_supervision_has_about_them"
        await visitor.note_attempt("read_person_overview", "person-overviews", (rule,))
        raise NotAllowed("read_person_overview", "This is about you. Another officer must read it.", (rule,))
    await caught_up(visitor, READ_FROM, after_position)
    await visitor.note_access(PersonOverviewRead(officer=visitor.actor.officer, person_id=person), person)
    found = await person_overview(visitor.services.pool, person, hidden_from=sorted(visitor.actor.hands))
    cases = [asdict(case) | {"holds": await _holds(visitor, CaseId(case.case_id), person)} for case in found.cases]
    return Response(orjson.dumps(asdict(found) | {"person_id": person, "cases": cases}), media_type=JSON)


async def _holds(visitor: Visitor, case_id: CaseId, person: PersonId) -> int:
    """How many holds stop the case, or this candidate of it."""
    case = underlying((await visitor.services.recorder.load(case_stream(case_id))).case)
    if case is None:
        return 0
    theirs = {found.id for found in case.candidates.values() if found.person == person}
    return sum(hold.candidate is None or hold.candidate in theirs for hold in case.supervised.holds.values())
