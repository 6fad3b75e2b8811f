"""What a line of each kind of file means: the same bodies, and the same functions, as the routes of single steps."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from api.batch_columns import WITH_MEMBERS, Header, LineMalformed, nested
from api.batch_file import Line, column_letter
from api.case_opening import CaseWanted, open_case
from api.decision import MeetingHeld, hold_decision_meeting
from api.door import CASE_ID, Door
from api.meeting_words import Attending, Unclear, member
from api.nomination import Nominee, close_nominations, nominate_candidate
from api.probation import issue_appointment
from api.public_notice import open_public_notice
from api.training_verification import verify_training
from domain.appointment import Case
from domain.case_opening import OpenCase
from domain.command import Command
from domain.decision import Statement
from domain.identity import CaseId
from domain.nomination import CloseNominations
from domain.probation import IssueAppointment
from domain.public_notice import OpenPublicNotice
from domain.training_verification import VerifyTraining
from eventstore.recording import Receipt, post_is_taken

WORDS = {"主持": "chief", "回避": "recused", "缺席": "absent", "同意": "agree", "不同意": "disagree", "暂缓": "defer"}
RECUSED = "recused"
OF_THE_MEETING = ("voted_by", "unresolved.why", "unresolved.reason")
"""What the lines of one meeting say together: one of them may say it, and no two may say it differently."""

MEETING_WORDS = {
    "口头": "open",
    "口头表决": "open",
    "举手": "show_of_hands",
    "举手表决": "show_of_hands",
    "无记名": "secret",
    "无记名投票": "secret",
    "分歧较大": "large_disagreement",
    "意见分歧较大": "large_disagreement",
    "问题不清": "unclear_question",
    "重大问题不清楚": "unclear_question",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one case, said by one line, or by several lines that say it together."""

    header: Header
    lines: tuple[Line, ...]

    @property
    def cells(self) -> dict[str, str]:
        """What its first line says.

        Refuses: LineMalformed.
        """
        return self.header.cells(self.lines[0])


def case_of(cells: dict[str, str]) -> CaseId:
    """The case that a line is about.

    Refuses: LineMalformed.
    """
    if not re.fullmatch(CASE_ID, cells["case_id"]):
        raise LineMalformed(("case_id", "is no case id, such as d6fhcqtf5dfs; the board shows each case's"))
    return CaseId(cells["case_id"])


@dataclass(slots=True)
class Foreseen:
    """What a dry run has seen so far: the cases as its steps would leave them, and the posts that they would fill."""

    cases: dict[CaseId, Case] = field(default_factory=dict)
    posts: dict[str, CaseId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineDoor(Door):
    """The door for one line: it keeps receipts, and a dry run of it stands upon the lines before."""

    receipts: list[Receipt] = field(default_factory=list)
    foreseen: Foreseen = field(default_factory=Foreseen)

    async def record(self, case_id: CaseId, command: Command, status: int = 200) -> Response:
        self.receipts.append(
            await self._foretold(case_id, command) if self.dry_run else await self.decided(case_id, command)
        )
        return Response()

    async def _foretold(self, case_id: CaseId, command: Command) -> Receipt:
        upon = self.foreseen.cases.get(case_id)
        if upon is None:
            receipt = await self.decided(case_id, command)
        else:
            await self.visitor.may(command.name(), f"case/{case_id}", noted=False)
            receipt = await self.services.recorder.foresee(
                case_id, command, upon, actor=self.visitor.actor, command_id=self.command_id
            )
        if isinstance(command, OpenCase) and self.foreseen.posts.setdefault(command.post.post_id, case_id) != case_id:
            raise post_is_taken(f"post/{command.post.post_id}")
        self.foreseen.cases[case_id] = receipt.case
        return receipt

    def rehearsing(self) -> "LineDoor":
        """The same line, tried by itself before it is recorded."""
        return replace(self, dry_run=True, receipts=[], foreseen=Foreseen())


async def open_with_nominee(door: LineDoor, step: Step) -> None:
    """A case is opened, and whom the line names is nominated in it: both, or neither."""
    cells = step.cells
    about_nominee = {name: cells.pop(name) for name in list(cells) if name.split(".")[0] in Nominee.model_fields}
    wanted = CaseWanted.model_validate(nested(cells))
    nominee = Nominee.model_validate(nested(about_nominee)) if about_nominee else None
    if nominee is not None and not door.dry_run:
        await _open(door.rehearsing(), wanted, nominee)
    await _open(door, wanted, nominee)


async def _open(door: LineDoor, wanted: CaseWanted, nominee: Nominee | None) -> None:
    await open_case(door, wanted)
    if nominee is not None:
        await nominate_candidate(replace(door, key=f"{door.key}/nominee"), door.receipts[-1].case_id, nominee)


async def hold_meeting(door: LineDoor, step: Step) -> None:
    """One meeting that decides many cases: the header says who was due, each line what they said on a candidate.

    Or, of a secret ballot, how many voted how; or why no vote was taken.
    """
    header, written = step.header, [step.header.cells(line) for line in step.lines]
    due = {place: _member(place, heading) for place, heading in header.members.items()}
    recused: set[int] = set()
    ballots, counts = [], []
    for line, cells in zip(step.lines, written, strict=True):
        said = {place: WORDS.get(cell, cell.lower()) for place, _, cell in header.members_of(line) if cell}
        recused |= {place for place, word in said.items() if word == RECUSED}
        ballots += _ballot(cells, due, said)
        counts += _count(cells)
    members = [replace(who, recused=who.recused or place in recused).body() for place, who in due.items()]
    votes = {"held_on": written[0]["held_on"], "members": members, "ballots": ballots, "counts": counts}
    body = MeetingHeld.model_validate(votes | nested(_of_the_meeting(written)))
    await hold_decision_meeting(door, case_of(written[0]), body)


def _of_the_meeting(written: Sequence[dict[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in OF_THE_MEETING:
        said = {MEETING_WORDS.get(cells[name], cells[name]) for cells in written if name in cells}
        if len(said) > 1:
            raise LineMalformed((name, "is said differently on lines of one meeting; say it once, or alike"))
        if said:
            found[name] = said.pop()
    return found


def _count(cells: dict[str, str]) -> list[dict[str, str]]:
    """How many voted how on the candidate of a line, where the ballot was secret."""
    counted = {name.partition(".")[2]: cell for name, cell in cells.items() if name.startswith("counts.")}
    if counted and "candidate_id" not in cells:
        raise LineMalformed(("candidate_id", "is empty, and the line has counts on somebody"))
    return [counted | {"candidate_id": cells["candidate_id"]}] if counted else []


def _ballot(cells: dict[str, str], due: dict[int, Attending], said: dict[int, str]) -> list[dict[str, Any]]:
    statements = []
    for place, word in said.items():
        if word == RECUSED:
            continue
        if word not in set(Statement):
            raise LineMalformed((f"column {column_letter(place)}", "is none of agree, disagree, defer or recused"))
        statements.append({"member": due[place].name, "says": word})
    if statements and "candidate_id" not in cells:
        raise LineMalformed(("candidate_id", "is empty, and the line has statements on somebody"))
    return [{"candidate_id": cells["candidate_id"], "statements": statements}] if statements else []


def _member(place: int, heading: str) -> Attending:
    marked, absent, why = heading.replace("：", ":").partition("=")
    parts = [WORDS.get(part.strip(), part.strip()) for part in marked.split(":")]
    try:
        return member(":".join(parts) + absent + why)
    except Unclear:
        how = "heads no member; write `member: NAME`, with :chief, :recused, :absent or :absent=reason after the name"
        raise LineMalformed((f"column {column_letter(place)}", how)) from None


Take = Callable[[LineDoor, Step], Awaitable[None]]


def _plain_step(body: type[BaseModel], route: Callable[[Any, Any, Any], Awaitable[Response]]) -> Take:
    async def take(door: LineDoor, step: Step) -> None:
        cells = step.cells
        case_id = case_of(cells)
        del cells["case_id"]
        await route(door, case_id, body.model_validate(nested(cells)))

    return take


TAKE: dict[str, Take] = {
    "open_case": open_with_nominee,
    "close_nominations": _plain_step(CloseNominations, close_nominations),
    "verify_training": _plain_step(VerifyTraining, verify_training),
    "open_public_notice": _plain_step(OpenPublicNotice, open_public_notice),
    "hold_decision_meeting": hold_meeting,
    "issue_appointment": _plain_step(IssueAppointment, issue_appointment),
}


def steps_of(action: str, header: Header, lines: Sequence[Line]) -> list[list[Step]]:
    """The steps in chains: those of one chain must be taken in order, chains in any.

    A chain is a case, or, where cases are opened, a post. Lines on one case and one day are one meeting.
    """
    about = "post_id" if action == "open_case" else "case_id"
    chains: dict[str, dict[object, list[Line]]] = {}
    for line in lines:
        together = header.raw(line, "held_on") if action in WITH_MEMBERS else line.number
        chains.setdefault(header.raw(line, about), {}).setdefault(together, []).append(line)
    return [[Step(header, tuple(found)) for found in chain.values()] for chain in chains.values()]
