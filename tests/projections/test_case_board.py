"""The board follows each case: its stage, who must act next, which clock ends first, and how it ended."""

from datetime import date
from typing import Any

import pytest

from domain.appointment import case_stream, underlying
from domain.identity import CaseId
from projections.case_board import BoardFilter, BoardRow, board_page, board_row, open_case_ids, status_of
from tests.desk import Desk, V
from tests.projections.whole_lives import RULING, lived


async def row(desk: Desk, case_id: str) -> BoardRow:
    await desk.project()
    found = await board_row(desk.house.pool, CaseId(case_id))
    assert found is not None
    return found


async def test_the_board_follows_a_case_through_its_life(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    at_training = await row(desk, case_id)
    assert (at_training.stage, at_training.duty_holder, at_training.candidates) == (
        "training_verification",
        "school",
        1,
    )
    await desk.verified(case_id, candidates[0], 64)
    await desk.done(f"/cases/{case_id}/public-notices", {})
    noticed = await row(desk, case_id)
    assert (noticed.next_timer, noticed.due_on) == ("public_notice", date(2026, 3, 9))
    await desk.objected(case_id)
    assert (await row(desk, case_id)).open_objections == 1
    await desk.done(f"/cases/{case_id}/suspensions", RULING, V)
    resting = await row(desk, case_id)
    assert (resting.status, resting.duty_holder, resting.next_timer, resting.due_on) == ("suspended", None, None, None)
    await desk.done(f"/cases/{case_id}/resumptions", {}, V)
    assert (await row(desk, case_id)).status == "open"
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    ended = await row(desk, case_id)
    assert (ended.status, ended.outcome, ended.closed_on) == ("closed", "withdrawn", date(2026, 3, 2))
    assert (ended.duty_holder, ended.next_timer) == (None, None)


async def test_each_row_says_what_the_fold_of_its_stream_says(desk: Desk) -> None:
    fates = await lived(desk)
    for fate, case_id in fates.items():
        shown = await row(desk, case_id)
        known = await desk.house.recorder.load(case_stream(CaseId(case_id)))
        case = underlying(known.case)
        assert case is not None
        assert (shown.version, shown.status, shown.stage) == (known.version, status_of(known.case), case.stage), fate
        assert shown.candidates == len(case.standing)
        assert shown.open_objections == len(case.undisposed_objections)
    still_open = set(await open_case_ids(desk.house.pool))
    assert still_open == {
        fates[fate] for fate in ("nominating", "resting", "dismissed", "noticed", "filed", "regulated", "met")
    }


FILTERS: list[dict[str, Any]] = [
    {},
    {"status": "open"},
    {"status": "closed"},
    {"status": "suspended"},
    {"stage": "public_notice"},
    {"duty_holder": "personnel"},
    {"pack": "cn.sr2019"},
    {"due_by": date(2027, 12, 31)},
    {"status": "open", "duty_holder": "supervision", "pack": "standard"},
]


async def test_every_filter_pages_without_gaps_or_repeats(desk: Desk) -> None:
    await lived(desk)
    await desk.project()
    whole = await board_page(desk.house.pool, BoardFilter(), limit=200)
    assert [shown.opened_position for shown in whole] == sorted((s.opened_position for s in whole), reverse=True)
    for asked in FILTERS:
        wanted = [shown for shown in whole if _fits(shown, asked)]
        assert wanted, asked
        for limit in (1, 2, 200):
            seen: list[BoardRow] = []
            before = None
            while page := await board_page(desk.house.pool, BoardFilter(**asked), before=before, limit=limit):
                seen += page
                before = page[-1].opened_position
            assert seen == wanted, asked


def _fits(shown: BoardRow, asked: dict[str, Any]) -> bool:
    said = {"status": shown.status, "stage": shown.stage, "duty_holder": shown.duty_holder, "pack": shown.pack_id}
    rest = {name: value for name, value in asked.items() if name != "due_by"}
    due = "due_by" not in asked or (shown.due_on is not None and shown.due_on <= asked["due_by"])
    return due and all(said[name] == value for name, value in rest.items())


async def test_a_small_memory_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await lived(desk)
    await desk.project()
    before = await board_page(desk.house.pool, BoardFilter(), limit=200)
    monkeypatch.setattr("projections.case_board.CASES_KEPT", 1)
    monkeypatch.setattr("projections.projector.PAGE", 3)
    projector = desk.projector()
    await projector.rebuild(next(found for found in projector.projections if found.name == "case_board"))
    assert await board_page(desk.house.pool, BoardFilter(), limit=200) == before
