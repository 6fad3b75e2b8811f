"""The file of a case goes when its pack's ceiling is reached, by itself and once; other cases of the person stay."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from domain.appointment import ClosedCase, case_stream
from domain.event import StreamId
from domain.identity import CaseId
from domain.retention import CaseFileDestroyed, CaseFileExpired, retention_stream
from eventstore.codec import decode
from eventstore.keys import key_of
from eventstore.store import NotApproved
from eventstore.verifying import verify_log
from runtime.retention import RetentionKeeper
from runtime.settings import Settings
from tests.desk import NOMINEE, A, Desk, V, open_desk
from tests.runtime.test_forgetting import Died, Dying

TWO_YEARS = timedelta(days=2 * 366)
INQUIRY = {"cause": "own_initiative", "grounds": "The case was withdrawn too late."}


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(settings) as opened:
        yield opened


async def withdrawn(desk: Desk, post_id: str) -> str:
    case_id, candidates = await desk.nominated(post_id=post_id)
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was given up for good."})
    assert candidates
    return case_id


async def sealed_in(desk: Desk, case_id: str) -> int:
    stored = await desk.house.store.read_stream(case_stream(CaseId(case_id)))
    return len(await desk.house.store.read_sealed([row.position for row in stored]))


async def swept(desk: Desk) -> int:
    await desk.project()
    return await RetentionKeeper(desk.house, desk.clock).sweep()


async def facts(desk: Desk, case_id: str) -> list[Any]:
    return [decode(row).event for row in await desk.house.store.read_stream(retention_stream(CaseId(case_id)))]


async def test_a_case_goes_on_the_day_after_its_ceiling_and_the_persons_other_cases_stay(desk: Desk) -> None:
    old = await withdrawn(desk, "old")
    assert await swept(desk) == 0
    desk.clock.at += TWO_YEARS
    young = await withdrawn(desk, "young")
    assert await swept(desk) == 1
    expired, destroyed = await facts(desk, old)
    assert isinstance(expired, CaseFileExpired) and isinstance(destroyed, CaseFileDestroyed)
    assert expired.rule == "retention.without_appointment.at_most" and destroyed.sealed_parts >= 2
    assert await sealed_in(desk, old) == 0 < await sealed_in(desk, young)
    person = await desk.house.keys.find_subject(str(NOMINEE["person"]))
    assert person is not None and await desk.house.keys.open_keys([key_of(person)])
    assert isinstance((await desk.house.recorder.load(case_stream(CaseId(old)))).case, ClosedCase)
    for path in ("", "/timeline", "/sealed"):
        assert (await desk.get(f"/api/v1/cases/{old}{path}", A)).status_code == 200
    assert await swept(desk) == 0
    assert (await verify_log(desk.house.store)).events == await desk.house.store.size()


@pytest.mark.parametrize("done", [False, True], ids=["failed", "failed but persisted"])
@pytest.mark.parametrize("step", ["append", "destroy_case_file", "read_log"])
async def test_a_crash_after_any_step_is_made_good_and_counted_once(desk: Desk, step: str, done: bool) -> None:
    old = await withdrawn(desk, "old")
    parts = await sealed_in(desk, old)
    desk.clock.at += TWO_YEARS
    await desk.project()
    dying = replace(desk.house, store=cast(Any, Dying(desk.house.store, step, done)))
    with pytest.raises(Died):
        await RetentionKeeper(dying, desk.clock).sweep()
    assert await swept(desk) == 1
    expired, destroyed = await facts(desk, old)
    assert isinstance(expired, CaseFileExpired) and destroyed.sealed_parts == parts


async def test_an_open_inquiry_keeps_the_file_until_it_is_concluded(desk: Desk) -> None:
    old = await withdrawn(desk, "old")
    who = {"subject": "another-officer"}
    inquiry = (await desk.done(f"/cases/{old}/inquiries", INQUIRY, V, **who))["inquiry_id"]
    desk.clock.at += TWO_YEARS
    assert await swept(desk) == 0
    await desk.done(f"/inquiries/{inquiry}/findings", {"code": "in_order", "text": "In order."}, V, **who)
    concluded = {"outcome": "nothing_found", "remarks": "In order."}
    await desk.done(f"/inquiries/{inquiry}/conclusions", concluded, V, **who)
    assert await swept(desk) == 1


async def test_the_log_deletes_no_case_file_on_anything_else_than_that_fact(desk: Desk) -> None:
    old = await withdrawn(desk, "old")
    stored = await desk.house.store.read_last(StreamId(case_stream(CaseId(old))))
    assert stored is not None
    with pytest.raises(NotApproved):
        await desk.house.store.destroy_case_file(stored.position)
