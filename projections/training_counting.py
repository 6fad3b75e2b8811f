"""The counting behind the reports on training: once for each state of the registers, off the event loop."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import asyncpg

from domain.law import Text
from domain.pack import Pack
from domain.training_method import MethodYear, Ratings, method_years
from domain.training_promotion import Promotion, promotion
from domain.training_report import Fellow, Target, UnitYear, unit_years, year_of, years_until
from eventstore.packs import PackLibrary
from projections.pack_adoption import packs_in_force
from projections.reading import Pool
from projections.training_report import fellows_on, ratings_until, state_on, targets, verified_on


@dataclass(frozen=True, slots=True)
class CountedTraining:
    """What the registers of one state come to."""

    units: Sequence[UnitYear]
    methods: Sequence[MethodYear]
    promotion: Promotion
    names: Mapping[str, Text]


@dataclass
class TrainingCounter:
    """Counts, and keeps what it counted until the registers, the plans' targets or the packs are others."""

    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _kept: tuple[tuple[Any, ...], CountedTraining] | None = None

    async def counted(
        self, pool: "Pool[asyncpg.Record]", library: PackLibrary, as_of: date, at: datetime
    ) -> CountedTraining:
        """The registers as they stood at the end of a day, under the packs that are in force at an instant."""
        async with self._counting:
            packs = await packs_in_force(pool, library, at)
            wanted, rated = await targets(pool), await ratings_until(pool, as_of)
            in_force = sorted((pack.id, pack.version) for pack in packs.values())
            key = (as_of, await state_on(pool, as_of), in_force, wanted, rated)
            if self._kept is None or self._kept[0] != key:
                people, proposed = await fellows_on(pool, as_of), await verified_on(pool, as_of)
                units, methods = await asyncio.to_thread(_count, people, as_of, packs, wanted, rated)
                self._kept = key, CountedTraining(units, methods, promotion(proposed), _names(packs))
            return self._kept[1]


def _count(
    people: Sequence[Fellow],
    as_of: date,
    packs: Mapping[str, Pack],
    wanted: Mapping[tuple[int, str], Target],
    rated: Mapping[tuple[int, str], Ratings],
) -> tuple[list[UnitYear], list[MethodYear]]:
    known = {name for pack in packs.values() if pack.training_rules for name in pack.training_rules.methods}
    units: list[UnitYear] = []
    methods: list[MethodYear] = []
    for year in years_until(as_of):
        serving = [found for fellow in people if (found := year_of(fellow, year, packs)) is not None]
        units += unit_years(serving, year, wanted) if serving else []
        # Of the same people, or the two reports subtracted would tell of whoever is in one alone.
        counted = {of.person for of in serving}
        among = [fellow for fellow in people if fellow.person in counted]
        # What a pack brings is shown from its first day; of earlier years only what was used.
        methods += method_years(among, year, known if year.year == as_of.year else (), rated)
    return units, methods


def _names(packs: Mapping[str, Pack]) -> dict[str, Text]:
    ranks = {f"{pack.id}/{rank.id}": rank.title for pack in packs.values() for rank in pack.ranks}
    methods = [pack.training_rules.methods for pack in packs.values() if pack.training_rules]
    return ranks | {name: title for named in methods for name, title in named.items()}
