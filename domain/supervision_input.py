"""What reaches supervision by its channels: labelled on three axes, and a lead until it is verified."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.identity import Actor, OfficerId, OrganId, PersonId, Role
from domain.refusal import ActsInOwnCase, Refusal, ReviewsOwnWork, WrongOrgan
from domain.supervision_problem import NamedOrgan, Subject

LABELS = "labels"
"""Labels are sealed by themselves: they outlive what is forgotten, so that the report of a quarter never changes."""
SEALED = "sealed for supervision; of a restricted item for the organ that recorded it alone"


class Membership(StrEnum):
    """Whether it comes from inside the party or from outside of it."""

    INNER_PARTY = "inner_party"
    NON_PARTY = "non_party"


class Voice(StrEnum):
    """Whose supervision it is: one of the specialised ones, or the masses'."""

    DISCIPLINE = "discipline"
    AUDIT = "audit"
    PETITIONS = "petitions"
    INSPECTION = "inspection"
    MASS = "mass"


class Source(StrEnum):
    """Whether it came by a regular way of the system, or was seen in public opinion."""

    SYSTEM = "system"
    PUBLIC_OPINION = "public_opinion"


class Secrecy(StrEnum):
    ORDINARY = "ordinary"
    RESTRICTED = "restricted"


class InputStatus(StrEnum):
    """How far an input has come; of a restricted one, all that others see."""

    RECORDED = "recorded"
    REFERRED = "referred"
    VERIFIED = "verified"
    DISMISSED = "dismissed"


SETTLED = frozenset({InputStatus.VERIFIED, InputStatus.DISMISSED})


class Labels(BaseModel):
    """The three axes by which every input is labelled.

    Source: F32, F33 and F35 of the mission.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    membership: Membership
    voice: Voice
    source: Source


class RecordInput(Command):
    """Take down what has reached supervision, with its labels."""

    labels: Labels
    subject: Subject | None = Field(None, description="what it is about; sealed")
    person_id: PersonId | None = Field(None, description="whom it is about; sealed")
    text: str = Field(min_length=10, max_length=8000, description=SEALED)
    secrecy: Secrecy = Secrecy.ORDINARY


class VerifyInput(Command):
    """Say that an input is true, and what showed it."""

    verified_with: str = Field(min_length=10, max_length=8000, description=SEALED)


class DismissInput(Command):
    """Say that nothing came of an input, and why."""

    reason: str = Field(min_length=10, max_length=8000, description=SEALED)


class ReferInput(Command):
    """Hand an input to the organ whose matter it is."""

    to: NamedOrgan
    remarks: str = Field(min_length=3, max_length=8000, description=SEALED)


class InputRecorded(Event):
    """Something has reached supervision. That it did, and whether it is restricted, is all that is public of it."""

    input_id: str
    secrecy: Secrecy
    organ: OrganId
    recorded_by: OfficerId
    labels: Annotated[Labels | None, Confidential(to=LABELS)] = None
    subject: Annotated[Subject | None, Confidential(to="input")] = None
    person_id: Annotated[PersonId | None, Confidential(to="input")] = None
    text: Annotated[str | None, Confidential(to="input")] = None


class InputVerified(Event):
    """An officer who had not recorded it found that it is true."""

    verified_with: Annotated[str | None, Confidential(to="input")] = None


class InputDismissed(Event):
    reason: Annotated[str | None, Confidential(to="input")] = None


class InputReferred(Event):
    to: Annotated[OrganId | None, Confidential(to="input")] = None
    remarks: Annotated[str | None, Confidential(to="input")] = None


class InputNotFound(Refusal):
    rule = "house.an_input_is_recorded_first"


class InputIsSettled(Refusal):
    rule = "house.a_settled_input_rests"


class LeadIsNoEvidence(Refusal):
    """Public opinion, and a secret lead, show nothing by themselves."""

    rule = "house.a_lead_is_no_evidence_until_it_is_verified"


@dataclass(frozen=True, slots=True)
class SupervisionInput:
    """An input as its events have made it. `labels` is there only where they could be opened."""

    id: str
    secrecy: Secrecy
    organ: OrganId
    recorded_by: OfficerId
    status: InputStatus = InputStatus.RECORDED
    labels: Labels | None = None

    @property
    def is_lead(self) -> bool:
        """Whether it shows nothing until somebody has verified it; where its labels are gone, it does not either."""
        ordinary = self.secrecy is Secrecy.ORDINARY and self.labels is not None
        return not ordinary or (self.labels is not None and self.labels.source is Source.PUBLIC_OPINION)

    def open_to(self, actor: Actor) -> bool:
        """Whether somebody of supervision reads it: a restricted one is for the organ that recorded it alone."""
        return Role.SUPERVISION in actor.roles and (self.secrecy is Secrecy.ORDINARY or actor.organ == self.organ)


def supervision_input_stream(input_id: str) -> StreamId:
    """The stream of an input."""
    return StreamId(f"supervision_input/{input_id}")


def fold_input(events: Iterable[Event]) -> SupervisionInput | None:
    """The input that a stream of events has made."""
    found: SupervisionInput | None = None
    for event in events:
        match event:
            case InputRecorded():
                said = (event.input_id, event.secrecy, event.organ, event.recorded_by)
                found = SupervisionInput(*said, labels=event.labels)
            case InputVerified() if found is not None:
                found = replace(found, status=InputStatus.VERIFIED)
            case InputDismissed() if found is not None:
                found = replace(found, status=InputStatus.DISMISSED)
            case InputReferred() if found is not None:
                found = replace(found, status=InputStatus.REFERRED)
    return found


def record_input(found: SupervisionInput | None, command: RecordInput, actor: Actor, input_id: str) -> list[Event]:
    """Supervision takes down what has reached it, about anybody but the officer who does.

    Source: F32, F33 and F35 of the mission.
    Refuses: WrongOrgan, ActsInOwnCase.
    """
    _by_supervision(command, actor)
    if command.person_id in actor.hands:
        raise ActsInOwnCase("This is about you. Another officer of supervision must do it.")
    return [InputRecorded(input_id=input_id, organ=actor.organ, recorded_by=actor.officer, **dict(command))]


def verify_input(found: SupervisionInput | None, command: VerifyInput, actor: Actor, input_id: str) -> list[Event]:
    """Another officer than the one who took it down says that it is true, and with what it was verified.

    Source: F35 of the mission (a lead, never evidence, until verified).
    Refuses: InputNotFound, WrongOrgan, InputIsSettled, ReviewsOwnWork.
    """
    known = _unsettled(found, command, actor, input_id)
    if known.recorded_by in actor.hands:
        raise ReviewsOwnWork(f"You recorded input {known.id}. Another officer of {known.organ} must do it.")
    return [InputVerified(verified_with=command.verified_with)]


def dismiss_input(found: SupervisionInput | None, command: DismissInput, actor: Actor, input_id: str) -> list[Event]:
    """An input of which nothing came is closed, with the reason, by another officer than the one who took it down.

    Refuses: InputNotFound, WrongOrgan, InputIsSettled, ReviewsOwnWork.
    """
    known = _unsettled(found, command, actor, input_id)
    if known.recorded_by in actor.hands:
        raise ReviewsOwnWork(f"You recorded input {known.id}. Another officer of {known.organ} must do it.")
    return [InputDismissed(reason=command.reason)]


def refer_input(found: SupervisionInput | None, command: ReferInput, actor: Actor, input_id: str) -> list[Event]:
    """An input goes to the organ whose matter it is; it can still be verified or dismissed here.

    Refuses: InputNotFound, WrongOrgan, InputIsSettled.
    """
    _unsettled(found, command, actor, input_id)
    return [InputReferred(to=command.to, remarks=command.remarks)]


def must_be_evidence(found: SupervisionInput, position: int) -> None:
    """A lead is cited as evidence only after it was verified.

    Source: F35 of the mission.
    Refuses: LeadIsNoEvidence.
    """
    if found.is_lead and found.status is not InputStatus.VERIFIED:
        raise LeadIsNoEvidence(
            f"Position {position} of the log belongs to a lead that nobody has verified, so it shows nothing. "
            "Have another officer of supervision verify it, or leave it out.",
            field="evidence",
            position=position,
        )


def _by_supervision(command: Command, actor: Actor) -> None:
    if Role.SUPERVISION not in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is for supervision, and you act for {actor.organ}. Ask supervision to do it.",
            organ=actor.organ,
        )


def _unsettled(found: SupervisionInput | None, command: Command, actor: Actor, input_id: str) -> SupervisionInput:
    _by_supervision(command, actor)
    if found is None:
        raise InputNotFound(f"There is no input “{input_id}”. Check its id in the list, or record one.")
    if not found.open_to(actor):
        raise WrongOrgan(
            f"Input {found.id} is a restricted item of another organ. Ask {found.organ} to act on it.",
            organ=actor.organ,
        )
    if found.status in SETTLED:
        raise InputIsSettled(f"Input {found.id} was {found.status} already. Record another one for what is new.")
    return found


INPUT_EVENTS: tuple[type[Event], ...] = (InputRecorded, InputVerified, InputDismissed, InputReferred)
INPUTS: dict[type[Command], Callable[[SupervisionInput | None, Any, Actor, str], list[Event]]] = {
    RecordInput: record_input,
    VerifyInput: verify_input,
    DismissInput: dismiss_input,
    ReferInput: refer_input,
}
"""Every command about an input with its decide function."""
