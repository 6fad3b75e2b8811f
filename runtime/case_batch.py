"""Many steps from one file: sent as it is, its report shown as it comes."""

import json
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.batch import Action
from domain.identity import Role
from domain.law import Language
from runtime.api_client import ApiClient
from runtime.bars import bar
from runtime.case_caller import Caller
from runtime.case_step import FAULT, HOW, REFUSED, AsJson, answering
from runtime.case_words import plain, safe

ROLE: dict[str, Role] = {"verify_training": Role.SCHOOL, "hold_decision_meeting": Role.DECISION_BODY}
WELL = frozenset({"recorded", "repeated", "would_record"})
OUTCOMES = ("recorded", "repeated", "would_record", "refused", "invalid", "failed")


def batch(
    caller: Caller,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX, one line a step; - is standard input.")],
    action: Annotated[Action, typer.Option(help="The step that each line is.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say of each line what would happen, and record nothing.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Also write the whole report as CSV into this file.", metavar="CSV")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every line, also those that went well.")] = False,
    key: Annotated[
        str | None,
        typer.Option(
            help="Idempotency key: sending the same file with the key of its first try never records a line twice.",
            rich_help_panel=HOW,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take many steps from one file, each line a step of one case; a wrong line stops no other.

    Ends with 0 when every line was recorded, 1 when one was not, and 3 when one could not be tried.

    Example: investiture case batch posts.csv --action open_case --dry-run
    """
    content = _read(file)
    key = key or f"cli-{uuid.uuid4().hex}"
    with answering(as_json, key), caller.client(ROLE.get(action, Role.PERSONNEL)) as service:
        found = _sent(service, content, action, dry_run, key, quiet=as_json or not sys.stderr.isatty())
    if report is not None:
        from api.batch import report_csv  # the web server's library comes with it

        report.write_bytes(report_csv(found["report"]))
    if as_json:
        typer.echo(json.dumps({"idempotency_key": key} | found, ensure_ascii=False))
    else:
        _tell(found, key, every=every)
    if any(line["outcome"] not in WELL for line in found["report"]):
        raise typer.Exit(FAULT if found["counts"].get("failed") else REFUSED)


def batch_template(
    caller: Caller,
    action: Annotated[Action, typer.Argument(help="The step that each line is to be.")],
    language: Annotated[Language, typer.Option(help="Language of the headers.")] = "en",
) -> None:
    """Print the header of a file to fill in; a spreadsheet opens it as it is.

    Example: investiture case batch-template open_case --language zh
    """
    with answering(False), caller.client(Role.PERSONNEL) as service:
        template = service.read_text(f"/batches/templates/{action}.csv", {"language": language})
    sys.stdout.buffer.write(template)


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as problem:
        raise typer.BadParameter(
            f"“{file}” cannot be read: {problem.strerror}. Name another file.", param_hint="FILE"
        ) from None


def _sent(service: ApiClient, content: bytes, action: str, dry_run: bool, key: str, *, quiet: bool) -> dict[str, Any]:
    """The whole report, with a bar while it comes."""
    asked = {"action": action, "dry_run": "true" if dry_run else "false"}
    from api.batch import CSV, XLSX

    kind = XLSX if content.startswith(b"PK") else CSV
    found: dict[str, Any] = {}
    with bar(quiet=quiet) as progress:
        task = progress.add_task("trying" if dry_run else "recording", total=None)
        for part in service.send_file("/batches", content, kind, asked, key):
            if "batch_id" in part:
                found = part | {"report": [], "counts": {}, "completed": False}
                progress.reset(task, total=part["lines"])
            elif "counts" in part:
                found |= part
            else:
                found["report"].append(part)
                progress.advance(task)
    found["report"].sort(key=lambda line: line["line"])
    return found


def _tell(found: Mapping[str, Any], key: str, *, every: bool) -> None:
    console = Console(highlight=False)
    counts = ", ".join(f"{found['counts'][name]:,} {plain(name)}" for name in OUTCOMES if name in found["counts"])
    where = "nothing was recorded" if found["dry_run"] else f"batch {found['batch_id']}"
    console.print(Text(f"{found['lines']:,} lines: {counts}; {where}", "bold"))
    shown = [line for line in found["report"] if every or line["outcome"] not in WELL]
    if shown:
        console.print(_table(shown))
    if not found["dry_run"] and not found["completed"]:
        console.print(f"Not every line was tried. Send the same file again with --key {key}.", markup=False)


def _table(lines: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("Line", justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Case", no_wrap=True)
    table.add_column("What", ratio=1, overflow="fold")
    for line in lines:
        what = (line["problem"] or {}).get("detail") or ", ".join(plain(event) for event in line["events"])
        table.add_row(str(line["line"]), plain(line["outcome"]), line["case_id"] or "", Text(safe(what)))
    return table
