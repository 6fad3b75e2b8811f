"""The live stream of notices, from a real server: each change once, by its position, and an end with the server's."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from sse_starlette.sse import AppStatus

from api import notice_stream
from tests.desk import Desk

PATH = "/api/v1/notices/events"


@asynccontextmanager
async def server_of(desk: Desk) -> AsyncIterator[tuple[str, uvicorn.Server, "asyncio.Task[None]"]]:
    """The desk's own app behind a port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(desk.app, lifespan="off", log_level="warning", access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}", server, serving
        finally:
            server.should_exit = True
            AppStatus.should_exit = True  # what a signal does to every stream of the process
            await serving
            AppStatus.should_exit = False


class Listener:
    """Reads a stream event by event."""

    def __init__(self, answer: httpx2.Response):
        self._lines = answer.aiter_lines()

    async def event(self) -> dict[str, str]:
        """The next event; comments, which keep the line open, are told as such."""
        found: dict[str, str] = {}
        async for line in self._lines:
            if not line and found:
                return found
            name, _, value = line.partition(":")
            found |= {name or "comment": value.strip()} if line else {}
        raise EOFError("the stream has ended")

    async def change(self) -> tuple[str, dict[str, Any]]:
        while "data" not in (event := await asyncio.wait_for(self.event(), 20)):
            pass
        assert event["event"] == "notice"
        return event["id"], json.loads(event["data"])


@asynccontextmanager
async def listening(origin: str, query: str = "", **headers: str) -> AsyncIterator[Listener]:
    async with (
        httpx2.AsyncClient(trust_env=False, timeout=30) as http,
        http.stream("GET", f"{origin}{PATH}{query}", headers=headers) as answer,
    ):
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/event-stream")
        yield Listener(answer)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_stream, "LOOK_EVERY_SECONDS", 0.02)


async def test_every_change_is_told_once_by_its_position_and_names_nobody(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    await desk.project()
    async with server_of(desk) as (origin, _, _), listening(origin, "?from_position=0") as live:
        first, opened = await live.change()
        assert opened["notice_id"] == notice_id and first.startswith(f"{opened['changed_at_position']}.")
        await desk.objected(case_id)
        await desk.project()
        second, objected = await live.change()
        assert (objected["objections_open"], "Okafor" in str(objected)) == (1, False)
        async with listening(origin, **{"Last-Event-ID": first}) as back:
            assert (await back.change())[0] == second
        await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
        await desk.project()
        assert (await live.change())[1]["standing"] == "cut_short"


async def test_who_comes_without_a_position_is_told_what_comes_next(desk: Desk) -> None:
    await desk.noticed(post_id="before")
    await desk.project()
    async with server_of(desk) as (origin, _, _), listening(origin) as live:
        _, _, notice_id = await desk.noticed(post_id="after")
        await desk.project()
        assert (await live.change())[1]["notice_id"] == notice_id


async def test_a_silent_stream_is_kept_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_stream, "HEARTBEAT_SECONDS", 1)
    await desk.project()
    async with server_of(desk) as (origin, _, _), listening(origin) as live:
        assert "comment" in await asyncio.wait_for(live.event(), 10)


async def test_listeners_are_bounded_and_a_place_is_given_back(desk: Desk) -> None:
    desk.app.state.notice_listeners.most = 1
    await desk.noticed()
    await desk.project()
    async with server_of(desk) as (origin, _, _), httpx2.AsyncClient(trust_env=False) as http:
        async with listening(origin, "?from_position=0") as live:
            await live.change()
            refused = await http.get(origin + PATH)
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
            assert refused.json()["type"] == "/problems/too_many_listeners"
        while desk.app.state.notice_listeners.full():
            await asyncio.sleep(0)  # until the server has seen that the reader is gone
        async with listening(origin, "?from_position=0") as live:
            await live.change()


async def test_streams_end_when_the_server_is_told_to_stop(desk: Desk) -> None:
    await desk.noticed()
    await desk.project()
    async with server_of(desk) as (origin, server, serving), listening(origin, "?from_position=0") as live:
        await live.change()
        server.handle_exit(signal.SIGTERM, None)
        server._captured_signals.clear()  # or it would go on to end the tests themselves
        # Cleanly: the body is ended as its protocol asks, or reading on would be an error of another kind.
        with pytest.raises(EOFError):
            await asyncio.wait_for(live.event(), 10)
        await asyncio.wait_for(asyncio.shield(serving), 10)
