"""How the shapes that events once had become today's. Old shapes are kept as fixtures for ever."""

from collections.abc import Callable
from typing import Any

from domain.pack_adoption import SHIPPED

Data = dict[str, Any]

UPCASTS: dict[tuple[str, int], Callable[[Data], Data]] = {
    ("nominations_closed", 1): lambda data: {"deviation": None, **data},
    # Before it had a reason, nobody but the program could adopt a pack.
    ("pack_adopted", 1): lambda data: data | {"reason": SHIPPED},
}
"""From (event type, schema version) to the step that gives the next version's shape."""


def upcast(alias: str, schema: int, data: Data) -> Data:
    """The event's data in the shape that its class has today."""
    while (step := UPCASTS.get((alias, schema))) is not None:
        data, schema = step(data), schema + 1
    return data
