"""A frozen value with some of its fields changed, without the cost of stating every other field again."""

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace as replace  # so that the fields are checked by name and type
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`; of one without slots the other fields are copied together.

        A case has some forty fields, and its fold replaces one after another: naming each to the constructor took most
        of the time of a fold.
        """
        if not hasattr(value, "__dict__"):
            return dataclasses.replace(value, **changes)
        changed = object.__new__(type(value))
        changed.__dict__.update(value.__dict__, **changes)
        return changed
