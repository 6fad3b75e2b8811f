"""Answers that a reader need not be sent again: what tells them apart, and what it means to have the same."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response

OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
"""Anybody's page may read what is open to anybody."""

ASKED_AGAIN = {"Cache-Control": "no-cache"}
"""It may be kept, and is asked for again each time, so that what was taken down is gone everywhere."""


def mark_of(body: bytes) -> str:
    """What tells these bytes from all others."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def unless_known(
    request: Request, body: bytes, media_type: str, changed_at: datetime, headers: Mapping[str, str] | None = None
) -> Response:
    """The bytes, or that the reader has them already.

    Source: RFC 9110, 13.1.2, 13.1.3 and 13.2.2.
    """
    mark = mark_of(body)
    changed_at = changed_at.astimezone(UTC).replace(microsecond=0)
    sent = {**OPEN, **ASKED_AGAIN, **(headers or {}), "ETag": mark, "Last-Modified": format_datetime(changed_at, True)}
    if known(request, mark, changed_at):
        return Response(status_code=304, headers=sent)
    return Response(body, media_type=media_type, headers=sent)


def known(request: Request, mark: str, changed_at: datetime | None = None) -> bool:
    """Whether the reader has it: by its mark when one is stated, and else by when it changed."""
    stated = request.headers.get("if-none-match")
    if stated is not None:
        return stated.strip() == "*" or mark.removeprefix("W/") in (
            one.strip().removeprefix("W/") for one in stated.split(",")
        )
    since = request.headers.get("if-modified-since")
    if since is None or changed_at is None:
        return False
    try:
        return changed_at <= parsedate_to_datetime(since).astimezone(UTC)
    except ValueError:
        return False
