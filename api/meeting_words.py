"""A meeting as a clerk writes it on a command line, and as the API takes it; whether it decides is not for here."""

from dataclasses import dataclass
from typing import Any

from domain.choice import Deferral
from domain.decision import Statement

MARKS = ("absent", "recused", "chief")
STATEMENTS = tuple(str(statement) for statement in Statement)
EVERYBODY = "all"
PUT_OFF = tuple(str(why) for why in (Deferral.LARGE_DISAGREEMENT, Deferral.UNCLEAR_QUESTION))


class Unclear(ValueError):
    """What was written cannot be read as a part of a meeting; the sentence says which part, and how to write it."""


@dataclass(frozen=True, slots=True)
class Attending:
    """A member who was due, as written: NAME[:chief][:recused][:absent[=REASON]]."""

    name: str
    present: bool = True
    recused: bool = False
    chief: bool = False
    absent_because: str | None = None

    @property
    def votes(self) -> bool:
        """Whether a statement of theirs is expected."""
        return self.present and not self.recused

    def body(self) -> dict[str, Any]:
        """The member as the API takes them."""
        said = {"member": self.name, "present": self.present, "recused": self.recused, "chief": self.chief}
        return said | ({"absent_because": self.absent_because} if self.absent_because else {})


def member(written: str) -> Attending:
    """A member who was due.

    Refuses: Unclear; also for a mark that is none, since a mistyped absence would make somebody present.
    """
    before, _, why = written.partition("=")
    name, *marks = (part.strip() for part in before.split(":"))
    if unknown := [mark for mark in marks if mark not in MARKS]:
        raise Unclear(
            f"“{unknown[0]}” in “{written}” is no mark; choose of {', '.join(MARKS)}. "
            "A member whose identifier holds a colon is recorded with --file."
        )
    if not name or (why and marks[-1:] != ["absent"]):
        raise Unclear(f"“{written}” is no member. Write NAME, NAME:chief, NAME:recused or NAME:absent=reason.")
    return Attending(name, "absent" not in marks, "recused" in marks, "chief" in marks, why.strip() or None)


def ballot(written: str, voting: list[str]) -> dict[str, Any]:
    """The statements on one candidate, in the order in which they were made.

    `CANDIDATE=agree,disagree` follows the order of the members who vote; `CANDIDATE=name:agree,other:defer` says its
    own; `CANDIDATE=all:agree` is everybody's.
    Refuses: Unclear.
    """
    candidate, given, said = (part.strip() for part in written.partition("="))
    if not given or not candidate or not said:
        raise Unclear(f"“{written}” is no ballot. Write CANDIDATE=agree,agree,disagree in the order of the members.")
    statements = [_statement(part.strip(), written) for part in said.split(",")]
    return {"candidate_id": candidate, "statements": _attributed(statements, voting, written)}


def count(written: str) -> dict[str, Any]:
    """How many voted how on one candidate in a secret ballot, as `CANDIDATE=6,3` or `CANDIDATE=6,2,1`.

    Refuses: Unclear; also for a name, since of a secret ballot nobody may be named.
    """
    candidate, _, said = (part.strip() for part in written.partition("="))
    numbers = [part.strip() for part in said.split(",")]
    if not candidate or len(numbers) not in (2, 3) or not all(number.isdecimal() for number in numbers):
        raise Unclear(f"“{written}” is no count. Write CANDIDATE=FOR,AGAINST or CANDIDATE=FOR,AGAINST,DEFERRED.")
    in_favour, against, deferred = (int(number) for number in (*numbers, "0")[:3])
    return {"candidate_id": candidate, "in_favour": in_favour, "against": against, "deferred": deferred}


def put_off(written: str) -> dict[str, Any]:
    """Why no vote was taken, as `unclear_question=REASON`.

    Refuses: Unclear.
    """
    why, given, reason = (part.strip() for part in written.partition("="))
    if why not in PUT_OFF or not given or not reason:
        raise Unclear(f"“{written}” is no reason. Write {' or '.join(f'{known}=REASON' for known in PUT_OFF)}.")
    return {"why": why, "reason": reason}


def proceedings(**said: str | list[str] | None) -> dict[str, Any] | None:
    """How the meeting went, as the API takes it; None when nothing was said of it."""
    return {name: found for name, found in said.items() if found} or None


def meeting(held_on: str, members: list[str], votes: list[str]) -> dict[str, Any]:
    """The meeting as the API takes it.

    Refuses: Unclear.
    """
    attending = [member(written) for written in members]
    voting = [found.name for found in attending if found.votes]
    return {
        "held_on": held_on,
        "members": [found.body() for found in attending],
        "ballots": [ballot(written, voting) for written in votes],
    }


def _statement(written: str, ballot: str) -> tuple[str | None, str]:
    name, named, word = written.rpartition(":")
    if word not in STATEMENTS:
        raise Unclear(f"“{word}” in “{ballot}” is no statement; choose of {', '.join(STATEMENTS)}.")
    return (name if named else None), word


def _attributed(statements: list[tuple[str | None, str]], voting: list[str], ballot: str) -> list[dict[str, str]]:
    if [name for name, _ in statements] == [EVERYBODY]:
        return [{"member": name, "says": statements[0][1]} for name in voting]
    if all(name is not None for name, _ in statements):
        return [{"member": name or "", "says": word} for name, word in statements]
    if any(name is not None for name, _ in statements):
        raise Unclear(f"“{ballot}” names some members and not others. Name all of them, or none.")
    if len(statements) != len(voting):
        raise Unclear(
            f"“{ballot}” has {len(statements)} statements, and {len(voting)} members vote: {', '.join(voting)}. "
            "Write one statement of each, in the order in which they spoke."
        )
    return [{"member": name, "says": word} for name, (_, word) in zip(voting, statements, strict=True)]
