"""Reading the reports on training from the command line."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.case_step import AsJson
from runtime.case_words import plain
from runtime.list_table import list_table

Report = Literal["coverage", "methods", "teachers", "facilities", "promotion"]
SHARES = {"coverage", "quality", "attendance", "pass_share", "share"}
COLUMNS: Mapping[str, Sequence[str]] = {
    "coverage": (
        *("year", "unit", "people", "coverage", "coverage_target"),
        *("trainings", "quality", "quality_target"),
    ),
    "methods": ("year", "method", "trainings", "attendance", "pass_share", "ratings", "rating"),
    "teachers": ("plan", "year", "side", "name", "teachers", "share", "change"),
    "facilities": ("name", "needed", "available", "short"),
    "promotion": ("appointed", "by", "name", "people", "in_order", "share"),
}


def report(
    service: ApiClient,
    name: Annotated[Report, typer.Argument(help="Which report.")],
    unit: Annotated[str | None, typer.Option(help="Coverage of this unit alone, year by year.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the table as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a report on training: what the public reads, with small groups hidden.

    Example: investiture training report coverage --csv
    """
    path = f"/reports/training/{name}"
    asked = {"unit": unit} if unit else {}
    if as_csv:
        typer.echo(service.read_text(path, {**asked, "format": "csv"}), nl=False)
        return
    found = service.read(path, asked)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(_table(name, found["rows"]) if found["rows"] else "Nothing is on record for this report yet.")
    console.print(Text(f"As of {found['as_of']}. {found['method']['en']}", "dim"))


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = COLUMNS[name]
    heads = (plain(column).capitalize() for column in columns)
    return list_table(heads, ([_cell(column, row[column]) for column in columns] for row in rows))


def _cell(column: str, value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "appointed" if value else "not appointed"
    if column in SHARES and isinstance(value, float):
        return f"{100 * value:.1f}%"
    return str(value) or "all"
