"""Garbage collection that does not stop a process for longer the more it keeps.

A whole collection looks at everything that lives. What an API keeps, its routes and the cases that it has met, is
never a circle, and is freed without it; but looking at it took 0.2 s after a start and 1 s with 20,000 cases, in which
nobody was answered.
"""

import gc
from typing import Any

WHOLE = 2
"""The oldest generation: what a whole collection looks at."""


def look_once_at_what_lives() -> None:
    """From now on, what a whole collection finds alive is not looked at again; a circle in it would stay for ever."""
    gc.collect()
    gc.freeze()
    gc.callbacks.append(_leave_survivors)


def _leave_survivors(phase: str, info: dict[str, Any]) -> None:
    if phase == "stop" and info["generation"] == WHOLE:
        gc.freeze()
