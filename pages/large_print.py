"""A page in ordinary and in large print: set once, with the few places marked in which the two differ."""

import re

from markupsafe import Markup, escape

_EITHER = re.compile("\x01([^\x02]*)\x02([^\x03]*)\x03")
"""Control characters, which no text of people holds (`domain.command.legible`)."""


def either(ordinary: str, large: str) -> Markup:
    """A place in which the two differ."""
    return Markup("\x01{}\x02{}\x03").format(escape(ordinary), escape(large))


def in_print(page: str, *, large: bool) -> str:
    """The page in one of the two."""
    return _EITHER.sub(r"\2" if large else r"\1", page)
