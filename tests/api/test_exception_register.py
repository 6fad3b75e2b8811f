"""The exception register, through the door."""

from typing import Any

from tests.desk import A, Desk, V

REASON = "A court date stands, and the post has nobody."


async def test_the_register_tells_each_entry_with_its_rule_and_source(desk: Desk) -> None:
    case_id = await desk.opened("cn.sr2019")
    body = {"code": "leak", "happened_on": "2026-03-01", "evidence": "The list was in the newspaper."}
    await desk.done(f"/cases/{case_id}/breaches", body, V)
    await desk.project()
    answer = await desk.get("/api/v1/exceptions?kind=breach", A)
    (entry,) = answer.json()["exceptions"]
    assert (entry["case_id"], entry["code"], entry["pack"]) == (case_id, "leak", "cn.sr2019@1")
    assert (entry["rule"]["article"], entry["rule"]["verified"]) == ("Art. 61", False)
    assert "newspaper" not in answer.text and "pack_digest" not in entry


async def test_a_case_shows_its_own_entries_and_the_year_its_counts(desk: Desk) -> None:
    first, second = await desk.opened(post_id="a"), await desk.opened(post_id="b")
    for case_id in (first, second):
        await desk.done(f"/cases/{case_id}/exceptions", {"kind": "no_competition", "reason": REASON})
    await desk.project()
    own = (await desk.get(f"/api/v1/cases/{first}/exceptions")).json()
    assert [entry["case_id"] for entry in own["exceptions"]] == [first] and own["next_cursor"] is None
    counts = (await desk.get("/api/v1/exception-counts")).json()["counts"]
    assert await paged(desk, "/api/v1/exception-counts", "counts") == counts
    assert counts == [{"year": 2026, "kind": "exception", "code": "no_competition", "entries": 2}]


async def paged(desk: Desk, address: str, name: str) -> list[Any]:
    """What a list says in pages of one."""
    found: list[Any] = []
    cursor: int | None = 0
    while cursor is not None:
        page = (await desk.get(f"{address}?limit=1&cursor={cursor}")).json()
        assert len(page[name]) <= 1
        found, cursor = found + page[name], page["next_cursor"]
    return found


async def test_pages_follow_each_other_by_their_cursor(desk: Desk) -> None:
    for post in ("a", "b", "c"):
        case_id = await desk.opened(post_id=post)
        await desk.done(f"/cases/{case_id}/exceptions", {"kind": "no_competition", "reason": REASON})
    await desk.project()
    seen, cursor = [], ""
    while True:
        page = (await desk.get(f"/api/v1/exceptions?limit=2{cursor}")).json()
        seen += [entry["entry_id"] for entry in page["exceptions"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 3


async def test_a_day_that_is_no_day_and_a_kind_that_is_none_are_named(desk: Desk) -> None:
    for query in ("from=yesterday", "kind=whim"):
        answer = await desk.get(f"/api/v1/exceptions?{query}")
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] in ("from", "kind")
