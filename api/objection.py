"""Taking down and disposing of objections over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.objection import DisposeObjection, LodgeObjection
from domain.objection_admission import AcknowledgeObjection, AdmitObjection, RejectObjection
from domain.public_answer import refuse_personal_data
from eventstore.taking_part_recording import names_in_case

router = APIRouter(prefix=API, tags=["objections"])


@writes(
    router,
    "/cases/{case_id}/objections",
    status_code=201,
    summary="Take down an objection of the public",
    example={"channel": "letter", "grounds": "In March 2025 the candidate signed for a delivery that never came."},
)
async def lodge_objection(door: Writes, case_id: CaseIdInPath, body: LodgeObjection) -> Response:
    """It holds the case until it is disposed of. Grounds and objector are sealed for supervision."""
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/objection-disposals",
    summary="Dispose of an objection",
    example={
        "objection_id": "k3v0d8s1m2qa",
        "outcome": "dismissed",
        "reasons": "The delivery note was found; the goods arrived on 3 April 2025.",
    },
)
async def dispose_objection(door: Writes, case_id: CaseIdInPath, body: DisposeObjection) -> Response:
    """By somebody who neither opened the case nor nominated in it. An upheld one puts its candidate out."""
    if body.public_answer is not None:
        names = await names_in_case(door.services.recorder, case_id)
        refuse_personal_data(body.public_answer, field="public_answer", names=names)
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/objection-acknowledgements",
    summary="Acknowledge an objection",
    example={"objection_id": "k3v0d8s1m2qa"},
)
async def acknowledge_objection(door: Writes, case_id: CaseIdInPath, body: AcknowledgeObjection) -> Response:
    """Whoever objected reads it under their receipt. From here on no moderator turns the objection away."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/objection-admissions",
    summary="Admit an objection that came without proof of work",
    example={"objection_id": "k3v0d8s1m2qa"},
)
async def admit_objection(door: Writes, case_id: CaseIdInPath, body: AdmitObjection) -> Response:
    """A moderator passes it on to supervision."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/objection-rejections",
    summary="Turn away what is no objection",
    example={"objection_id": "k3v0d8s1m2qa", "reason": "advertising"},
)
async def reject_objection(door: Writes, case_id: CaseIdInPath, body: RejectObjection) -> Response:
    """By a moderator, for a reason of the present list, while it awaits admission. It holds the case no longer."""
    return await door.record(case_id, body)
