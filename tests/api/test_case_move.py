"""Moving a case to a later version of its pack, through the door, and reading what differs between versions."""

from typing import Any

from domain.identity import CaseId
from projections.case_board import board_row
from tests.api.test_pack_adoption import newer, wish
from tests.desk import D, Desk, P, V

MOVE = {"to_version": 2, "reason": "The council asked that the longer notice be kept."}


async def test_a_moved_case_goes_on_under_the_later_version_everywhere(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    await desk.done("/packs", wish(), D)
    tried = await desk.done(f"/cases/{case_id}/moves", MOVE, V, query="?dry_run=true")
    assert tried["events"][0]["touches"] == ["notice.minimum"] and not tried["recorded"]
    made = await desk.done(f"/cases/{case_id}/moves", MOVE, V)
    assert (made["events"][0]["type"], made["events"][0]["to_pack"]["version"]) == ("case_moved", 2)
    assert (await desk.get(f"/api/v1/cases/{case_id}")).json()["pack"] == "standard@2"
    short = await desk.post(f"/cases/{case_id}/public-notices", {"closes_on": "2026-03-09"})
    assert short.status_code == 409 and short.json()["rule"]["pack"] == "standard@2"
    await desk.project()
    row = await board_row(desk.house.pool, CaseId(case_id))
    assert row is not None and row.pack_version == 2


async def test_a_case_that_nobody_moves_stays_under_its_version(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    await desk.done("/packs", wish(), D)
    notice: dict[str, Any] = {"closes_on": "2026-03-09"}
    assert (await desk.post(f"/cases/{case_id}/public-notices", notice)).status_code in (200, 201)


async def test_a_move_is_refused_to_whoever_runs_cases_and_to_a_version_that_nobody_adopted(desk: Desk) -> None:
    case_id = await desk.opened()
    assert (await desk.post(f"/cases/{case_id}/moves", MOVE, P)).status_code == 403
    unknown = await desk.post(f"/cases/{case_id}/moves", MOVE, V)
    assert unknown.status_code == 422 and unknown.json()["field"] == "version"


async def test_the_differences_of_two_versions_are_read_with_their_sources(desk: Desk) -> None:
    await desk.done("/packs", wish(text=newer()), D)
    found = (await desk.get("/api/v1/packs/standard/differences?from=1&to=2")).json()
    (change,) = found["rules"]
    assert (change["path"], change["after"]["value"]["n"]) == ("notice.minimum", 10)
    assert change["before"]["source"] == {"instrument": "house", "article": "3.1", "seen_in": ""}
    assert (await desk.get("/api/v1/packs/standard/differences?from=1&to=9")).status_code == 404
