"""Entering and signing what a stage needs on record, and concluding the stage, over HTTP."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import Field

from api.body import Body
from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.identity import CandidateId
from domain.record import REFERENCE, ConcludeStage, EnterRecord
from domain.record_signature import SignRecord

router = APIRouter(prefix=API, tags=["records"])


class RecordToEnter(Body):
    """What was done, when, and where the paper is; `people` are the identity provider's identifiers."""

    record: str = Field(max_length=60, description="id of the record in the pack")
    candidate_id: CandidateId | None = Field(None, max_length=60)
    dated_on: date | None = Field(None, description="the day on which it was done; today when left out")
    in_order: bool = True
    not_required: bool = Field(False, description="true: it was not done, since it is not required; `remarks` say why")
    paper: str = Field(min_length=3, max_length=300, description=REFERENCE)
    items: list[str] = Field([], max_length=100, description="ids of the items that it holds")
    people: list[str] = Field([], max_length=100)
    invited: int | None = Field(None, ge=1, le=100_000)
    present: int | None = Field(None, ge=0, le=100_000)
    remarks: str | None = Field(None, max_length=4000, description="sealed for supervision")


@writes(
    router,
    "/cases/{case_id}/records",
    status_code=201,
    summary="Put on record what a stage needs",
    example={"record": "file_review", "candidate_id": "d6fhcqtf5dfs", "paper": "file review 2026/31"},
)
async def enter_record(door: Writes, case_id: CaseIdInPath, body: RecordToEnter) -> Response:
    """A paper, a check, a conclusion or a meeting that the case's pack asks for at this stage or a later one."""
    people = tuple([await door.person(person) for person in body.people])
    said = body.model_dump(exclude={"people", "items"})
    return await door.record(case_id, EnterRecord(**said, items=tuple(body.items), people=people), 201)


@writes(
    router,
    "/cases/{case_id}/record-signatures",
    summary="Sign what is on record",
    example={"record": "integrity_conclusion", "candidate_id": "d6fhcqtf5dfs"},
)
async def sign_record(door: Writes, case_id: CaseIdInPath, body: SignRecord) -> Response:
    """Each organ that the pack names signs by the hand of another officer."""
    return await door.record(case_id, body)


@writes(router, "/cases/{case_id}/stage-conclusions", summary="Conclude a stage that lives by its records", example={})
async def conclude_stage(door: Writes, case_id: CaseIdInPath, body: ConcludeStage) -> Response:
    """The stage ends when its records are complete; what is missing is named with the rule that asks for it."""
    return await door.record(case_id, body)
