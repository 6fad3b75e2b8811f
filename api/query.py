"""A reviewer's queries and their answers over HTTP."""

from fastapi import APIRouter, Response

from api.case_opening import CaseIdInPath
from api.door import Writes
from api.writing import API, writes
from domain.query import AnswerQuery, QueryRunner

router = APIRouter(prefix=API, tags=["duties and supervision"])


@writes(
    router,
    "/cases/{case_id}/queries",
    status_code=201,
    summary="Ask whoever runs the case",
    example={"question": "On which day did the academy enter the hours into its register?"},
)
async def query_runner(door: Writes, case_id: CaseIdInPath, body: QueryRunner) -> Response:
    """The answer is owed by the day that the pack says; silence past it counts against whoever was asked."""
    return await door.record(case_id, body, 201)


@writes(
    router,
    "/cases/{case_id}/query-answers",
    summary="Answer a reviewer's query",
    example={"query_id": "d6fhcqtf5dfs", "answer": "On 3 February; the page of the register is in the file."},
)
async def answer_query(door: Writes, case_id: CaseIdInPath, body: AnswerQuery) -> Response:
    """By the organ that was asked, once; the answer is sealed for supervision."""
    return await door.record(case_id, body)
