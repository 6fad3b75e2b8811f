"""A joint meeting through the door: convened, filled, settled, held with both departments, signed by each, on paper."""

from datetime import timedelta
from typing import Any

from domain.identity import Role
from tests.api.pdf_text import text_of_pdf
from tests.api.test_organ_request import ANSWER, asked
from tests.desk import A, D, Desk, P, S, V

CALL: dict[str, Any] = {
    "place": "Hall 2, first floor",
    "members": [
        {"organ": "personnel-department", "seat": "personnel"},
        {"organ": "supervision-organ", "seat": "supervision"},
        {"organ": "audit-office", "seat": "guest"},
    ],
}
ITEM = {"title": "Letters of May", "asked": "Say whether letters wait for the end of the notice."}
FINDING = {
    "type": "procedure",
    "severity": "minor",
    "subject": {"kind": "unit", "id": "Registry"},
    "finding": "Three letters were issued on the day of the decision.",
    "owner": "personnel-department",
    "accepting": "supervision-organ",
}
RESOLUTION = {
    "text": "The personnel department writes down when letters go out.",
    "owner": "personnel-department",
    "accepting": "supervision-organ",
}
TO_THE_DAY = timedelta(days=14)


async def convened(desk: Desk, **more: Any) -> tuple[str, str]:
    """The path of a meeting that supervision has just convened, and the item on its agenda."""
    call = CALL | {"held_on": (desk.clock().date() + TO_THE_DAY).isoformat()} | more
    path = f"/joint-meetings/{(await desk.done('/joint-meetings', call, V))['meeting_id']}"
    placed = await desk.done(f"{path}/agenda-items", ITEM)
    return path, str(placed["events"][0]["item_id"])


async def opened(desk: Desk) -> tuple[str, str]:
    """The same on its day, with somebody of each department there, and a school called in."""
    path, item = await convened(desk)
    await desk.done(f"{path}/called-in-organs", {"organ": "training-school", "statistics": ["problems", "duties"]}, V)
    desk.clock.at += TO_THE_DAY
    away = [{"officer": "staff-18", "reason": "zq On leave qz"}]
    await desk.done(f"{path}/attendance-records", {"organ": "personnel-department", "myself": True, "absent": away})
    await desk.done(f"{path}/attendance-records", {"organ": "supervision-organ", "present": ["example-supervision"]})
    await desk.done(f"{path}/openings", {})
    return path, item


async def held(desk: Desk) -> tuple[str, str]:
    """The same, closed with a finding and a resolution, and the hash of its minutes."""
    path, item = await opened(desk)
    said = {"organ": "supervision-organ", "text": "Letters now wait.", "item_id": item}
    await desk.done(f"{path}/statements", said | {"speaker": "example-supervision"}, V)
    await desk.done(f"{path}/findings", FINDING | {"item_id": item}, V)
    due_on = (desk.clock().date() + timedelta(days=30)).isoformat()
    await desk.done(f"{path}/resolutions", RESOLUTION | {"due_on": due_on})
    answer = await desk.done(f"{path}/closings", {})
    return path, str(answer["events"][0]["digest"])


async def read(desk: Desk, path: str, role: Role = A) -> dict[str, Any]:
    answer = await desk.get(f"/api/v1{path}", role)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_meeting_from_convening_to_signed_minutes(desk: Desk) -> None:
    await desk.project()
    path, digest = await held(desk)
    await desk.done(f"{path}/signatures", {"digest": digest})
    assert (await read(desk, path))["unsigned"] == ["supervision-organ"]
    await desk.done(f"{path}/signatures", {"digest": digest}, V)
    await desk.done(f"{path}/annotations", {"note": "The second letter was of April."}, V)
    await desk.project()
    meeting = await read(desk, path)
    assert (meeting["state"], meeting["minutes"]["digest"]) == ("concluded", digest)
    assert meeting["statements"][0]["text"] == "Letters now wait."
    assert meeting["names"][meeting["statements"][0]["speaker"]] == "Example: officer of supervision"
    assert meeting["attendance"][0]["absent"][0]["reason"] == "zq On leave qz"
    (row,) = (await read(desk, "/joint-meetings?state=concluded"))["meetings"]
    assert (row["items"], row["findings"], row["resolutions"], row["chair"]) == (1, 1, 1, "personnel-department")
    problems = (await read(desk, "/problems?origin_kind=joint_meeting"))["problems"]
    assert {problem["finding"] for problem in problems} == {FINDING["finding"], RESOLUTION["text"]}
    log = b"".join([row.entry for row in await desk.house.store.read_log()])
    assert b"Letters now wait." not in log and b"On leave" not in log


async def test_minutes_are_a_tagged_paper_in_both_languages_and_the_same_bytes_each_time(desk: Desk) -> None:
    await desk.project()
    path, digest = await held(desk)
    address = f"/api/v1{path}/minutes"
    first, again = await desk.get(address), await desk.get(address)
    assert first.content == again.content and b"/StructTreeRoot" in first.content
    text = text_of_pdf(first.content)
    for said in ("Letters of May", "Letters now wait.", "On leave", RESOLUTION["text"], digest[:16], "15 April 2026"):
        assert said in " ".join(text.split()), said
    chinese = text_of_pdf((await desk.get(f"{address}?language=zh")).content)
    assert "会议纪要" in chinese and "2026年4月15日" in chinese


async def test_without_minutes_there_is_no_paper_and_without_a_meeting_nothing(desk: Desk) -> None:
    await desk.project()
    path, _ = await convened(desk)
    assert (await desk.get(f"/api/v1{path}/minutes")).status_code == 404
    for address in ("", "/minutes", "/statistics"):
        assert (await desk.get(f"/api/v1/joint-meetings/0123456789ab{address}")).status_code == 404
    assert (await desk.post("/joint-meetings/0123456789ab/openings", {})).status_code == 404


async def test_a_called_in_organ_reads_its_own_figures_and_nobody_elses(desk: Desk) -> None:
    await desk.project()
    path, _ = await opened(desk)
    await desk.done("/problems", FINDING | {"owner": "training-school"}, V)
    request = await asked(desk, asked="training-school")
    await asked(desk, asked="training-school")
    desk.clock.at += timedelta(days=3)
    await desk.done(f"/organ-requests/{request}/answers", ANSWER, S)
    await desk.project()
    (figures,) = (await read(desk, f"{path}/statistics", S))["organs"]
    assert (figures["organ"], figures["problems"]["still_open"]) == ("training-school", 1)
    assert figures["requests"] == {
        "asked": 2,
        "answered": 1,
        "still_open": 1,
        "overdue": 0,
        "median_days": 3,
        "longest_days": 3,
    }
    assert (await read(desk, f"{path}/statistics", D))["organs"] == [figures]
    headers = desk.headers(S, organ="county-school", subject="county-teacher")
    other = await desk.http.get(f"/api/v1{path}/statistics", headers=headers)
    assert (other.status_code, other.json()["policies"]) == (403, ["house.a_called_in_organ_reads_its_own_figures"])


async def test_nothing_opens_without_both_departments_and_the_rule_is_cited(desk: Desk) -> None:
    await desk.project()
    path, _ = await convened(desk)
    desk.clock.at += TO_THE_DAY
    await desk.done(f"{path}/attendance-records", {"organ": "personnel-department", "myself": True})
    answer = await desk.post(f"{path}/openings", {})
    assert (answer.status_code, answer.json()["rule"]["path"]) == (409, "joint_supervision.quorum")
    settled = await desk.post(f"{path}/agenda-items", ITEM)
    assert (settled.status_code, settled.json()["type"]) == (409, "/problems/agenda_is_frozen")
    assert (await read(desk, path))["state"] == "agenda_settled"


async def test_one_token_of_both_departments_signs_nothing(desk: Desk) -> None:
    await desk.project()
    path, digest = await held(desk)
    headers = desk.headers(P, V, organ="personnel-department")
    answer = await desk.http.post(f"/api/v1{path}/signatures", json={"digest": digest}, headers=headers)
    assert (answer.status_code, answer.json()["policies"]) == (403, ["nobody-signs-for-both-departments"])
    stranger = await desk.post(f"{path}/signatures", {"digest": digest}, V, subject="another-reviewer")
    assert (stranger.status_code, stranger.json()["rule"]["path"]) == (403, "house.only_who_is_there_takes_part")


ADDITION = {
    "title": "A letter of tomorrow",
    "asked": "Say whether it waits.",
    "reason": "It was found after the agenda was settled.",
}


async def test_an_urgent_addition_is_taken_up_by_both_departments_and_stands_in_the_minutes_as_one(desk: Desk) -> None:
    await desk.project()
    path, item = await opened(desk)
    waiting = (await desk.done(f"{path}/agenda-additions", ADDITION, V))["events"][0]["item_id"]
    own = await desk.post(f"{path}/addition-agreements", {"item_id": waiting}, V)
    assert (own.status_code, own.json()["rule"]["path"]) == (403, "house.both_departments_take_up_an_addition")
    await desk.done(f"{path}/addition-agreements", {"item_id": waiting})
    await desk.done(f"{path}/agenda-additions", ADDITION | {"title": "Another letter"})
    first, second, third = (await read(desk, path))["agenda"]
    assert "addition" not in first and second["addition"]["agreed"]["organ"] == "personnel-department"
    assert (third["addition"]["reason"], third["addition"]["agreed"]) == (ADDITION["reason"], None)
    await desk.done(f"{path}/closings", {})
    text = " ".join(text_of_pdf((await desk.get(f"/api/v1{path}/minutes")).content).split())
    assert "urgent addition, supervision-organ" in text and "agreed to by personnel-department" in text
    assert "Not taken up until the other department agrees" in text
    await desk.project()
    (row,) = (await read(desk, "/joint-meetings"))["meetings"]
    assert row["items"] == 2
    assert second["item_id"] == waiting != item


async def test_a_meeting_that_is_called_off_says_by_whom_and_why(desk: Desk) -> None:
    await desk.project()
    path, item = await convened(desk)
    reason = "Both departments are at the inspection."
    await desk.done(f"{path}/cancellations", {"reason": reason})
    await desk.project()
    meeting = await read(desk, path)
    assert (meeting["state"], meeting["cancelled"]["reason"]) == ("cancelled", reason)
    assert (meeting["cancelled"]["organ"], meeting["cancelled"]["left_over"]) == ("personnel-department", [item])
    assert [row["state"] for row in (await read(desk, "/joint-meetings?state=cancelled"))["meetings"]] == ["cancelled"]
    late = await desk.post(f"{path}/openings", {})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/meeting_is_over")
