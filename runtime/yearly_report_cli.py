"""Yearly reports from the command line: the same acts as the API's, through the API."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from domain.identity import Role
from domain.law import Language
from domain.yearly_report import DrawUpYearlyReport
from runtime.api_client import ApiClient
from runtime.case_options import Body
from runtime.case_step import AsJson, reading, step
from runtime.list_table import list_table, tell_list

Year = Annotated[int, typer.Argument(metavar="YEAR", help="A year that is over.")]

yearly_report_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The yearly report on selection and appointment, worked out from the record.\n\n"
    "Each command speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture yearly-report draw-up 2025",
)


@step("draw-up", DrawUpYearlyReport, "/yearly-reports", Role.PERSONNEL)
def draw_up(
    year: Year,
    reason: Annotated[str | None, typer.Option(help="Why there must be another one; public, without names.")] = None,
) -> Body:
    """Fix the report of a year with its hash. A second one for the same year says why.

    Example: investiture yearly-report draw-up 2025
    """
    return {"year": year} | ({"reason": reason} if reason else {})


def list_reports(service: ApiClient, as_json: AsJson = False) -> None:
    """List the reports that were drawn up, the latest year first.

    Example: investiture yearly-report list
    """
    found = service.read("/yearly-reports")["reports"]
    tell_list("reports", found, _table, "No report was drawn up.", as_json)


def show(
    service: ApiClient,
    year: Year,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the PDF; yearly-report-YEAR-LANG.pdf if left out.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the document.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Take a report on paper; with --json the same as data, and no file.

    Example: investiture yearly-report show 2025 --lang zh
    """
    path = f"/yearly-reports/{year}"
    if as_json:
        typer.echo(json.dumps(service.read(path), ensure_ascii=False))
        return
    file = out or Path(f"yearly-report-{year}-{lang}.pdf")
    content = service.read_text(path, {"format": "pdf", "language": lang})
    file.write_bytes(content)
    Console(highlight=False).print(f"{file}: {len(content):,} bytes")


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    return list_table(("Year", "Report", "Drawn up", "SHA-256 of what it tells"), map(_cells, rows))


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    return (str(row["year"]), str(row["number"]), row["drawn_up_on"], row["digest"])


draw_up.add_to(yearly_report_app, "Acting")
reading(yearly_report_app, "list", "Reading", Role.AUDITOR)(list_reports)
reading(yearly_report_app, "show", "Reading", Role.AUDITOR)(show)
