"""What was measured: rows with their spread, as a table for people and as JSON for keeping."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.table import Table

OURS = "investiture"


@dataclass(frozen=True, slots=True)
class Row:
    """How fast one subject did one work. `median` is None when it could not be measured, and `note` says why."""

    work: str
    subject: str
    unit: str
    median: float | None
    min: float | None
    max: float | None
    runs: int
    note: str = ""


def measured(work: str, subject: str, unit: str, values: Sequence[float], note: str = "") -> Row:
    """The row of a subject that was run."""
    return Row(work, subject, unit, median(values), min(values), max(values), len(values), note)


def not_measured(work: str, subject: str, unit: str, why: str) -> Row:
    """The row of a subject that is not here to be run."""
    return Row(work, subject, unit, None, None, None, 0, why)


def ratios(rows: Sequence[Row], ours: str = OURS) -> dict[str, dict[str, float]]:
    """By work and peer: how many times our median is the peer's. Only rows of one run may be compared."""
    found: dict[str, dict[str, float]] = {}
    own = {row.work: row.median for row in rows if row.subject == ours}
    for row in rows:
        mine = own.get(row.work)
        if row.subject != ours and row.median and mine:
            found.setdefault(row.work, {})[row.subject] = mine / row.median
    return found


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
    }


def as_json(rows: Sequence[Row]) -> str:
    """The rows, their ratios and the machine."""
    return json.dumps({"machine": machine(), "rows": [asdict(row) for row in rows], "ratios": ratios(rows)}, indent=2)


def as_table(rows: Sequence[Row], title: str = "") -> Table:
    """The rows as people read them, each peer with our ratio to it."""
    table = Table(title=title or None)
    for name in ("work", "subject"):
        table.add_column(name)
    for name in ("median", "min", "max", "runs"):
        table.add_column(name, justify="right")
    table.add_column("unit")
    table.add_column(f"{OURS} is", justify="right")
    table.add_column("note")
    times = ratios(rows)
    for row in rows:
        ratio = times.get(row.work, {}).get(row.subject)
        figures = [_figure(value) for value in (row.median, row.min, row.max)]
        shown = f"{ratio:.2f}x" if ratio else ""
        table.add_row(row.work, row.subject, *figures, str(row.runs), row.unit, shown, row.note)
    return table


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
