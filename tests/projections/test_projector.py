"""A rebuilt read model equals the live one, whatever happens meanwhile; one that stops leaves the others running."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from eventstore.store import StoredEvent
from projections import projector as module
from projections.audit_trail import AuditTrail
from projections.projector import LeftToAnother, OvertakenByAnother, Projector, wait_until_projected
from projections.reading import standings
from tests.desk import Desk
from tests.projections.whole_lives import lapsed, lived, shown


class Stumbling(AuditTrail):
    """An audit trail that cannot apply what a test says, until it is mended."""

    def __init__(self, stumbles: Callable[[StoredEvent], bool]):
        self.stumbles = stumbles
        self.times = 0

    async def apply(self, connection: Any, page: Sequence[StoredEvent]) -> None:
        await super().apply(connection, page)
        if any(self.stumbles(stored) for stored in page):
            self.times += 1
            raise ValueError("this event is beyond me")


class Crashing(AuditTrail):
    """An audit trail that ends in the middle of being built."""

    def __init__(self, middle: int):
        self.middle = middle

    async def apply_between(self, connection: Any, first: int, last: int) -> None:
        await super().apply_between(connection, first, last)
        if last >= self.middle:
            raise ValueError("this range is beyond me")


class Newer(AuditTrail):
    version = AuditTrail.version + 1


@asynccontextmanager
async def running(projector: Projector, told: list[tuple[str, str]] | None = None) -> AsyncIterator[None]:
    """The projector at work."""
    task = asyncio.create_task(
        projector.run(lambda name, what: told.append((name, what)) if told is not None else None)
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def reached(desk: Desk, *names: str, position: int | None = None) -> None:
    last = (await desk.log_size()) - 1 if position is None else position
    assert await wait_until_projected(desk.house.pool, names, last, 60), await standings(desk.house.pool)


async def until(condition: Callable[[], Any]) -> None:
    """Waits for a condition, bounded."""
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.01)


async def test_rebuilt_equals_live_for_every_read_model(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    live = desk.projector()
    async with running(live):
        await lived(desk)
        await lapsed(desk)
        await reached(desk, *(projection.name for projection in live.projections))
    before = await shown(desk, live.projections)
    monkeypatch.setattr(module, "PAGE", 7)  # so that cases are cut by pages
    rebuilt = desk.projector()
    for projection in rebuilt.projections:
        assert await rebuilt.rebuild(projection) == await desk.log_size()
    assert await shown(desk, rebuilt.projections) == before
    assert [table for projection in live.projections for table in projection.tables if not before[table]] == []


async def test_rebuild_takes_along_what_arrives_meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 5)
    live, beside = desk.projector(), desk.projector()
    async with running(live):
        await lived(desk)
        lives = asyncio.create_task(desk.nominated(post_id="arriving"))
        seen: list[int] = []
        for projection in beside.projections:
            await beside.rebuild(projection, lambda progress: seen.append(progress.done))
        await lives
        await reached(desk, *(projection.name for projection in live.projections))
    found = await shown(desk, live.projections)
    for projection in beside.projections:
        await beside.rebuild(projection)
    assert await shown(desk, live.projections) == found
    assert seen[0] == 5


async def test_a_rebuild_never_takes_back_what_was_seen(desk: Desk) -> None:
    """The live one runs ahead between the rebuild's last page and its swap."""
    live = desk.projector()
    await lived(desk)
    await live.prepare()
    beside = desk.projector()
    timeline = beside.projections[0]
    moved: list[int] = []

    async def lag(projection: Any, progress: Any) -> int:
        position = await Projector._fill(beside, projection, progress)
        await desk.opened(post_id="late")
        moved.append(await live.catch_up(live.projections[0]))
        return position

    beside._fill = lag  # type: ignore[method-assign]
    assert await beside.rebuild(timeline) == moved[0] + 1 == await desk.log_size()
    assert len((await shown(desk, (timeline,)))["audit_trail"]) == await desk.log_size()


async def test_a_crash_in_the_middle_of_a_rebuild_leaves_the_live_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(desk)
    await desk.project()
    before = await shown(desk, desk.projector().projections)
    monkeypatch.setattr(module, "PAGE", 5)
    crashing = Crashing(await desk.log_size() // 2)
    with pytest.raises(ValueError, match="beyond me"):
        await desk.projector().rebuild(crashing)
    assert await shown(desk, desk.projector().projections) == before
    assert await desk.projector().rebuild(AuditTrail()) == await desk.log_size()
    assert await shown(desk, desk.projector().projections) == before


async def test_a_new_version_is_rebuilt_and_an_older_program_leaves_it_alone(desk: Desk) -> None:
    await lived(desk)
    await desk.project()
    before = (await shown(desk, desk.projector().projections))["audit_trail"]
    newer = Projector(desk.house.pool, desk.house.store, [Newer()])
    await newer.prepare()
    assert (await shown(desk, newer.projections))["audit_trail"] == before
    assert (
        await desk.house.pool.fetchval("SELECT version FROM read_model.projection WHERE name = 'audit_trail'")
        == Newer.version
    )
    older = Projector(desk.house.pool, desk.house.store, [AuditTrail()])
    with pytest.raises(LeftToAnother, match="newer program"):
        await older.prepare()
    with pytest.raises(OvertakenByAnother):
        await desk.opened(post_id="afterwards")
        await older.catch_up(older.projections[0])


async def test_one_rebuild_at_a_time_across_processes(desk: Desk) -> None:
    await desk.project()
    first, second = desk.projector(), desk.projector()
    async with first._alone(first.projections[0]):
        with pytest.raises(LeftToAnother, match="another process"):
            await second.rebuild(second.projections[0])
    assert await second.rebuild(second.projections[0]) == await desk.log_size()


async def test_two_projectors_at_once_apply_each_event_once(desk: Desk) -> None:
    told: list[tuple[str, str]] = []
    one, two = desk.projector(), desk.projector()
    async with running(one, told), running(two, told):
        await lived(desk)
        await reached(desk, *(projection.name for projection in one.projections))
    assert told == []
    found = await shown(desk, one.projections)
    for projection in one.projections:
        await one.rebuild(projection)
    assert await shown(desk, one.projections) == found


async def test_one_that_stops_is_reported_and_leaves_the_others_running_and_recovers(desk: Desk) -> None:
    broken = Stumbling(lambda stored: stored.type == "nominations_closed")
    others = [projection for projection in desk.projector().projections if projection.name != "audit_trail"]
    projector = Projector(desk.house.pool, desk.house.store, [broken, *others], retry_seconds=0.02)
    told: list[tuple[str, str]] = []
    async with running(projector, told):
        case_id, _ = await desk.nominated()
        await reached(desk, *(projection.name for projection in others))

        async def noted() -> bool:
            return any(standing.problem for standing in await standings(desk.house.pool))

        await until(noted)
        ready = await desk.http.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["stopped"] == {"audit_trail": "ValueError: this event is beyond me"}
        assert (await desk.get(f"/api/v1/cases?after_position={await desk.log_size() - 1}")).status_code == 200
        assert ("audit_trail", "stopped: ValueError: this event is beyond me") in told
        broken.stumbles = lambda stored: False
        await reached(desk, "audit_trail")

        async def mended() -> bool:
            return not await noted()

        await until(mended)
        assert (await desk.http.get("/readyz")).status_code == 200
        assert len((await desk.get(f"/api/v1/cases/{case_id}/timeline")).json()["steps"]) == 6


async def test_a_problem_outside_of_the_log_is_cleared_without_waiting_for_news(desk: Desk) -> None:
    await desk.project()
    await desk.house.pool.execute("UPDATE read_model.projection SET problem = 'an old one' WHERE name = 'officer'")

    async def clear() -> bool:
        return not any(standing.problem for standing in await standings(desk.house.pool))

    async with running(desk.projector()):
        await until(clear)


async def test_waiting_for_a_read_model_is_bounded(desk: Desk) -> None:
    await desk.project()
    last = await desk.log_size() - 1
    assert await wait_until_projected(desk.house.pool, ["case_board", "officer"], last, 0)
    began = asyncio.get_running_loop().time()
    assert not await wait_until_projected(desk.house.pool, ["case_board"], last + 1, 0.2)
    assert not await wait_until_projected(desk.house.pool, ["nothing"], 0, 0.1)
    assert asyncio.get_running_loop().time() - began < 2
