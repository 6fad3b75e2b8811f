"""Lists at a terminal: a table without lines, whose cells fold, and in which nothing can move the cursor."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.case_words import safe


def list_table(columns: Iterable[str], rows: Iterable[Iterable[object]], whole: str | None = None) -> Table:
    """A row for each entry. `whole`: the column that is not broken, because it is copied from there."""
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name == whole)
    for row in rows:
        table.add_row(*(Text(safe(str(cell))) for cell in row))
    return table


def tell_list(
    name: str, found: Sequence[Any], table: Callable[[Sequence[Any]], Table], nothing: str, as_json: bool
) -> None:
    """What was found as data under a name, as a table, or in a sentence that says that nothing was."""
    if as_json:
        typer.echo(json.dumps({name: found}, ensure_ascii=False))
    else:
        Console(highlight=False).print(table(found) if found else nothing)
