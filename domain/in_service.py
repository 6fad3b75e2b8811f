"""The in-service register: who serves in which unit at which rank. Personnel keep it; what they study, the school."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.event import Event, Personal
from domain.identity import Actor, PersonId, Role
from domain.refusal import Refusal, WrongOrgan
from domain.training_file import FileEvent, Service, TrainingFile
from domain.working_days import latest_today

LONGEST_INTERRUPTION_DAYS = 183


class RegisterService(Command):
    """Personnel put on register where somebody serves, or that they serve elsewhere now."""

    person_id: PersonId
    unit: str = Field(min_length=1, max_length=120)
    pack: str = Field(max_length=80, description="the pack whose ranks are meant")
    rank: str = Field(max_length=80)
    since_on: date = Field(ge=date(1900, 1, 1), description="first day in this unit at this rank")


class EndService(Command):
    """Personnel take somebody off the register who has left."""

    person_id: PersonId
    until_on: date = Field(description="last day of service")


class ServiceRegistered(FileEvent):
    """Somebody serves in a unit at a rank from a day on."""

    unit: Annotated[str | None, Personal(of="person_id")] = None
    pack_id: Annotated[str | None, Personal(of="person_id")] = None
    rank: Annotated[str | None, Personal(of="person_id")] = None
    since_on: Annotated[date | None, Personal(of="person_id")] = None

    @property
    def service(self) -> Service | None:
        """What it says, as long as it can be opened."""
        if self.unit is None or self.pack_id is None or self.rank is None or self.since_on is None:
            return None
        return Service(self.unit, self.pack_id, self.rank, self.since_on)

    def apply(self, file: TrainingFile) -> TrainingFile:
        entered_on = file.in_service_since or _taken_up_again(file, self.since_on) or self.since_on
        return replace(file, service=self.service, in_service_since=entered_on, served_since=None)


def _taken_up_again(file: TrainingFile, since_on: date | None) -> date | None:
    """First day of a service that was only interrupted: else whoever failed their years would leave for a day.

    Source: a rule of the house; the practices that count years (S79) say nothing of breaks.
    Units: days of the break.
    """
    until_on = file.service.until_on if file.service else None
    if until_on is None or since_on is None or (since_on - until_on).days > LONGEST_INTERRUPTION_DAYS:
        return None
    return file.served_since


class ServiceEnded(FileEvent):
    until_on: Annotated[date | None, Personal(of="person_id")] = None

    def apply(self, file: TrainingFile) -> TrainingFile:
        if file.service is None:
            return file
        left = replace(file.service, until_on=self.until_on)
        return replace(file, service=left, in_service_since=None, served_since=file.in_service_since)


class RegistersThemselves(Refusal):
    rule = "house.nobody_registers_their_own_service"


class NotInService(Refusal):
    rule = "house.service_begins_before_it_ends"


class ServiceDatesWrong(Refusal):
    rule = "house.service_begins_before_it_ends"
    unlawful = False


def register_service(file: TrainingFile, command: RegisterService, *, actor: Actor, at: datetime) -> list[Event]:
    """Personnel put somebody on the register, or move them in it; saying the same again changes nothing.

    Source: features F26.
    Refuses: WrongOrgan, RegistersThemselves, ServiceDatesWrong.
    """
    _by_personnel(command, actor)
    said = Service(command.unit, command.pack, command.rank, command.since_on)
    if file.service == said:
        return []
    if command.since_on > latest_today(at):
        raise ServiceDatesWrong(
            f"Service from {command.since_on:%-d %B %Y} is still to come. Register it when it has begun.",
            field="since_on",
        )
    if file.service is not None and command.since_on < (first := file.service.until_on or file.service.since_on):
        word = "since" if file.service.until_on is None else "until"
        raise ServiceDatesWrong(
            f"The register has them in {file.service.unit} {word} {first:%-d %B %Y}, and "
            f"{command.since_on:%-d %B %Y} is before that. State the first day in the new place.",
            field="since_on",
        )
    registered = ServiceRegistered(
        person_id=file.person,
        unit=command.unit,
        pack_id=command.pack,
        rank=command.rank,
        since_on=command.since_on,
    )
    return [registered]


def end_service(file: TrainingFile, command: EndService, *, actor: Actor, at: datetime) -> list[Event]:
    """Personnel take somebody off the register on their last day.

    Refuses: WrongOrgan, RegistersThemselves, NotInService, ServiceDatesWrong.
    """
    _by_personnel(command, actor)
    service = file.service
    if service is None or service.until_on is not None:
        raise NotInService("This person is not on the register. Register their service first.")
    if not service.since_on <= command.until_on <= latest_today(at):
        raise ServiceDatesWrong(
            f"Service that began on {service.since_on:%-d %B %Y} cannot end on {command.until_on:%-d %B %Y}. "
            "State a day between its first and today.",
            field="until_on",
        )
    return [ServiceEnded(person_id=file.person, until_on=command.until_on)]


def _by_personnel(command: RegisterService | EndService, actor: Actor) -> None:
    if Role.PERSONNEL not in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is the personnel department's, which keeps the register of who serves. Ask it.",
            duty_holder=str(Role.PERSONNEL),
            organ=actor.organ,
        )
    if command.person_id in actor.hands:
        raise RegistersThemselves("You cannot register your own service. Another officer of personnel must do it.")
