"""The report of a quarter by channel: how much came by each, and what became of it, without a cell that tells of one.

Each axis divides the same inputs. What came of them is shown on an axis for all its channels or for none: with one
hidden alone, it could be worked out from another axis.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.small_group import SMALLEST_CELL, HeadCount, heads_together, hidden
from domain.supervision_input import InputStatus, Membership, Source, Voice

AXES: dict[str, tuple[str, ...]] = {
    "membership": tuple(map(str, Membership)),
    "voice": tuple(map(str, Voice)),
    "source": tuple(map(str, Source)),
}
OPEN = "open"
OUTCOMES = (str(InputStatus.VERIFIED), str(InputStatus.DISMISSED), OPEN)
OF_THE_PUBLIC = frozenset({Membership.NON_PARTY, Voice.MASS, Source.SYSTEM})
"""By which channels an objection, a comment, a recommendation or a report of an error comes, without being entered."""


@dataclass(frozen=True, slots=True)
class InputCount:
    """How many inputs of a quarter bear the same labels and came to the same outcome."""

    membership: str
    voice: str
    source: str
    outcome: str
    number: int


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel; what would tell of somebody is None. `of_the_public` stands beside `recorded`, not in it."""

    axis: str
    channel: str
    recorded: int | None
    of_the_public: int | None
    verified: int | None = None
    dismissed: int | None = None
    open: int | None = None


def unless_small(number: int) -> int | None:
    """A number that stands alone: none, or so many that it tells of nobody."""
    return number if number == 0 or number >= SMALLEST_CELL else None


def channel_lines(inputs: Sequence[InputCount], of_the_public: int) -> list[ChannelLine]:
    """The lines of a quarter, axis by axis.

    Source: F32, F33 and F35 of the mission.
    """
    return [line for axis in AXES for line in _axis(axis, inputs, of_the_public)]


def _axis(axis: str, inputs: Sequence[InputCount], of_the_public: int) -> Iterable[ChannelLine]:
    cells = {channel: _outcomes(axis, channel, inputs) for channel in AXES[axis]}
    counts = [HeadCount(channel, sum(found.values())) for channel, found in cells.items()]
    # Where nothing came at all there is nobody to tell of.
    kept_back = hidden(counts, heads_together) if inputs else frozenset()
    numbers = [number for found in cells.values() for number in found.values()]
    came_of_it = not inputs or (not kept_back and min(numbers) >= SMALLEST_CELL)
    for channel, found in cells.items():
        yield ChannelLine(
            axis,
            channel,
            None if channel in kept_back else sum(found.values()),
            unless_small(of_the_public) if channel in OF_THE_PUBLIC else 0,
            **(found if came_of_it else {}),
        )


def _outcomes(axis: str, channel: str, inputs: Sequence[InputCount]) -> dict[str, int]:
    own = [found for found in inputs if getattr(found, axis) == channel]
    return {outcome: sum(found.number for found in own if found.outcome == outcome) for outcome in OUTCOMES}
