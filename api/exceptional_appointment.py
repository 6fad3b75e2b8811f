"""Exceptions and prior reports over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.exceptional_appointment import ProposeException, WithdrawException
from domain.prior_report import RecordSuperiorReply, ReportToSuperior

router = APIRouter(prefix=API, tags=["exceptions"])


@writes(
    router,
    "/cases/{case_id}/exceptions",
    status_code=201,
    summary="Propose an exception",
    example={
        "kind": "no_competition",
        "reason": "The board has no quorum until the post is filled, and a court date stands.",
    },
)
async def propose_exception(door: Writes, case_id: CaseIdInPath, body: ProposeException) -> Response:
    """Within the limits that the pack sets for its kind. The reason stands in the public record."""
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/exception-withdrawals",
    status_code=201,
    summary="Take an exception back",
    example={"exception_id": "0k3v0d8s1m2q", "reason": "The post will be advertised after all."},
)
async def withdraw_exception(door: Writes, case_id: CaseIdInPath, body: WithdrawException) -> Response:
    """The case goes on in the ordinary course; that the exception was proposed stays on record."""
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/prior-reports",
    status_code=201,
    summary="Report a matter before the decision",
    example={"matter": "leader_leaving", "statement": "The head of the bureau retires on 31 March 2027."},
)
async def report_to_superior(door: Writes, case_id: CaseIdInPath, body: ReportToSuperior) -> Response:
    """To the organ that the pack names. Until it has answered, the case cannot go to the meeting."""
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/prior-report-replies",
    status_code=201,
    summary="Record the reply to a prior report",
    example={
        "matter": "leader_leaving",
        "reply": "consents",
        "paper": "reply 2026/118",
        "text": "The appointment may be discussed.",
    },
)
async def record_superior_reply(door: Writes, case_id: CaseIdInPath, body: RecordSuperiorReply) -> Response:
    """By the organ's own officer, or by supervision with the reference of the paper."""
    return await door.record(case_id, body, 201)
