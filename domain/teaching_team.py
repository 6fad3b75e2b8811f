"""Who teaches, as a team: its shares by staff type, age and profession, and how they changed since the plan before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.identity import PersonId
from domain.small_group import SMALLEST_CELL, HeadCount, heads_together, hidden

AGE_BANDS = (("under_35", 35), ("35_to_44", 45), ("45_to_54", 55))
OLDEST_BAND = "55_and_over"


class TeamSide(StrEnum):
    """By what a team is looked at."""

    STAFF_TYPE = "staff_type"
    AGE_BAND = "age_band"
    PROFESSION = "profession"


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A teacher of some course of a plan, counted once however many they hold."""

    person: PersonId
    staff_type: str
    profession: str
    birth_year: int


@dataclass(frozen=True, slots=True)
class PlanTeam:
    """The distinct teachers of the courses of a plan."""

    plan_id: str
    title: str
    year: int
    members: tuple[TeamMember, ...]


@dataclass(frozen=True, slots=True)
class TeamShare:
    """A part of a team; None where it would tell of somebody.

    Units: `share` of the team; `change` in percentage points since the plan before.
    """

    side: TeamSide
    name: str
    teachers: int | None
    share: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class TeamStructure:
    """A plan's team; `teachers` is None for one too small to be shown."""

    plan_id: str
    title: str
    year: int
    teachers: int | None
    before: str | None
    shares: tuple[TeamShare, ...]


def age_band(birth_year: int, year: int) -> str:
    """The band of somebody's age in a year.

    Units: years, as reached in that year.
    """
    return next((name for name, below in AGE_BANDS if year - birth_year < below), OLDEST_BAND)


def team_structures(teams: Iterable[PlanTeam]) -> list[TeamStructure]:
    """Each plan's team beside that of the plan before, the latest first.

    Source: features F14.
    """
    found: list[TeamStructure] = []
    before: TeamStructure | None = None
    for team in teams:
        before = _structure(team, before)
        found.append(before)
    return found[::-1]


def _structure(team: PlanTeam, before: TeamStructure | None) -> TeamStructure:
    members = team.members
    earlier = {(of.side, of.name): of.share for of in before.shares} if before else {}
    return TeamStructure(
        plan_id=team.plan_id,
        title=team.title,
        year=team.year,
        teachers=len(members) if len(members) >= SMALLEST_CELL else None,
        before=before.title if before else None,
        shares=(
            *_shares(TeamSide.STAFF_TYPE, [of.staff_type for of in members], earlier),
            *_shares(TeamSide.AGE_BAND, [age_band(of.birth_year, team.year) for of in members], earlier),
            *_shares(TeamSide.PROFESSION, [of.profession for of in members], earlier),
        ),
    )


def _shares(
    side: TeamSide, names: Sequence[str], earlier: Mapping[tuple[TeamSide, str], float | None]
) -> list[TeamShare]:
    counts = Counter(names)
    kept_back = hidden([HeadCount(name, number) for name, number in counts.items()], heads_together)
    rows = []
    for name, number in sorted(counts.items(), key=lambda of: (-of[1], of[0])):
        part = None if name in kept_back else round(number / len(names), 4)
        was = earlier.get((side, name))
        change = None if part is None or was is None else round(100 * (part - was), 1)
        rows.append(TeamShare(side, name, None if part is None else number, part, change))
    return sorted(rows, key=lambda of: (-(of.teachers or 0), of.name))
