"""A check of somebody is asked once: within its validity both departments use its result, and each use is recorded.

What was found is sealed with the person's own key, so it goes when they are forgotten.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from domain.command import Command
from domain.event import Event, Personal, StreamId
from domain.identity import CaseId, OfficerId, OrganId, PersonId, short_id
from domain.joint_supervision_rule import DEPARTMENTS
from domain.occasion import Occasion
from domain.refusal import ActsInOwnCase, Refusal, WrongOrgan
from domain.supervision_problem import NamedOrgan
from domain.working_days import Window


class CheckKind(StrEnum):
    """What is looked into.

    Source: the four checks before a motion (domain rules 1.1: file, personal matters, discipline opinion, petitions).
    """

    FILE = "file"
    PERSONAL_MATTERS = "personal_matters"
    DISCIPLINE_OPINION = "discipline_opinion"
    PETITIONS = "petitions"
    AUDIT = "audit"
    OTHER = "other"


class RequestCheck(Command):
    """Have somebody checked, or use the check that there is."""

    person_id: PersonId
    kind: CheckKind
    asked: NamedOrgan = Field(description="the organ that checks, when there is no check to use")
    case_id: CaseId | None = Field(None, pattern="^[0-9a-z]{12}$", description="the case that it is for")


class RecordCheck(Command):
    """Say what a check found."""

    person_id: PersonId
    kind: CheckKind
    outcome: str = Field(min_length=2, max_length=8000, description="sealed with the person's own key")
    valid_until_on: date | None = Field(None, description="an earlier day than the pack's")


class CheckRequested(Event):
    """Nothing valid was there, so an organ is asked to check, by a day until which others wait with the asker."""

    under: ClassVar[tuple[str, ...]] = ("joint_supervision.request_answered",)
    person_id: PersonId
    kind: CheckKind
    number: int
    asked: OrganId
    requested_by: OrganId
    officer: OfficerId
    requested_on: date
    due: Window
    case_id: CaseId | None = None


class CheckReused(Event):
    """What is there, or asked for already, is used instead of asking again."""

    under: ClassVar[tuple[str, ...]] = ("joint_supervision.check_valid",)
    person_id: PersonId
    kind: CheckKind
    number: int
    reused_by: OrganId
    officer: OfficerId
    reused_on: date
    case_id: CaseId | None = None


class CheckRecorded(Event):
    under: ClassVar[tuple[str, ...]] = ("joint_supervision.check_valid",)
    person_id: PersonId
    kind: CheckKind
    number: int
    recorded_on: date
    valid_until_on: date
    outcome: Annotated[str | None, Personal(of="person_id")] = None


class CheckRead(Event):
    """Somebody has read what a check found."""

    officer: OfficerId
    person_id: PersonId
    kind: CheckKind


class CheckNotRequested(Refusal):
    rule = "house.a_check_is_requested_first"


class ValidLongerThanTheRule(Refusal):
    rule = "joint_supervision.check_valid"


@dataclass(frozen=True, slots=True)
class Check:
    """The latest check of a kind of somebody, as its events have made it."""

    person: PersonId
    kind: CheckKind
    number: int
    asked: OrganId
    due_on: date
    recorded_on: date | None = None
    valid_until_on: date | None = None
    reused: int = 0

    def serves(self, today: date) -> bool:
        """Whether it is used instead of asking anew: its result while that is valid, and before it until its day."""
        return today <= (self.valid_until_on or self.due_on)


def check_id_of(person: PersonId, kind: CheckKind) -> str:
    """The id under which all checks of a kind of somebody stand."""
    return short_id("check", person, kind)


def check_stream(person: PersonId, kind: CheckKind) -> StreamId:
    """The stream of the checks of a kind of somebody."""
    return StreamId(f"check/{check_id_of(person, kind)}")


def fold_check(events: Iterable[Event]) -> Check | None:
    """The latest check that a stream of events has made."""
    check: Check | None = None
    for event in events:
        match event:
            case CheckRequested():
                check = Check(event.person_id, event.kind, event.number, event.asked, event.due.closes_on)
            case CheckRecorded() if check:
                check = replace(check, recorded_on=event.recorded_on, valid_until_on=event.valid_until_on)
            case CheckReused() if check:
                check = replace(check, reused=check.reused + 1)
    return check


def request_check(check: Check | None, command: RequestCheck, on: Occasion) -> list[Event]:
    """Either department has somebody checked; what is there already is used, and that it was is recorded.

    Source: F49 of the mission; the pack's `joint_supervision.check_valid` and `request_answered`.
    Refuses: WrongOrgan, ActsInOwnCase, BeyondTheCalendar.
    """
    if not any(on.acts_as(role) for role in DEPARTMENTS):
        raise WrongOrgan(
            "Checks are requested by the two departments that supervise together. Ask one of them to do it.",
            organ=on.actor.organ,
        )
    _not_of_oneself(command.person_id, on)
    about = {"person_id": command.person_id, "kind": command.kind, "case_id": command.case_id}
    who = {"officer": on.actor.officer}
    if check is not None and check.serves(on.today):
        return [CheckReused(**about, **who, number=check.number, reused_by=on.actor.organ, reused_on=on.today)]
    number = check.number + 1 if check else 1
    due = on.due(on.pack.joint_supervision.request_answered.value)
    asked = {"asked": command.asked, "requested_by": on.actor.organ, "requested_on": on.today, "due": due}
    return [CheckRequested(**about, **who, **asked, number=number)]


def record_check(check: Check | None, command: RecordCheck, on: Occasion) -> list[Event]:
    """The organ that was asked says what it found, and until when that may be used; late is taken, too.

    Refuses: CheckNotRequested, WrongOrgan, ActsInOwnCase, ValidLongerThanTheRule, BeyondTheCalendar.
    """
    if check is None or check.recorded_on is not None:
        raise CheckNotRequested("No check of that kind of this person waits for a result. Request one first.")
    if on.actor.organ != check.asked:
        raise WrongOrgan(
            f"It is for {check.asked} to check, and you act for {on.actor.organ}. Ask them.", organ=on.actor.organ
        )
    _not_of_oneself(command.person_id, on)
    last = on.due(on.pack.joint_supervision.check_valid.value).closes_on
    until = command.valid_until_on or last
    if not on.today <= until <= last:
        raise ValidLongerThanTheRule(
            f"A check of today is used until {last:%-d %B %Y} at the latest; you state {until:%-d %B %Y}. "
            "State a day between, or leave `valid_until_on` out.",
            citation=on.cite("joint_supervision.check_valid"),
            field="valid_until_on",
            latest=last,
        )
    about = {"person_id": command.person_id, "kind": command.kind, "number": check.number}
    return [CheckRecorded(**about, recorded_on=on.today, valid_until_on=until, outcome=command.outcome)]


def _not_of_oneself(person: PersonId, on: Occasion) -> None:
    if person in on.actor.hands:
        raise ActsInOwnCase("Nobody has part in a check of themselves. Another officer must do it.")


CHECK_EVENTS: tuple[type[Event], ...] = (CheckRequested, CheckReused, CheckRecorded, CheckRead)

CHECKING: dict[type[Command], Callable[[Check | None, Any, Occasion], list[Event]]] = {
    RequestCheck: request_check,
    RecordCheck: record_check,
}
"""Every command about a check with its decide function."""
