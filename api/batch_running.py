"""Taking the steps of a batch: many at once, each as its single route would, a wrong one never stopping the others."""

import asyncio
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.batch_columns import Header
from api.batch_file import Line
from api.batch_steps import TAKE, Foreseen, LineDoor, Step, steps_of
from api.door import CASE_ID, Door
from api.line_problem import line_problem
from domain.batch import BatchCompleted, BatchReceived, batch_stream
from domain.identity import short_id
from domain.nomination import CandidateNominated
from eventstore.codec import decode
from eventstore.contention import CommandIdReused, TooBusy
from eventstore.keys import keyed_id
from eventstore.noting import note
from eventstore.recording import Receipt
from projections.reading import AWAY

AT_ONCE = 32
"""Lines under way together: enough to fill the log's shared transactions, and room for everybody else's steps."""

NOT_NOW: tuple[type[Exception], ...] = (TooBusy, *AWAY)
Report = dict[str, Any]
_running: set["asyncio.Task[None]"] = set()


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of lines that an officer has sent, and under which key."""

    door: Door
    action: str
    header: Header
    lines: Sequence[Line]
    fingerprint: str
    foreseen: Foreseen = field(default_factory=Foreseen)

    @property
    def id(self) -> str:
        """The same for every repetition of the same wish."""
        return short_id("batch", str(self.door.command_id))

    def head(self) -> Report:
        """What is known before the first line was taken."""
        dry_run = self.door.dry_run
        return {"batch_id": self.id, "action": self.action, "dry_run": dry_run, "lines": len(self.lines)}


async def receive(batch: Batch) -> None:
    """It is on the log that the file came, of how many lines and from whom, unless it is only tried.

    Refuses: CommandIdReused, when another file came under this key.
    """
    if batch.door.dry_run:
        return
    services, stream = batch.door.services, batch_stream(batch.id)
    await batch.door.visitor.identify()
    event = BatchReceived(batch_id=batch.id, action=batch.action, lines=len(batch.lines), fingerprint=batch.fingerprint)
    command_id = keyed_id(services.keys, "batch received", stream)
    actor, at = batch.door.visitor.actor, services.clock()
    noted = await note(services.store, services.keys, stream, event, actor=actor, command_id=command_id, at=at)
    if noted.repeated and decode((await services.store.read_stream(stream))[0]).event != event:
        raise CommandIdReused(
            "This idempotency key was used for another file. Send this one under a new key.", field="Idempotency-Key"
        )


async def reports(batch: Batch) -> AsyncIterator[Report]:
    """A report on each line as soon as it has its outcome, then the counts.

    Survives: its reader going away; the lines are taken to the end all the same.
    """
    found: asyncio.Queue[Report | None] = asyncio.Queue()
    task = asyncio.create_task(_take_all(batch, found))
    _running.add(task)
    task.add_done_callback(_running.discard)
    while (report := await found.get()) is not None:
        yield report


async def _take_all(batch: Batch, found: "asyncio.Queue[Report | None]") -> None:
    waiting = deque(steps_of(batch.action, batch.header, batch.lines))
    counts: Counter[str] = Counter()

    async def take_chains() -> None:
        while waiting:
            for step in waiting.popleft():
                for report in await _take(batch, step):
                    counts[report["outcome"]] += 1
                    found.put_nowait(report)

    try:
        await asyncio.gather(*(take_chains() for _ in range(AT_ONCE)))
        found.put_nowait({"counts": dict(counts), "completed": await _complete(batch, counts)})
    finally:
        found.put_nowait(None)


async def _complete(batch: Batch, counts: Counter[str]) -> bool:
    """It is on the log how the batch came out; a batch of which a line failed is not over."""
    if batch.door.dry_run or counts["failed"]:
        return False
    services, stream = batch.door.services, batch_stream(batch.id)
    recorded = counts["recorded"] + counts["repeated"]
    event = BatchCompleted(batch_id=batch.id, recorded=recorded, refused=counts["refused"], invalid=counts["invalid"])
    told_apart = (str(number) for number in (event.recorded, event.refused, event.invalid))
    command_id = keyed_id(services.keys, "batch completed", stream, *told_apart)
    actor, at = batch.door.visitor.actor, services.clock()
    try:
        await note(services.store, services.keys, stream, event, actor=actor, command_id=command_id, at=at)
    except NOT_NOW:
        return False
    return True


async def _take(batch: Batch, step: Step) -> list[Report]:
    door = LineDoor(
        batch.door.visitor,
        f"{batch.door.key}#{step.lines[0].number}",
        None,
        batch.door.dry_run,
        batch_stream(batch.id),
        foreseen=batch.foreseen,
    )
    problem = None
    try:
        await TAKE[batch.action](door, step)
    except Exception as error:
        problem = line_problem(error)
    said = _said(door.receipts, problem, door.dry_run)
    # A cell that is no case id is not repeated: it may be anything.
    about = step.header.raw(step.lines[0], "case_id")
    if said["case_id"] is None and re.fullmatch(CASE_ID, about):
        said["case_id"] = about
    return [{"line": line.number} | said for line in step.lines]


def _said(receipts: Sequence[Receipt], problem: Report | None, dry_run: bool) -> Report:
    events = [event for receipt in receipts for event in receipt.events]
    last = receipts[-1] if receipts else None
    return {
        "outcome": _outcome(receipts, problem, dry_run),
        "case_id": last.case_id if last else None,
        "version": last.version if last and not last.dry_run else None,
        "position": last.position if last and last.position >= 0 else None,
        "events": [event.alias for event in events],
        "candidates": [event.candidate_id for event in events if isinstance(event, CandidateNominated)],
        "problem": problem,
    }


def _outcome(receipts: Sequence[Receipt], problem: Report | None, dry_run: bool) -> str:
    if problem is not None:
        if problem["status"] >= 500:
            return "failed"
        return "refused" if problem.get("refused") else "invalid"
    if all(receipt.repeated for receipt in receipts):
        return "repeated"
    return "would_record" if dry_run else "recorded"
