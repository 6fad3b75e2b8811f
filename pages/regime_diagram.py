"""The order of a regime as a drawing: its stages from top to bottom, who is on duty, and the clocks beside them."""

from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

from domain.law import Language, Text
from domain.pack import OnExpiry, Pack, Stage
from pages.pack_words import WORDS, clocks

WIDTH = 900
BOX_WIDTH = 440
BOX_HEIGHT = 60
LINE = 20
GAP = 30
LEFT = 4
NAME_LINE = 22
LETTERS = {"en": 58, "zh": 30}
NAME_LETTERS = {"en": 46, "zh": 22}
STYLE = (
    ".regime-diagram{background:#fff}"
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
    name: tuple[str, ...]
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
        name = tuple(wrap(f"{place}. {stage.title.in_(language)}", NAME_LETTERS[language]))
        height = max(BOX_HEIGHT + (len(name) - 1) * NAME_LINE, len(lines) * LINE + 8)
        rows.append(_Row(place, stage, y, height, name, lines))
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
    first = row.y + row.height // 2 - 4 - (len(row.name) - 1) * NAME_LINE // 2
    name = "".join(
        f'<text class="stage" x="{LEFT + 16}" y="{first + place * NAME_LINE}" font-size="18">{escape(line)}</text>'
        for place, line in enumerate(row.name)
    )
    holder = escape(WORDS[str(row.stage.duty.holder)].in_(language))
    return (
        f'<rect class="box" x="{LEFT}" y="{row.y}" width="{BOX_WIDTH}" height="{row.height}" rx="3"/>'
        f'{name}<text class="who" x="{LEFT + 16}" y="{first + len(row.name) * NAME_LINE}">{holder}</text>'
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
    middle = row.y + row.height // 2
    top = middle + 5 - (len(row.lines) - 1) * LINE // 2
    drawn = [
        f'<text class="clock{" ends" if ends else ""}" x="{x}" y="{top + place * LINE}">{escape(line)}</text>'
        for place, (line, ends) in enumerate(row.lines)
    ]
    if drawn:
        drawn.insert(0, f'<path class="line" stroke-dasharray="3 3" d="M{LEFT + BOX_WIDTH} {middle}h16"/>')
    return "".join(drawn)
