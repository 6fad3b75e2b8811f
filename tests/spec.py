"""Given events, when a command, then events or a refusal: how every rule of the domain is tested."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest

from domain.appointment import Case, Unopened, fold, underlying
from domain.command import Command
from domain.deciding import decide, whose_training
from domain.event import Event
from domain.identity import Actor, OrganId, PersonId
from domain.occasion import NewLaw, Occasion
from domain.pack import Pack
from domain.refusal import Refusal
from domain.training_file import FileAsKept, FiledRecord, TrainingFile, TrainingRecord
from domain.working_days import Calendar
from runtime.calendars import calendar_for

R = TypeVar("R", bound=Refusal)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Story:
    """What has happened in a case so far, told by commands that were granted one after another.

    `acts` has who recorded each of the events, and when.
    """

    pack: Pack
    jurisdiction: str
    timezone: str
    case: Case = field(default_factory=Unopened)
    events: tuple[Event, ...] = ()
    latest: tuple[Event, ...] = ()
    acts: tuple[tuple[Actor, datetime], ...] = ()
    commands: int = 0
    new_law: NewLaw | None = None
    calendar: Calendar | None = None
    training: Mapping[PersonId, FileAsKept] = field(default_factory=dict)

    def when(self, command: Command, actor: Actor, at: datetime) -> "Story":
        """The story after a command that is granted."""
        events = tuple(decide(self.case, command, self._on(actor, at, command)))
        return replace(
            self,
            case=fold(events, self.case),
            events=self.events + events,
            latest=events,
            acts=self.acts + ((actor, at),) * len(events),
            commands=self.commands + 1,
        )

    def refuses(self, refusal: type[R], command: Command, actor: Actor, at: datetime) -> R:
        """The refusal of a command that is not granted; it must be of that type."""
        with pytest.raises(refusal) as caught:
            decide(self.case, command, self._on(actor, at, command))
        return caught.value

    def then(self, kind: type[E]) -> E:
        """The event of that kind among those that the last command led to."""
        found = [event for event in self.latest if isinstance(event, kind)]
        assert found, f"no {kind.__name__} among {[type(event).__name__ for event in self.latest]}"
        return found[-1]

    def _on(self, actor: Actor, at: datetime, command: Command | None = None) -> Occasion:
        live = underlying(self.case)
        timezone = live.timezone if live else self.timezone
        jurisdiction = live.jurisdiction if live else self.jurisdiction
        calendar = self.calendar or calendar_for(jurisdiction)
        person = whose_training(self.case, command) if command else None
        training = self.training.get(person, FileAsKept(TrainingFile(person))) if person else None
        return Occasion(at, actor, self.pack, calendar, f"command-{self.commands}", timezone, self.new_law, training)

    def having(self, person: PersonId, hours: int, ended_on: date) -> "Story":
        """The story once a school has put so many hours of training in somebody's file, beside what was there."""
        return self.having_on_file(person, studied(hours, ended_on))

    def having_on_file(self, person: PersonId, record: TrainingRecord) -> "Story":
        """The story once a school has put a training in somebody's file, beside what was there."""
        file = self.training.get(person, FileAsKept(TrainingFile(person))).file
        entry = len(file.entries) + 1
        after = file.with_entry(FiledRecord(entry, OrganId("training-school"), record))
        return replace(self, training={**self.training, person: FileAsKept(after, entry, bytes(32))})

    def serving(self, person: PersonId, since_on: date) -> "Story":
        """The story once personnel have somebody on the in-service register from a day on."""
        kept = self.training.get(person, FileAsKept(TrainingFile(person)))
        serving = replace(kept, file=replace(kept.file, in_service_since=since_on))
        return replace(self, training={**self.training, person: serving})


def studied(hours: int, ended_on: date, **said: Any) -> TrainingRecord:
    """A training that was attended in full and passed, unless something else is said."""
    whole: dict[str, Any] = {
        "number": f"{ended_on}/{hours}",
        "title": "Administrative law",
        "kind": "in_service",
        "method": "off_job",
        "began_on": ended_on - timedelta(days=max(hours - 1, 0) // 24),
        "ended_on": ended_on,
        "hours": hours,
        "attended_hours": hours,
        "passed": True,
    }
    return TrainingRecord.model_validate(whole | said)
