"""What a request may hold: legible text; in its body known fields, and no more than a mebibyte of them."""

import re
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import BodyTooLarge, body_too_large_document
from domain.command import legible
from domain.law import Language
from pages.public_notice import problem_page
from pages.response_headers import taking_headers
from pages.translations import words

LARGEST_BODY = 1_048_576
"""Bytes. An entry of the log has 64 KiB at most, so nothing lawful comes near it."""


TAKES_FILES = "/api/v1/batches"
LARGEST_FILE = 8 * 1_048_576
"""Bytes."""

TAKES_LARGE_FILES = frozenset({"/api/v1/training-imports", "/api/v1/service-imports"})
LARGEST_IMPORT = 64 * 1_048_576
"""Bytes."""

TAKES_FORMS = re.compile(
    r"/[a-z]{2}/(notices/[0-9a-z]{12}/[a-z-]+|receipt/[a-z]+)"
    r"|/api/v1/(notices/[0-9a-z]{12}/[a-z-]+|receipts/messages)"
)
LARGEST_FORM = 24 * 1_048_576
"""Bytes: three files of five mebibytes in base64, and the text beside them."""


class Body(BaseModel):
    """The body of a write that is not itself a command."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    @field_validator("*", mode="after")
    @classmethod
    def _legible(cls, value: Any) -> Any:
        return legible(value)


async def legible_query(request: Request) -> None:
    """Text in an address is legible too: it is looked up in the same tables.

    Refuses: RequestValidationError.
    """
    for name, text in request.query_params.multi_items():
        try:
            legible(text)
        except PydanticCustomError as illegible:
            raise RequestValidationError([{"loc": ("query", name), "msg": illegible.message()}]) from illegible


class SizeLimited:
    """Reads a body before anybody works on it, and refuses one that is too large as soon as that shows.

    The framework has a limit of its own, which answers in plain text; every refusal here is a problem document.
    """

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        if scope["path"] in TAKES_LARGE_FILES:  # read by `read_large`, once it is known who sends it
            await self._app(scope, receive, send)
            return
        largest = _largest(scope["path"])
        body = await _read(scope, receive, largest)
        if body is None:
            await _too_large(scope["path"], largest)(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)


async def read_large(request: Request) -> bytes:
    """The body of a route that takes large files.

    Refuses: BodyTooLarge, as soon as that shows.
    """
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated[:20]) > LARGEST_IMPORT:
        raise BodyTooLarge(LARGEST_IMPORT)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_IMPORT:
            raise BodyTooLarge(LARGEST_IMPORT)
    return bytes(body)


def _too_large(path: str, largest: int) -> Response:
    """For a program a problem document, and for whoever sent a form a page in the language of its address."""
    if not TAKES_FORMS.fullmatch(path) or path.startswith("/api/"):
        return body_too_large_document(BodyTooLarge(largest))
    language: Language = "zh" if path.startswith("/zh/") else "en"
    say, megabytes = words(language), largest // 1_048_576
    parts = (say(f"entry.too_large.{part}", largest=megabytes) for part in ("title", "sentence", "next"))
    return Response(problem_page(language, *parts), 413, taking_headers(language))


def _largest(path: str) -> int:
    if path == TAKES_FILES:
        return LARGEST_FILE
    return LARGEST_FORM if TAKES_FORMS.fullmatch(path) else LARGEST_BODY


async def _read(scope: Scope, receive: Receive, largest: int) -> bytes | None:
    """The body; None when it is too large, or when its sender went away in the middle of it."""
    stated = dict(scope["headers"]).get(b"content-length", b"")
    if stated.isdigit() and int(stated[:20]) > largest:
        return None
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or len(body) > largest:
            return None
        more = message.get("more_body", False)
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replaying() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replaying
