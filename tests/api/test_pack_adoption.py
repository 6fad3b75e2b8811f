"""Adopting a version of a pack, through the door, and reading what was adopted."""

import hashlib
import json
from typing import Any

import pytest
import yaml

from tests.desk import D, Desk, P
from tests.domain.variants import written

REASON = "The council raised the notice to ten working days."


def newer(version: int = 2, changes: dict[str, Any] | None = None) -> str:
    content = written("standard", {"version": version, "notice.minimum.value.n": 10} | (changes or {}))
    return str(yaml.safe_dump(content, allow_unicode=True))


def wish(**changes: Any) -> dict[str, Any]:
    return {"text": newer(), "reason": REASON, "effective_from": "2026-03-02", **changes}


async def test_a_new_version_is_adopted_with_author_reason_and_date_and_cases_open_under_it(desk: Desk) -> None:
    before = await desk.opened(post_id="before")
    made = await desk.done("/packs", wish(), D)
    assert (made["recorded"], made["repeated"], made["dry_run"]) == (True, False, False)
    await desk.project()
    listed = (await desk.get("/api/v1/packs")).json()["packs"]
    first = (await desk.get("/api/v1/packs?limit=1")).json()
    second = (await desk.get(f"/api/v1/packs?limit=1&cursor={first['next_cursor']}")).json()
    assert first["packs"] + second["packs"] == listed[:2]
    shown = {(found["pack_id"], found["version"]): found for found in listed}
    assert shown["standard", 1]["officer"] == "system" and "shipped" in shown["standard", 1]["reason"]
    second = shown["standard", 2]
    assert (second["reason"], second["effective_from"]) == (REASON, "2026-03-02")
    assert second["officer_name"] == "Example: clerk of the deciding body"
    assert {name: second[name] for name in made["adopted"]} == made["adopted"]
    assert await pinned(desk, before) == "standard@1"
    assert await pinned(desk, await desk.opened(post_id="after")) == "standard@2"


async def pinned(desk: Desk, case_id: str) -> str:
    return str((await desk.get(f"/api/v1/cases/{case_id}")).json()["pack"])


async def test_the_text_of_a_version_is_read_word_for_word(desk: Desk) -> None:
    made = (await desk.done("/packs", wish(), D))["adopted"]
    found = (await desk.get("/api/v1/packs/standard/2")).json()
    assert json.loads(found["text"])["notice"]["minimum"]["value"] == {"n": 10, "unit": "working_day"}
    assert hashlib.sha256(found["text"].encode()).hexdigest() == found["digest"] == made["digest"]
    missing = await desk.get("/api/v1/packs/standard/3")
    assert missing.status_code == 404 and "choose one of 1, 2" in missing.json()["detail"]


async def test_the_same_text_is_adopted_once(desk: Desk) -> None:
    first = await desk.done("/packs", wish(), D)
    size = await desk.log_size()
    again = await desk.done("/packs", wish(reason="Somebody else wants it too."), D)
    assert again == first | {"recorded": False, "repeated": True}
    assert await desk.log_size() == size


async def test_trying_records_nothing(desk: Desk) -> None:
    size = await desk.log_size()
    tried = await desk.done("/packs", wish(), D, query="?dry_run=true")
    assert (tried["recorded"], tried["adopted"]["position"]) == (False, None)
    assert await desk.log_size() == size


@pytest.mark.parametrize(
    ("changes", "status", "refusal"),
    [
        ({"text": newer(1)}, 409, "pack_text_changed"),
        ({"text": newer(3)}, 409, "pack_version_out_of_turn"),
        ({"effective_from": "2026-03-01"}, 409, "adoption_reaches_back"),
        ({"effective_from": None}, 409, "adoption_reaches_back"),
        ({"reason": "why"}, 422, "malformed"),
    ],
)
async def test_history_is_not_written_anew(desk: Desk, changes: dict[str, Any], status: int, refusal: str) -> None:
    answer = await desk.post("/packs", wish(**changes), D)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{refusal}")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (newer(2, {"stages.1.duty.holder": "nobody"}), "stages.1.duty.holder"),
        (newer(2, {"jurisdictions.0.id": "ATLANTIS"}), "jurisdictions.0.id"),
        (newer() + "version: 2\n", "(whole file)"),
        ("[" * 3000, "(whole file)"),
        ("a: !!timestamp x", "(whole file)"),
    ],
)
async def test_a_text_that_is_no_pack_is_told_where_why_and_what_to_do(desk: Desk, text: str, field: str) -> None:
    answer = await desk.post("/packs", wish(text=text), D)
    told = answer.json()
    assert (answer.status_code, told["type"], told["rule"]["path"]) == (
        422,
        "/problems/unreadable_pack",
        "house.a_pack_can_work",
    )
    assert told["errors"][0]["field"] == field and told["errors"][0]["next_step"].endswith(".")


async def test_who_runs_cases_adopts_no_rules(desk: Desk) -> None:
    answer = await desk.post("/packs", wish(), P)
    assert answer.status_code == 403 and answer.json()["action"] == "adopt_pack"
