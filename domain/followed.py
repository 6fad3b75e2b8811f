"""What a stream outside of cases asks of time: its clocks, and what is recorded when one of them has run out."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from domain.event import Event
from domain.identity import Role
from domain.occasion import Occasion
from domain.refusal import WrongOrgan
from domain.timer import LetTimerRunOut, Timer, TimerStillRunning
from domain.working_days import end_of_day

Ending = tuple[str, date, Event]
"""A clock's name, the civil day at whose end it runs out, and the event that says so."""


class Followed(Protocol):
    """Something that a workflow follows from its first event until it is over. No person is told of in it."""

    @property
    def title(self) -> str: ...

    @property
    def organ(self) -> str:
        """Whose move it is."""
        ...

    @property
    def waits_for(self) -> str: ...

    @property
    def over(self) -> bool: ...

    @property
    def clocks(self) -> tuple[Timer, ...]: ...


def running(endings: Iterable[Ending], timezone: str) -> tuple[Timer, ...]:
    """Clocks in the order in which they end."""
    found = [Timer(name, due_on, end_of_day(due_on, timezone), event) for name, due_on, event in endings]
    return tuple(sorted(found, key=lambda timer: (timer.due_at, timer.name)))


def let_followed_timer_run_out(followed: Followed | None, command: LetTimerRunOut, on: Occasion) -> list[Event]:
    """A clock that has run out records what its end means; one that is gone records nothing.

    Refuses: TimerStillRunning, WrongOrgan.
    """
    if not on.acts_as(Role.SYSTEM):
        raise WrongOrgan("Only the engine lets a clock run out. Wait: it does so by itself when the day is over.")
    clocks = followed.clocks if followed is not None and not followed.over else ()
    timer = next((found for found in clocks if found.name == command.timer), None)
    if timer is None:
        return []
    if on.at < timer.due_at:
        raise TimerStillRunning(
            f"The clock “{timer.name}” runs to the end of {timer.due_on:%-d %B %Y}. Wait until that day is over.",
            due_on=timer.due_on,
        )
    return [timer.event]
