"""The audit trail is the log, step by step: who, for which organ, when, what, under which rules, with the hash."""

from itertools import groupby

import orjson
import pytest

from domain.appointment import case_stream
from domain.audit_trail import TrailFilter
from domain.identity import CaseId
from eventstore.codec import decode
from projections import audit_trail
from projections.audit_trail import (
    Asked,
    AuditTrail,
    TrailRow,
    timeline_of,
    trail_by_stream,
    trail_count,
    trail_onwards,
)
from tests.desk import Desk
from tests.projections.whole_lives import lived


async def test_each_step_says_what_its_event_says(desk: Desk) -> None:
    fates = await lived(desk)
    await desk.project()
    for fate, case_id in fates.items():
        stored = await desk.house.store.read_stream(case_stream(CaseId(case_id)))
        steps = await timeline_of(desk.house.pool, CaseId(case_id))
        assert len(steps) == len(stored), fate
        for step, row in zip(steps, stored, strict=True):
            recorded, entry = decode(row), orjson.loads(row.entry)
            assert (step.position, step.version, step.type) == (row.position, row.version, row.type)
            assert (step.officer, step.organ) == (recorded.actor.officer, recorded.actor.organ)
            assert step.on_behalf_of == recorded.actor.on_behalf_of
            assert (step.recorded_at, step.command_id) == (recorded.recorded_at, recorded.command_id)
            assert (step.pack, step.rules) == (recorded.pack, recorded.rules)
            assert tuple(sorted(step.sealed)) == recorded.sealed
            assert (step.said, step.hash, step.previous) == (entry["data"], row.hash.hex(), entry["previous"])


async def test_officers_are_shown_by_name_and_the_engine_without_one(desk: Desk) -> None:
    case_id = (await lived(desk))["granted"]
    await desk.project()
    names = {step.organ: step.officer_name for step in await timeline_of(desk.house.pool, CaseId(case_id))}
    assert names["personnel-department"] == "Example: officer of personnel"
    assert names["system"] is None


async def test_pages_of_a_trail_follow_each_other_without_gaps_or_repeats(desk: Desk) -> None:
    case_id = CaseId((await lived(desk))["granted"])
    await desk.project()
    whole = await timeline_of(desk.house.pool, case_id)
    for limit in (1, 4, len(whole)):
        seen: list[TrailRow] = []
        while page := await timeline_of(
            desk.house.pool, case_id, after_version=seen[-1].version if seen else 0, limit=limit
        ):
            assert len(page) <= limit
            seen += page
        assert seen == whole


async def test_rows_that_are_read_page_by_page_are_the_whole_log_in_its_order_and_by_stream(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(desk)
    await desk.project()
    pool, size = desk.house.pool, await desk.log_size()
    monkeypatch.setattr(audit_trail, "PAGE", 7)
    assert [row.position async for row in trail_onwards(pool, Asked())] == list(range(size))
    by_stream = [(row.stream, row.version) async for row in trail_by_stream(pool, Asked())]
    assert len(by_stream) == len(set(by_stream)) == size
    streams = [stream for stream, _ in groupby(by_stream, key=lambda found: found[0])]
    assert len(streams) == len(set(streams)) and all(
        [version for _, version in rows] == sorted(version for _, version in rows)
        for rows in (list(found) for _, found in groupby(by_stream, key=lambda found: found[0]))
    )
    cases = Asked(TrailFilter(kind="appointment", type="stage_begun"))
    assert len([row async for row in trail_by_stream(pool, cases)]) == await trail_count(pool, cases) > 20


async def test_the_stage_of_a_step_is_the_same_however_the_log_was_cut_into_pages(desk: Desk) -> None:
    await lived(desk)
    await desk.project()
    live = await desk.house.pool.fetch("SELECT position, stage FROM read_model.audit_trail ORDER BY position")
    assert len({row["stage"] for row in live}) > 4
    stored = await desk.house.store.read_log(-1, 10_000)
    async with desk.house.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL search_path = read_model_next, pg_catalog")
        await connection.execute(AuditTrail.definition)
        for row in stored:
            await AuditTrail().apply(connection, [row])
        one_by_one = await connection.fetch("SELECT position, stage FROM audit_trail ORDER BY position")
        await connection.execute("DROP TABLE audit_trail")
    assert one_by_one == live
