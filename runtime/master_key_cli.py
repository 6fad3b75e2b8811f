"""The command `make-master-key`."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.master_key import custody
from runtime.master_key import make_master_key as write_master_key


def make_master_key(
    file: Annotated[Path, typer.Argument(help="Where to write it; never over an old one.")],
    command: Annotated[
        str | None,
        typer.Option(
            envvar="INVESTITURE_MASTER_KEY_COMMAND", help="Program of a KMS that wraps it: see docs/forgetting.md."
        ),
    ] = None,
) -> None:
    """Make the key that wraps all others. Keep a copy apart from every backup of the log.

    Example: investiture make-master-key /etc/investiture/master.key
    """
    try:
        write_master_key(file, custody(command))
    except FileExistsError:
        typer.echo(f"{file} is there already, and is left as it is.", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{file} was written.")
