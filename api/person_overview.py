"""What supervision has about one person, at one glance; the person is named in the body, and the reading is logged."""

from dataclasses import asdict
from datetime import UTC, date
from typing import Annotated, Any

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
from domain.reusable_check import Check, CheckKind, check_stream, fold_check
from eventstore.codec import decode
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


class CheckOfPerson(BaseModel):
    """The latest check of a kind. What it found is read at /api/v1/check-readings, and that reading is logged apart."""

    kind: CheckKind
    number: int
    asked: str = Field(description="the organ that checks")
    due_on: date
    recorded_on: date | None = Field(description="null while it waits for its result")
    valid_until_on: date | None
    serves: bool = Field(description="whether it is used today instead of asking anew")
    reused: int


class OverviewShown(BaseModel):
    """What supervision has about somebody. Restricted items are left out, whoever asks."""

    person_id: str
    cases: list[CaseShown]
    inquiries: list[InquiryShown]
    sanctions: list[SanctionShown]
    watches: list[WatchShown]
    inputs: list[InputShown]
    checks: list[CheckOfPerson]


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
    sanctions, watches, inputs and checks. For supervision and auditors, and about nobody to themselves.
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
    shown = asdict(found) | {"person_id": person, "cases": cases, "checks": await _checks(visitor, person)}
    return Response(orjson.dumps(shown), media_type=JSON)


async def _checks(visitor: Visitor, person: PersonId) -> list[dict[str, Any]]:
    """The latest check of each kind of somebody, by its public fields: what it found stays sealed."""
    services, today = visitor.services, visitor.services.clock().astimezone(UTC).date()
    streams = [await services.store.read_stream(check_stream(person, kind)) for kind in CheckKind]
    found = [fold_check(decode(row).event for row in stored) for stored in streams]
    return [_check(check, today) for check in found if check is not None]


def _check(check: Check, today: date) -> dict[str, Any]:
    shown = {name: getattr(check, name) for name in CheckOfPerson.model_fields if name != "serves"}
    return shown | {"serves": check.serves(today)}


async def _holds(visitor: Visitor, case_id: CaseId, person: PersonId) -> int:
    """How many holds stop the case, or this candidate of it."""
    case = underlying((await visitor.services.recorder.load(case_stream(case_id))).case)
    if case is None:
        return 0
    theirs = {found.id for found in case.candidates.values() if found.person == person}
    return sum(hold.candidate is None or hold.candidate in theirs for hold in case.supervised.holds.values())
