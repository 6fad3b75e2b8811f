"""Bars from zero, as a drawing that needs no script: each with its name above it, its figure beside it, its target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from domain.law import Language

WIDTH = 480
ROOM_FOR_FIGURE = 132
LENGTH = WIDTH - ROOM_FOR_FIGURE
TOP = 6
NAME_LINE = 20
BAR = 16
ROW = NAME_LINE + BAR + 12
HEADING = 30
FOOT = 24
LETTERS = {"en": 58, "zh": 28}
STYLE = (
    ".bar-chart{background:#fff}"
    "text{font-family:'Liberation Sans','Noto Sans CJK SC',sans-serif;font-size:15px;fill:#1a1916}"
    ".heading{font-weight:700}.axis{font-size:13px;fill:#4d4a43}"
    ".around{stroke:#fff;stroke-width:6;fill:none}.interval{stroke:#1a1916;stroke-width:2;fill:none}"
    ".track{fill:#f3f0e8}.bar{fill:#4d4a43}.grid{stroke:#cfc9ba}.target{stroke:#9b1c1c;stroke-width:3}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how much of the whole length, what is said of it, its target and its interval; None is not shown."""

    name: str
    part: float | None
    said: str
    target: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under a heading."""

    heading: str
    bars: Sequence[Bar]


def bar_chart(
    title: str, description: str, groups: Iterable[Bars], ends: tuple[str, str], language: Language, *, alone: bool
) -> str:
    """The drawing as SVG; `ends` are what the axis says at zero and at its end; `alone` carries its own colours."""
    drawn: list[str] = []
    y = TOP
    for group in groups:
        if group.heading:
            drawn.append(f'<text class="heading" x="0" y="{y + 18}">{escape(group.heading)}</text>')
            y += HEADING
        for bar in group.bars:
            drawn.append(_bar(bar, y, language))
            y += ROW
    style = f"<style>{STYLE}</style>" if alone else ""
    named = escape(title, {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bar-chart" viewBox="0 0 {WIDTH} {y + FOOT}" role="img" '
        f'aria-label="{named}"><title>{named}</title><desc>{escape(description)}</desc>{style}'
        f"{_axis(y, ends)}{''.join(drawn)}</svg>"
    )


def _bar(bar: Bar, y: int, language: Language) -> str:
    name = bar.name if len(bar.name) <= LETTERS[language] else bar.name[: LETTERS[language] - 1] + "…"
    top = y + NAME_LINE
    length = round(LENGTH * max(0.0, min(1.0, bar.part or 0.0)), 1)
    filled = f'<rect class="bar" x="0" y="{top}" width="{length:g}" height="{BAR}"/>' if bar.part else ""
    return (
        f'<text x="0" y="{top - 5}">{escape(name)}</text>'
        f'<rect class="track" x="0" y="{top}" width="{LENGTH}" height="{BAR}"/>{filled}'
        f"{_target(bar.target, top)}{_interval(bar.interval, top)}"
        f'<text x="{LENGTH + 10}" y="{top + 13}">{escape(bar.said)}</text>'
    )


def _target(target: float | None, top: int) -> str:
    if target is None:
        return ""
    x = f"{LENGTH * min(1.0, target):g}"
    return f'<path class="target" d="M{x} {top - 3}v{BAR + 6}"/>'


def _interval(interval: tuple[float, float] | None, top: int) -> str:
    if interval is None:
        return ""
    low, high = (f"{LENGTH * max(0.0, min(1.0, end)):g}" for end in interval)
    end = f"{top + 2}v{BAR - 4}"
    drawn = f"M{low} {end}M{low} {top + BAR // 2}H{high}M{high} {end}"
    return f'<path class="around" d="{drawn}"/><path class="interval" d="{drawn}"/>'


def _axis(y: int, ends: tuple[str, str]) -> str:
    lines = "".join(f'<path class="grid" d="M{LENGTH * part:g} {TOP}V{y}"/>' for part in (0, 0.5, 1))
    first, last = (escape(end) for end in ends)
    return (
        f'{lines}<text class="axis" x="0" y="{y + 16}">{first}</text>'
        f'<text class="axis" x="{LENGTH}" y="{y + 16}" text-anchor="end">{last}</text>'
    )
