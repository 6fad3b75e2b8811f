"""A school's signed file is taken in line by line: wrong lines stop no other, and nothing is recorded twice."""

import asyncio
import csv
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any

import httpx2
import orjson
import pytest
from openpyxl import Workbook

from api.body import LARGEST_IMPORT
from api.import_file import COLUMNS
from api.import_running import MOST_OF_ONE
from domain.identity import Role
from domain.training_import import TrainingImportCompleted, TrainingImportReceived, training_import_stream
from eventstore.codec import decode
from tests.api.signing import SchoolPair
from tests.desk import Desk, P, S

PAIR = SchoolPair()
NAMES = tuple(column.name for column in COLUMNS["import_training"])
LINE = {
    "person": "staff-1",
    "title": "Administrative law",
    "kind": "in_service",
    "method": "off_job",
    "began_on": "2026-01-12",
    "ended_on": "2026-01-23",
    "hours": "70",
    "attended_hours": "64",
    "leave_hours": "6",
    "days": "10",
    "score": "84",
    "passed": "yes",
}


def line(number: int, **more: str) -> dict[str, str]:
    return LINE | {"number": f"2026/{number}", "person": f"staff-{number}"} | more


def table(*lines: dict[str, str], header: Sequence[str] = NAMES, encoding: str = "utf-8") -> bytes:
    written = StringIO()
    csv.writer(written).writerows([header, *([said.get(name, "") for name in NAMES] for said in lines)])
    return written.getvalue().encode(encoding)


def json_lines(*lines: dict[str, Any]) -> bytes:
    return b"\n".join(orjson.dumps(said) for said in lines) + b"\n"


@pytest.fixture
async def school(desk: Desk) -> Desk:
    """A desk whose school has a key."""
    await desk.done("/school-keys", {"public_key": PAIR.pem}, S)
    return desk


async def sent(
    desk: Desk, content: bytes, role: Role = S, *, signature: str | None = None, query: str = "", **who: str
) -> httpx2.Response:
    signed = PAIR.signs(content) if signature is None else signature
    headers = desk.headers(role, **who) | ({"Investiture-Signature": signed} if signed else {})
    return await desk.http.post(f"/api/v1/training-imports{query}", content=content, headers=headers, timeout=120)


async def taken(desk: Desk, content: bytes, **more: Any) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    """Head, lines in their order, and the counts with whether it was completed."""
    answer = await sent(desk, content, **more)
    assert answer.status_code == 200, answer.text
    head, *reports, summary = [orjson.loads(part) for part in answer.text.splitlines()]
    assert Counter(told["outcome"] for told in reports) == summary["counts"]
    return head, sorted(reports, key=lambda told: int(told["line"])), summary


def outcomes(reports: Sequence[dict[str, Any]]) -> list[str]:
    return [told["outcome"] for told in reports]


async def test_three_thousand_records_are_on_file_and_the_same_file_again_records_nothing(school: Desk) -> None:
    content = table(*(line(number, person=f"staff-{number % 700}") for number in range(3000)))
    head, reports, summary = await taken(school, content)
    assert (head["lines"], summary) == (3000, {"counts": {"recorded": 3000}, "completed": True})
    assert [told["line"] for told in reports] == list(range(2, 3002))
    size = await school.log_size()
    again, _, summary = await taken(school, content)
    assert (again["import_id"], summary) == (head["import_id"], {"counts": {"repeated": 3000}, "completed": True})
    assert await school.log_size() == size
    standing = await school.http.post(
        "/api/v1/training-standings", json={"person": "staff-7", "rank": "officer"}, headers=school.headers(P)
    )
    assert len(standing.json()["lines"]) == 5


async def test_a_wrong_line_stops_no_other_and_says_what_its_single_route_would(school: Desk) -> None:
    wrong = line(2, kind="juggling")
    record = {name: wrong[name] for name in NAMES if name in wrong and name != "person"}
    single = await school.post("/training-records", {"person": "staff-2", "record": record}, S)
    content = table(
        line(1),
        wrong,
        line(3, hours="many"),
        line(4, began_on="12 January"),
        line(5, title=""),
        line(6, title="=1+1"),
        line(7, person=""),
        line(8, ended_on="2026-01-02"),
        line(1, hours="71"),
        line(1),
        line(9),
    )
    _, reports, summary = await taken(school, content)
    assert outcomes(reports) == [
        *("recorded", "refused", "invalid", "invalid", "invalid", "invalid", "invalid"),
        *("refused", "refused", "repeated", "recorded"),
    ]
    assert reports[1]["problem"] == single.json()
    assert [told["problem"]["errors"][0]["field"] for told in reports[2:7]] == [
        *("record.hours", "record.began_on", "record.title", "record.title", "person")
    ]
    assert reports[8]["problem"]["type"] == "/problems/already_on_file"
    assert summary["completed"]
    events = [decode(row).event for row in await school.house.store.read_stream(await receipts_of(school, content))]
    assert isinstance(events[0], TrainingImportReceived) and events[0].lines == 11
    assert events[1:] == [
        TrainingImportCompleted(import_id=events[0].import_id, organ=events[0].organ, on_file=3, refused=3, invalid=5)
    ]


async def receipts_of(desk: Desk, content: bytes) -> Any:
    head, _, _ = await taken(desk, content, query="?dry_run=true")
    return training_import_stream(head["import_id"])


async def test_a_dry_run_says_it_line_by_line_needs_no_signature_and_records_nothing(school: Desk) -> None:
    content = table(line(1), line(1, title="Another"), line(1), line(2, kind="juggling"))
    size = await school.log_size()
    head, reports, summary = await taken(school, content, signature="", query="?dry_run=true")
    assert outcomes(reports) == ["would_record", "refused", "repeated", "refused"]
    assert (head["dry_run"], summary["completed"], await school.log_size()) == (True, False, size)
    assert await school.house.keys.find_subject("staff-1") is None


@pytest.mark.parametrize("kind", ["xlsx", "jsonl", "gb18030"])
async def test_a_file_is_read_in_each_form_that_schools_keep(school: Desk, kind: str) -> None:
    titles = tuple(column.zh for column in COLUMNS["import_training"])
    said = [line(1, title="行政法", passed="是"), line(2, title="档案管理", passed="否", assessment="勤勉。")]
    if kind == "gb18030":
        content = table(*said, header=titles, encoding="gb18030")
    elif kind == "jsonl":
        given = {"hours": 70, "attended_hours": 64, "score": None, "passed": True, "days": 10}
        content = json_lines(*(one | given for one in said))
    else:
        book, written = Workbook(), BytesIO()
        for row in (titles, *([one.get(name) for name in NAMES] for one in said)):
            book.active.append(row)
        book.save(written)
        content = written.getvalue()
    _, reports, _ = await taken(school, content)
    assert outcomes(reports) == ["recorded", "recorded"]
    asked = {"person": "staff-1", "rank": "officer"}
    standing = await school.http.post("/api/v1/training-standings", json=asked, headers=school.headers(P))
    (read,) = standing.json()["lines"]
    assert (read["record"]["title"], read["record"]["hours"], read["record"]["passed"]) == ("行政法", 70, True)


async def test_json_that_is_no_record_is_told_line_by_line(school: Desk) -> None:
    content = json_lines(line(1)) + b"{broken\n\n[1]\n" + json_lines(line(2) | {"colour": "red"}, line(3, hours=[1]))  # type: ignore[arg-type]
    _, reports, _ = await taken(school, content)
    assert [(told["line"], told["outcome"]) for told in reports] == [
        *((1, "recorded"), (2, "invalid"), (4, "invalid"), (5, "invalid"), (6, "invalid"))
    ]


async def test_a_file_is_taken_only_from_the_school_that_signed_it(school: Desk) -> None:
    content, other = table(line(1)), SchoolPair(2)
    refusals = {
        "signature_missing": (422, await sent(school, content, signature="")),
        "signature_wrong": (409, await sent(school, content, signature=PAIR.signs(content + b" "))),
        "signature_wrong ": (409, await sent(school, content, signature=PAIR.signs(content, "cn.sr2019"))),
        "key_unknown": (409, await sent(school, content, signature=other.signs(content))),
        "malformed": (422, await sent(school, content, signature="a name")),
    }
    stranger = await sent(school, content, organ="another-school", subject="somebody-else")
    refusals["key_unknown "] = (409, stranger)
    for name, (status, answer) in refusals.items():
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name.strip()}"), answer.text
    assert not [row for row in await school.house.store.read_log() if row.type == "training_recorded"]


async def test_a_revoked_key_lets_nothing_pass_also_no_second_go(school: Desk) -> None:
    content = table(line(1))
    await taken(school, content)
    await school.done("/school-key-revocations", {"key_id": PAIR.id, "reason": "disclosed"}, S)
    answer = await sent(school, content)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/key_revoked")


async def test_whoever_has_the_file_can_see_who_vouched_for_it(school: Desk) -> None:
    content = table(line(1))
    await taken(school, content)
    digest = sha256(content).hexdigest()
    answer = await school.http.post(
        "/api/v1/training-import-receipts", json={"sha256": digest}, headers=school.headers(P)
    )
    (receipt,) = answer.json()["receipts"]
    signature = PAIR.signs(content).partition(":")[2]
    assert (receipt["organ"], receipt["public_key"], receipt["signature"]) == ("training-school", PAIR.pem, signature)
    entries = b"".join(row.entry for row in await school.house.store.read_log())
    assert digest.encode() not in entries and signature.encode() not in entries
    unknown = await school.http.post(
        "/api/v1/training-import-receipts", json={"sha256": "0" * 64}, headers=school.headers(P)
    )
    assert unknown.status_code == 404


async def test_a_file_that_was_cut_short_is_completed_by_sending_it_again(
    school: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = table(*(line(number) for number in range(1200)))
    store = school.house.store
    append, left = store.append, iter(range(500))

    async def fails_after_500(wanted: Any) -> Any:
        if next(left, None) is None:
            raise ConnectionResetError("the database went away")
        return await append(wanted)

    monkeypatch.setattr(store, "append", fails_after_500)
    _, _, summary = await taken(school, content)
    assert summary["counts"]["failed"] > 0 and not summary["completed"]
    monkeypatch.undo()
    _, _, second = await taken(school, content)
    assert second["counts"] == {
        "recorded": summary["counts"]["failed"],
        "repeated": 1200 - summary["counts"]["failed"],
    }
    assert second["completed"]
    types = Counter(row.type for row in await store.read_log(limit=5000))
    assert types["training_recorded"] == 1200


async def test_two_files_that_overlap_are_taken_in_at_once_and_each_record_once(school: Desk) -> None:
    one = table(*(line(number, person=f"staff-{number % 50}") for number in range(600)))
    two = table(*(line(number, person=f"staff-{number % 50}") for number in range(300, 900)))
    found = await asyncio.gather(taken(school, one), taken(school, two), taken(school, one))
    assert all(summary["completed"] for _, _, summary in found)
    types = Counter(row.type for row in await school.house.store.read_log(limit=5000))
    assert types["training_recorded"] == 900
    assert sum(summary["counts"].get("recorded", 0) for _, _, summary in found) == 900


async def test_one_person_with_a_thousand_lines_is_a_wrong_column(school: Desk) -> None:
    content = table(*(line(number, person="the school") for number in range(MOST_OF_ONE + 1)))
    _, _, summary = await taken(school, content, query="?dry_run=true")
    assert summary["counts"] == {"would_record": MOST_OF_ONE, "invalid": 1}


async def test_nobody_who_may_not_send_a_file_has_it_read(school: Desk) -> None:
    answer = await sent(school, table(line(1)), P)
    assert (answer.status_code, answer.json()["action"]) == (403, "import_training")


async def test_a_file_that_is_too_large_or_no_table_is_refused_whole(school: Desk) -> None:
    headers = school.headers(S) | {"Content-Length": str(LARGEST_IMPORT + 1)}
    large = await school.http.post("/api/v1/training-imports", content=b"x", headers=headers)
    assert (large.status_code, large.json()["type"]) == (413, "/problems/body_too_large")
    for content in (b"", b"person,number\r\nstaff-1,1\r\n", b"PK\x03\x04 no workbook", b"colour\r\nred\r\n"):
        answer = await sent(school, content)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/file_not_a_table")
