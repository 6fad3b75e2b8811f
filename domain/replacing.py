"""A frozen value with some of its fields changed, or a mapping with one of its values, without stating the rest."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")

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


def put(values: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """The mapping with one more value, or another in the old one's place; the first stays as it was.

    The copy is made in one piece: naming each entry again took most of the time of folding a long case.
    """
    copied = values.copy() if isinstance(values, MappingProxyType) else dict(values)
    copied[key] = value
    return MappingProxyType(copied)
