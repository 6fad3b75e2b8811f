"""The register of problems over HTTP: putting one there, mending it, judging the remedy, and reading the register."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.listing import AN_ID, LARGEST_POSITION, PREVIOUS, AfterPosition, NextCursor, caught_up
from api.problem import NotFound
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.command import Command
from domain.identity import OrganId, Role, short_id
from domain.problem_mending import AcceptRemedy, OpenProblem, RefuseRemedy, ReopenProblem, ReportRemedy
from domain.supervision_problem import ProblemState, ProblemType, Severity, SubjectKind, problem_stream
from eventstore.supervision_problem_recording import record_problem
from projections.supervision_problem import (
    ProblemFilter,
    ProblemRow,
    problem_by_id,
    problem_counts,
    problems_due_first,
    problems_page,
)

router = APIRouter(prefix=API, tags=["problems"])
BEHIND = ("supervision_problem",)
PROBLEM_ID = r"^[0-9a-z-]{6,60}$"
WATCHES = frozenset({Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY, Role.AUDITOR})
"""Who reads the whole register; anybody else whom the policies let reads what their organ is to mend."""

ProblemIdInPath = Annotated[str, Path(pattern=PROBLEM_ID, description="problem id")]
OrganAsked = Annotated[str | None, Query(max_length=120)]


class ProblemFound(OpenProblem):
    """A problem to put on the register. The newest adopted version of the pack says how many days it has."""

    pack: str = Field("standard", max_length=60, description="id of a policy pack")


class RemedyShown(BaseModel):
    number: int
    remedy: str
    proof: list[int] = Field(description="positions in the log")
    reported_on: date
    answer: Literal["accepted", "refused"] | None = Field(description="null while it waits for one")
    answered_on: date | None
    reason: str | None = Field(description="why it was refused, or what was remarked when it was accepted")


class ReopeningShown(BaseModel):
    reopened_on: date
    reason: str
    evidence: list[int]


class ProblemShown(BaseModel):
    """A problem as it stands, without what is sealed."""

    problem_id: str
    type: ProblemType
    severity: Severity
    subject_kind: SubjectKind
    subject_id: str
    finding: str
    evidence: list[int] = Field(description="positions in the log of the events that show it")
    owner: str = Field(description="the organ that mends it")
    accepting: str = Field(description="another organ, which says when it is mended")
    origin_kind: str | None = Field(description="where it was found, such as joint_meeting, survey or inquiry")
    origin_id: str | None
    opened_on: date
    opened_by: str = Field(description="pseudonym")
    due_on: date
    awaits_acceptance: bool
    overdue: bool = Field(description="its day has passed unmended, also while a late remedy waits for its answer")
    escalated: bool = Field(description="the deciding body has it")
    mended_on: date | None
    state: ProblemState
    remedies: list[RemedyShown]
    times_overdue: int = Field(description="how often its day passed; never taken back")
    reopened: list[ReopeningShown]
    opened_position: int
    last_position: int


class ProblemRegister(BaseModel):
    """Problems that match."""

    problems: list[ProblemShown]
    next_cursor: NextCursor


class OfType(BaseModel):
    type: ProblemType
    severity: Severity
    problems: int


class OfOwner(BaseModel):
    owner: str
    problems: int
    still_open: int
    overdue: int
    times_overdue: int


class OfQuarter(BaseModel):
    year: int
    quarter: int
    opened: int
    mended: int


class ProblemCountsShown(BaseModel):
    """Problems that were opened in a time, as they stand now; each quarter counts what happened in it."""

    by_state: dict[ProblemState, int]
    by_type: list[OfType]
    by_owner: list[OfOwner]
    by_quarter: list[OfQuarter]


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Which page of the register, in which order."""

    sort: Annotated[
        Literal["latest", "due"], Query(description="`latest` opened first, or what is `due` first and mended last")
    ] = "latest"
    cursor: Annotated[int | None, Query(ge=0, le=LARGEST_POSITION, description=PREVIOUS)] = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    after_position: AfterPosition = None

    def next_cursor(self, rows: list[ProblemRow]) -> int | None:
        """Where the next page begins."""
        if len(rows) < self.limit:
            return None
        return rows[-1].opened_position if self.sort == "latest" else (self.cursor or 0) + len(rows)


def filter_asked(
    state: ProblemState | None = None,
    owner: OrganAsked = None,
    accepting: OrganAsked = None,
    type: ProblemType | None = None,
    severity: Severity | None = None,
    subject_kind: SubjectKind | None = None,
    subject_id: Annotated[str | None, Query(max_length=120, description="case id, unit, organ, survey …")] = None,
    origin_kind: Annotated[str | None, Query(pattern=AN_ID)] = None,
    origin_id: Annotated[str | None, Query(max_length=120)] = None,
    from_on: Annotated[date | None, Query(alias="from", description="opened on this day or later")] = None,
    to_on: Annotated[date | None, Query(alias="to", description="opened on this day or before")] = None,
    overdue: Annotated[bool | None, Query(description="only those whose day has passed, or only the others")] = None,
) -> ProblemFilter:
    """The filter of the register as it stands in an address."""
    whose = (state, owner, accepting, type, severity)
    return ProblemFilter(*whose, subject_kind, subject_id, origin_kind, origin_id, from_on, to_on, overdue)


AskedOfRegister = Annotated[ProblemFilter, Depends(filter_asked)]


@writes(
    router,
    "/problems",
    status_code=201,
    summary="Put a problem on the register",
    example={
        "type": "procedure",
        "severity": "minor",
        "subject": {"kind": "unit", "id": "Registry"},
        "finding": "Three letters of this year were issued on the day of the decision.",
        "evidence": [4711],
        "owner": "personnel-department",
        "accepting": "supervision-organ",
        "origin": {"kind": "inquiry", "id": "0123456789ab"},
    },
    answers=writes_of(KeptAnswer),
)
async def open_problem(door: Writes, body: ProblemFound) -> Response:
    """By either department. One organ owns it, another accepts the remedy; its days are those of its severity."""
    problem_id = short_id("problem", str(door.command_id))
    command = OpenProblem.model_validate(body.model_dump(exclude={"pack"}))
    answer = await _record(door, problem_id, command, status=201, pack=body.pack)
    answer.headers["Location"] = f"{API}/problems/{problem_id}"
    return answer


@writes(
    router,
    "/problems/{problem_id}/remedies",
    status_code=201,
    summary="Report a remedy",
    example={"remedy": "Letters now wait for the end of the notice.", "proof": [5120]},
    answers=writes_of(KeptAnswer),
)
async def report_remedy(door: Writes, problem_id: ProblemIdInPath, body: ReportRemedy) -> Response:
    """By the organ that owns the problem, also late; it then waits for the accepting organ."""
    return await _record(door, problem_id, body, status=201)


@writes(
    router,
    "/problems/{problem_id}/remedy-acceptances",
    summary="Accept a remedy",
    example={"remarks": "Twenty letters of this quarter were looked at."},
    answers=writes_of(KeptAnswer),
)
async def accept_remedy(door: Writes, problem_id: ProblemIdInPath, body: AcceptRemedy) -> Response:
    """By the accepting organ, and there by an officer who neither found the problem nor had a hand in the remedy."""
    return await _record(door, problem_id, body)


@writes(
    router,
    "/problems/{problem_id}/remedy-refusals",
    summary="Refuse a remedy",
    example={"reason": "Two letters of May were issued on the day of the decision again."},
    answers=writes_of(KeptAnswer),
)
async def refuse_remedy(door: Writes, problem_id: ProblemIdInPath, body: RefuseRemedy) -> Response:
    """By the accepting organ. The owner has the days of the severity again."""
    return await _record(door, problem_id, body)


@writes(
    router,
    "/problems/{problem_id}/reopenings",
    summary="Reopen a problem",
    example={"reason": "It is back: four letters of June.", "evidence": [6001]},
    answers=writes_of(KeptAnswer),
)
async def reopen_problem(door: Writes, problem_id: ProblemIdInPath, body: ReopenProblem) -> Response:
    """By either department, when a mended problem comes back. Its days begin anew."""
    return await _record(door, problem_id, body)


async def _record(
    door: Door, problem_id: str, command: Command, *, status: int = 200, pack: str = "standard"
) -> Response:
    asked = await door.asked(problem_stream(problem_id), command, pack)
    return await door.recorded(asked, record_problem, "problem_id", status)


@router.get(
    "/problems",
    operation_id="read_problems",
    summary="The register of problems",
    responses=reads(ProblemRegister, "A page of the register"),
)
async def read_problems(visitor: Reads, asked: AskedOfRegister, page: Annotated[RegisterPage, Depends()]) -> Response:
    """For both departments, the deciding body and whoever audits; a school reads what it is to mend itself."""
    await visitor.may("read_problems", "problems")
    await caught_up(visitor, BEHIND, page.after_position)
    pool, whose = visitor.services.pool, owned_by(visitor)
    if page.sort == "latest":
        rows = await problems_page(pool, asked, before=page.cursor, limit=page.limit, owned_by=whose)
    else:
        rows = await problems_due_first(pool, asked, after=page.cursor or 0, limit=page.limit, owned_by=whose)
    body = {"problems": [asdict(row) for row in rows], "next_cursor": page.next_cursor(rows)}
    return Response(orjson.dumps(body), media_type=JSON)


@router.get(
    "/problems/{problem_id}",
    operation_id="read_problem",
    summary="One problem",
    responses=reads(ProblemShown, "The problem as it stands"),
)
async def read_problem(visitor: Reads, problem_id: ProblemIdInPath, after_position: AfterPosition = None) -> Response:
    """With every remedy and its answer. For a school that is not to mend it there is none."""
    await visitor.may("read_problem", f"problem/{problem_id}")
    await caught_up(visitor, BEHIND, after_position)
    row = await problem_by_id(visitor.services.pool, problem_id)
    if row is None or owned_by(visitor) not in (None, row.owner):
        raise NotFound(f"There is no problem “{problem_id}”. Those that there are stand at {API}/problems.")
    return Response(orjson.dumps(row), media_type=JSON)


@router.get(
    "/problem-counts",
    operation_id="read_problem_counts",
    summary="How many problems",
    responses=reads(ProblemCountsShown, "By state, by type and severity, by owner, and by quarter"),
)
async def read_problem_counts(
    visitor: Reads,
    from_on: Annotated[date | None, Query(alias="from", description="opened on this day or later")] = None,
    to_on: Annotated[date | None, Query(alias="to", description="opened on this day or before")] = None,
    after_position: AfterPosition = None,
) -> Response:
    """Of the whole register, or of the problems opened in a time."""
    await visitor.may("read_problem_counts", "problems")
    await caught_up(visitor, BEHIND, after_position)
    return Response(orjson.dumps(await problem_counts(visitor.services.pool, from_on, to_on)), media_type=JSON)


def owned_by(visitor: Visitor) -> OrganId | None:
    """The organ whose problems alone a reader is shown; None for those who watch over all."""
    return None if WATCHES & set(visitor.actor.roles) else visitor.actor.organ
