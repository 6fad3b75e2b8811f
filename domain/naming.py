"""Durable names are made from class names, in one way."""

import re
from functools import cache

_WORD_BEGINS = re.compile(r"(?<!^)(?=[A-Z])")


@cache
def snake_case(class_name: str) -> str:
    """`PublicNoticeOpened` is `public_notice_opened`."""
    return _WORD_BEGINS.sub("_", class_name).lower()
