"""The order of a regime as a drawing: its stages from top to bottom, who is on duty, and the clocks beside them."""

from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

from domain.law import Language, Text
from domain.pack import OnExpiry, Pack, Stage
from pages.pack_words import WORDS, clocks

WIDTH = 900
BOX_WIDTH = 380
BOX_HEIGHT = 60
LINE = 20
GAP = 30
LEFT = 4
LETTERS = {"en": 58, "zh": 30}
STYLE = (
    "text{font-family:Georgia,'Noto Serif CJK SC',serif;fill:#1a1916}"
    ".who,.clock{font-family:'Liberation Sans','Noto Sans CJK SC',sans-serif;font-size:14px;fill:#4d4a43}"
    ".box{fill:#fcfbf7;stroke:#4d4a43}.line{stroke:#4d4a43;fill:none}.tip{fill:#4d4a43}.ends{fill:#9b1c1c}"
)
NAME = Text(en="Order of the stages: {title}", zh="程序次序：{title}")


@dataclass(frozen=True, slots=True)
class _Row:
    place: int
    stage: Stage
    y: int
    height: int
    lines: tuple[tuple[str, bool], ...]


def diagram(pack: Pack, language: Language, *, alone: bool = False) -> str:
    """The drawing as SVG; `alone` carries its own colours, for a file outside the pages."""
    rows = _rows(pack, language)
    height = rows[-1].y + rows[-1].height + 4
    style = f"<style>{STYLE}</style>" if alone else ""
    title = escape(NAME.in_(language).format(title=pack.title.in_(language)))
    drawn = "".join(_arrow(row) + _box(row, language) + _beside(row) for row in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="regime-diagram" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-label="{title}"><title>{title}</title>{style}{drawn}</svg>'
    )


def _rows(pack: Pack, language: Language) -> list[_Row]:
    rows: list[_Row] = []
    y = 4
    for place, stage in enumerate(pack.stages, start=1):
        lines = tuple(_lines(pack, stage, language))
        height = max(BOX_HEIGHT, len(lines) * LINE)
        rows.append(_Row(place, stage, y, height, lines))
        y += height + GAP
    return rows


def _lines(pack: Pack, stage: Stage, language: Language) -> list[tuple[str, bool]]:
    """What stands beside a stage, and whether it can end the case."""
    found: list[tuple[str, bool]] = []
    for clock in clocks(pack, stage):
        said = clock.in_words(language)
        found += [(line, clock.on_expiry is OnExpiry.LAPSE) for line in wrap(said, LETTERS[language])]
    return found


def _box(row: _Row, language: Language) -> str:
    middle = row.y + BOX_HEIGHT // 2
    name = escape(f"{row.place}. {row.stage.title.in_(language)}")
    holder = escape(WORDS[str(row.stage.duty.holder)].in_(language))
    return (
        f'<rect class="box" x="{LEFT}" y="{row.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="3"/>'
        f'<text class="stage" x="{LEFT + 16}" y="{middle - 4}" font-size="18">{name}</text>'
        f'<text class="who" x="{LEFT + 16}" y="{middle + 18}">{holder}</text>'
    )


def _arrow(row: _Row) -> str:
    if row.place == 1:
        return ""
    x = LEFT + BOX_WIDTH // 2
    return (
        f'<path class="line" d="M{x} {row.y - GAP + 2}V{row.y - 8}"/>'
        f'<path class="tip" d="M{x - 5} {row.y - 9}h10l-5 8z"/>'
    )


def _beside(row: _Row) -> str:
    x = LEFT + BOX_WIDTH + 24
    top = row.y + (18 if len(row.lines) > 2 else BOX_HEIGHT // 2 + 5)
    drawn = [
        f'<text class="clock{" ends" if ends else ""}" x="{x}" y="{top + place * LINE}">{escape(line)}</text>'
        for place, (line, ends) in enumerate(row.lines)
    ]
    if drawn:
        y = row.y + BOX_HEIGHT // 2
        drawn.insert(0, f'<path class="line" stroke-dasharray="3 3" d="M{LEFT + BOX_WIDTH} {y}h16"/>')
    return "".join(drawn)
