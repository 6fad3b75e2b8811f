"""The register says who held each duty, by when it was due, and which day passed in silence."""

from datetime import date, timedelta
from typing import Any

from domain.identity import Role
from projections.case_duties import DutyRow
from projections.duty_register import DutyFilter, duties_page
from tests.desk import Desk, P, S, V
from tests.projections.whole_lives import lived

RULING = {"reason": "Waiting for a ruling in a related matter."}


async def register(desk: Desk, **asked: Any) -> dict[str, DutyRow]:
    await desk.project()
    return {row.duty: row for row, _ in await duties_page(desk.house.pool, DutyFilter(**asked), limit=200)}


async def mine(desk: Desk, role: Role, **who: str) -> list[dict[str, Any]]:
    await desk.project()
    answer = await desk.http.get("/api/v1/duties?mine=true", headers=desk.headers(role, **who))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["duties"]
    return found


async def test_a_stage_is_held_by_whoever_was_assigned_or_else_acted_first(desk: Desk) -> None:
    case_id = await desk.opened()
    assigned = {"stage_id": "training_verification", "person": "staff-77"}
    await desk.done(f"/cases/{case_id}/duty-assignments", assigned, S)
    nominee = {"person": "staff-2", "particulars": {"full_name": "Li Wei"}}
    await desk.done(f"/cases/{case_id}/candidates", nominee, P)
    await desk.done(f"/cases/{case_id}/nomination-closings", {}, P)
    found = await register(desk, case_id=case_id)
    first, second = found["stage:nomination"], found["stage:training_verification"]
    assert first.officer == await desk.house.keys.subject_for("example-personnel")
    assert (first.assigned, first.organ, first.done_on) == (False, "personnel-department", date(2026, 3, 2))
    assert second.officer == await desk.house.keys.subject_for("staff-77")
    assert (second.assigned, second.organ, second.done_on, second.role) == (True, "training-school", None, "school")


async def test_silence_counts_against_the_holder_also_when_the_act_comes_later(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    asked = await desk.done(f"/cases/{case_id}/queries", {"question": "When were they entered?"}, V)
    query = asked["events"][0]["query_id"]
    owed = (await register(desk, case_id=case_id))[f"query:{query}"]
    assert (owed.role, owed.due_on, owed.silence, owed.open) == ("school", date(2026, 3, 16), False, True)
    await desk.run_out(case_id, f"query:{query}")
    silent = (await register(desk, silence=True))[f"query:{query}"]
    assert silent.open and silent.days(desk.clock() + timedelta(days=3))[1] == 4
    await desk.done(f"/cases/{case_id}/query-answers", {"query_id": query, "answer": "On 3 February."}, S)
    late = (await register(desk, silence=True))[f"query:{query}"]
    assert (late.done_on, late.silence, late.organ) == (date(2026, 3, 17), True, "training-school")
    assert late.days(desk.clock() + timedelta(days=300)) == (15, 1)


async def test_an_inbox_has_what_is_ones_own_and_what_nobody_has_yet(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await desk.objected(case_id)
    assert [row["duty"] for row in await mine(desk, V)] == [f"objection:{objection}"]
    assert await mine(desk, S) == []
    desk.clock.at += timedelta(days=2)
    (owed,) = await mine(desk, V)
    assert (owed["age_days"], owed["late_days"], owed["due_on"]) == (2, 0, "2026-06-02")
    assert [row["duty"] for row in await mine(desk, P)] == ["stage:public_notice"]
    assert await mine(desk, P, subject="a-colleague") == []
    await desk.disposed(case_id, objection, "dismissed")
    assert await mine(desk, V) == []


async def test_a_rest_moves_the_day_and_an_end_drops_what_was_not_done(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = f"objection:{await desk.objected(case_id)}"
    await desk.done(f"/cases/{case_id}/suspensions", RULING, V)
    desk.clock.at += timedelta(days=3)
    await desk.done(f"/cases/{case_id}/resumptions", {}, V)
    assert (await register(desk, case_id=case_id))[objection].due_on == date(2026, 6, 5)
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    found = await register(desk, case_id=case_id)
    assert {row.dropped_on for row in found.values() if row.done_on is None} == {date(2026, 3, 5)}
    assert not [row for row in found.values() if row.open]


async def test_rebuilt_page_by_page_it_is_the_same(desk: Desk, monkeypatch: Any) -> None:
    await lived(desk)
    before = await register(desk)
    whole = await duties_page(desk.house.pool, DutyFilter(), limit=200)
    assert before and {row.role for row, _ in whole} >= {"personnel", "school", "supervision", "decision_body"}
    monkeypatch.setattr("projections.duty_register.CASES_KEPT", 1)
    monkeypatch.setattr("projections.projector.PAGE", 3)
    projector = desk.projector()
    await projector.rebuild(next(found for found in projector.projections if found.name == "duty_register"))
    assert await duties_page(desk.house.pool, DutyFilter(), limit=200) == whole
    seen, cursor = [], None
    while page := await duties_page(desk.house.pool, DutyFilter(), before=cursor, limit=4):
        seen += page
        cursor = page[-1][0].began_position
    assert seen == whole
    for name in ("role", "organ"):
        for value in {getattr(row, name) for row, _ in whole if getattr(row, name)}:
            wanted = [pair for pair in whole if getattr(pair[0], name) == value]
            assert await duties_page(desk.house.pool, DutyFilter(**{name: value}), limit=200) == wanted
