"""Cases from the command line: the same commands as the API's, through the API."""

import typer

case_app = typer.Typer(no_args_is_help=True, help="Open cases, advance them, and read where they stand.")
