"""Reading the board, a case and its audit trail, through the door."""

import asyncio
import itertools

from tests.desk import A, D, Desk, S, V


async def test_a_case_is_read_from_the_log_itself_with_the_version_to_name(desk: Desk) -> None:
    case_id, candidates, notice_id = await desk.noticed()
    answer = await desk.get(f"/api/v1/cases/{case_id}")
    said = answer.json()
    assert answer.headers["ETag"] == f'"{said["version"]}"'
    assert (said["stage"], said["notice_id"]) == ("public_notice", notice_id)
    assert said["candidates"] == [
        {"candidate_id": candidates[0], "training": "met", "out_because": None, "forgotten": None}
    ]


async def test_a_case_that_is_not_there_is_not_found(desk: Desk) -> None:
    await desk.project()
    for path in ("/api/v1/cases/000000000000", "/api/v1/cases/000000000000/timeline"):
        answer = await desk.get(path)
        assert answer.status_code == 404 and answer.json()["detail"].endswith(".")


async def test_the_audit_trail_says_who_did_what_under_which_rule_with_the_hash(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    await desk.objected(case_id)
    await desk.project()
    answer = await desk.get(f"/api/v1/cases/{case_id}/timeline")
    steps = answer.json()["steps"]
    assert [step["version"] for step in steps] == list(range(1, len(steps) + 1))
    assert all(step["previous"] == before["hash"] for before, step in itertools.pairwise(steps))
    opened = next(step for step in steps if step["type"] == "public_notice_opened")
    assert opened["who"]["name"] == "Example: officer of personnel"
    assert {rule["path"] for rule in opened["rules"]} == {"notice.minimum", "notice.counting", "notice.fields"}
    assert all("says" in rule and "confidence" in rule for rule in opened["rules"])
    lodged = steps[-1]
    assert lodged["sealed"] and "grounds" not in lodged["what"] and "delivery" not in answer.text


async def test_the_audit_trail_pages_without_gaps_or_repeats(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed()
    await desk.project()
    whole = (await desk.get(f"/api/v1/cases/{case_id}/timeline")).json()["steps"]
    seen, cursor = [], 0
    while cursor is not None:
        page = (await desk.get(f"/api/v1/cases/{case_id}/timeline?limit=3&cursor={cursor}")).json()
        seen += page["steps"]
        cursor = page["next_cursor"]
    assert seen == whole and len(whole) > 10


async def test_the_board_filters_by_what_the_address_says(desk: Desk) -> None:
    first = await desk.opened(post_id="a")
    second, _ = await desk.nominated(post_id="b")
    third = await desk.opened(post_id="c")
    await desk.done(f"/cases/{third}/suspensions", {"reason": "Waiting for a ruling."}, V)
    await desk.project()

    async def found(query: str) -> list[str]:
        return [case["case_id"] for case in (await desk.get(f"/api/v1/cases?{query}")).json()["cases"]]

    assert await found("") == [third, second, first]
    assert await found("status=suspended") == [third]
    assert await found("stage=nomination&status=open") == [first]
    assert await found("duty_holder=school") == [second]
    assert await found("pack=cn.sr2019") == []
    assert await found("due_by=2020-01-01") == []


async def test_a_reader_can_wait_for_its_own_write_and_no_longer_than_a_few_seconds(desk: Desk) -> None:
    await desk.project()
    keeping = asyncio.create_task(desk.projector().run(lambda name, what: None))
    try:
        case_id = await desk.opened()
        position = (await desk.log_size()) - 1
        board = await desk.get(f"/api/v1/cases?after_position={position}")
        assert [case["case_id"] for case in board.json()["cases"]] == [case_id]
        trail = await desk.get(f"/api/v1/cases/{case_id}/timeline?after_position={position}")
        assert len(trail.json()["steps"]) == 2
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    late = await desk.get(f"/api/v1/cases?after_position={position + 1000}")
    assert late.status_code == 503 and late.headers["Retry-After"]


async def test_every_role_of_people_reads_the_record(desk: Desk) -> None:
    case_id = await desk.opened()
    for role in (A, D, S, V):
        assert (await desk.get(f"/api/v1/cases/{case_id}", role)).status_code == 200
