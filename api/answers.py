"""The shapes of answers, as the API's description states them."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from domain.rule_family import Collision


class Clock(BaseModel):
    """A clock that runs in the case."""

    timer: str
    due_on: str = Field(description="the civil day in the case's jurisdiction at whose end it runs out")
    due_at: str = Field(description="that moment, UTC")


class StepToCome(BaseModel):
    """What would take the case on."""

    by: str = Field(description="a role, or `engine` when only a clock must end")
    step: str = Field(description="the command, or the clock's name")
    organ: str | None = Field(description="the one organ whose step it is, when it is one organ's")
    by_on: date | None = Field(description="the day on which silence gets its meaning, or on which the clock ends")
    what: str | None = Field(None, description="what it is about: a missing record, with its candidate, or an id")
    rule: str | None = Field(None, description="path of the rule that asks for it")


class NextStep(BaseModel):
    """What comes next in the stage that the case is in."""

    duty_holder: str = Field(description="whose duty the stage is")
    watched_by: str
    tells: list[str] = Field(description="who hears of this step")
    steps: list[StepToCome]


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


class Person(BaseModel):
    officer: str = Field(description="pseudonym in the log")
    name: str | None = Field(description="as the officer's own token said; null once forgotten")
    organ: str
    on_behalf_of: str | None


class Step(BaseModel):
    """One event of a case."""

    position: int
    version: int
    type: str
    recorded_at: datetime
    who: Person
    what: dict[str, Any] = Field(description="what the event says, without what is sealed")
    sealed: list[str] = Field(description="owners of the sealed parts; what they say is not shown here")
    rules: list[RuleShown]
    command_id: str
    cause: str | None = Field(description="the batch that the step came in, such as `batch/0k3v0d8s1m2q`")
    hash: str
    previous: str = Field(description="hash of the event before it in this case; empty for the first")


class Timeline(BaseModel):
    """Steps of a case, in order."""

    case_id: str
    steps: list[Step]
    next_cursor: int | None = Field(description="for the next page; null when this was the last")


class SealedStep(BaseModel):
    """The sealed fields of one event, opened."""

    position: int
    version: int
    type: str
    sealed: dict[str, Any]


class SealedCase(BaseModel):
    """What is sealed in a case, as far as the reader's role opens it."""

    case_id: str
    audiences: list[str] = Field(description="for whom the parts shown here were sealed")
    steps: list[SealedStep]


class BoardCase(BaseModel):
    """A case as the board shows it."""

    case_id: str
    opened_position: int
    pack_id: str
    pack_version: int
    post_id: str
    post_title: str
    unit: str
    rank: str
    jurisdiction: str
    status: str = Field(description="open, suspended or closed")
    stage: str
    duty_holder: str | None = Field(description="who must act next; null when nobody may")
    next_timer: str | None
    due_on: date | None = Field(description="civil day on which the next clock runs out")
    provisional_by: str | None = Field(
        description="calendar versions by which days of running clocks were counted that may still change; null if none"
    )
    candidates: int
    open_objections: int
    deviations: int
    outcome: str | None
    closed_on: date | None
    version: int
    position: int


class Board(BaseModel):
    """Cases, the most recently opened first."""

    cases: list[BoardCase]
    next_cursor: int | None = Field(description="for the next page; null when this was the last")


class TrackedStage(BaseModel):
    """A stage on the track of a case."""

    stage: str
    title: dict[str, str]
    holder: dict[str, str] = Field(description="whose duty it is")
    progress: str = Field(description="done, now, to_come; of a case that has ended: ended_here, not_reached")
    began_on: date | None
    completed_on: date | None


class ExplainedStep(BaseModel):
    """A step that would take the case on."""

    by: str = Field(description="a role, or `engine` when only a clock must end")
    who: dict[str, str] = Field(description="that in words, by language")
    step: str
    title: dict[str, str] = Field(description="the step in words, by language")
    organ: str | None
    what: str | None = Field(description="the record that is missing, with the candidate it is about")
    wants: dict[str, str] | None = Field(description="that in words, by language")
    by_on: date | None
    rule: RuleShown | None = Field(description="the rule that asks for it")


class ExplainedClock(BaseModel):
    """A clock that runs, and why it ends on its day."""

    timer: str
    title: dict[str, str] = Field(description="the clock in words, by language")
    due_on: date
    due_at: datetime
    on_expiry: str | None = Field(description="consent, block, lapse or escalate; null when its end is no silence")
    moved: bool = Field(description="the case rested, or the clock was paused, since the day was counted")
    provisional: bool = Field(description="days of a calendar that is not published yet were counted")
    why: dict[str, list[str]] | None = Field(description="how the day was counted, in sentences, by language")
    rule: RuleShown | None = Field(description="the rule that sets its length")
    meaning: RuleShown | None = Field(description="the rule that says what its end means")


class Explained(BaseModel):
    """Why a case stands where it stands, at a moment."""

    case_id: str
    post: dict[str, str | int | None] = Field(description="its title and unit")
    pack: str
    pack_title: dict[str, str]
    regime: dict[str, str] = Field(description="where the public reads these rules, by language")
    at: datetime
    status: str = Field(description="open, suspended or closed")
    outcome: str | None
    stage: str
    stage_title: dict[str, str]
    track: list[TrackedStage]
    steps: list[ExplainedStep]
    clocks: list[ExplainedClock]


class LineReport(BaseModel):
    """What became of one line."""

    line: int = Field(description="its row in the spreadsheet; the header is row 1")
    outcome: str = Field(description="recorded, repeated, would_record, refused, invalid, or failed by a fault of ours")
    case_id: str | None
    version: int | None
    position: int | None
    events: list[str] = Field(description="types of the events that it led to")
    candidates: list[str] = Field(description="ids of those who were nominated by it")
    problem: Problem | None = Field(description="what its single route would have answered")


class BatchReport(BaseModel):
    """What became of each line of a file."""

    batch_id: str
    action: str
    dry_run: bool
    lines: int
    counts: dict[str, int] = Field(description="lines by outcome")
    completed: bool = Field(description="each line has its outcome and that is on the log; else send it again")
    report: list[LineReport]


class BatchRead(BaseModel):
    """A batch as the log tells of it."""

    batch_id: str
    action: str
    lines: int
    received_at: datetime
    officer: str
    officer_name: str | None
    organ: str
    completed_at: datetime | None = Field(description="null until each line had its outcome")
    recorded: int | None
    refused: int | None
    invalid: int | None
    cases: list[str] = Field(description="those that it touched, in the order in which it did")


class CandidateStanding(BaseModel):
    candidate_id: str
    training: str | None = Field(description="what the school verified; null before")
    out_because: str | None = Field(description="why they are no longer in it; null while they are")


class NoticeWindow(BaseModel):
    """The days that the case's notice stands, or stood."""

    opens_on: date
    closes_on: date
    elapsed_on: date | None


class HoldStanding(BaseModel):
    hold_id: str
    code: str
    placed_on: date
    placed_by: str = Field(description="pseudonym of the officer who may lift it")
    candidate_id: str | None = Field(description="the one candidate who is held; null when it is the case")


class OpenQuery(BaseModel):
    query_id: str
    asked_of: str
    asked_on: date
    due_on: date
    overdue: bool


class SupervisionPointOf(BaseModel):
    stage: str
    point: str


class SupervisedStanding(BaseModel):
    """What the supervision of a case has left in it."""

    on_duty: dict[str, str] = Field(description="the officer whom an organ assigned, by stage")
    unattended_points: list[SupervisionPointOf] = Field(description="of stages over or under way")
    holds: list[HoldStanding]
    open_queries: list[OpenQuery]


class CaseStanding(BaseModel):
    """A case as the log has it now."""

    case_id: str
    version: int
    pack: str
    post: dict[str, str | int | None]
    jurisdiction: str
    timezone: str
    status: str = Field(description="open, suspended or closed")
    stage: str
    outcome: str | None = None
    completed: list[str]
    candidates: list[CandidateStanding]
    notice_id: str | None
    notice: NoticeWindow | None
    open_objections: list[str]
    undecided_relations: dict[str, str] = Field(description="officers by the relation that waits to be decided")
    opinions: dict[str, str | None]
    chosen: str | None
    deviations: list[str]
    supervised: SupervisedStanding
    next: NextStep | None = None
    clocks: list[Clock] = []


class PackAdoption(BaseModel):
    """A version of a pack, and how it was adopted."""

    pack_id: str
    version: int
    digest: str = Field(description="SHA-256 of the text that is on the log; a case pins it")
    effective_from: date = Field(description="cases open under it from this day on")
    adopted_at: datetime
    reason: str
    officer: str = Field(description="pseudonym of who adopted it; `system` when the program brought it along")
    organ: str
    position: int | None = Field(description="position in the log; null for what was only tried")


class PackAdoptionListed(PackAdoption):
    officer_name: str | None


class PackAdoptions(BaseModel):
    packs: list[PackAdoptionListed]
    next_cursor: int | None = Field(description="for the next page; null when this was the last")


class AdoptedPackShown(PackAdoption):
    text: str = Field(description="canonical JSON: the text that the digest is of")
    collisions: list[Collision] = Field(description="matters on which two families of rules say different things")


class PackAdoptionAnswer(BaseModel):
    """What adopting a version led to."""

    recorded: bool
    repeated: bool = Field(description="this text had been adopted before; this is that adoption")
    dry_run: bool
    adopted: PackAdoption


class Notice(BaseModel):
    """A notice as open data: what its page shows, and no more."""

    notice_id: str
    number: str
    case_id: str
    post: dict[str, Any]
    pack: str
    jurisdiction: str
    opens_on: date
    closes_on: date
    elapsed_on: date | None
    window: dict[str, Any] = Field(description="the days of the window, and why each counts or does not")
    explanation: dict[str, list[str]] = Field(description="the same in sentences, by language")
    candidates: list[dict[str, str]] = Field(description="the pack's fields of each; empty once the notice is over")
    open_objections: int
    rules: list[RuleShown]
    position: int
    hash: str


class Notices(BaseModel):
    open: list[Notice]
    recent: list[Notice]


class DutyShown(BaseModel):
    """One duty in one case."""

    case_id: str
    duty: str = Field(
        description="the stage, or what is to be answered: `stage:…`, `objection:…`, `opinion:…`, `query:…`"
    )
    began_position: int
    stage: str = Field(description="the stage that the case was in when it began")
    role: str
    organ: str | None
    officer: str | None = Field(description="whom the organ assigned, or who acted first; null while nobody has")
    officer_name: str | None
    assigned: bool
    began_on: date
    due_on: date | None
    done_on: date | None
    silence: bool = Field(description="the day passed without the act; it counts against the holder, done later or not")
    dropped_on: date | None = Field(description="the case ended before it was done")
    post_title: str
    timezone: str
    age_days: int
    late_days: int


class DutyRegister(BaseModel):
    """Duties, those that began last first."""

    duties: list[DutyShown]
    next_cursor: int | None = Field(description="for the next page; null when this was the last")


class KeptAnswer(BaseModel):
    """What a command about an inquiry or a sanction led to. `recorded` means: durable and hash-chained."""

    inquiry_id: str | None = None
    sanction_id: str | None = None
    case_id: str | None = None
    recorded: bool
    repeated: bool
    dry_run: bool
    version: int
    position: int | None
    events: list[dict[str, Any]]


class TookPartShown(BaseModel):
    officer: str = Field(description="pseudonym")
    organ: str
    acts: list[str] = Field(description="types of the events that they recorded in the case")


class InquiryShown(BaseModel):
    """An inquiry, without what is sealed."""

    inquiry_id: str
    case_id: str
    cause: str = Field(description="own_initiative, complaint, sanction or failed_probation; the last two are reverse")
    because_of: str | None = Field(description="the sanction or probation that opened it by itself")
    opened_on: date
    opened_by: str
    took_part: list[TookPartShown]
    findings: int
    outcome: str | None
    concluded_on: date | None
    opened_position: int


class Inquiries(BaseModel):
    """Inquiries, the most recently opened first."""

    inquiries: list[InquiryShown]
    next_cursor: int | None = Field(description="for the next page; null when this was the last")


class InquiryStep(BaseModel):
    version: int
    type: str
    recorded_at: datetime
    officer: str
    organ: str
    what: dict[str, Any]
    hash: str


class InquiryRead(BaseModel):
    """The steps of an inquiry, opened as far as the reader's role opens them."""

    inquiry_id: str
    case_id: str
    steps: list[InquiryStep]


_PROBLEM: dict[str, Any] = {"model": Problem}

Answers = dict[int | str, dict[str, Any]]
"""What an operation may answer, by status."""

WRITES: Answers = {
    200: {"model": Answer, "description": "Recorded (or, with dry_run, what would be)"},
    401: {**_PROBLEM, "description": "No valid token"},
    403: {**_PROBLEM, "description": "Another organ's duty, or forbidden by policy; the attempt is recorded"},
    404: {**_PROBLEM, "description": "No such case"},
    409: {**_PROBLEM, "description": "A rule of the pack says no"},
    412: {**_PROBLEM, "description": "The case is at another version than If-Match says"},
    413: {**_PROBLEM, "description": "The body is larger than 1 MiB"},
    422: {**_PROBLEM, "description": "Malformed, naming the field"},
    503: {**_PROBLEM, "description": "Try again with the same idempotency key"},
}

BATCHES: dict[int | str, dict[str, Any]] = {
    200: {"model": BatchReport, "description": "What became of each line, or with dry_run what would"},
    401: WRITES[401],
    403: {**_PROBLEM, "description": "Not yours to do, for no case at all; the attempt is recorded"},
    413: {**_PROBLEM, "description": "The file is larger than 8 MiB"},
    422: {**_PROBLEM, "description": "The file is no table, or its header is not the action's"},
    503: WRITES[503],
}

OPEN_READS: dict[int | str, dict[str, Any]] = {
    404: {**_PROBLEM, "description": "Not there"},
    422: {**_PROBLEM, "description": "Malformed, naming the field"},
    503: {**_PROBLEM, "description": "Not readable just now; ask again"},
}

READS: dict[int | str, dict[str, Any]] = {
    401: {**_PROBLEM, "description": "No valid token"},
    403: {**_PROBLEM, "description": "Forbidden by policy; the attempt is recorded"},
    **OPEN_READS,
}


def writes_of(model: type[BaseModel]) -> Answers:
    """The answers of a write that belongs to no case."""
    return {**WRITES, 200: {**WRITES[200], "model": model}}


def reads(model: type[BaseModel], description: str) -> dict[int | str, dict[str, Any]]:
    """The answers of a read that needs a token."""
    return {200: {"model": model, "description": description}, **READS}


def open_reads(model: type[BaseModel], description: str) -> dict[int | str, dict[str, Any]]:
    """The answers of a read that is open to everybody."""
    return {200: {"model": model, "description": description}, **OPEN_READS}
