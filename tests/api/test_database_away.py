"""While the database is away a caller is told to repeat with the same key, and the repetition records once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from runtime.settings import Settings
from tests.desk import POST, Desk, open_desk

SOCKET = ".s.PGSQL.5432"


class Wire:
    """A way to the database that a test can cut."""

    def __init__(self, door: Path, leads_to: Path):
        self._door, self._leads_to = door, leads_to
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def mend(self) -> None:
        self._server = await asyncio.start_unix_server(self._carry, self._door)

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        self._door.unlink(missing_ok=True)
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(self._leads_to)
        self._ends |= {writer, there[1]}
        await asyncio.gather(_pour(reader, there[1]), _pour(there[0], writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    except OSError:
        return
    finally:
        writer.close()


@asynccontextmanager
async def wired(settings: Settings) -> AsyncIterator[tuple[Desk, Wire]]:
    """A door whose way to both databases is one wire."""
    sockets = parse_qs(urlsplit(settings.database_url).query)["host"][0]
    with TemporaryDirectory() as folder:
        wire = Wire(Path(folder) / SOCKET, Path(sockets) / SOCKET)
        await wire.mend()
        through = {name: getattr(settings, name).replace(sockets, folder) for name in ("database_url", "keys_url")}
        async with open_desk(settings.model_copy(update=through)) as desk:
            yield desk, wire


async def test_a_write_without_a_database_is_to_be_repeated_under_the_same_key(settings: Settings) -> None:
    async with wired(settings) as (desk, wire):
        await desk.opened(post_id="earlier")
        size = await desk.log_size()
        await wire.cut()
        for _ in range(3):
            away = await desk.post("/cases", {"post": POST}, key="wish-0001")
            assert away.status_code == 503 and away.headers["Retry-After"]
            assert away.headers["Content-Type"] == "application/problem+json"
            assert "same idempotency key" in away.json()["detail"]
        await wire.mend()
        back = await desk.post("/cases", {"post": POST}, key="wish-0001")
        assert back.status_code == 201 and not back.json()["repeated"]
        assert await desk.log_size() == size + 2


async def test_reads_and_pages_without_a_database_are_to_be_asked_again(settings: Settings) -> None:
    async with wired(settings) as (desk, wire):
        case_id, _, notice_id = await desk.noticed()
        await desk.project()
        await wire.cut()
        for path in ("/api/v1/cases", f"/api/v1/cases/{case_id}", "/api/v1/notices", f"/en/notices/{notice_id}"):
            away = await desk.get(path)
            assert away.status_code == 503 and away.headers["Retry-After"], path
        assert (await desk.http.get("/healthz")).status_code == 200
        assert (await desk.http.get("/readyz")).status_code == 503
        await wire.mend()
        assert (await desk.http.get("/readyz")).status_code == 200
