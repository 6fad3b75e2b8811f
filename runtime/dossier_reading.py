"""Taking the dossier of a case from the command line."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from runtime.api_client import ApiClient
from runtime.case_step import AsJson, CaseId, asking


@asking()
def dossier(
    service: ApiClient,
    case_id: CaseId,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the PDF; dossier-CASE-LANG.pdf when left out.", metavar="FILE")
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the document.")] = "en",
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day to which days are counted; today if not."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take the dossier of a case: fifteen parts with every entry and its proof inside. The export goes on the log.

    With --json the same as data, and no file. Example: investiture dossier d6fhcqtf5dfs --out case.pdf --lang zh
    """
    asked = {"language": lang, "format": "json" if as_json else "pdf"}
    if on is not None:
        asked["on"] = on.date().isoformat()
    path = f"/cases/{case_id}/dossier"
    if as_json:
        typer.echo(json.dumps(service.read(path, asked), ensure_ascii=False))
        return
    file = out or Path(f"dossier-{case_id}-{lang}.pdf")
    content = service.read_text(path, asked)
    file.write_bytes(content)
    said = f"{file}: {len(content):,} bytes, with every entry of the case and its proof inside"
    Console(highlight=False).print(said)
