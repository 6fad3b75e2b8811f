"""The register of problems, through the door: opened, mended, judged by another organ, filtered, counted and copied."""

import json
from typing import Any

from tests.desk import A, D, Desk, P, S, V

FOUND: dict[str, Any] = {
    "type": "procedure",
    "severity": "minor",
    "subject": {"kind": "unit", "id": "Registry"},
    "finding": "Three letters were issued on the day of the decision.",
    "owner": "personnel-department",
    "accepting": "supervision-organ",
    "origin": {"kind": "inquiry", "id": "inquiry00001"},
}
REMEDY = {"remedy": "Letters now wait for the end of the notice."}
OF_SCHOOL = {
    "type": "training",
    "severity": "grave",
    "owner": "training-school",
    "finding": "=Attendance was signed later.",
}
OTHER = {"subject": "other-reviewer"}


async def found(desk: Desk, **more: Any) -> str:
    """The id of a problem that supervision has just put on the register."""
    return str((await desk.done("/problems", FOUND | more, V))["problem_id"])


async def mended(desk: Desk, problem: str) -> None:
    """A remedy refused, and then another one accepted."""
    await desk.done(f"/problems/{problem}/remedies", REMEDY)
    await desk.done(f"/problems/{problem}/remedy-refusals", {"reason": "Two letters of May again."}, V, **OTHER)
    await desk.done(f"/problems/{problem}/remedies", REMEDY | {"proof": [0]})
    await desk.done(f"/problems/{problem}/remedy-acceptances", {"remarks": "Twenty were looked at."}, V, **OTHER)


async def listed(desk: Desk, query: str = "", role: Any = A) -> list[dict[str, Any]]:
    answer = await desk.get(f"/api/v1/problems{query}", role)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["problems"]
    return rows


async def test_a_problem_tells_each_remedy_with_its_answer_and_nothing_that_is_sealed(desk: Desk) -> None:
    problem = await found(desk, details="The clerk is Mr Doe.", evidence=[0])
    await mended(desk, problem)
    await desk.done(f"/problems/{problem}/reopenings", {"reason": "Four letters of June."}, V)
    await desk.project()
    answer = await desk.get(f"/api/v1/problems/{problem}", P)
    row = answer.json()
    assert "Doe" not in answer.text
    for role in (V, A):
        sealed = (await desk.get(f"/api/v1/problems/{problem}/details", role)).json()
        assert sealed["steps"][0]["details"] == "The clerk is Mr Doe."
    assert [(remedy["number"], remedy["answer"], remedy["reason"]) for remedy in row["remedies"]] == [
        (1, "refused", "Two letters of May again."),
        (2, "accepted", "Twenty were looked at."),
    ]
    assert (row["state"], row["reopened"][0]["reason"]) == ("open", "Four letters of June.")
    assert (row["evidence"], row["remedies"][1]["proof"]) == ([0], [0])
    assert (row["origin_kind"], row["origin_id"], row["due_on"]) == ("inquiry", "inquiry00001", "2026-04-01")


async def test_no_organ_judges_its_own_remedy_and_the_attempt_is_answered_by_its_rule(desk: Desk) -> None:
    assert (await desk.post("/problems", FOUND | {"accepting": FOUND["owner"]}, V)).status_code == 403
    problem = await found(desk)
    await desk.done(f"/problems/{problem}/remedies", REMEDY)
    own = await desk.post(f"/problems/{problem}/remedy-acceptances", {}, V, organ="personnel-department", **OTHER)
    assert (own.status_code, own.json()["rule"]["path"]) == (403, "house.nobody_accepts_their_own_remedy")
    finder = await desk.post(f"/problems/{problem}/remedy-acceptances", {}, V)
    assert finder.status_code == 409 and "You found problem" in finder.json()["detail"]
    assert (await desk.post("/problems/0123456789ab/remedies", REMEDY)).status_code == 404


async def test_a_later_day_than_the_packs_and_evidence_that_is_not_on_the_log_are_refused(desk: Desk) -> None:
    late = await desk.post("/problems", FOUND | {"due_on": "2027-01-01"}, V)
    assert (late.status_code, late.json()["field"]) == (409, "due_on")
    assert late.json()["rule"]["path"] == "joint_supervision.remedied_minor"
    nowhere = await desk.post("/problems", FOUND | {"evidence": [10**6]}, V)
    assert (nowhere.status_code, nowhere.json()["field"]) == (422, "evidence")


async def test_the_register_is_filtered_paged_sorted_and_counted(desk: Desk) -> None:
    first, grave = await found(desk), await found(desk, **OF_SCHOOL)
    soon = await found(desk, due_on="2026-03-05")
    await mended(desk, first)
    await desk.project()
    assert [row["problem_id"] for row in await listed(desk, "?sort=due")] == [soon, grave, first]
    page = (await desk.get("/api/v1/problems?sort=due&limit=2")).json()
    assert [row["problem_id"] for row in await listed(desk, f"?sort=due&limit=2&cursor={page['next_cursor']}")] == [
        first
    ]
    page = (await desk.get("/api/v1/problems?limit=2")).json()
    assert [row["problem_id"] for row in await listed(desk, f"?cursor={page['next_cursor']}")] == [first]
    for query, expected in (
        ("state=mended", [first]),
        ("owner=training-school&severity=grave&type=training", [grave]),
        ("accepting=supervision-organ&subject_kind=unit&subject_id=Registry", [soon, grave, first]),
        ("origin_kind=inquiry&origin_id=inquiry00001&from=2026-03-02&to=2026-03-02&state=open", [soon, grave]),
        ("overdue=true", []),
        ("to=2026-03-01", []),
    ):
        assert [row["problem_id"] for row in await listed(desk, f"?{query}")] == expected, query
    counts = (await desk.get("/api/v1/problem-counts?from=2026-01-01&to=2026-12-31", D)).json()
    assert counts["by_state"] == {"mended": 1, "open": 2}
    assert counts["by_quarter"] == [{"year": 2026, "quarter": 1, "opened": 3, "mended": 1}]
    assert {"type": "training", "severity": "grave", "problems": 1} in counts["by_type"]
    owners = {row["owner"]: (row["problems"], row["still_open"]) for row in counts["by_owner"]}
    assert owners == {"personnel-department": (2, 1), "training-school": (1, 1)}


async def test_a_school_reads_and_copies_what_it_is_to_mend_and_nothing_else(desk: Desk) -> None:
    others, own = await found(desk), await found(desk, **OF_SCHOOL)
    await desk.project()
    assert [row["problem_id"] for row in await listed(desk, role=S)] == [own]
    assert await listed(desk, "?owner=personnel-department", S) == []
    assert (await desk.get(f"/api/v1/problems/{others}", S)).status_code == 404
    copied = await desk.get("/api/v1/problems.jsonl", S)
    assert [json.loads(line)["problem_id"] for line in copied.text.splitlines()] == [own]
    assert (await desk.done(f"/problems/{own}/remedies", REMEDY, S))["recorded"]


async def test_the_copy_is_by_the_filter_and_nothing_in_it_runs_in_a_spreadsheet(desk: Desk) -> None:
    await found(desk)
    school = await found(desk, **OF_SCHOOL)
    await desk.project()
    answer = await desk.get("/api/v1/problems.csv?type=training")
    head, line, end = answer.content.decode("utf-8-sig").split("\r\n")
    assert head.startswith("problem_id,type,severity") and line.startswith(f"{school},training,grave") and end == ""
    assert "'=Attendance was signed later." in line
    assert "problems.csv" in answer.headers["content-disposition"]
