"""Figures that the tests of the pages show: a full quarter with something hidden, and none at all."""

from datetime import date

from domain.law import Text
from domain.public_figures import Fact, QuarterFacts, quarter_figures
from domain.unit_balance import UnitCount, unit_balance
from pages.public_figures import PublicFigures

NOMINATIONS = (5, 8, 12, 14, 15, 22, 25, 30)
REVIEWS = (4, 6, 9, 12, 13, 14, 15, 16)
STAGES = [
    *(Fact("standard/nomination", days, 20, None if days <= 20 else "opinion") for days in NOMINATIONS),
    *(Fact("standard/supervision_review", days, 10, None if days <= 10 else "stated") for days in REVIEWS),
    *(Fact("cn.sr2019/inspection", days, None) for days in (12, 18, 20, 31, 44)),
]
FACTS = QuarterFacts(
    date(2026, 7, 1),
    date(2026, 9, 30),
    stages=STAGES,
    endings=[*[Fact("confirmed")] * 14, *[Fact("not_passed")] * 6, *[Fact("withdrawn")] * 2, *[Fact("lapsed")] * 4],
    exceptions=[*[Fact("exception")] * 7, *[Fact("delay")] * 19],
    objections=[Fact("dismissed", days, 90) for days in (10, 30, 41, 60, 95, 99, 120)]
    + [Fact("upheld", days, 90) for days in (12, 31, 44, 61, 96, 97, 98)],
)
NAMES = {
    "standard/nomination": Text(en="Nomination", zh="提名"),
    "standard/supervision_review": Text(en="Supervision review", zh="监督审核"),
    "cn.sr2019/inspection": Text(en="Inspection", zh="考察"),
}
UNITS = unit_balance(
    [UnitCount("Registry", 14, 6), UnitCount("临河市水务局", 11, 4), UnitCount("Harbour office", 20, 7)]
)
FULL = PublicFigures(quarter_figures(FACTS), [date(2026, 7, 1), date(2026, 4, 1)], 2025, UNITS, NAMES)
EMPTY = PublicFigures(None, [], 2025, unit_balance([]), NAMES)
