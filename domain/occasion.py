"""The occasion of a decision: what a rule may know of the moment, the hand and the law, and of nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.event import PackReference
from domain.identity import Actor, Role
from domain.law import Citation
from domain.pack import Pack
from domain.refusal import BeyondTheCalendar
from domain.training_file import FileAsKept
from domain.working_days import Calendar, Counting, Period, Window, counted_window, due, end_of_day


@dataclass(frozen=True, slots=True)
class NewLaw:
    """The version of its pack that a case is to be moved to, and the day from which it rules."""

    reference: PackReference
    pack: Pack
    effective_from: date


@dataclass(frozen=True, slots=True)
class Occasion:
    """When, by whom and under which rules a command is decided.

    Only a move to a `new_law` has one; `training` is the file of whoever's training the command asks about.
    """

    at: datetime
    actor: Actor
    pack: Pack
    calendar: Calendar
    command_id: str
    timezone: str
    new_law: NewLaw | None = None
    training: FileAsKept | None = None

    @property
    def today(self) -> date:
        """The civil date in the case's jurisdiction."""
        return self.at.astimezone(ZoneInfo(self.timezone)).date()

    def due(self, period: Period, *, start: date | None = None, counting: Counting = Counting.EXCLUSIVE) -> Window:
        """The window that a period opens today, or on a stated day.

        Refuses: BeyondTheCalendar.
        """
        return self._countable(lambda: due(self.calendar, start or self.today, period, counting))

    def counted(self, opens_on: date, closes_on: date, counting: Counting) -> Window:
        """A stated window, with the working days that it holds.

        Refuses: BeyondTheCalendar.
        """
        return self._countable(lambda: counted_window(self.calendar, opens_on, closes_on, counting))

    def _countable(self, window: Callable[[], Window]) -> Window:
        try:
            found = window()
            end_of_day(found.closes_on, self.timezone)  # its clock must be able to run out
        except ValueError as problem:
            raise BeyondTheCalendar(f"{problem} State nearer dates.") from problem
        return found

    def cite(self, rule: str) -> Citation:
        return self.pack.cite(rule)

    def acts_as(self, role: Role) -> bool:
        return role in self.actor.roles
