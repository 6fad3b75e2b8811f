"""The audit trail at the door: one filter, pages, what changed, what is left out for whom, and that it was read."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from domain.access import access_stream
from domain.audit_trail import AuditEventRead, AuditTrailRead
from domain.identity import OfficerId
from eventstore.codec import decode
from tests.desk import A, D, Desk, P, S, V
from tests.projections.whole_lives import WAIVER, lived

TRAIL = "/api/v1/audit-events"


async def found(desk: Desk, query: str = "", role: Any = A) -> list[dict[str, Any]]:
    answer = await desk.get(f"{TRAIL}?limit=200{'&' if query else ''}{query}", role)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["events"]
    return rows


async def notes(desk: Desk, role: str = "auditor") -> list[Any]:
    subject = OfficerId(await desk.house.keys.subject_for(f"example-{role}"))
    return [decode(row).event for row in await desk.house.store.read_stream(access_stream(subject))]


async def test_the_whole_log_is_there_the_latest_first_with_hash_and_proof(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    await desk.project()
    rows = await found(desk)
    assert [row["position"] for row in rows] == list(range(rows[0]["position"], -1, -1))
    own = [row for row in reversed(rows) if row["stream"] == f"appointment/{case_id}"]
    assert all(row["previous"] == before["hash"] for before, row in itertools.pairwise(own))
    assert all(row["verify"] == f"/log/proof/{row['position']}" for row in rows)
    assert {row["type"] for row in rows if row["technical"]} == {"officer_identified"}
    opened = next(row for row in rows if row["type"] == "public_notice_opened")
    assert opened["who"]["name"] == "Example: officer of personnel" and opened["stage"] == "public_notice"
    assert {rule["path"] for rule in opened["rules"]} == {"notice.minimum", "notice.counting", "notice.fields"}
    stages = [row["stage"] for row in own]
    assert stages[0] is None and stages[1] == "nomination" and stages == [None, *sorted(stages[1:], key=stages.index)]


async def test_every_filter_finds_what_it_says_and_nothing_else(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    other = await desk.opened(post_id="other")
    await desk.done(f"/cases/{other}/deviations", WAIVER, V)
    await desk.project()
    whole = await found(desk)
    row = next(row for row in whole if row["type"] == "public_notice_opened")
    last = whole[0]["position"]
    asked: dict[str, Callable[[dict[str, Any]], bool]] = {
        f"case={case_id}": lambda it: it["case_id"] == case_id,
        "kind=training_file": lambda it: it["stream"].startswith("training_file/"),
        "organ=supervision-organ": lambda it: it["who"]["organ"] == "supervision-organ",
        f"officer={row['who']['officer']}": lambda it: it["who"]["officer"] == row["who"]["officer"],
        "type=stage_begun": lambda it: it["type"] == "stage_begun",
        "stage=public_notice": lambda it: it["stage"] == "public_notice",
        "rule=notice.minimum": lambda it: "notice.minimum" in [rule["path"] for rule in it["rules"]],
        "pack=standard": lambda it: (it["pack"] or "").startswith("standard@"),
        "pack=standard@1": lambda it: it["pack"] == "standard@1",
        f"command={row['command_id']}": lambda it: it["command_id"] == row["command_id"],
        "deviations=true": lambda it: it["deviates"],
        f"from_position=3&to_position={last - 2}": lambda it: 3 <= it["position"] <= last - 2,
        "since=2026-03-02&until=2026-03-02": lambda it: it["recorded_at"].startswith("2026-03-02"),
        f"case={case_id}&type=stage_begun": lambda it: it["case_id"] == case_id and it["type"] == "stage_begun",
    }
    for query, matches in asked.items():
        rows = [it for it in await found(desk, query) if it["position"] <= last]
        assert [it["position"] for it in rows] == [it["position"] for it in whole if matches(it)] != [], query
    assert await found(desk, "since=2031-01-01") == [] == await found(desk, "organ=nobody")


@pytest.mark.parametrize("query", ["case=x", "since=yesterday", "command=1", "limit=201", "nonsense=1", "type=a%20b"])
async def test_what_is_no_filter_is_refused_by_its_field(desk: Desk, query: str) -> None:
    answer = await desk.get(f"{TRAIL}?{query}")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == query.partition("=")[0]


async def test_pages_follow_each_other_without_gaps_or_repeats_and_are_one_reading(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed()
    await desk.project()
    whole = await found(desk, f"case={case_id}")
    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await desk.get(f"{TRAIL}?case={case_id}&limit=3{cursor}")).json()
        seen += page["events"]
        assert page["search"] == f"case={case_id}" and page["closed"] == []
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] is not None else None
    assert [row["position"] for row in seen] == [row["position"] for row in whole] and len(whole) > 10
    (read,) = [note for note in await notes(desk) if isinstance(note, AuditTrailRead)]
    assert read.search.in_address() == f"case={case_id}" and read.rows == len(whole)


async def test_a_reading_that_grows_is_noted_again_and_shows_in_the_trail_as_technical(desk: Desk) -> None:
    await desk.opened()
    await desk.project()
    for _ in range(130):
        await found(desk, "to_position=8")
    reads = [note for note in await notes(desk) if isinstance(note, AuditTrailRead)]
    assert len(reads) == 2 and reads[1].rows >= 1000
    await desk.project()
    rows = await found(desk, "kind=access")
    assert [row["technical"] for row in rows] == [True, True] and rows[0]["what"]["rows"] == reads[1].rows


async def test_reading_the_timeline_of_a_case_is_noted_too(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.project()
    for _ in range(2):
        await desk.get(f"/api/v1/cases/{case_id}/timeline", S)
    (read,) = await notes(desk, "school")
    assert isinstance(read, AuditTrailRead) and read.search.case == case_id


async def test_one_event_shows_what_it_changed_and_nothing_sealed(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed()
    objection = await desk.objected(case_id)
    await desk.project()
    rows = {row["type"]: row for row in await found(desk, f"case={case_id}")}
    answer = await desk.get(f"{TRAIL}/{rows['objection_lodged']['position']}")
    body = answer.json()
    assert body["event"]["sealed"] and "delivery" not in answer.text and body["has_state"]
    assert all(change["field"].startswith(f"objections.{objection}") for change in body["changes"]) and body["changes"]
    opened = (await desk.get(f"{TRAIL}/{rows['training_verified']['position']}")).json()["changes"]
    training = next(change for change in opened if change["field"] == f"candidates.{candidates[0]}.training")
    assert training["after"] == "met"
    (note,) = [it for it in await notes(desk) if isinstance(it, AuditEventRead)][:1]
    assert note.of_position == rows["objection_lodged"]["position"]
    assert (await desk.get(f"{TRAIL}/999999")).status_code == 404


async def test_what_judges_those_who_run_cases_is_left_out_of_their_trail(desk: Desk) -> None:
    await lived(desk)
    await desk.project()
    closed = {"inquiry", "sanction", "access", "audit_search", "private_note", "supervision_input", "supervision_watch"}
    theirs = await desk.get(f"{TRAIL}?limit=1", P)
    assert set(theirs.json()["closed"]) == closed
    inquiry = (await found(desk, "kind=inquiry"))[0]
    assert await found(desk, "kind=inquiry", P) == [] != await found(desk, "kind=inquiry", D)
    assert (await desk.get(f"{TRAIL}/{inquiry['position']}", P)).status_code == 404
    assert inquiry["case_id"] is not None, "an inquiry stands in the trail of the case that it is into"


async def test_days_on_which_nothing_was_recorded_are_counted(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    await desk.run_out(case_id, "public_notice")
    await desk.project()
    rows = await found(desk, f"case={case_id}")
    idle = {row["type"]: row["idle_days"] for row in rows}
    assert idle["public_notice_elapsed"] > 5 and idle["public_notice_opened"] == 0 and rows[-1]["idle_days"] is None


async def test_a_search_is_saved_shared_found_and_removed(desk: Desk) -> None:
    search = {"title": "Waivers", "search": {"deviations": True, "since": "2026-01-01"}, "shared": True}
    kept = await desk.done("/audit-searches", search, A)
    again = await desk.done("/audit-searches", {**search, "title": "Mine", "shared": False}, A)

    async def listed(**who: str) -> list[dict[str, Any]]:
        answer = await desk.http.get("/api/v1/audit-searches", headers=desk.headers(A, **who))
        rows: list[dict[str, Any]] = answer.json()["searches"]
        return rows

    assert [(row["title"], row["own"]) for row in await listed()] == [("Waivers", True), ("Mine", True)]
    (shared,) = await listed(subject="a-colleague")
    assert (shared["address"], shared["own"]) == ("since=2026-01-01&deviations=true", False)
    assert await listed(subject="a-stranger", organ="another-office") == []
    path = f"/audit-searches/{kept['search_id']}/removals"
    assert (await desk.post(path, {}, A, subject="a-colleague")).status_code == 403
    await desk.done(path, {}, A)
    assert [row["search_id"] for row in await listed()] == [again["search_id"]]
    assert (await desk.post(path, {}, A)).status_code == 404
    bad = await desk.post("/audit-searches", {**search, "search": {"case": "of Amina Okafor"}}, A)
    assert bad.status_code == 422
