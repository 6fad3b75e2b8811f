"""Sending a file of many people to the service, with a bar while it is taken in, and telling how it came out."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.bars import bar
from runtime.case_batch import OUTCOMES, WELL
from runtime.case_step import FAULT, REFUSED
from runtime.case_words import plain, safe

SHOWN = 50
"""Lines that a person reads at a terminal; the report has them all."""


def read_file(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as problem:
        raise typer.BadParameter(
            f"“{file}” cannot be read: {problem.strerror}. Name another file.", param_hint="FILE"
        ) from None


def _kind(content: bytes) -> str:
    from api.batch import CSV, JSONL, XLSX  # the web server's library comes with it

    if content.startswith(b"PK"):
        return XLSX
    return JSONL if content.lstrip()[:1] == b"{" else CSV


def sent(
    service: ApiClient,
    path: str,
    content: bytes,
    asked: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    dry_run: bool,
    quiet: bool,
) -> dict[str, Any]:
    """The whole report, with a bar while it comes."""
    query = {**asked, "dry_run": "true" if dry_run else "false"}
    found: dict[str, Any] = {}
    with bar(quiet=quiet or not sys.stderr.isatty()) as progress:
        task = progress.add_task("trying" if dry_run else "recording", total=None)
        for part in service.send_file(path, content, _kind(content), query, headers=headers):
            if "import_id" in part:
                found = part | {"report": [], "counts": {}, "completed": False}
                progress.reset(task, total=part["lines"])
            elif "counts" in part:
                found |= part
            else:
                found["report"].append(part)
                progress.advance(task)
    found["report"].sort(key=lambda line: line["line"])
    return found


def tell(found: Mapping[str, Any], report: Path | None, *, as_json: bool, every: bool) -> None:
    """How it came out, in the exit code too: 1 when a line is not on file, 3 when one could not be tried."""
    if report is not None:
        report.write_bytes(_as_csv(found))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        _tell(found, every=every)
    if any(line["outcome"] not in WELL for line in found["report"]):
        raise typer.Exit(FAULT if found["counts"].get("failed") else REFUSED)
    if not found["dry_run"] and not found["completed"]:
        raise typer.Exit(FAULT)


def _tell(found: Mapping[str, Any], *, every: bool) -> None:
    console = Console(highlight=False)
    counts = ", ".join(f"{found['counts'][name]:,} {plain(name)}" for name in OUTCOMES if name in found["counts"])
    where = "nothing was recorded" if found["dry_run"] else f"import {found['import_id']}"
    console.print(Text(f"{found['lines']:,} lines: {counts}; {where}", "bold"))
    shown = [line for line in found["report"] if every or line["outcome"] not in WELL]
    if shown:
        console.print(_table(shown if every else shown[:SHOWN]))
    if not every and len(shown) > SHOWN:
        console.print(f"{len(shown) - SHOWN:,} more: --all shows them, --report keeps them as CSV.")
    if not found["dry_run"] and not found["completed"]:
        console.print("Not every line was tried. Send the same file again: what is on file is recorded no second time.")


def _table(lines: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("Line", justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Entry", justify="right", no_wrap=True)
    table.add_column("What", ratio=1, overflow="fold")
    for line in lines:
        what = (line["problem"] or {}).get("detail") or ""
        table.add_row(str(line["line"]), plain(line["outcome"]), str(line["entry"] or ""), Text(safe(what)))
    return table


def _as_csv(found: Mapping[str, Any]) -> bytes:
    from api.batch_file import as_csv

    rows: list[list[object]] = [["line", "outcome", "entry", "rule", "problem"]]
    for line in found["report"]:
        problem = line["problem"] or {}
        rule = (problem.get("rule") or {}).get("path")
        rows.append([line["line"], line["outcome"], line["entry"], rule, problem.get("detail")])
    return as_csv(rows)
