"""The register of duties from the command line: who held which duty, by when, and how late."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.case_reading import After
from runtime.case_step import AsJson
from runtime.case_words import day, plain, safe
from runtime.list_table import tell_list

PAGE = 200


def duties(
    service: ApiClient,
    case: Annotated[str | None, typer.Option(metavar="CASE", help="Only of this case.")] = None,
    of_role: Annotated[str | None, typer.Option(help="Only of this role, such as `school`.")] = None,
    of_organ: Annotated[str | None, typer.Option(help="Only of this organ.")] = None,
    still_open: Annotated[bool | None, typer.Option("--open/--done", help="Only those not done; or done.")] = None,
    silence: Annotated[bool, typer.Option("--silence", help="Only those whose day passed in silence.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Your own inbox; with --role or a token, for whom.")] = False,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List duties: who held them, by when they were due, how old they are and how late, those that began last first.

    Example: investiture case duties --mine --role supervision
    """
    asked = {
        "case_id": case,
        "role": of_role,
        "organ": of_organ,
        "still_open": None if still_open is None else str(still_open).lower(),
        "silence": "true" if silence else None,
        "mine": "true" if mine else None,
        "limit": PAGE,
        "after_position": after,
    }
    found = [row for page in service.pages("/duties", asked) for row in page["duties"]]
    tell_list("duties", found, _table, "No duty matches.", as_json)


def _table(found: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("Case", no_wrap=True, width=12)
    for label in ("Duty", "On duty", "Due", "How it stands"):
        table.add_column(label, ratio=2, overflow="fold")
    for row in found:
        due = day(row["due_on"]) if row["due_on"] else "no day is set"
        duty = plain(row["duty"].replace(":", " "))
        table.add_row(*(Text(safe(cell)) for cell in (row["case_id"], duty, _who(row), due, _stands(row))))
    return table


def _who(row: Mapping[str, Any]) -> str:
    officer = row["officer_name"] or row["officer"] or "nobody yet"
    return f"{officer}, {row['organ'] or plain(row['role'])}"


def _stands(row: Mapping[str, Any]) -> str:
    late = f", {row['late_days']} days late" if row["late_days"] else ""
    silence = "; the day passed in silence" if row["silence"] else ""
    if row["done_on"]:
        return f"done on {day(row['done_on'])}{late}{silence}"
    if row["dropped_on"]:
        return f"not done when the case ended on {day(row['dropped_on'])}{late}{silence}"
    return f"open for {row['age_days']} days{late}{silence}"
