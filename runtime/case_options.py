"""What the steps of a case take in common on the command line, and the request's body that options make."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

Body = dict[str, Any]
Candidate = Annotated[str, typer.Argument(metavar="CANDIDATE", help="The candidate's id.")]
TextFile = Annotated[Path | None, typer.Option(help="The same, from a file of text; - is standard input.")]
SealedReason = Annotated[str | None, typer.Option(help="Why; sealed for supervision.")]
PublicReason = Annotated[str | None, typer.Option(help="Stands in the public record: no personal data.")]
AuditedReason = Annotated[str | None, typer.Option(help="Stands in the audit trail for ever: no personal data.")]


def day_option(help: str) -> Any:
    """An option that is a civil day."""
    return typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=help)


def body_of(**given: Any) -> Body:
    """What is given, as a request's body: without what was left out, and days as days."""
    days = {name: value.date().isoformat() for name, value in given.items() if isinstance(value, datetime)}
    return {name: value for name, value in (given | days).items() if value is not None}
