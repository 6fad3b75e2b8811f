"""The minutes of a meeting: taken once, sealed, and never edited. What is found later is added beside them."""

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from domain.appointment import Case, CaseEvent, under_way
from domain.attendance import Member
from domain.ballot import Ballot
from domain.choice import decision_stage
from domain.command import Command, held_by, nobody_acts_for_themselves
from domain.event import Confidential, Event
from domain.identity import OfficerId
from domain.law import Frozen
from domain.occasion import Occasion
from domain.refusal import UnknownChoice

LONGEST_LINE = 500


class Proceedings(Frozen):
    """How a meeting went, beside who was there and what each said.

    Source: a local rule on minutes: title, place, chair, observers, recorder, agenda,
    reporter, resolutions one by one.
    """

    title: str | None = Field(None, max_length=300)
    place: str | None = Field(None, max_length=300)
    chair: OfficerId | None = None
    recorder: OfficerId | None = None
    reporter: OfficerId | None = None
    observers: tuple[OfficerId, ...] = Field((), max_length=100)
    agenda: tuple[str, ...] = Field((), max_length=50)
    resolutions: tuple[str, ...] = Field((), max_length=50)

    @field_validator("agenda", "resolutions")
    @classmethod
    def lines_are_short(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValueError(f"a line has at most {LONGEST_LINE} characters; write one line for each item")
        return lines


class Minutes(Frozen):
    """Who was there, what each said, and what was resolved; sealed for the deciding body, supervision and auditors.

    `unresolved` is what made the body defer its vote. Minutes of a secret ballot hold no ballots.
    """

    members: tuple[Member, ...]
    ballots: tuple[Ballot, ...] = ()
    proceedings: Proceedings | None = None
    unresolved: str | None = None


class AnnotateMinutes(Command):
    """Add a note to minutes. There is no command that changes them."""

    meeting_id: str = Field(max_length=60)
    note: str = Field(min_length=10, max_length=4000)


class MinutesAnnotated(CaseEvent):
    """A note was added to minutes, which stand as they were taken."""

    meeting_id: str
    annotated_on: date
    note: Annotated[str | None, Confidential(to="decision_body")] = None


def annotate_minutes(case: Case, command: AnnotateMinutes, on: Occasion) -> list[Event]:
    """A note is its own event: it adds to the minutes of a meeting, and replaces nothing in them.

    Refuses: CaseNotFound, CaseIsSuspended, CaseHasEnded, WrongOrgan, ActsInOwnCase, NothingIsDecided,
    UnknownChoice.
    """
    live = under_way(case)
    held_by(decision_stage(on.pack).duty.holder, command, on)
    nobody_acts_for_themselves(live, command, on)
    if command.meeting_id not in live.meetings:
        known = ", ".join(live.meetings) or "none"
        raise UnknownChoice(
            f"“{command.meeting_id}” is not a meeting of this case; choose one of {known}.",
            field="meeting_id",
            known=list(live.meetings),
        )
    return [MinutesAnnotated(meeting_id=command.meeting_id, annotated_on=on.today, note=command.note)]
