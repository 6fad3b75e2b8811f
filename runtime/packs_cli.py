"""placeholder"""

import typer

packs_app = typer.Typer()
