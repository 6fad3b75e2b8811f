"""The reports on training as the public reads them: a chart, the table beside it, and how it was counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from markupsafe import Markup

from domain.facility_shortfall import Shortfall
from domain.law import Language, Text
from domain.small_group import SMALLEST_CELL, SMALLEST_PART
from domain.teaching_team import AGE_BANDS, OLDEST_BAND, TeamSide, TeamStructure
from domain.training_method import MethodYear
from domain.training_promotion import ALL, Promotion
from domain.training_report import WHOLE, UnitYear
from pages.bar_chart import Bar, Bars, bar_chart
from pages.translations import TRANSLATIONS, Words, other, words
from pages.typesetting import set_page, template

_PAGE = template("training_report.html")
REPORTS = ("coverage", "methods", "teachers", "facilities", "promotion")
LARGEST_SHOWN = 20
"""Units in the drawing; the table has them all."""
AGES = (*(name for name, _ in AGE_BANDS), OLDEST_BAND)


@dataclass(frozen=True, slots=True)
class TrainingReports:
    """All reports as they stand, and what methods and ranks are called."""

    as_of: date
    today: date
    units: Sequence[UnitYear]
    methods: Sequence[MethodYear]
    teams: Sequence[TeamStructure]
    shortfalls: Sequence[Shortfall]
    promotion: Promotion
    names: Mapping[str, Text]

    def unit(self, name: str) -> list[UnitYear]:
        """One unit, year by year; `WHOLE` is all of them together."""
        return [row for row in self.units if row.unit == name]

    @property
    def latest(self) -> list[UnitYear]:
        """Every unit in the last year, the largest first."""
        rows = [row for row in self.units if row.unit != WHOLE and row.year == self.as_of.year]
        return sorted(rows, key=lambda row: (-(row.people or 0), row.unit))

    @property
    def latest_methods(self) -> list[MethodYear]:
        return [row for row in self.methods if row.year == self.as_of.year]


def report_method(report: str) -> Text:
    """How a report is counted and what it hides, in words."""
    said = TRANSLATIONS[f"reports.method.{report}"]
    if report == "facilities":
        return said
    hides = TRANSLATIONS["reports.hides"]
    facts = {"cell": SMALLEST_CELL, "part": SMALLEST_PART}
    return Text(en=f"{said.en} {hides.en.format(**facts)}", zh=f"{said.zh}{hides.zh.format(**facts)}")


def reports_address(language: Language, unit: str = WHOLE) -> str:
    """Where the reports stand; with a unit, its own figures year by year."""
    return f"/{language}/training/reports" + (f"?{urlencode({'unit': unit})}" if unit else "")


def training_report_page(reports: TrainingReports, language: Language, *, unit: str = WHOLE, public_url: str) -> str:
    """Coverage and quality, methods, teams, facilities and promotion, from the top."""
    say = words(language)
    drawn = {name: training_chart(name, reports, language, unit=unit) for name in REPORTS}
    if unit == WHOLE:
        drawn["units"] = _units_chart(reports, language)
    charts = {name: Markup(chart) for name, chart in drawn.items()}
    return set_page(
        _PAGE,
        language,
        reports=reports,
        unit=unit,
        years=reports.unit(unit),
        charts=charts,
        name_of=lambda name: _name(name, reports.names, language),
        side_name=lambda side, name: _side_name(side, name, say),
        percent=lambda part: _percent(part, say),
        shown=lambda figure: say("reports.hidden") if figure is None else f"{figure:,}",
        method_of=lambda report: report_method(report).in_(language),
        unit_address=lambda of: reports_address(language, of),
        here=reports_address(language, unit),
        there=reports_address(other(language), unit),
        origin=public_url.rstrip("/"),
    )


def training_chart(
    report: str, reports: TrainingReports, language: Language, *, unit: str = WHOLE, alone: bool = False
) -> str:
    """The drawing of one report. On the page, where a table says the same, one without a bar is left out as empty."""
    say = words(language)
    groups, ends = _GROUPS[report](reports, language, say, unit)
    title = say(f"reports.chart.{report}", unit=unit or say("reports.all_units"), year=reports.as_of.year)
    return _drawing(title, groups, ends, language, alone=alone)


def _drawing(title: str, groups: list[Bars], ends: tuple[str, str], language: Language, *, alone: bool) -> str:
    if not alone and not any(group.bars for group in groups):
        return ""
    return bar_chart(title, _in_words(groups, words(language)), groups, ends, language, alone=alone)


def _in_words(groups: Iterable[Bars], say: Words) -> str:
    """What the drawing says, for whoever hears it."""
    said = [
        f"{group.heading}{': ' if group.heading else ''}{bar.name} {bar.said}" for group in groups for bar in group.bars
    ]
    return "; ".join(said) or say("reports.nothing")


Drawn = tuple[list[Bars], tuple[str, str]]
PERCENT = ("0%", "100%")


def _coverage(reports: TrainingReports, language: Language, say: Words, unit: str) -> Drawn:
    rows = reports.unit(unit)
    covered = [_bar(str(row.year), row.coverage, say, row.coverage_target) for row in rows]
    passed = [_bar(str(row.year), row.quality, say, row.quality_target) for row in rows]
    return [Bars(say("reports.coverage_of"), covered), Bars(say("reports.quality_of"), passed)], PERCENT


def _units_chart(reports: TrainingReports, language: Language) -> str:
    say = words(language)
    rows = [row for row in reports.latest if row.coverage is not None][:LARGEST_SHOWN]
    groups = [Bars("", [_bar(row.unit, row.coverage, say, row.coverage_target) for row in rows])]
    title = say("reports.chart.units", year=reports.as_of.year)
    return _drawing(title, groups, PERCENT, language, alone=False)


def _methods(reports: TrainingReports, language: Language, say: Words, unit: str) -> Drawn:
    groups = [
        Bars(
            _name(row.method, reports.names, language) if row.method else say("reports.all_methods"),
            [
                _bar(say("reports.attendance"), row.attendance, say),
                _bar(say("reports.passed"), row.pass_share, say),
            ],
        )
        for row in reports.latest_methods
        if row.trainings
    ]
    return groups, PERCENT


def _teachers(reports: TrainingReports, language: Language, say: Words, unit: str) -> Drawn:
    team = reports.teams[0] if reports.teams else None
    groups = [
        Bars(
            say(f"reports.side.{side}"),
            [
                _bar(_side_name(side, row.name, say), row.share, say)
                for row in (team.shares if team else ())
                if row.side is side
            ],
        )
        for side in TeamSide
    ]
    return [group for group in groups if group.bars], PERCENT


def _facilities(reports: TrainingReports, language: Language, say: Words, unit: str) -> Drawn:
    most = max((max(row.needed, row.available) for row in reports.shortfalls), default=1)
    bars = [
        Bar(
            _readable(row.name),
            row.available / most,
            say("reports.of_needed", has=row.available, needed=row.needed),
            row.needed / most,
        )
        for row in reports.shortfalls
    ]
    return [Bars("", bars)], ("0", say("reports.places", n=most))


def _promotion(reports: TrainingReports, language: Language, say: Words, unit: str) -> Drawn:
    groups = [
        Bars(
            say(f"reports.promotion.{'appointed' if appointed else 'not_appointed'}"),
            [
                _bar(say("reports.altogether") if row.name == ALL else row.name, row.share, say)
                for row in reports.promotion.rows
                if row.appointed is appointed and row.by != "rank"
            ],
        )
        for appointed in (True, False)
    ]
    return [group for group in groups if group.bars], PERCENT


_GROUPS = {
    "coverage": _coverage,
    "methods": _methods,
    "teachers": _teachers,
    "facilities": _facilities,
    "promotion": _promotion,
}


def _bar(name: str, part: float | None, say: Words, target: int | None = None) -> Bar:
    return Bar(name, part, _percent(part, say), None if target is None else target / 100)


def _percent(part: float | None, say: Words) -> str:
    return say("reports.hidden") if part is None else f"{100 * part:.1f}%"


def _name(name: str, names: Mapping[str, Text], language: Language) -> str:
    known = names.get(name)
    return known.in_(language) if known else _readable(name)


def _readable(name: str) -> str:
    return name.replace("_", " ")


def _side_name(side: TeamSide, name: str, say: Words) -> str:
    known = side is TeamSide.AGE_BAND or f"reports.staff_type.{name}" in TRANSLATIONS
    return say(f"reports.{side}.{name}") if known else _readable(name)
