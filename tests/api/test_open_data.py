"""Open data: every notice in every form, one line each, as its schema says, and nobody's name."""

import csv
import io
import json
from typing import Any

import jsonschema_rs
import pytest

from tests.desk import Desk
from tests.examples import at

DATA = "/api/v1/open-data"
FORMS = ("csv", "jsonl", "jsonld")


async def lines(desk: Desk, query: str = "") -> list[dict[str, Any]]:
    answer = await desk.http.get(f"{DATA}/notices.jsonl{query}")
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def every_kind(desk: Desk) -> dict[str, str]:
    """A notice that stands, one that is held, one that was taken down, one that is over, and one to come."""
    ids = {}
    for kind in ("taken_down", "over", "held"):
        case_id, _, ids[kind] = await desk.noticed(post_id=kind, title=f"=Post {kind}")
        if kind == "held":
            await desk.objected(case_id)
        if kind == "taken_down":
            await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    desk.clock.at = at("2026-03-10")
    ids["stands"] = (await desk.noticed(post_id="stands"))[2]
    case_id, _ = await desk.trained(post_id="to_come")
    opened = await desk.done(f"/cases/{case_id}/public-notices", {"opens_on": "2026-03-20"})
    ids["to_come"] = opened["events"][0]["notice_id"]
    await desk.project()
    return ids


async def test_every_line_is_as_the_schema_says(desk: Desk) -> None:
    ids = await every_kind(desk)
    schema = (await desk.http.get(f"{DATA}/schema.json")).json()
    assert schema["$schema"].endswith("2020-12/schema") and schema["additionalProperties"] is False
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    found = {line["notice_id"]: line for line in await lines(desk)}
    for line in found.values():
        validator.validate(line)
    standing = {kind: (found[one]["standing"], found[one]["gone_since"]) for kind, one in ids.items()}
    assert standing == {
        "taken_down": ("cut_short", "2026-03-02"),
        "over": ("ended", "2026-03-10"),
        "held": ("ended", None),
        "stands": ("open", None),
        "to_come": ("to_open", None),
    }
    assert not validator.is_valid({**found[ids["stands"]], "candidates": []})


@pytest.mark.parametrize("form", FORMS)
async def test_nobody_is_named_in_any_form(desk: Desk, form: str) -> None:
    await every_kind(desk)
    text = (await desk.http.get(f"{DATA}/notices.{form}")).text
    assert "Head Clerk" in text
    for secret in ("Okafor", "LL.B.", "staff-4711", "delivery"):
        assert secret not in text


async def test_the_table_holds_the_same_and_no_formula(desk: Desk) -> None:
    ids = await every_kind(desk)
    answer = await desk.http.get(f"{DATA}/notices.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notices.csv"'
    rows = {row["notice_id"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert set(rows) == set(ids.values())
    held = rows[ids["held"]]
    assert (held["post_title"], held["objections_open"], held["versions"]) == ("'=Post held", "1", "1")
    assert rows[ids["over"]]["gone_since"] == "2026-03-10"


async def test_linked_data_has_units_posts_and_events_and_fetches_nothing(desk: Desk) -> None:
    await every_kind(desk)
    said = (await desk.http.get(f"{DATA}/notices.jsonld")).json()
    assert isinstance(said["@context"], dict)
    graph = {node["@id"]: node for node in said["@graph"]}
    kinds = [node["@type"] for node in said["@graph"]]
    assert sorted(set(kinds)) == ["Event", "Organization", "Post"] and len(graph) == len(kinds) == 15
    terms = set(said["@context"]) | {"@id", "@type"}
    for node in graph.values():
        assert set(node) <= terms
        for link in ("organization", "organizer", "about"):
            assert link not in node or node[link] in graph


async def test_data_are_asked_for_by_the_days_on_which_something_happened(desk: Desk) -> None:
    ids = await every_kind(desk)

    async def found(query: str) -> set[str]:
        by_id = {one: kind for kind, one in ids.items()}
        return {by_id[line["notice_id"]] for line in await lines(desk, query)}

    assert await found("?to_on=2026-03-02") == {"taken_down", "over", "held"}
    assert await found("?from_on=2026-03-10") == {"over", "held", "stands", "to_come"}
    assert await found("?from_on=2026-03-03&to_on=2026-03-09") == set()
    assert (await desk.http.get(f"{DATA}/notices.csv?names=true")).status_code == 422


async def test_a_copy_is_kept_up_to_date_by_position(desk: Desk) -> None:
    ids = await every_kind(desk)
    known = await lines(desk)
    newest = max(line["changed_at_position"] for line in known)
    assert [line["changed_at_position"] for line in known] == sorted(line["changed_at_position"] for line in known)
    assert await lines(desk, f"?from_position={newest + 1}") == []
    (stands,) = [line for line in known if line["notice_id"] == ids["stands"]]
    await desk.objected(stands["case_id"])
    await desk.project()
    (again,) = await lines(desk, f"?from_position={newest + 1}")
    assert (again["notice_id"], again["objections_open"]) == (ids["stands"], 1)


@pytest.mark.parametrize("form", FORMS)
async def test_data_are_sent_again_only_when_an_event_or_a_day_has_changed_them(desk: Desk, form: str) -> None:
    await desk.noticed()
    await desk.project()
    first = await desk.http.get(f"{DATA}/notices.{form}")
    marked = {"If-None-Match": first.headers["ETag"]}
    assert (await desk.http.get(f"{DATA}/notices.{form}", headers=marked)).status_code == 304
    desk.clock.at = at("2026-03-03")
    later = await desk.http.get(f"{DATA}/notices.{form}", headers=marked)
    assert later.status_code == 200 and later.headers["ETag"] != first.headers["ETag"]


async def test_more_notices_than_a_page_holds_all_come(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed()
    await desk.project()
    await desk.house.pool.execute(
        "INSERT INTO read_model.public_notice SELECT (jsonb_populate_record(found, jsonb_build_object('notice_id', "
        "'copy' || lpad(n::text, 8, '0'), 'position', position + n, "
        "'changed_at_position', changed_at_position + n / 3))).* "
        "FROM read_model.public_notice found, generate_series(1, 500) n WHERE notice_id = $1",
        notice_id,
    )
    assert len(await lines(desk)) == 501


async def test_the_catalogue_says_what_there_is_and_on_what_terms(desk: Desk) -> None:
    await desk.noticed()
    await desk.project()
    said = (await desk.http.get(f"{DATA}/catalogue.json")).json()
    assert said["dct:license"].startswith("https://")
    (notices,) = [found for found in said["dcat:dataset"] if found["@id"].endswith("#notices")]
    assert notices["rows"] == 1
    origin = desk.house.settings.public_url
    for distribution in notices["dcat:distribution"]:
        found = await desk.http.get(distribution["dcat:downloadURL"].removeprefix(origin))
        assert found.status_code == 200
        assert found.headers["Content-Type"].partition(";")[0] == distribution["dcat:mediaType"]
        assert found.headers["Access-Control-Allow-Origin"] == "*"
