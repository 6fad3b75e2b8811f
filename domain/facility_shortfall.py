"""What the plans that stand need of rooms and equipment, against what the facilities have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A need, by its name. Units: places for people at once."""

    name: str
    plans: int
    needed: int
    available: int

    @property
    def short(self) -> int:
        return max(0, self.needed - self.available)


def shortfalls(needs: Iterable[tuple[str, int]], facilities: Iterable[Mapping[str, int]]) -> list[Shortfall]:
    """By need, what all plans together ask for at once and all facilities together have; the most missing first.

    Source: features F16. A name is the same in any spelling of case, spaces and hyphens.
    """
    wanted: dict[str, list[int]] = {}
    for name, places in needs:
        wanted.setdefault(_same(name), []).append(places)
    has: dict[str, int] = {}
    for equipment in facilities:
        for name, places in equipment.items():
            has[_same(name)] = has.get(_same(name), 0) + places
    found = [Shortfall(name, len(places), sum(places), has.get(name, 0)) for name, places in wanted.items()]
    return sorted(found, key=lambda of: (-of.short, of.name))


def _same(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")
