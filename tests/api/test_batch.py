"""Many steps from one file: each line a step of its own, decided as its single route would."""

import csv
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import httpx2
import orjson
import pytest
from openpyxl import Workbook

from api.batch_file import MOST_LINES, as_csv, column_letter
from domain.appointment import case_stream
from domain.batch import BatchCompleted, BatchReceived, batch_stream
from domain.catalogue import DECIDE
from domain.decision import DecisionMeetingHeld
from domain.identity import CaseId, Role
from domain.particulars import Particulars
from eventstore.codec import decode
from tests.desk import POST, D, Desk, P, S, V

HEADER = ("post_id", "title", "unit", "rank", "person", "full_name")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode(encoding)


def post(number: int, **more: str) -> tuple[str, ...]:
    row = {"post_id": f"registry/{number}", "title": "Clerk", "unit": "Registry", "rank": "officer"} | more
    return tuple(row.get(name, "") for name in HEADER)


def book(*rows: Sequence[object]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(list(row))
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


async def sent(
    desk: Desk,
    content: bytes,
    action: str = "open_case",
    role: Role = P,
    *,
    key: str | None = None,
    dry_run: bool = False,
    kind: str = "text/csv",
    accept: str = "application/json",
) -> httpx2.Response:
    headers = desk.headers(role, key=key) | {"Content-Type": kind, "Accept": accept}
    query = f"action={action}" + ("&dry_run=true" if dry_run else "")
    return await desk.http.post(f"/api/v1/batches?{query}", content=content, headers=headers, timeout=120)


async def taken(desk: Desk, content: bytes, action: str = "open_case", role: Role = P, **more: Any) -> dict[str, Any]:
    answer = await sent(desk, content, action, role, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def outcomes(report: dict[str, Any]) -> list[tuple[int, str]]:
    return [(line["line"], line["outcome"]) for line in report["report"]]


async def test_a_thousand_cases_open_from_one_file(desk: Desk) -> None:
    file = table(HEADER, *(post(n, person=f"staff-{n}", full_name=f"Name {n}") for n in range(1000)))
    report = await taken(desk, file)
    assert report["counts"] == {"recorded": 1000} and report["completed"]
    assert [line["line"] for line in report["report"]] == list(range(2, 1002))
    assert len({line["case_id"] for line in report["report"]}) == 1000
    assert report["report"][0]["events"] == ["case_opened", "stage_begun", "candidate_nominated"]
    await desk.project()
    read = (await desk.get(f"/api/v1/batches/{report['batch_id']}")).json()
    assert set(read["cases"]) == {line["case_id"] for line in report["report"]}
    assert (read["lines"], read["recorded"], read["refused"], read["invalid"]) == (1000, 1000, 0, 0)
    assert read["officer_name"] == "Example: officer of personnel" and read["completed_at"]


async def test_a_wrong_line_stops_no_other_and_says_what_its_single_route_would(desk: Desk) -> None:
    single = (await desk.post("/cases", {"post": {**POST, "rank": "emperor"}})).json()
    malformed = (await desk.post("/cases", {"post": {**POST, "title": "t" * 301}})).json()
    file = table(HEADER, post(1), post(2, rank="emperor"), post(3, title="t" * 301), post(4, title=""), post(5))
    report = await taken(desk, file)
    assert outcomes(report) == [(2, "recorded"), (3, "refused"), (4, "invalid"), (5, "invalid"), (6, "recorded")]
    _, refused, invalid, empty, _ = report["report"]
    assert refused["problem"] == single and invalid["problem"] == malformed
    assert empty["problem"]["errors"][0]["field"] == "post.title"
    assert report["counts"] == {"recorded": 2, "refused": 1, "invalid": 2}


async def test_a_dry_run_says_it_line_by_line_and_records_nothing(desk: Desk) -> None:
    await desk.opened(post_id="registry/9")
    file = table(
        HEADER,
        post(1, person="new-person", full_name="Li Wei"),
        post(9),
        post(2),
        post(2),
        post(3, person="example-personnel", full_name="I Myself"),
    )
    before = await desk.log_size()
    report = await taken(desk, file, dry_run=True)
    said = ["would_record", "refused", "would_record", "refused", "refused"]
    assert outcomes(report) == list(zip(range(2, 7), said, strict=True))
    assert await desk.log_size() == before and not report["completed"]
    assert await desk.house.keys.find_subject("new-person") is None
    taken_posts = [report["report"][place]["problem"]["rule"]["path"] for place in (1, 3)]
    assert taken_posts == ["house.one_open_case_a_post"] * 2
    assert outcomes(await taken(desk, file)) == [(n, "recorded" if w != "refused" else w) for n, w in outcomes(report)]


async def test_a_line_whose_nominee_is_refused_opens_no_case(desk: Desk) -> None:
    report = await taken(desk, table(HEADER, post(1, person="example-personnel", full_name="I Myself")))
    assert report["report"][0]["problem"]["type"] == "/problems/nobody_nominates_themselves"
    assert report["report"][0]["case_id"] is None
    nameless = await taken(desk, table(HEADER, post(1, person="staff-1")))
    assert nameless["report"][0]["problem"]["errors"][0]["field"] == "particulars"
    await desk.opened(post_id="registry/1")


async def test_the_same_file_under_the_same_key_records_nothing_twice(desk: Desk) -> None:
    file = table(HEADER, post(1, person="staff-1", full_name="Amina Okafor"), post(2), post(3, rank="emperor"))
    first = await taken(desk, file, key="batch-key-1")
    size = await desk.log_size()
    again = await taken(desk, file, key="batch-key-1")
    assert await desk.log_size() == size
    assert outcomes(again) == [(2, "repeated"), (3, "repeated"), (4, "refused")]
    for name in ("case_id", "version", "position", "events", "candidates"):
        assert [line[name] for line in again["report"]] == [line[name] for line in first["report"]]
    other = await sent(desk, table(HEADER, post(4)), key="batch-key-1")
    assert other.status_code == 422 and other.json()["rule"]["path"] == "house.one_key_one_command"


async def test_a_batch_that_was_cut_short_goes_on_where_it_stopped(desk: Desk) -> None:
    file = table(HEADER, *(post(n) for n in range(3)))
    row = dict(zip(HEADER[:4], post(1)[:4], strict=True))
    cut = await desk.done("/cases", {"post": row}, key="batch-key-2#3")  # the crash came after this line alone
    report = await taken(desk, file, key="batch-key-2")
    assert outcomes(report) == [(2, "recorded"), (3, "repeated"), (4, "recorded")]
    assert report["report"][1]["case_id"] == cut["case_id"]


async def test_a_batch_is_on_the_log_and_its_cases_say_that_it_caused_them(desk: Desk) -> None:
    report = await taken(desk, table(HEADER, post(1), post(2, rank="emperor")))
    stored = await desk.house.store.read_stream(batch_stream(report["batch_id"]))
    received, completed = (decode(found).event for found in stored)
    assert isinstance(received, BatchReceived) and (received.action, received.lines) == ("open_case", 2)
    assert isinstance(completed, BatchCompleted) and (completed.recorded, completed.refused) == (1, 1)
    case_id = report["report"][0]["case_id"]
    events = [decode(found) for found in await desk.house.store.read_stream(case_stream(CaseId(case_id)))]
    assert {event.causation for event in events} == {f"batch/{report['batch_id']}"}
    await desk.project()
    steps = (await desk.get(f"/api/v1/cases/{case_id}/timeline")).json()["steps"]
    assert {step["cause"] for step in steps} == {f"batch/{report['batch_id']}"}


async def test_lines_of_one_case_are_taken_in_their_order(desk: Desk) -> None:
    ids = [
        (await desk.nominated({"person": f"p-{n}", "particulars": {"full_name": "N"}}, post_id=str(n)))
        for n in range(4)
    ]
    for case, (candidate,) in ids:
        await desk.studied(case, candidate, 64)
    rows = [(case, candidate) for case, (candidate,) in ids for _ in range(2)]
    file = table(("case_id", "candidate_id"), *rows)
    for dry_run in (True, False):
        report = await taken(desk, file, "verify_training", S, dry_run=dry_run)
        first, second = report["report"][0::2], report["report"][1::2]
        assert {line["outcome"] for line in first} == {"would_record" if dry_run else "recorded"}
        assert {line["outcome"] for line in second} == {"refused"}
        assert [line["case_id"] for line in second] == [case for case, _ in ids]


async def test_many_cases_are_noticed_together_and_decided_by_one_meeting(desk: Desk) -> None:
    opened = await taken(desk, table(HEADER, *(post(n, person=f"c-{n}", full_name="N") for n in range(3))))
    cases = [line["case_id"] for line in opened["report"]]
    candidates = [line["candidates"][0] for line in opened["report"]]
    await taken(desk, table(("case_id",), *((case,) for case in cases)), "close_nominations")
    trained = [(case, candidate, "否") for case, candidate in zip(cases, candidates, strict=True)]
    for case, candidate, _ in trained:
        await desk.studied(case, candidate, 64)
    await taken(desk, table(("案件编号", "候选人编号", "有条件通过"), *trained), "verify_training", S)
    noticed = await taken(
        desk, table(("case_id", "opens_on"), *((c, "2026-03-03") for c in cases)), "open_public_notice"
    )
    assert noticed["counts"] == {"recorded": 3}
    for case in cases:
        await desk.run_out(case, "public_notice")
    for case in cases:
        await desk.reviewed(case)
    held_on = desk.clock().date().isoformat()
    header = (
        "case_id",
        "candidate_id",
        "held_on",
        "member: m-1",
        "成员：m-2",
        "成员： m-4：缺席=ill",
        "member: m-5",
        "member: m-6",
        "member: m-3: chief",
    )
    spoken = [
        ("agree", "不同意", "", "同意", "agree", "agree"),
        ("disagree", "disagree", "", "defer", "disagree", "disagree"),
        ("recused", "Agree", "", "agree", "agree", "agree"),
    ]
    lines = [(case, candidate, held_on, *said) for case, candidate, said in zip(cases, candidates, spoken, strict=True)]
    report = await taken(desk, table(header, *lines), "hold_decision_meeting", D)
    assert [line["events"][:2] for line in report["report"]] == [
        ["decision_meeting_held", "decision_taken"],
        ["decision_meeting_held", "decision_not_passed"],
        ["decision_meeting_held", "decision_taken"],
    ], report
    held = [decode(found).event for found in await desk.house.store.read_stream(case_stream(CaseId(cases[2])))]
    (meeting,) = (event for event in held if isinstance(event, DecisionMeetingHeld))
    assert (meeting.members_due, meeting.members_present, meeting.members_recused) == (6, 5, 1)
    decided = (cases[0], cases[2])
    letters = await taken(
        desk, table(("case_id", "effective_on"), *((case, "") for case in decided)), "issue_appointment"
    )
    assert letters["counts"] == {"recorded": 2}


async def test_a_secret_ballot_and_a_vote_that_was_put_off_are_lines_of_a_meeting(desk: Desk) -> None:
    ready = []
    for number in range(6):
        case, (candidate,) = await desk.trained(post_id=f"registry/{number}")
        await desk.done(f"/cases/{case}/public-notices", {})
        await desk.run_out(case, "public_notice")
        ready.append((case, candidate))
    for case, _ in ready:
        await desk.reviewed(case)
    held_on = desk.clock().date().isoformat()
    header = (
        "案件编号",
        "候选人编号",
        "held_on",
        "表决方式",
        "in_favour",
        "反对票",
        "deferred",
        "unresolved",
        "暂缓表决说明",
    )
    members = ("member: m-1", "member: m-2", "member: m-3: chief")
    why = "Half of the members want another list."
    said: list[tuple[str, ...]] = [
        ("无记名投票", "2", "1", "", "", "", "", "", ""),
        ("secret", "1", "2", "0", "", "", "", "", ""),
        ("secret", "2", "", "", "", "", "agree", "agree", "agree"),  # against is missing
        ("secret", "2", "1", "", "", "", "agree", "agree", "disagree"),  # who voted how, of a secret ballot
        ("", "2", "1", "", "", "", "", "", ""),  # counts of an open one
        ("", "", "", "", "意见分歧较大", why, "", "", ""),
    ]
    lines = [(case, candidate, held_on, *cells) for (case, candidate), cells in zip(ready, said, strict=True)]
    file = table((*header, *members), *lines)
    size = await desk.log_size()
    for dry_run in (True, False):
        report = await taken(desk, file, "hold_decision_meeting", D, dry_run=dry_run)
        done = "would_record" if dry_run else "recorded"
        assert [line["outcome"] for line in report["report"]] == [done, done, "invalid", "refused", "refused", done]
        passed, failed, lacking, named, open_vote, put_off = report["report"]
        assert passed["events"][:2] == ["decision_meeting_held", "decision_taken"]
        assert failed["events"][:2] == ["decision_meeting_held", "decision_not_passed"]
        assert [error["field"] for error in lacking["problem"]["errors"]] == ["counts.0.against"]
        assert named["problem"]["type"] == "/problems/ballot_is_secret"
        assert open_vote["problem"]["type"] == "/problems/ballot_is_not_secret"
        assert put_off["events"] == ["decision_meeting_held", "decision_deferred"]
        assert (await desk.log_size() == size) is dry_run
    stored = await desk.house.store.read_stream(case_stream(CaseId(ready[0][0])))
    (meeting,) = (found for row in stored if isinstance(found := decode(row).event, DecisionMeetingHeld))
    assert str(meeting.voted_by) == "secret" and [count.in_favour for count in meeting.counts] == [2]


async def test_lines_of_one_meeting_say_alike_how_it_voted(desk: Desk) -> None:
    told = ("case_id", "candidate_id", "held_on", "voted_by", "in_favour", "unresolved", "unresolved_reason")
    header = (*told, "member: m-1", "member: m-2", "member: m-3:chief")
    case, day = "d6fhcqtf5dfs", "2026-03-02"
    for lines, field in (
        ((("c-1", "secret", "1", "", ""), ("c-2", "open", "1", "", "")), "voted_by"),
        ((("c-1", "", "", "unclear_question", "It is unclear."), ("c-2", "", "", "分歧较大", "")), "unresolved.why"),
        ((("", "secret", "1", "", ""),), "candidate_id"),
        ((("", "by post", "", "", ""),), "voted_by"),
    ):
        rows = [(case, candidate, day, *rest, "", "", "") for candidate, *rest in lines]
        report = await taken(desk, table(header, *rows), "hold_decision_meeting", D, dry_run=True)
        assert {line["outcome"] for line in report["report"]} == {"invalid"}
        assert report["report"][0]["problem"]["errors"][0]["field"] == field


async def test_two_candidates_of_a_case_stand_on_two_lines_of_one_meeting(desk: Desk) -> None:
    people = [{"person": f"p-{n}", "particulars": {"full_name": "N"}} for n in range(2)]
    case, candidates = await desk.trained(*people)
    await desk.done(f"/cases/{case}/public-notices", {})
    await desk.run_out(case, "public_notice")
    await desk.reviewed(case)
    header = ("case_id", "candidate_id", "held_on", "member: m-1", "member: m-2", "member: m-3:chief")
    held_on = desk.clock().date().isoformat()
    one, other = ((case, candidate, held_on) for candidate in candidates)
    unclear = await taken(
        desk, table(header, (*one, "agree", "agree", "agree"), (*other, "perhaps", "", "")), "hold_decision_meeting", D
    )
    assert outcomes(unclear) == [(2, "invalid"), (3, "invalid")]
    assert unclear["report"][0]["problem"]["errors"][0]["field"] == "column D"
    said = ("disagree", "disagree", "disagree")
    held = await taken(
        desk, table(header, (*one, "agree", "agree", "agree"), (*other, *said)), "hold_decision_meeting", D
    )
    assert held["report"][0] | {"line": 3} == held["report"][1]
    assert held["report"][0]["events"][:2] == ["decision_meeting_held", "decision_taken"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_chinese_files_are_read_in_the_encodings_of_offices(desk: Desk, encoding: str) -> None:
    header = ("职务编号", "职务名称", "单位", "职级", "规则包", "人员编号", "姓名")
    row = ("水利/1", "局长", "水利局", "senior", "standard", "职工-1", "陈䶮")
    report = await taken(desk, table(header, row, encoding=encoding))
    assert report["counts"] == {"recorded": 1}, report
    case_id = report["report"][0]["case_id"]
    assert (await desk.get(f"/api/v1/cases/{case_id}")).json()["post"]["unit"] == "水利局"
    sealed = (await desk.get(f"/api/v1/cases/{case_id}/sealed")).text
    assert "陈䶮" in sealed


async def test_the_first_sheet_of_a_workbook_is_read_with_its_days_and_numbers(desk: Desk) -> None:
    cases = [await desk.trained(post_id=str(n)) for n in range(2)]
    rows = [(case, date(2026, 3, 4)) for case, _ in cases]
    report = await taken(desk, book(("Case id", "Opens on"), *rows), "open_public_notice", kind=XLSX)
    assert report["counts"] == {"recorded": 2}, report
    shown = (await desk.get(f"/api/v1/cases/{cases[0][0]}")).json()
    assert shown["notice"]["opens_on"] == "2026-03-04"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_formula_is_never_worked_out(desk: Desk, kind: str) -> None:
    rows = (HEADER, post(1, title="=1+1"), post(2))
    content = table(*rows) if kind == "csv" else book(*rows)
    report = await taken(desk, content)
    assert outcomes(report) == [(2, "invalid"), (3, "recorded")]
    error = report["report"][0]["problem"]["errors"][0]
    assert error == {"field": "post.title", "problem": "holds a formula; write its value"}


async def test_a_file_may_come_as_a_part_of_a_form(desk: Desk) -> None:
    answer = await desk.http.post(
        "/api/v1/batches?action=open_case", files={"file": ("a.csv", table(HEADER, post(1)))}, headers=desk.headers(P)
    )
    assert answer.json()["counts"] == {"recorded": 1}
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb--x'
    for told in ("", "; boundary=x", "; boundary=x; charset=none"):
        broken = await sent(desk, part, kind="multipart/form-data" + told)
        assert broken.status_code == 422, broken.text


async def test_the_report_streams_line_by_line_and_is_kept_as_a_table(desk: Desk) -> None:
    file = table(HEADER, post(1), post(2, rank="=emperor()"), post(3, rank="emperor"))
    streamed = await sent(desk, file, key="streamed-1", accept="application/jsonl")
    head, *lines, summary = (orjson.loads(line) for line in streamed.content.splitlines())
    assert (head["lines"], summary["counts"]) == (3, {"recorded": 1, "invalid": 1, "refused": 1})
    assert sorted(line["line"] for line in lines) == [2, 3, 4]
    kept = await sent(desk, file, key="streamed-1", accept="text/csv")
    assert kept.content.startswith(b"\xef\xbb\xbfline,outcome,case_id")
    rows = list(csv.reader(StringIO(kept.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["repeated", "invalid", "refused"]


async def test_nobody_named_in_a_file_appears_in_its_report(desk: Desk) -> None:
    file = table(
        HEADER,
        post(1, person="staff-0815", full_name="Amina Okafor"),
        post(2, person="staff-0815", full_name="Amina Okafor" * 30),
        post(3, rank="emperor", person="staff-0815", full_name="Amina Okafor"),
        ("", "", "", "", "staff-0815", "Amina Okafor", "Amina Okafor"),
    )
    answers = [await sent(desk, file, accept=kind) for kind in ("application/json", "text/csv")]
    headless = await sent(desk, table(post(1, person="staff-0815", full_name="Amina Okafor"), post(2)))
    assert headless.status_code == 422
    for answer in (*answers, headless):
        assert "Amina" not in answer.text and "staff-0815" not in answer.text


def zip_bomb() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(2):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", b" " * 40_000_000)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no line"),
        (table(HEADER), "no line"),
        (table((*HEADER, "nickname"), (*post(1), "x")), "column G, “nickname”"),
        (table(("post_id", "title", "unit", "Rnak"), post(1)[:4]), "is it `rank`?"),
        (table(("post_id", "title", "unit"), post(1)[:3]), "lacks rank"),
        (table(("post_id", "Post id", "title", "unit", "rank"), ("a", *post(1)[:4])), "same header"),
        (b'post_id,title\n"never closed', "no CSV"),
        (b"\xff\xfe\x00", "neither UTF-8 nor GB18030"),
        (b"PK\x03\x04 no archive", "XLSX"),
        (zip_bomb(), "unpacks to more"),
        (table(HEADER, *(post(n) for n in range(MOST_LINES + 1))), "more than 5000 lines"),
        (table([*HEADER, *(["x"] * 200)], post(1)), "more than 200 columns"),
    ],
)
async def test_a_file_that_is_no_table_is_refused_whole(desk: Desk, content: bytes, says: str) -> None:
    before = await desk.log_size()
    answer = await sent(desk, content)
    assert answer.status_code == 422 and says in answer.json()["detail"], answer.text
    assert await desk.log_size() == before


async def test_a_file_beyond_the_limit_is_refused_before_it_is_read(desk: Desk) -> None:
    answer = await sent(desk, b"x" * 8_388_609)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_who_may_not_take_the_step_sends_no_file_of_it(desk: Desk) -> None:
    answer = await sent(desk, table(HEADER, post(1)), role=S)
    assert answer.status_code == 403 and answer.json()["action"] == "open_case"
    assert (await sent(desk, table(HEADER, post(1)), role=V)).json()["action"] == "record_batch"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_template_can_be_filled_in_and_sent(desk: Desk, language: str) -> None:
    for action in ("open_case", "open_public_notice", "hold_decision_meeting"):
        answer = await desk.http.get(f"/api/v1/batches/templates/{action}.csv?language={language}")
        assert answer.headers["Content-Type"].startswith("text/csv") and answer.content.startswith(b"\xef\xbb\xbf")
        role = D if action == "hold_decision_meeting" else P
        report = await taken(desk, answer.content + b"x,x,x\r\n", action, role)
        assert report["counts"] == {"invalid": 1}


def test_every_particular_has_a_column_and_every_action_is_a_command() -> None:
    from api.batch_columns import COLUMNS
    from api.batch_steps import TAKE

    assert set(COLUMNS) == set(TAKE) <= {decide.__name__ for decide in DECIDE.values()}
    assert {f"particulars.{name}" for name in Particulars.model_fields} <= {c.into for c in COLUMNS["open_case"]}


def test_what_a_spreadsheet_would_run_is_made_inert() -> None:
    assert as_csv([["=1+1", "+1", "-1", "@x", "safe", None]]).decode("utf-8-sig") == "'=1+1,'+1,'-1,'@x,safe,\r\n"
    assert [column_letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
