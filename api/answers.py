"""The shapes of answers, as the API's description states them."""

from typing import Any

from pydantic import BaseModel, Field


class Clock(BaseModel):
    """A clock that runs in the case."""

    timer: str
    due_on: str = Field(description="the civil day in the case's jurisdiction at whose end it runs out")
    due_at: str = Field(description="that moment, UTC")


class NextStep(BaseModel):
    duty_holder: str
    watched_by: str
    tells: list[str] = Field(description="who hears of this step")


class Answer(BaseModel):
    """What a command led to. `recorded` means: durable and hash-chained."""

    case_id: str
    recorded: bool
    repeated: bool = Field(description="this idempotency key had been recorded before; this is its first answer")
    dry_run: bool
    version: int = Field(description="version of the case after it; also the ETag")
    position: int | None = Field(description="position of the last event in the log")
    status: str = Field(description="open, suspended or closed")
    stage: str | None = None
    outcome: str | None = None
    events: list[dict[str, Any]]
    next: NextStep | None = None
    clocks: list[Clock] = []


class RuleShown(BaseModel):
    path: str
    pack: str | None = None
    says: dict[str, str] | None = None
    instrument: dict[str, str] | None = None
    article: str | None = None
    confidence: str | None = None
    verified: bool | None = Field(None, description="false: not confirmed from the text of the law; do not cite as law")


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
    errors: list[dict[str, str]] | None = None


_PROBLEM = {"model": Problem, "content": {"application/problem+json": {}}}

WRITES: dict[int | str, dict[str, Any]] = {
    200: {"model": Answer, "description": "Recorded (or, with dry_run, what would be)"},
    401: {**_PROBLEM, "description": "No valid token"},
    403: {**_PROBLEM, "description": "Another organ's duty, or forbidden by policy; the attempt is recorded"},
    404: {**_PROBLEM, "description": "No such case"},
    409: {**_PROBLEM, "description": "A rule of the pack says no"},
    412: {**_PROBLEM, "description": "The case is at another version than If-Match says"},
    422: {**_PROBLEM, "description": "Malformed, naming the field"},
    503: {**_PROBLEM, "description": "Try again with the same idempotency key"},
}

READS: dict[int | str, dict[str, Any]] = {
    401: {**_PROBLEM, "description": "No valid token"},
    403: {**_PROBLEM, "description": "Forbidden by policy"},
    404: {**_PROBLEM, "description": "Not there"},
}
