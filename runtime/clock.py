"""The one clock of the program."""

from datetime import UTC, datetime


def now() -> datetime:
    """The only clock of the program that is not Temporal's."""
    return datetime.now(UTC)
