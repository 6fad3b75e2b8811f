"""Copies of the audit trail hold to their standards' rules, say the same as the trail, and are on the log."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from domain.access import access_stream
from domain.audit_trail import AuditTrailExported
from domain.identity import OfficerId
from eventstore.codec import decode
from pages.audit_table import COLUMNS, as_record
from projections.audit_trail import Asked, TrailRow, trail_onwards
from tests.desk import A, Desk, P, open_desk
from tests.projections.whole_lives import lived

COPIES = "/api/v1/audit-exports"
XES = "{http://www.xes-standard.org/}"
OCEL_TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "time": str}
XES_TYPES: dict[str, Callable[[str], Any]] = {
    "string": str,
    "int": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": datetime.fromisoformat,
}


@pytest.fixture
async def desk(settings: Any) -> AsyncIterator[Desk]:
    async with open_desk(settings) as opened:
        await lived(opened)
        await opened.project()
        yield opened


async def copy(desk: Desk, form: str, query: str = "", role: Any = A) -> str:
    answer = await desk.get(f"{COPIES}/{form}{query}", role)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.content.decode()


async def trail(desk: Desk) -> list[TrailRow]:
    return [row async for row in trail_onwards(desk.house.pool, Asked())]


async def test_a_table_is_safe_in_a_spreadsheet_and_lines_say_the_same(desk: Desk) -> None:
    rows = await trail(desk)
    text = await copy(desk, "csv")
    assert text.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    lines = [json.loads(line) for line in (await copy(desk, "jsonl")).splitlines()]
    assert lines == json.loads(json.dumps([as_record(row) for row in rows]))
    assert [int(row["position"]) for row in table] == [row.position for row in rows] and set(table[0]) == set(COLUMNS)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in table for cell in row.values())
    assert "Payments of a supplier" not in text and "Amina" not in text


async def test_a_filter_copies_what_it_shows_and_the_copy_is_on_the_log(desk: Desk) -> None:
    answer = await desk.get(f"{COPIES}/jsonl?type=public_notice_opened")
    lines = answer.text.splitlines()
    assert {json.loads(line)["type"] for line in lines} == {"public_notice_opened"}
    subject = OfficerId(await desk.house.keys.subject_for("example-auditor"))
    (stored,) = await desk.house.store.read_stream(access_stream(subject))
    copied = decode(stored).event
    assert isinstance(copied, AuditTrailExported)
    assert (copied.format, copied.rows, copied.search.type) == ("jsonl", len(lines), "public_notice_opened")
    assert answer.headers["Investiture-Rows"] == str(len(lines))
    assert copied.up_to_position == int(answer.headers["Investiture-Position"])
    kinds = {json.loads(line)["stream"].partition("/")[0] for line in (await copy(desk, "jsonl", role=P)).splitlines()}
    assert kinds and not kinds & {"inquiry", "sanction", "access", "audit_search"}


async def test_an_object_centric_log_keeps_the_rules_of_ocel_2(desk: Desk) -> None:
    log: dict[str, Any] = json.loads(await copy(desk, "ocel"))
    assert set(log) == {"objectTypes", "eventTypes", "objects", "events"}
    declared: dict[str, dict[str, dict[str, str]]] = {}
    for part in ("objectTypes", "eventTypes"):
        assert all(set(kind) == {"name", "attributes"} for kind in log[part])
        assert len({kind["name"] for kind in log[part]}) == len(log[part])
        declared[part] = {kind["name"]: {it["name"]: it["type"] for it in kind["attributes"]} for kind in log[part]}
        assert {kind for found in declared[part].values() for kind in found.values()} <= set(OCEL_TYPES)
    objects = {found["id"]: found for found in log["objects"]}
    assert len(objects) == len(log["objects"]) and len({found["id"] for found in log["events"]}) == len(log["events"])
    for part, things in {"objectTypes": log["objects"], "eventTypes": log["events"]}.items():
        for thing in things:
            known = declared[part][thing["type"]]
            for attribute in thing["attributes"]:
                assert isinstance(attribute["value"], OCEL_TYPES[known[attribute["name"]]]), (thing["type"], attribute)
                if known[attribute["name"]] == "time":
                    assert datetime.fromisoformat(str(attribute["value"])).tzinfo
                assert ("time" in attribute) == (part == "objectTypes")
            for relation in thing["relationships"]:
                assert relation["objectId"] in objects and isinstance(relation["qualifier"], str)
    assert all(datetime.fromisoformat(event["time"]).tzinfo for event in log["events"])
    touched = {objects[it["objectId"]]["type"] for event in log["events"] for it in event["relationships"]}
    assert touched >= {
        "case",
        "candidate",
        "post",
        "organ",
        "officer",
        "notice",
        "batch",
        "pack",
        "objection",
        "person",
    }
    assert [int(event["id"][1:]) for event in log["events"]] == [row.position for row in await trail(desk)]


async def test_a_log_of_traces_keeps_the_rules_of_xes(desk: Desk) -> None:
    rows = await trail(desk)
    log = ElementTree.fromstring(await copy(desk, "xes"))
    assert log.tag == f"{XES}log" and log.get("xes.version") == "1849.2016" and log.get("xes.features") is not None
    prefixes = {found.get("prefix") for found in log.findall(f"{XES}extension")}
    assert prefixes == {"concept", "time", "org", "lifecycle"}
    order = [found.tag.removeprefix(XES) for found in log]
    ranks = {"extension": 0, "global": 1, "classifier": 2, "string": 3, "trace": 4}
    assert [ranks[tag] for tag in order] == sorted(ranks[tag] for tag in order)
    scopes = {found.get("scope"): [(it.tag, it.get("key")) for it in found] for found in log.findall(f"{XES}global")}
    events = 0
    for trace in log.findall(f"{XES}trace"):
        assert set(scopes["trace"]) <= {(it.tag, it.get("key")) for it in trace}
        steps = trace.findall(f"{XES}event")
        events += len(steps)
        versions = []
        for step in steps:
            keys = [it.get("key") or "" for it in step]
            assert set(scopes["event"]) <= {(it.tag, it.get("key")) for it in step} and len(set(keys)) == len(keys)
            for it in step:
                XES_TYPES[it.tag.removeprefix(XES)](it.get("value") or "")
                assert ":" not in (it.get("key") or "") or (it.get("key") or "").partition(":")[0] in prefixes
            versions += [int(it.get("value") or "") for it in step if it.get("key") == "log.version"]
        assert versions == sorted(versions)
    names = [it.get("keys") or "" for it in log.findall(f"{XES}classifier")]
    assert {key for name in names for key in name.split()} <= {key for _, key in scopes["event"]}
    assert events == len(rows) and len(log.findall(f"{XES}trace")) == len({row.stream for row in rows})


async def test_an_unknown_format_and_a_filter_that_is_none_are_refused(desk: Desk) -> None:
    assert (await desk.get(f"{COPIES}/pdf")).status_code == 422
    assert (await desk.get(f"{COPIES}/csv?case=x")).status_code == 422
    empty = json.loads(await copy(desk, "ocel", "?organ=nobody"))
    assert empty["events"] == [] == empty["objects"]
    assert ElementTree.fromstring(await copy(desk, "xes", "?organ=nobody")).findall(f"{XES}trace") == []
