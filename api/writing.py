"""How a write is declared: one route a command, under the name of its decide function, with an example."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter

from api.answers import WRITES, Answers

API = "/api/v1"
"""Stands before every address of the API; part of each route, so that metrics name it whole."""

F = TypeVar("F", bound=Callable[..., Any])


def writes(
    router: APIRouter,
    path: str,
    *,
    summary: str,
    example: dict[str, Any],
    status_code: int = 200,
    answers: Answers = WRITES,
) -> Callable[[F], F]:
    """Declares a write; the function's name is the command's, `answers` what it may answer."""
    responses = dict(answers)
    if status_code != 200:
        responses = {
            **responses,
            200: {**answers[200], "description": "With `dry_run`: what would be recorded"},
            status_code: {**answers[200], "description": "Recorded"},
        }

    def declare(function: F) -> F:
        router.add_api_route(
            path,
            function,
            methods=["POST"],
            operation_id=function.__name__,
            summary=summary,
            description=(function.__doc__ or "").strip(),
            status_code=status_code,
            responses=responses,
            response_model=None,
            openapi_extra={"requestBody": {"content": {"application/json": {"example": example}}}},
        )
        return function

    return declare
