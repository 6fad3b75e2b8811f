"""What a command led to, and where it leaves the case, as the API answers it."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from domain.appointment import Case, ClosedCase, underlying
from domain.event import Event
from domain.next_step import next_steps
from domain.timer import timers
from eventstore.packs import PackLibrary
from eventstore.recording import Receipt
from eventstore.stream_recording import Kept
from projections.case_board import status_of


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


class KeptAnswer(BaseModel):
    """What a command about something else than a case led to. `recorded` means: durable and hash-chained."""

    inquiry_id: str | None = None
    sanction_id: str | None = None
    input_id: str | None = None
    asking_id: str | None = None
    watch_id: str | None = None
    person_id: str | None = Field(None, description="the pseudonym that the record knows them by")
    case_id: str | None = None
    facility_id: str | None = None
    course_id: str | None = None
    key_id: str | None = None
    search_id: str | None = None
    entry_id: str | None = None
    recorded: bool
    repeated: bool
    dry_run: bool
    version: int
    position: int | None
    events: list[dict[str, Any]]


def answer_body(receipt: Receipt) -> dict[str, Any]:
    """What was recorded, without what is sealed."""
    return {
        "case_id": receipt.case_id,
        "recorded": not receipt.dry_run and bool(receipt.events),
        "repeated": receipt.repeated,
        "dry_run": receipt.dry_run,
        "version": receipt.version,
        "position": receipt.position if receipt.position >= 0 else None,
        "events": [_said(event) for event in receipt.events],
    }


def kept_body(kept: Kept, dry_run: bool) -> dict[str, Any]:
    """The same of a stream that is no case."""
    recorded = kept.position >= 0
    return {
        "recorded": recorded,
        "repeated": kept.repeated,
        "dry_run": dry_run,
        "version": kept.version,
        "position": kept.position if recorded else None,
        "events": [_said(event) for event in kept.events],
    }


def _said(event: Event) -> dict[str, Any]:
    said = event.model_dump(mode="json", exclude=set(type(event).sealed_fields), exclude_none=True)
    return {"type": event.alias} | said


async def next_step(packs: PackLibrary, case: Case, at: datetime) -> dict[str, Any]:
    """Where the case stands now, what would take it on and whose it is, who watches, and which clocks run."""
    status, live = status_of(case), underlying(case)
    if live is None:
        return {"status": status}
    if isinstance(case, ClosedCase):
        return {"status": status, "stage": live.stage, "outcome": case.outcome}
    pack = await packs.get(live.pack)
    duty = pack.stage(live.stage).duty
    today = at.astimezone(ZoneInfo(live.timezone)).date()
    clocks = [
        {"timer": clock.name, "due_on": clock.due_on.isoformat(), "due_at": clock.due_at.isoformat()}
        for clock in timers(case, pack)
    ]
    following = {
        "duty_holder": duty.holder,
        "watched_by": duty.watched_by,
        "tells": [duty.holder, duty.watched_by],
        "steps": [asdict(step) for step in next_steps(case, pack, today)],
    }
    return {"status": status, "stage": live.stage, "next": following, "clocks": clocks}
