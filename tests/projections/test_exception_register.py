"""The register shows every departure of every case, how it stands, and nothing that is sealed."""

from typing import Any

from projections.exception_register import RegisterFilter, RegisterRow, register_counts, register_page
from tests.desk import Desk, S, V

HOURS = "training.requirements.1.hours"
REASON = "A court date stands, and the post has nobody."


async def register(desk: Desk, **asked: Any) -> list[RegisterRow]:
    await desk.project()
    return await register_page(desk.house.pool, RegisterFilter(**asked))


async def only(desk: Desk, kind: str) -> RegisterRow:
    (row,) = await register(desk, kind=kind)
    return row


async def test_an_exception_is_followed_from_its_proposal_to_what_the_regulator_says(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    answer = await desk.done(f"/cases/{case_id}/exceptions", {"kind": "no_competition", "reason": REASON})
    name = answer["events"][0]["exception_id"]
    row = await only(desk, "exception")
    assert (row.case_id, row.entry_id, row.code, row.reason, row.state) == (
        case_id,
        name,
        "no_competition",
        REASON,
        "proposed",
    )
    assert (row.rule, row.unit, row.organ) == ("exceptions.no_competition.permitted", "Registry", None)
    await desk.done(f"/cases/{case_id}/prior-reports", {"matter": name, "statement": "The post cannot wait."})
    assert (await only(desk, "exception")).state == "reported"
    await desk.run_out(case_id, f"prior_report:{name}")
    assert ((await only(desk, "exception")).state, (await only(desk, "delay")).organ) == (
        "silent",
        "appointments-regulator",
    )
    reply = {"matter": name, "reply": "consents", "paper": "letter 12/2026", "text": "Agreed."}
    await desk.done(f"/cases/{case_id}/prior-report-replies", reply, V)
    row = await only(desk, "exception")
    assert (row.state, row.organ) == ("consents", "appointments-regulator")
    await desk.done(f"/cases/{case_id}/exception-withdrawals", {"exception_id": name, "reason": "It is advertised."})
    assert (await only(desk, "exception")).state == "withdrawn"


async def test_a_deviation_is_allowed_and_then_used_and_its_approver_named(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    body = {"rule": HOURS, "code": "exceptional", "reason": "The academy was closed for the whole year."}
    await desk.done(f"/cases/{case_id}/deviations", body, V)
    row = await only(desk, "deviation")
    assert (row.rule, row.state, row.organ) == (HOURS, "allowed", "supervision-organ")
    await desk.done(f"/cases/{case_id}/training-verifications", {"candidate_id": candidates[0]}, S)
    assert (await only(desk, "deviation")).state == "used"


async def test_a_deviation_that_was_not_needed_stays_allowed_and_unused(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    body = {"rule": HOURS, "code": "exceptional", "reason": "The academy was closed for the whole year."}
    await desk.done(f"/cases/{case_id}/deviations", body, V)
    await desk.verified(case_id, candidates[0], 600)
    assert (await only(desk, "deviation")).state == "allowed"


async def test_a_breach_shows_its_code_and_never_its_evidence(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    body = {"code": "leak", "happened_on": "2026-03-01", "evidence": "The list was in the newspaper."}
    await desk.done(f"/cases/{case_id}/breaches", body, V)
    row = await only(desk, "breach")
    assert (row.code, row.rule, row.state, row.reason) == (
        "leak",
        "deviations.prohibitions.leak.forbidden",
        "found",
        None,
    )
    assert "newspaper" not in str(row)


async def test_a_relation_that_was_not_declared_is_a_breach_by_itself_also_once_the_case_has_ended(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    tie = {"candidate_id": candidates[0], "kind": "spouse", "details": "Married in 2019."}
    check = {"officer": "example-personnel", "registers": ["personnel_file"], "found": [tie]}
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.done(f"/cases/{case_id}/interest-checks", check, V)
    row = await only(desk, "breach")
    assert (row.code, row.rule, row.state, row.organ) == (
        "undeclared_interest",
        "conflicts.declare",
        "found",
        "supervision-organ",
    )
    assert not {"spouse", "2019", candidates[0]} & set(str(row).split("'"))
    await desk.done(f"/cases/{case_id}/interest-checks", {**check, "officer": "somebody-else"}, V)
    assert await only(desk, "breach") == row


async def test_a_missed_date_of_any_duty_is_a_delay(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    await desk.done(f"/cases/{case_id}/public-notices", {})
    await desk.run_out(case_id, "public_notice")
    await desk.done(f"/cases/{case_id}/opinion-requests", {"organ": "audit-office"}, V)
    await desk.run_out(case_id, "opinion:audit-office")
    row = await only(desk, "delay")
    assert (row.code, row.organ, row.state) == ("opinion:audit-office", "audit-office", "missed")
    assert row.rule == "review.opinions.0.within"


async def test_the_register_is_read_by_kind_unit_case_and_day_and_page_by_page(desk: Desk) -> None:
    cases: list[str] = []
    for unit in ("Registry", "Archive", "Registry"):
        case_id = await desk.opened(unit=unit, post_id=f"post-{len(cases)}")
        await desk.done(f"/cases/{case_id}/exceptions", {"kind": "no_competition", "reason": REASON})
        cases.append(case_id)
    found = await register(desk)
    assert [row.case_id for row in found] == cases[::-1]
    assert [row.case_id for row in await register(desk, unit="Archive")] == [cases[1]]
    assert [row.case_id for row in await register(desk, case_id=cases[0])] == [cases[0]]
    today = desk.clock().date()
    assert len(await register(desk, from_on=today, to_on=today)) == 3
    assert await register(desk, to_on=today.replace(year=2025)) == []
    pool = desk.house.pool
    seen: list[RegisterRow] = []
    while page := await register_page(pool, RegisterFilter(), before=seen[-1].position if seen else None, limit=1):
        seen += page
    assert seen == found
    assert await register_counts(pool) == [
        {"year": today.year, "kind": "exception", "code": "no_competition", "entries": 3}
    ]


async def test_the_register_is_the_same_when_it_is_built_anew(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    await desk.done(f"/cases/{case_id}/exceptions", {"kind": "no_competition", "reason": REASON})
    await desk.done(f"/cases/{case_id}/public-notices", {})
    before = await register(desk)
    projector = desk.projector()
    await projector.rebuild(next(one for one in projector.projections if one.name == "exception_register"))
    assert await register(desk) == before and len(before) == 1
