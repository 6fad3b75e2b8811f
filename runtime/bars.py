"""How long work shows that it goes on."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


def bar(*, quiet: bool) -> Progress:
    """Done, rate and time left, on standard error so that output stays clean; nothing at all when quiet."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TextColumn("{task.completed:,.0f}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
