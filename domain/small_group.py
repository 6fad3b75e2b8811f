"""What is small is hidden in figures that anybody may read, and never alone: alone it could be subtracted from a total.

Such figures also stand still from one quarter to the next, so that nobody can read them before and after one event.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

SMALLEST_CELL = 5
SMALLEST_PART = 3
"""People of a group of whom something is true, or is not: with fewer, a share tells of nearly everybody."""


class Group(Protocol):
    """People who are counted together under a name."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def tells_of_somebody(self) -> bool: ...


G = TypeVar("G", bound=Group)


@dataclass(frozen=True, slots=True)
class HeadCount:
    """So many people, each of whom is counted under one name alone."""

    name: str
    size: int

    @property
    def tells_of_somebody(self) -> bool:
        return self.size < SMALLEST_CELL


def hidden(groups: Sequence[G], together: Callable[[Sequence[G]], G]) -> frozenset[str]:
    """Groups that would tell of somebody, with as many of the next smallest as it takes to hide them among.

    `together` makes one group of several: what is left when the shown are subtracted from the total.
    """
    by_size = sorted(groups, key=lambda of: (of.size, of.name))
    kept_back = [found for found in by_size if found.tells_of_somebody]
    for sibling in [found for found in by_size if not found.tells_of_somebody]:
        if not kept_back or (len(kept_back) > 1 and not together(kept_back).tells_of_somebody):
            break
        kept_back.append(sibling)
    return frozenset(found.name for found in kept_back)


def heads_together(counts: Sequence[HeadCount]) -> HeadCount:
    """Head counts of different people as one."""
    return HeadCount("", sum(found.size for found in counts))


def quarter_of(day: date) -> date:
    """The first day of the quarter that a day is in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def last_closed(today: date) -> date:
    """The last day of the last quarter that is over."""
    return quarter_of(today) - timedelta(days=1)
