"""What an operation may answer, by status, as the API's description states it."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from api.command_answer import Answer


class RuleShown(BaseModel):
    """A rule, as it stands in its pack."""

    path: str
    page: dict[str, str] | None = Field(None, description="where the public reads it, by language")
    pack: str | None = None
    says: dict[str, str] | None = None
    instrument: dict[str, str] | None = None
    article: str | None = None
    in_force_from: date | None = None
    confidence: str | None = None
    verified: bool | None = Field(None, description="false: not confirmed from the text of the law; do not cite as law")
    also: list["RuleShown"] | None = Field(None, description="what another family of rules says: both must pass")


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="a whole sentence: what was tried, the value, the limit, the next step")
    refused: bool = Field(False, description="a rule said no; trying again unchanged gives the same answer")
    rule: RuleShown | None = None
    facts: dict[str, Any] | None = None
    field: str | None = None
    errors: list[dict[str, str]] | None = Field(None, description="field and problem of each thing that is malformed")
    action: str | None = Field(None, description="what the policies forbid you")
    policies: list[str] | None = None


JSON = "application/json"
PROBLEM: dict[str, Any] = {"model": Problem}

Answers = dict[int | str, dict[str, Any]]
"""What an operation may answer, by status."""

WRITES: Answers = {
    200: {"model": Answer, "description": "Recorded (or, with dry_run, what would be)"},
    401: {**PROBLEM, "description": "No valid token"},
    403: {**PROBLEM, "description": "Another organ's duty, or forbidden by policy; the attempt is recorded"},
    404: {**PROBLEM, "description": "No such case"},
    409: {**PROBLEM, "description": "A rule of the pack says no"},
    412: {**PROBLEM, "description": "The case is at another version than If-Match says"},
    413: {**PROBLEM, "description": "The body is larger than 1 MiB"},
    422: {**PROBLEM, "description": "Malformed, naming the field"},
    503: {**PROBLEM, "description": "Try again with the same idempotency key"},
}

GONE: Answers = {410: {**PROBLEM, "description": "It has done its work; what is left of it is in the problem"}}

OPEN_READS: Answers = {
    404: {**PROBLEM, "description": "Not there"},
    422: {**PROBLEM, "description": "Malformed, naming the field"},
    503: {**PROBLEM, "description": "Not readable just now; ask again"},
}

READS: Answers = {
    401: {**PROBLEM, "description": "No valid token"},
    403: {**PROBLEM, "description": "Forbidden by policy; the attempt is recorded"},
    **OPEN_READS,
}


def writes_of(model: type[BaseModel]) -> Answers:
    """The answers of a write that belongs to no case."""
    return {**WRITES, 200: {**WRITES[200], "model": model}}


def reads(model: type[BaseModel], description: str) -> Answers:
    """The answers of a read that needs a token."""
    return {200: {"model": model, "description": description}, **READS}


def open_reads(model: type[BaseModel], description: str) -> Answers:
    """The answers of a read that is open to everybody."""
    return {200: {"model": model, "description": description}, **OPEN_READS}
