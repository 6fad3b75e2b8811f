"""Pages that were rendered before, for as long as what they were rendered from is the same.

Each time it is asked what they are rendered from now, so that what is taken down is gone at once, everywhere.
"""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import Request, Response

from api.conditional import known, mark_of

MOST_PAGES = 4_096
MOST_POSTERS = 32
GZIP_LEVEL = 6


@dataclass(frozen=True)  # without slots, for what is packed once
class Page:
    """A page as it is sent: the same bytes to everybody."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    etag: str

    @classmethod
    def of(cls, content: str | bytes, headers: Mapping[str, str], status: int = 200) -> "Page":
        body = content.encode() if isinstance(content, str) else content
        etag = mark_of(body)
        sent = {"Cache-Control": "public, max-age=60", **headers, "ETag": etag, "Vary": "Accept-Encoding"}
        return cls(status, body, sent, etag)

    @cached_property
    def zipped(self) -> bytes:
        """The page packed, from the first time that somebody asks for it so."""
        return gzip.compress(self.body, GZIP_LEVEL, mtime=0)

    def answer(self, request: Request) -> Response:
        """The page for one reader: nothing of it when they have it already, packed when they can unpack it."""
        if self.status == 200 and known(request, self.etag):
            return Response(status_code=304, headers=dict(self.headers))
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.zipped, self.status, {**self.headers, "Content-Encoding": "gzip"})
        return Response(self.body, self.status, dict(self.headers))


class KeptPages:
    """The pages that were asked for last, by their addresses, each with the mark of what it was rendered from."""

    def __init__(self, most: int = MOST_PAGES) -> None:
        self._most = most
        self._pages: OrderedDict[str, tuple[Hashable, Page]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Hashable]] = {}

    async def page(
        self, address: str, mark: Callable[[], Coroutine[Any, Any, Hashable]], render: Callable[[], Awaitable[Page]]
    ) -> Page:
        """The page of an address; `render` is asked when its mark is not the one that it was kept under."""
        now = await self._mark(address, mark)
        kept = self._pages.get(address)
        if kept is not None and kept[0] == now:
            self._pages.move_to_end(address)
            return kept[1]
        page = await render()
        self._pages[address] = (now, page)
        if len(self._pages) > self._most:
            self._pages.popitem(last=False)
        return page

    async def _mark(self, address: str, mark: Callable[[], Coroutine[Any, Any, Hashable]]) -> Hashable:
        """What a page is rendered from now; readers who ask at the same time share one look."""
        asking = self._asking.get(address)
        if asking is None:
            asking = self._asking[address] = asyncio.create_task(mark())
            asking.add_done_callback(lambda _: self._asking.pop(address))
        return await asyncio.shield(asking)


def kept_pages(request: Request) -> KeptPages:
    """The pages that this process keeps."""
    found: Any = request.app.state.kept_pages
    assert isinstance(found, KeptPages)
    return found
