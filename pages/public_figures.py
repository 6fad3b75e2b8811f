"""The transparency page: stages, delays, endings, exceptions, objections and promotion, each with how it is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from domain.law import Language, Text
from domain.public_figures import Figure, FigureTable, QuarterFigures
from domain.small_group import SMALLEST_CELL, SMALLEST_PART
from domain.unit_balance import UnitBalance
from pages.bar_chart import Bar, Bars, bar_chart
from pages.translations import TRANSLATIONS, Words, other, words
from pages.typesetting import set_page, template

_PAGE = template("public_figures.html")
LARGEST_SHOWN = 20
TIMED = (FigureTable.STAGES, FigureTable.OBJECTIONS)
_NAMES = {
    FigureTable.DELAYS: "figures.delay",
    FigureTable.ENDINGS: "outcome",
    FigureTable.EXCEPTIONS: "figures.exception",
    FigureTable.OBJECTIONS: "figures.objection",
}


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """A quarter's figures, the quarters that can be chosen, and the last year's promotion by unit.

    `names` has the title of each stage of the packs in force, by pack and stage.
    """

    quarter: QuarterFigures | None
    quarters: Sequence[date]
    year: int
    units: UnitBalance
    names: Mapping[str, Text]


def figures_address(language: Language, quarter: date | None = None) -> str:
    """Where the figures stand; without a quarter, those of the last one that is over."""
    return f"/{language}/figures" + (f"?quarter={quarter.isoformat()}" if quarter else "")


def public_figures_page(
    figures: PublicFigures, language: Language, *, chosen: date | None = None, public_url: str
) -> str:
    """Stages and their delays, endings, exceptions, objections, promotion by unit: a drawing and its table for each."""
    say = words(language)
    tables = {str(table): _rows(figures, table) for table in FigureTable}
    drawn = {name: rows for name, rows in tables.items() if any(row.n is not None for row in rows)}
    charts = {name: _chart(FigureTable(name), rows, figures.names, language) for name, rows in drawn.items()}
    return set_page(
        _PAGE,
        language,
        figures=figures,
        quarter=figures.quarter,
        tables=tables,
        timed=[str(table) for table in TIMED],
        charts={name: Markup(chart) for name, chart in charts.items()},
        units_chart=Markup(_units_chart(figures, language, say)) if figures.units.units else None,
        name_of=lambda row: figure_name(row, figures.names, language),
        shown=lambda figure: say("figures.hidden") if figure is None else f"{figure:,}",
        number=_number,
        percent=lambda part: say("figures.hidden") if part is None else f"{100 * part:.0f}%",
        quarter_name=lambda first_on: quarter_in_words(first_on, say),
        quarter_address=lambda first_on: figures_address(language, first_on),
        cell=SMALLEST_CELL,
        part=SMALLEST_PART,
        here=figures_address(language, chosen),
        there=figures_address(other(language), chosen),
        origin=public_url.rstrip("/"),
    )


def quarter_in_words(first_on: date, say: Words) -> str:
    """A quarter as people name it."""
    return say("figures.quarter", n=(first_on.month + 2) // 3, year=first_on.year)


def figure_name(row: Figure, names: Mapping[str, Text], language: Language) -> str:
    """What a line of a table counts, in words; a stage of a pack that is in force no more keeps its own name."""
    if row.table is FigureTable.STAGES:
        pack, _, stage = row.name.partition("/")
        title = names[row.name].in_(language) if row.name in names else stage.replace("_", " ")
        return f"{title} ({pack})"
    return TRANSLATIONS[f"{_NAMES[row.table]}.{row.name}"].in_(language)


def _rows(figures: PublicFigures, table: FigureTable) -> list[Figure]:
    return figures.quarter.table(table) if figures.quarter else []


def _chart(table: FigureTable, rows: Sequence[Figure], names: Mapping[str, Text], language: Language) -> str:
    say = words(language)
    named = [(figure_name(row, names, language), row) for row in rows]
    if table in TIMED:
        longest = max((max(row.median_days or 0, row.median_limit_days or 0) for row in rows), default=0) or 1
        bars = [_days_bar(name, row, longest, say) for name, row in named]
        ends = ("0", say("figures.days", n=_number(longest)))
    else:
        most = max((row.n or 0 for row in rows), default=0) or 1
        bars = [_count_bar(name, row, most, say) for name, row in named]
        ends = ("0", f"{most:,}")
    title = say(f"figures.{table}")
    return bar_chart(title, _in_words(bars), [Bars("", bars)], ends, language, alone=False)


def _in_words(bars: Sequence[Bar]) -> str:
    """What the drawing says, for whoever hears it."""
    return "; ".join(f"{bar.name} {bar.said}" for bar in bars)


def _days_bar(name: str, row: Figure, longest: float, say: Words) -> Bar:
    if row.median_days is None:
        return Bar(name, None, say("figures.hidden"))
    target = None if row.median_limit_days is None else row.median_limit_days / longest
    return Bar(name, row.median_days / longest, say("figures.days", n=_number(row.median_days)), target)


def _count_bar(name: str, row: Figure, most: int, say: Words) -> Bar:
    return Bar(name, None, say("figures.hidden")) if row.n is None else Bar(name, row.n / most, f"{row.n:,}")


def _units_chart(figures: PublicFigures, language: Language, say: Words) -> str:
    units = figures.units.units[:LARGEST_SHOWN]
    bars = [Bar(row.unit, row.rate, f"{100 * row.rate:.0f}%", row.rate_elsewhere) for row in units]
    title = say("figures.units_title", year=figures.year)
    return bar_chart(title, _in_words(bars), [Bars("", bars)], ("0%", "100%"), language, alone=False)


def _number(figure: float) -> str:
    return f"{figure:,.1f}".removesuffix(".0")
