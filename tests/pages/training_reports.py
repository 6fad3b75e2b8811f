"""Reports of an office that anybody may imagine: some units large, some hidden, two plans, a need that is not met."""

from dataclasses import replace
from datetime import date

from domain.facility_shortfall import Shortfall
from domain.identity import PersonId
from domain.law import Text
from domain.teaching_team import PlanTeam, TeamMember, team_structures
from domain.training_method import MethodYear
from domain.training_promotion import MakeUp, Verified, promotion
from domain.training_report import UnitYear
from domain.training_verification import TrainingResult
from pages.training_report import TrainingReports

AS_OF = date(2026, 9, 30)


def _year(year: int, unit: str, people: int | None, in_order: int | None, passed: int | None = None) -> UnitYear:
    on = min(AS_OF, date(year, 12, 31))
    trainings = None if passed is None else passed + 7
    return UnitYear(year, on, unit, people, in_order, 90, trainings, passed, 85 if year > 2024 else None)


UNITS = [
    *(_year(year, "", 1_240, 800 + 60 * (year - 2022), 900 + 40 * (year - 2022)) for year in range(2022, 2027)),
    _year(2026, "Registry", 140, 131, 160),
    _year(2026, "市水务局（含各区水务所、灌区管理处和防汛抗旱指挥部办公室）", 230, 170, 201),
    _year(2026, "Treasury and Office of Procurement, Contracts and Supplies of the Province", 90, 90, 83),
    _year(2026, "Lighthouse", None, None),
    _year(2025, "Registry", 138, 120, 150),
]
METHODS = [
    MethodYear(2026, "", 1_300, 52_000, 49_900, 1_180, 214, 4.2),
    MethodYear(2026, "classroom", 1_000, 40_000, 39_000, 900, 160, 4.4),
    MethodYear(2026, "online", 300, 12_000, 10_900, 280, 54, 3.6),
    MethodYear(2026, "simulation", 0, 0, 0, 0, 0, None),
    MethodYear(2026, "field_study", None, None, None, None, 0, None),
]


def _team(number: int, since: int) -> tuple[TeamMember, ...]:
    kinds, professions = ("full_time", "part_time", "visiting"), ("law", "hydrology", "public finance")
    return tuple(
        TeamMember(PersonId(f"t{n}"), kinds[(n * since) % 3], professions[n % 3], 1960 + (n * 7) % 38)
        for n in range(number)
    )


TEAMS = team_structures(
    [PlanTeam("a", "Registrars 2025", 2025, _team(30, 1)), PlanTeam("b", "Registrars 2026", 2026, _team(36, 2))]
)


def _verified(year: int, number: int, met: int, appointed: bool, make_up: MakeUp | None = None) -> list[Verified]:
    result = TrainingResult.CONDITIONAL if make_up else TrainingResult.NOT_MET
    return [
        Verified(
            person=PersonId(f"{year}-{appointed}-{make_up}-{n}"),
            rank="standard/officer" if n % 2 else "standard/senior",
            verified_on=date(year, 5, 1),
            result=TrainingResult.MET if n < met else result,
            appointed=appointed,
            make_up=None if n < met else make_up,
        )
        for n in range(number)
    ]


PROMOTION = promotion(
    [
        *_verified(2025, 40, 31, True, MakeUp.MADE_UP),
        *_verified(2026, 30, 24, True, MakeUp.OWED),
        *_verified(2026, 12, 6, False),
        *_verified(2025, 2, 1, False),
    ]
)
REPORTS = TrainingReports(
    as_of=AS_OF,
    today=date(2026, 11, 22),
    units=UNITS,
    methods=METHODS,
    teams=TEAMS,
    shortfalls=[Shortfall("computer_room", 2, 120, 80), Shortfall("places", 1, 200, 480)],
    promotion=PROMOTION,
    names={
        "classroom": Text(en="In a classroom", zh="面授"),
        "online": Text(en="Online", zh="网络培训"),
        "standard/officer": Text(en="Officer", zh="科级"),
        "standard/senior": Text(en="Senior officer", zh="处级及以上"),
    },
)
EMPTY = replace(REPORTS, units=[], methods=[], teams=[], shortfalls=[], promotion=promotion([]))
