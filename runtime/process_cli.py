"""The processes of an installation as commands: each imports what it alone needs."""

import importlib

import uvloop

from runtime.logging import set_up_logging
from runtime.settings import load_settings


def _run(name: str) -> None:
    process = importlib.import_module(f"runtime.{name}_process")
    settings = load_settings()
    set_up_logging(settings)
    uvloop.run(process.run(settings))


def api() -> None:
    """Run the API and the public pages.

    Example: INVESTITURE_DATABASE_URL=… investiture api
    """
    _run("api")


def worker() -> None:
    """Run the worker of the cases' workflows.

    Example: INVESTITURE_TEMPORAL_ADDRESS=… investiture worker
    """
    _run("worker")


def projector() -> None:
    """Keep the read models up to date.

    Example: INVESTITURE_DATABASE_URL=… investiture projector
    """
    _run("projector")


def relay() -> None:
    """Carry recorded facts to the cases' workflows.

    Example: INVESTITURE_TEMPORAL_ADDRESS=… investiture relay
    """
    _run("relay")


def publisher() -> None:
    """Publish the log as tiles and signed checkpoints, and have the witness cosign them.

    Example: INVESTITURE_PUBLIC_LOG=/srv/log investiture publisher
    """
    _run("publisher")
