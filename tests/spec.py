"""Given events, when a command, then events or a refusal: how every rule of the domain is tested."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import pytest

from domain.appointment import Case, Unopened, fold, underlying
from domain.command import Command
from domain.deciding import decide
from domain.event import Event
from domain.identity import Actor
from domain.occasion import NewLaw, Occasion
from domain.pack import Pack
from domain.refusal import Refusal
from domain.working_days import Calendar
from runtime.calendars import calendar_for

R = TypeVar("R", bound=Refusal)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Story:
    """What has happened in a case so far, told by commands that were granted one after another."""

    pack: Pack
    jurisdiction: str
    timezone: str
    case: Case = field(default_factory=Unopened)
    events: tuple[Event, ...] = ()
    latest: tuple[Event, ...] = ()
    commands: int = 0
    new_law: NewLaw | None = None
    calendar: Calendar | None = None

    def when(self, command: Command, actor: Actor, at: datetime) -> "Story":
        """The story after a command that is granted."""
        events = tuple(decide(self.case, command, self._on(actor, at)))
        return replace(
            self,
            case=fold(events, self.case),
            events=self.events + events,
            latest=events,
            commands=self.commands + 1,
        )

    def refuses(self, refusal: type[R], command: Command, actor: Actor, at: datetime) -> R:
        """The refusal of a command that is not granted; it must be of that type."""
        with pytest.raises(refusal) as caught:
            decide(self.case, command, self._on(actor, at))
        return caught.value

    def then(self, kind: type[E]) -> E:
        """The event of that kind among those that the last command led to."""
        found = [event for event in self.latest if isinstance(event, kind)]
        assert found, f"no {kind.__name__} among {[type(event).__name__ for event in self.latest]}"
        return found[-1]

    def _on(self, actor: Actor, at: datetime) -> Occasion:
        live = underlying(self.case)
        timezone = live.timezone if live else self.timezone
        jurisdiction = live.jurisdiction if live else self.jurisdiction
        calendar = self.calendar or calendar_for(jurisdiction)
        return Occasion(at, actor, self.pack, calendar, f"command-{self.commands}", timezone, self.new_law)
