"""What was measured: rows with their spread, as a table for people and as JSON for keeping."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from statistics import median
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

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
    """The rows as people read them, by work, each peer with our ratio to it; it fits eighty columns."""
    table = Table(title=title or None, box=box.SIMPLE, pad_edge=False, padding=(0, 1))
    table.add_column("work, subject", overflow="fold", ratio=1)
    for name in ("median", "min", "max", "runs", "unit", "we are"):
        table.add_column(name, justify="left" if name == "unit" else "right", no_wrap=True)
    times = ratios(rows)
    for work, found in groupby(sorted(rows, key=lambda row: row.work), key=lambda row: row.work):
        table.add_row(Text(work, "bold"))
        for row in found:
            ratio = times.get(work, {}).get(row.subject)
            figures = [_figure(value) for value in (row.median, row.min, row.max)]
            subject = f"  {row.subject}" + (f" ({row.note})" if row.note else "")
            table.add_row(subject, *figures, str(row.runs), row.unit, f"{ratio:.2f}x" if ratio else "")
    return table


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
