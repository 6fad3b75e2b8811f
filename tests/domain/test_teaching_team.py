"""A plan's teachers by staff type, age and profession, and how that changed since the plan before."""

import pytest

from domain.identity import PersonId
from domain.teaching_team import PlanTeam, TeamMember, TeamSide, TeamStructure, age_band, team_structures


def team(plan: str, year: int, **numbers: int) -> PlanTeam:
    """So many teachers of each staff type, of one profession, born in 1980."""
    members = [
        TeamMember(PersonId(f"{kind}{n}"), kind, "law", 1980) for kind, number in numbers.items() for n in range(number)
    ]
    return PlanTeam(plan, f"Plan {plan}", year, tuple(members))


def staff(structure: TeamStructure) -> dict[str, tuple[int | None, float | None, float | None]]:
    return {of.name: (of.teachers, of.share, of.change) for of in structure.shares if of.side is TeamSide.STAFF_TYPE}


def test_shares_and_their_change_counted_by_hand() -> None:
    latest, first = team_structures(
        [team("a", 2025, full_time=5, visiting=15), team("b", 2026, full_time=8, visiting=8)]
    )
    assert (latest.plan_id, latest.before, first.before) == ("b", "Plan a", None)
    assert staff(first) == {"visiting": (15, 0.75, None), "full_time": (5, 0.25, None)}
    assert staff(latest) == {"full_time": (8, 0.5, 25.0), "visiting": (8, 0.5, -25.0)}


def test_a_staff_type_of_few_is_hidden_with_another_and_has_no_change() -> None:
    latest, _ = team_structures([team("a", 2025, x=5, y=9, z=9), team("b", 2026, x=2, y=9, z=10)])
    assert staff(latest) == {"z": (10, round(10 / 21, 4), round(100 * (round(10 / 21, 4) - round(9 / 23, 4)), 1))} | {
        "x": (None, None, None),
        "y": (None, None, None),
    }


def test_a_team_of_four_shows_nothing() -> None:
    (only,) = team_structures([team("a", 2025, full_time=4)])
    assert only.teachers is None and {of.teachers for of in only.shares} == {None}


@pytest.mark.parametrize(
    ("born", "band"),
    [(1992, "under_35"), (1991, "35_to_44"), (1982, "35_to_44"), (1981, "45_to_54"), (1971, "55_and_over")],
)
def test_ages_fall_into_bands_by_the_year_of_the_plan(born: int, band: str) -> None:
    assert age_band(born, 2026) == band
