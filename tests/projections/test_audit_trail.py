"""The audit trail is the log, step by step: who, for which organ, when, what, under which rules, with the hash."""

import orjson

from domain.appointment import case_stream
from domain.identity import CaseId
from eventstore.codec import decode
from projections.audit_trail import TrailRow, timeline_of
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
