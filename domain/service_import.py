"""A file of the in-service register that personnel send: that it came, and from whom; each line is a registration."""

from pydantic import Field

from domain.command import Command
from domain.event import Event, StreamId
from domain.identity import Actor, OrganId, Role
from domain.refusal import WrongOrgan


class ImportServices(Command):
    """Personnel send a file that says where many people serve."""

    lines: int = Field(ge=1)


class ServiceImportReceived(Event):
    """A file of the in-service register came."""

    import_id: str
    organ: OrganId
    lines: int


def service_import_stream(import_id: str) -> StreamId:
    """The stream of a file: who sent it."""
    return StreamId(f"service_import/{import_id}")


def import_services(import_id: str, command: ImportServices, *, actor: Actor) -> list[Event]:
    """Personnel send a file of the register that they keep; each line is registered as it would be by itself.

    Source: features F26.
    Refuses: WrongOrgan.
    """
    if Role.PERSONNEL not in actor.roles:
        raise WrongOrgan(
            "`import_services` is the personnel department's, which keeps the register of who serves. Ask it.",
            duty_holder=str(Role.PERSONNEL),
            organ=actor.organ,
        )
    return [ServiceImportReceived(import_id=import_id, organ=actor.organ, lines=command.lines)]
