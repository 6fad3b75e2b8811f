"""Garbage collection that does not stop a process for longer the more it keeps.

A whole collection looks at everything that lives. What an API keeps, its routes and the cases that it has met, is no
circle and is freed without it; looking at it took 0.2 s after a start and more with every case, in which nobody was
answered, and more than a third of the time in which cases are folded into a read model. Not for a process that carries
workflows: each is a circle that lives long.
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
