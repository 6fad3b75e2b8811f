"""Taking the lines of a file of many people, chunk by chunk; each is told as soon as it has its outcome."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.batch_columns import Header, LineMalformed, nested
from api.batch_file import Line
from api.batch_running import NOT_NOW
from api.door import Door
from api.import_file import FileLine, UnreadLine
from api.line_problem import line_problem
from api.person_named import PersonNamed
from domain.command import Command
from domain.identity import PersonId
from domain.refusal import Refusal
from eventstore.keys import new_subject
from eventstore.training_import import ImportLine, LineOutcome, TrainingImport, record_lines

CHUNK = 200
"""Lines that are decided together: enough to fill the log's shared transactions, few enough that nobody waits long."""
AT_ONCE = 4
"""Chunks under way together: while one is being flushed, another is being decided."""
MOST_OF_ONE = 1_000
"""Lines of one person. Nobody studies as much; a file that says so has another thing in that column."""

Read = tuple[int, PersonNamed]
_running: set["asyncio.Task[None]"] = set()


@dataclass(frozen=True, slots=True)
class FileImport:
    """A file that was let in: its lines, what each of them is, and what is to be done when all have their outcome."""

    door: Door
    imported: TrainingImport
    action: str
    header: Header
    lines: Sequence[FileLine]
    body: type[PersonNamed]
    command: Callable[[PersonId, Any], Command]
    complete: Callable[[Counter[str]], Awaitable[bool]]


async def report(file: FileImport) -> AsyncIterator[bytes]:
    """What is known before, a line of JSON for each line of the file as soon as it has its outcome, then the counts.

    Survives: its reader going away; the lines are taken to the end all the same.
    """
    head = {"import_id": file.imported.id, "dry_run": file.imported.dry_run, "lines": len(file.lines)}
    yield orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE)
    found: asyncio.Queue[bytes | None] = asyncio.Queue()
    task = asyncio.create_task(_take_all(file, found))
    _running.add(task)
    task.add_done_callback(_running.discard)
    while (told := await found.get()) is not None:
        yield told


async def _take_all(file: FileImport, found: "asyncio.Queue[bytes | None]") -> None:
    waiting = deque(_chunks(file))
    counts: Counter[str] = Counter()
    refused: dict[str, Refusal] = {}

    async def take_chunks() -> None:
        while waiting:
            outcomes = await _take(file, waiting.popleft())
            refused.update(
                (problem.rule_path, problem) for each in outcomes if isinstance(problem := each.problem, Refusal)
            )
            reports = [_told(outcome) for outcome in outcomes]
            counts.update(said["outcome"] for said in reports)
            found.put_nowait(b"".join(orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE) for said in reports))

    try:
        await asyncio.gather(*(take_chunks() for _ in range(AT_ONCE)))
        summary = {"counts": dict(counts), "completed": await _completed(file, counts, refused)}
        found.put_nowait(orjson.dumps(summary, option=orjson.OPT_APPEND_NEWLINE))
    finally:
        found.put_nowait(None)


async def _completed(file: FileImport, counts: Counter[str], refused: Mapping[str, Refusal]) -> bool:
    """It is on the log how the file came out, and what its sender tried that is not theirs, each rule once.

    A file of which a line failed is not over.
    """
    try:
        for refusal in refused.values():
            await file.door.turned_away(refusal, file.action, "training-files")
    except NOT_NOW:
        return False
    return not file.imported.dry_run and not counts["failed"] and await file.complete(counts)


def _chunks(file: FileImport) -> Iterator[list[FileLine]]:
    """All lines of a person in one chunk, in their order, so that each file is read once."""
    of_person: dict[str, list[FileLine]] = defaultdict(list)
    for line in file.lines:
        of_person[file.header.raw(line, "person") if isinstance(line, Line) else ""].append(line)
    chunk: list[FileLine] = []
    for person, lines in of_person.items():
        chunk.extend(_within_reason(lines) if person else lines)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _within_reason(lines: list[FileLine]) -> Iterator[FileLine]:
    yield from lines[:MOST_OF_ONE]
    for line in lines[MOST_OF_ONE:]:
        wrong = LineMalformed(("person", f"has more than {MOST_OF_ONE} lines; check the column, or send them in parts"))
        yield UnreadLine(line.number, wrong)


async def _take(file: FileImport, chunk: Sequence[FileLine]) -> list[LineOutcome]:
    try:
        read, outcomes = await asyncio.to_thread(_read, file, chunk)
        people = await _people(file, sorted({body.person or "" for _, body in read}))
        asked = [
            ImportLine(number, person, file.command(person, body))
            for number, body in read
            for person in (people[body.person or ""],)
        ]
        services = file.door.services
        return [*outcomes, *(await record_lines(services.store, services.keys, file.imported, asked))]
    except Exception as fault:  # whatever it is, it is told of these lines and keeps no other from being taken
        return [LineOutcome(line.number, "failed", problem=fault) for line in chunk]


def _read(file: FileImport, chunk: Sequence[FileLine]) -> tuple[list[Read], list[LineOutcome]]:
    read: list[Read] = []
    wrong: list[LineOutcome] = []
    for line in chunk:
        try:
            if isinstance(line, UnreadLine):
                raise line.problem
            read.append((line.number, file.body.model_validate(nested(file.header.cells(line)))))
        except ValueError as problem:
            wrong.append(LineOutcome(line.number, "invalid", problem=problem))
        except LineMalformed as problem:
            wrong.append(LineOutcome(line.number, "invalid", problem=problem))
    return read, wrong


async def _people(file: FileImport, references: Sequence[str]) -> dict[str, PersonId]:
    """The pseudonyms of those who are named; trying makes none that lasts."""
    keys = file.door.services.keys
    if not file.imported.dry_run:
        return await keys.subjects_for(references)
    found = await keys.find_subjects(references)
    return {reference: found.get(reference) or PersonId(new_subject()) for reference in references}


def _told(found: LineOutcome) -> dict[str, Any]:
    problem = line_problem(found.problem) if found.problem is not None else None
    outcome = found.outcome
    if problem is not None:
        outcome = "failed" if problem["status"] >= 500 else "refused" if problem.get("refused") else "invalid"
    return {"line": found.number, "outcome": outcome, "entry": found.entry, "problem": problem}
