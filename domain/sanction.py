"""A sanction of a person for wrongdoing: when the wrongdoing began says which appointments it throws doubt on."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.identity import Actor, PersonId, Role
from domain.refusal import Refusal, WrongOrgan
from domain.supervision_rules import Severity
from domain.working_days import latest_today


class RecordSanction(Command):
    """Put on record that somebody was sanctioned."""

    person_id: PersonId
    severity: Severity
    wrongdoing_from_on: date = Field(description="first day of the wrongdoing")
    decided_on: date
    grounds: str = Field(min_length=10, max_length=8000, description="sealed for supervision")


class SanctionRecorded(Event):
    """Somebody was sanctioned. The record names a pseudonym; what they did is sealed."""

    sanction_id: str
    person_id: PersonId
    severity: Severity
    wrongdoing_from_on: date
    decided_on: date
    grounds: Annotated[str | None, Confidential(to="supervision")] = None


class SanctionDatesWrong(Refusal):
    rule = "house.wrongdoing_comes_before_its_sanction"
    unlawful = False


class SanctionsThemselves(Refusal):
    rule = "house.nobody_acts_in_their_own_case"


def sanction_stream(sanction_id: str) -> StreamId:
    """The stream of a sanction."""
    return StreamId(f"sanction/{sanction_id}")


def record_sanction(sanction_id: str, command: RecordSanction, *, actor: Actor, at: datetime) -> list[Event]:
    """Supervision records a sanction with the first day of the wrongdoing; what follows of it follows by itself.

    Source: features F10; cn.sr2019: accountability measures of 2010 (S16b).
    Refuses: WrongOrgan, SanctionsThemselves, SanctionDatesWrong.
    """
    if Role.SUPERVISION not in actor.roles:
        raise WrongOrgan("A sanction is recorded by supervision. Ask supervision to do it.", organ=actor.organ)
    if command.person_id in actor.hands:
        raise SanctionsThemselves("You cannot record your own sanction. Another officer of supervision must do it.")
    latest = latest_today(at)
    if not command.wrongdoing_from_on <= command.decided_on <= latest:
        raise SanctionDatesWrong(
            f"Wrongdoing from {command.wrongdoing_from_on:%-d %B %Y}, a sanction of {command.decided_on:%-d %B %Y} and "
            f"today ({latest:%-d %B %Y} at the latest) do not follow each other. State the days in that order.",
            field="wrongdoing_from_on",
        )
    return [SanctionRecorded(sanction_id=sanction_id, **command.model_dump())]
