"""The page of the indices: for each unit both series, with how many answered of how many, weights and intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from domain.law import Language
from domain.survey import SurveyStatus
from domain.survey_ballot import Figure, Flag
from domain.survey_method import SurveyMethod
from pages.bar_chart import Bar, Bars, bar_chart
from pages.translations import other, words
from pages.typesetting import set_page, template
from projections.survey import SurveyRow

_PAGE = template("survey_index.html")
OVER = (SurveyStatus.COUNTED, SurveyStatus.WITHDRAWN)
INDICES = ("work_index", "person_recognition")


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A group of one survey as a line of the table; a figure that may not be told is None."""

    survey: SurveyRow
    group: str
    population: int
    figure: Figure | None

    @property
    def rate(self) -> float | None:
        return None if self.figure is None else self.figure.n / self.figure.population


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """One index of a unit: its drawing, and the table under it."""

    name: str
    weights: str
    chart: Markup
    lines: Sequence[IndexLine]


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """What was asked about one unit, the latest survey first."""

    unit: str
    surveys: Sequence[SurveyRow]
    series: Sequence[IndexSeries]


def index_address(language: Language) -> str:
    """Where the indices stand."""
    return f"/{language}/index"


def survey_index_page(
    series: Mapping[str, Sequence[SurveyRow]],
    latest: Sequence[SurveyRow],
    language: Language,
    *,
    today: date,
    public_url: str,
) -> str:
    """Each unit's two indices: a drawing with its intervals, and its table with every class."""
    units = [_unit(unit, list(reversed(rows)), language) for unit, rows in series.items()]
    return set_page(
        _PAGE,
        language,
        units=units,
        to_come=[row for row in latest if row.status not in OVER and row.closes_on >= today],
        waiting=[row for row in latest if row.status not in OVER and row.closes_on < today],
        withdrawn=[row for row in latest if row.status is SurveyStatus.WITHDRAWN],
        today=today,
        flag_words=lambda method, flag: _flag_words(method, flag, language),
        class_name=lambda method, name: _class_name(method, name, language),
        here=index_address(language),
        there=index_address(other(language)),
        origin=public_url.rstrip("/"),
    )


def _unit(unit: str, rows: list[SurveyRow], language: Language) -> UnitIndex:
    return UnitIndex(unit, rows, [_series(name, rows, language) for name in INDICES])


def _series(name: str, rows: Sequence[SurveyRow], language: Language) -> IndexSeries:
    say = words(language)
    lines = [line for row in rows for line in _lines(name, row, language)]
    bars = [_bar(line, language) for line in lines if line.group == say("index.everybody")]
    said = "; ".join(f"{bar.name} {bar.said}" for bar in bars)
    drawn = bar_chart(say(f"index.{name}"), said, [Bars("", bars)], ("0", "100"), language, alone=False)
    scale = rows[0].method.scale_of(rows[0].method.indices[name])
    weights = say("index.comma").join(
        f"{choice.says.in_(language)} {choice.weight}" for choice in scale.choices if choice.weight is not None
    )
    return IndexSeries(name, weights, Markup(drawn), lines)


def _lines(name: str, row: SurveyRow, language: Language) -> list[IndexLine]:
    question, report = row.method.indices[name], row.report
    everybody = sum(each.size for each in row.method.classes)
    groups: list[tuple[str | None, str, int]] = [(None, words(language)("index.everybody"), everybody)]
    groups += [(each.id, each.says.in_(language), each.size) for each in row.method.classes]
    return [
        IndexLine(row, named, size, report.figure(question, group) if report else None) for group, named, size in groups
    ]


def _bar(line: IndexLine, language: Language) -> Bar:
    figure, day = line.figure, line.survey.closes_on.isoformat()
    if figure is None:
        return Bar(day, None, words(language)("index.hidden"))
    interval = None
    if figure.low is not None and figure.high is not None:
        interval = (float(figure.low) / 100, float(figure.high) / 100)
    limit = line.survey.method.thresholds.low_below.value / 100
    return Bar(day, float(figure.mean) / 100, in_points(figure.mean), limit, interval)


def in_points(value: str) -> str:
    """A figure to one place, as it is read aloud."""
    return f"{float(value):.1f}"


def _class_name(method: SurveyMethod, name: str | None, language: Language) -> str:
    found = next((each for each in method.classes if each.id == name), None)
    return found.says.in_(language) if found else words(language)("index.everybody")


def _flag_words(method: SurveyMethod, flag: Flag, language: Language) -> str:
    """What asks for a review, with the limit and the question that it is about."""
    asked = next((each.asks.in_(language) for each in method.questions if each.id == flag.question), "")
    percent = method.thresholds.unanimous_percent.value
    return words(language)(f"index.flag.{flag.kind}", percent=percent, question=asked)
