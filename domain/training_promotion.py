"""Whether those who rise are trained: what was verified of people whom cases proposed, by year and by rank.

Those who were appointed and those who were not are two groups apart: neither can be subtracted from the other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.identity import PersonId
from domain.small_group import hidden
from domain.training_report import Split, share, splits_together
from domain.training_verification import TrainingResult

ALL = ""


class MakeUp(StrEnum):
    """What became of the training that a conditional pass owes."""

    MADE_UP = "made_up"
    OWED = "owed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Verified:
    """One person in one case: what was found, whether they were appointed in it, and what became of what they owed."""

    person: PersonId
    rank: str
    verified_on: date
    result: TrainingResult
    appointed: bool
    make_up: MakeUp | None = None


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """A year, or a rank, or `ALL`; what would tell of somebody is None."""

    by: str
    name: str
    appointed: bool
    people: int | None
    in_order: int | None

    @property
    def share(self) -> float | None:
        return share(self.in_order, self.people)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of those appointed who were not in order, how many for which reason; None where that would tell of somebody."""

    name: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Promotion:
    """The report."""

    rows: tuple[PromotionRow, ...]
    outcomes: tuple[Outcome, ...]


def promotion(verified: Sequence[Verified]) -> Promotion:
    """Of the appointed and of those not appointed, how many were in order: together, by year of verification, by rank.

    Source: features F2, F11.
    """
    rows: list[PromotionRow] = []
    for appointed in (True, False):
        found = [of for of in verified if of.appointed is appointed]
        rows += _rows("all", found, lambda of: ALL)
        rows += _rows("year", found, lambda of: str(of.verified_on.year))
        rows += _rows("rank", found, lambda of: of.rank)
    return Promotion(tuple(rows), tuple(_outcomes([of for of in verified if of.appointed])))


def _rows(by: str, verified: Iterable[Verified], name_of: Callable[[Verified], str]) -> list[PromotionRow]:
    """Each case counts, so that somebody proposed twice is proposed twice; what is hidden goes by people."""
    groups: dict[str, list[Verified]] = defaultdict(list)
    for found in verified:
        groups[name_of(found)].append(found)
    kept_back = hidden([_split(name, found) for name, found in groups.items()], splits_together)
    return [
        PromotionRow(
            by=by,
            name=name,
            appointed=found[0].appointed,
            people=None if name in kept_back else len(found),
            in_order=None if name in kept_back else sum(of.result is TrainingResult.MET for of in found),
        )
        for name, found in sorted(groups.items())
    ]


def _split(name: str, verified: Iterable[Verified]) -> Split:
    sides: dict[bool, set[PersonId]] = {True: set(), False: set()}
    for of in verified:
        sides[of.result is TrainingResult.MET].add(of.person)
    return Split(name, frozenset(sides[True]), frozenset(sides[False]))


def _outcomes(appointed: Iterable[Verified]) -> list[Outcome]:
    """How those stand who were appointed out of order: by what became of what they owed, or with a rule waived."""
    found: dict[str, list[PersonId]] = {name: [] for name in (*MakeUp, TrainingResult.NOT_MET)}
    for of in appointed:
        if of.result is not TrainingResult.MET:
            owed = MakeUp.OWED if of.result is TrainingResult.CONDITIONAL else of.result
            found[of.make_up or owed].append(of.person)
    groups = [Split(name, frozenset(people), frozenset()) for name, people in found.items() if people]
    kept_back = hidden(groups, splits_together)
    return [Outcome(name, None if name in kept_back else len(people)) for name, people in found.items()]
