"""Forgetting a person: personnel propose it, another officer of supervision approves it, and their key is destroyed.

What was wished and by whom stays on the log under a pseudonym; what was said about the person goes with their key.
Days are counted in UTC: a person belongs to no one case whose jurisdiction could say otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field

from domain.command import Command
from domain.event import Event, Personal, StreamId
from domain.identity import Actor, OfficerId, PersonId, Role
from domain.kept_person import Ties, nothing_keeps
from domain.refusal import Refusal, WrongOrgan

FORGETTINGS = uuid5(NAMESPACE_URL, "investiture/forgetting")


class Ground(StrEnum):
    """Why somebody is to be forgotten, as everybody may know it."""

    REQUEST = "request"
    ORDER = "order"
    RETENTION = "retention"


class ForgettingState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"


class ProposeForgetting(Command):
    """Personnel propose that somebody be forgotten."""

    person_id: PersonId
    ground: Ground
    reason: str = Field(min_length=10, max_length=4000)


class ApproveForgetting(Command):
    """Supervision approve it; what follows cannot be taken back."""

    person_id: PersonId


class RefuseForgetting(Command):
    """Supervision refuse it."""

    person_id: PersonId
    reason: str = Field(min_length=10, max_length=4000)


class WithdrawForgetting(Command):
    """Personnel take back what they proposed, as long as it was not approved."""

    person_id: PersonId


class ForgettingProposed(Event):
    """The reason is sealed with the person's own key, so that it goes with it."""

    person_id: PersonId
    ground: Ground
    proposed_on: date
    proposed_by: tuple[OfficerId, ...]
    reason: Annotated[str | None, Personal(of="person_id")] = None


class ForgettingApproved(Event):
    """From here on the person's key may be destroyed, and nothing else allows it."""

    person_id: PersonId
    approved_on: date
    approved_by: tuple[OfficerId, ...]


class ForgettingRefused(Event):
    person_id: PersonId
    refused_on: date
    reason: Annotated[str | None, Personal(of="person_id")] = None


class ForgettingWithdrawn(Event):
    person_id: PersonId
    withdrawn_on: date


class PersonForgotten(Event):
    """The tombstone: the key is destroyed and the sealed parts are deleted, how many, why, and on whose approval."""

    person_id: PersonId
    forgotten_on: date
    ground: Ground
    approved_on: date
    proposed_by: tuple[OfficerId, ...]
    approved_by: tuple[OfficerId, ...]
    sealed_parts: int


@dataclass(frozen=True, slots=True)
class Forgetting:
    """A wish that somebody be forgotten, as its events have made it."""

    person: PersonId
    ground: Ground
    state: ForgettingState
    since_on: date
    proposed_by: tuple[OfficerId, ...]
    approved_by: tuple[OfficerId, ...] = ()
    sealed_parts: int | None = None

    @property
    def awaits(self) -> bool:
        """Whether supervision has still to say yes or no."""
        return self.state is ForgettingState.PROPOSED


class NoForgettingProposed(Refusal):
    rule = "house.a_forgetting_is_proposed_first"


class ForgettingUnderWay(Refusal):
    rule = "house.one_forgetting_at_a_time"


class AlreadyForgotten(Refusal):
    rule = "house.the_forgotten_stay_forgotten"


class OneHandForgets(Refusal):
    """Forgetting takes two officers of two departments, and neither is the person."""

    rule = "house.forgetting_takes_two_departments"


def forgetting_stream(person: PersonId) -> StreamId:
    """The stream of whether, why and when somebody was forgotten."""
    return StreamId(f"forgetting/{person}")


def tombstone_command_id(person: PersonId) -> UUID:
    """The command id of a tombstone: the same from every process and after every crash."""
    return uuid5(FORGETTINGS, person)


def fold_forgetting(events: Iterable[Event]) -> Forgetting | None:
    """What became of the latest wish in a stream of events."""
    found: Forgetting | None = None
    for event in events:
        if isinstance(event, ForgettingProposed):
            proposed = ForgettingState.PROPOSED
            found = Forgetting(event.person_id, event.ground, proposed, event.proposed_on, event.proposed_by)
        elif found is not None:
            found = _after(found, event)
    return found


def _after(found: Forgetting, event: Event) -> Forgetting:
    match event:
        case ForgettingApproved(approved_on=day):
            return replace(found, state=ForgettingState.APPROVED, since_on=day, approved_by=event.approved_by)
        case ForgettingRefused(refused_on=day):
            return replace(found, state=ForgettingState.REFUSED, since_on=day)
        case ForgettingWithdrawn(withdrawn_on=day):
            return replace(found, state=ForgettingState.WITHDRAWN, since_on=day)
        case PersonForgotten(forgotten_on=day, sealed_parts=parts):
            return replace(found, state=ForgettingState.FORGOTTEN, since_on=day, sealed_parts=parts)
    return found


def propose_forgetting(
    found: Forgetting | None, command: ProposeForgetting, *, actor: Actor, at: datetime, ties: Ties
) -> list[Event]:
    """Personnel propose to forget somebody whom nothing keeps on record.

    Source: features, cross-cutting: retention and erasure; regimes with a ceiling ask for it (S58).
    Refuses: WrongOrgan, OneHandForgets, ForgettingUnderWay, AlreadyForgotten, and whatever `nothing_keeps` refuses.
    """
    _by(Role.PERSONNEL, command, actor)
    _not_forgotten(found)
    if found is not None and found.state in (ForgettingState.PROPOSED, ForgettingState.APPROVED):
        raise ForgettingUnderWay(
            f"Forgetting {command.person_id} has been {found.state} since {found.since_on:%-d %B %Y}. "
            "Wait for what becomes of it."
        )
    nothing_keeps(command.person_id, ties)
    return [
        ForgettingProposed(
            person_id=command.person_id,
            ground=command.ground,
            proposed_on=at.astimezone(UTC).date(),
            proposed_by=tuple(sorted(actor.hands)),
            reason=command.reason,
        )
    ]


def approve_forgetting(
    found: Forgetting | None, command: ApproveForgetting, *, actor: Actor, at: datetime, ties: Ties
) -> list[Event]:
    """Another officer, of supervision, approves; nothing may have come up meanwhile that keeps the person.

    Refuses: WrongOrgan, OneHandForgets, NoForgettingProposed, AlreadyForgotten, and whatever `nothing_keeps` refuses.
    """
    _judged_by_another(found, command, actor)
    nothing_keeps(command.person_id, ties)
    approver = tuple(sorted(actor.hands))
    return [
        ForgettingApproved(person_id=command.person_id, approved_on=at.astimezone(UTC).date(), approved_by=approver)
    ]


def refuse_forgetting(
    found: Forgetting | None, command: RefuseForgetting, *, actor: Actor, at: datetime
) -> list[Event]:
    """Another officer, of supervision, refuses and says why.

    Refuses: WrongOrgan, OneHandForgets, NoForgettingProposed, AlreadyForgotten.
    """
    _judged_by_another(found, command, actor)
    return [ForgettingRefused(person_id=command.person_id, refused_on=at.astimezone(UTC).date(), reason=command.reason)]


def withdraw_forgetting(
    found: Forgetting | None, command: WithdrawForgetting, *, actor: Actor, at: datetime
) -> list[Event]:
    """Personnel take back what was proposed and not yet judged.

    Refuses: WrongOrgan, OneHandForgets, NoForgettingProposed, AlreadyForgotten.
    """
    _by(Role.PERSONNEL, command, actor)
    _awaiting(found, command.person_id)
    return [ForgettingWithdrawn(person_id=command.person_id, withdrawn_on=at.astimezone(UTC).date())]


def _judged_by_another(found: Forgetting | None, command: ApproveForgetting | RefuseForgetting, actor: Actor) -> None:
    _by(Role.SUPERVISION, command, actor)
    if actor.hands & set(_awaiting(found, command.person_id).proposed_by):
        raise OneHandForgets(
            f"You proposed to forget {command.person_id}, so you cannot judge it. "
            "Another officer, of supervision, must do it."
        )


def _awaiting(found: Forgetting | None, person: PersonId) -> Forgetting:
    _not_forgotten(found)
    if found is None or not found.awaits:
        last = f"the last proposal was {found.state} on {found.since_on:%-d %B %Y}" if found else "nobody proposed it"
        raise NoForgettingProposed(f"Forgetting {person} awaits no answer: {last}. Ask personnel to propose it.")
    return found


def _not_forgotten(found: Forgetting | None) -> None:
    if found is not None and found.state is ForgettingState.FORGOTTEN:
        raise AlreadyForgotten(
            f"The person {found.person} was forgotten on {found.since_on:%-d %B %Y}, and nothing is left to do. "
            "Read the tombstone."
        )


def _by(
    role: Role, command: ProposeForgetting | ApproveForgetting | RefuseForgetting | WithdrawForgetting, actor: Actor
) -> None:
    if role not in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is for {role}, and you act as {', '.join(actor.roles)}. Ask {role} to do it.",
            duty_holder=str(role),
            organ=actor.organ,
        )
    if {Role.PERSONNEL, Role.SUPERVISION} <= set(actor.roles) or command.person_id in actor.hands:
        raise OneHandForgets(
            f"`{command.name()}` is done for one department, and about somebody else. "
            "Come with a token for one office, or ask another officer."
        )
