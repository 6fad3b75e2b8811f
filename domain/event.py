"""What an event is: a fact with a durable name, some of whose fields are not for everybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, NewType, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from domain.identity import Actor
from domain.naming import snake_case

StreamId = NewType("StreamId", str)
CommandId = NewType("CommandId", str)


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field sealed with the key of the person whose id stands in the field `of`."""

    of: str


@dataclass(frozen=True, slots=True)
class Confidential:
    """Marks a field sealed with a key of this stream that only the named audience may use."""

    to: str


class Event(BaseModel):
    """A fact of the log. A field marked personal or confidential reads as None once it cannot be opened."""

    # An error that quoted its input would carry what is sealed into a log file or a report.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    alias: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1
    sealed_fields: ClassVar[dict[str, Personal | Confidential]] = {}
    under: ClassVar[tuple[str, ...]] = ()

    def rules_applied(self) -> tuple[str, ...]:
        """Paths of the pack's rules that this event was recorded under."""
        return self.under

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        cls.alias = snake_case(cls.__name__)
        cls.sealed_fields = {
            name: mark
            for name, field in cls.model_fields.items()
            for mark in field.metadata
            if isinstance(mark, Personal | Confidential)
        }

    def without_sealed(self) -> Self:
        """The event as anybody may read it."""
        return self.model_copy(update=dict.fromkeys(self.sealed_fields))


@dataclass(frozen=True, slots=True)
class PackReference:
    """One version of a policy pack, pinned by the digest of its text."""

    id: str
    version: int
    digest: str

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


E = TypeVar("E", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E]):
    """An event as the log holds it: who, when, by which command, in which place, under which hash."""

    position: int
    stream: StreamId
    version: int
    event: E
    recorded_at: datetime
    actor: Actor
    command_id: CommandId
    causation: str | None
    pack: PackReference | None
    rules: tuple[str, ...]
    hash: bytes
    sealed: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        return self.event.alias
