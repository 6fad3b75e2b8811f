"""A client that costs little, so that a figure is the server's: one connection, requests one after another."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> dict[str, object]:
        found: dict[str, object] = orjson.loads(self.body)
        return found


class Caller:
    """A kept-alive connection to an HTTP/1.1 server on loopback that answers with a content length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> "Caller":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n{lines}\r\n"
        return await self._ask(head.encode("ascii") + body)

    async def get(self, path: str) -> Reply:
        return await self._ask(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode("ascii"))

    async def _ask(self, request: bytes) -> Reply:
        self._writer.write(request)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        status = int(answer[9:12])
        lower = answer.lower()
        at = lower.index(b"content-length: ") + 16
        length = int(lower[at : lower.index(b"\r\n", at)])
        return Reply(status, await self._reader.readexactly(length))

    def close(self) -> None:
        self._writer.close()
