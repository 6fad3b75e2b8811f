"""Keys, versions and dry runs: what every write has in common, whatever it does."""

import asyncio
from dataclasses import replace

import pytest

from api.identity import Claims
from api.visitor import Directory
from domain.access import AccessRefused, access_stream
from domain.identity import Actor, OfficerId, OrganId
from domain.officer import officer_stream
from eventstore.codec import decode
from eventstore.keys import MemoryKeyStore, keyed_id
from tests.desk import NOMINEE, POST, A, Desk, P, S, V


@pytest.mark.parametrize("key", [None, "short", "x" * 201, "with space in it"])
async def test_a_write_without_a_usable_key_is_told_which_header_is_missing(desk: Desk, key: str | None) -> None:
    headers = desk.headers(P)
    del headers["Idempotency-Key"]
    if key is not None:
        headers["Idempotency-Key"] = key
    answer = await desk.http.post("/api/v1/cases", json={"post": POST}, headers=headers)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["Idempotency-Key"]


async def test_the_same_key_gives_the_same_answer_and_records_once(desk: Desk) -> None:
    first = await desk.post("/cases", {"post": POST}, key="wish-0001")
    size = await desk.log_size()
    again = await desk.post("/cases", {"post": POST}, key="wish-0001")
    assert (again.status_code, again.headers["ETag"]) == (201, first.headers["ETag"])
    assert again.json() == first.json() | {"repeated": True}
    assert await desk.log_size() == size


async def test_a_repetition_gives_the_first_answer_however_far_the_case_has_gone(desk: Desk) -> None:
    first = await desk.post("/cases", {"post": POST}, key="wish-0001")
    case_id = first.json()["case_id"]
    nominated = await desk.post(f"/cases/{case_id}/candidates", NOMINEE, key="wish-0002")
    await desk.done(f"/cases/{case_id}/nomination-closings", {})
    headers = desk.headers(P, key="wish-0002") | {"If-Match": '"2"'}
    again = await desk.http.post(f"/api/v1/cases/{case_id}/candidates", json=NOMINEE, headers=headers)
    assert again.json() == nominated.json() | {"repeated": True}


async def test_many_repetitions_at_once_record_once(desk: Desk) -> None:
    await desk.opened(post_id="another")
    size = await desk.log_size()
    wishes = [desk.post("/cases", {"post": POST}, key="wish-0001") for _ in range(12)]
    answers = [answer.json() for answer in await asyncio.gather(*wishes)]
    assert len({answer["case_id"] for answer in answers}) == 1
    assert [answer["repeated"] for answer in answers].count(False) == 1
    assert await desk.log_size() == size + 2


async def test_a_key_that_was_used_for_something_else_is_refused(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.done(f"/cases/{case_id}/candidates", NOMINEE, key="wish-0002")
    size = await desk.log_size()
    other = {**NOMINEE, "particulars": {"full_name": "Somebody Else"}}
    answer = await desk.post(f"/cases/{case_id}/candidates", other, key="wish-0002")
    assert answer.status_code == 422
    assert (answer.json()["field"], answer.json()["rule"]["path"]) == ("Idempotency-Key", "house.one_key_one_command")
    elsewhere = await desk.post(f"/cases/{case_id}/nomination-closings", {}, key="wish-0002")
    assert elsewhere.status_code == 422
    assert await desk.log_size() == size


async def test_two_officers_with_the_same_key_do_not_meet(desk: Desk) -> None:
    mine = await desk.done("/cases", {"post": POST}, key="wish-0001", subject="one")
    theirs = await desk.done("/cases", {"post": {**POST, "post_id": "other"}}, key="wish-0001", subject="two")
    assert mine["case_id"] != theirs["case_id"] and not theirs["repeated"]


async def test_a_write_against_an_older_version_is_told_the_version(desk: Desk) -> None:
    case_id = await desk.opened()
    path = f"/api/v1/cases/{case_id}/candidates"
    size = await desk.log_size()
    stale = await desk.http.post(path, json=NOMINEE, headers=desk.headers(P) | {"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["facts"] == {"version": 2} and stale.json()["rule"]["path"] == "house.if_match"
    assert await desk.log_size() == size
    fresh = await desk.http.post(path, json=NOMINEE, headers=desk.headers(P) | {"If-Match": '"2"'})
    assert fresh.status_code == 201


@pytest.mark.parametrize("version", ["2", "*", '"two"', 'W/"2"', '"9999999999"'])
async def test_a_version_that_is_none_is_malformed(desk: Desk, version: str) -> None:
    case_id = await desk.opened()
    path = f"/api/v1/cases/{case_id}/candidates"
    answer = await desk.http.post(path, json=NOMINEE, headers=desk.headers(P) | {"If-Match": version})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "If-Match"


async def test_every_write_says_version_and_position(desk: Desk) -> None:
    answer = await desk.post("/cases", {"post": POST})
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
    assert answer.headers["Investiture-Position"] == str(answer.json()["position"])
    assert answer.json()["position"] == await desk.log_size() - 1


async def test_a_dry_run_says_what_would_happen_and_records_nothing(desk: Desk) -> None:
    size = await desk.log_size()
    would = await desk.post("/cases", {"post": POST}, query="?dry_run=true")
    assert would.status_code == 200 and await desk.log_size() == size
    said = would.json()
    assert (said["recorded"], said["dry_run"], said["position"]) == (False, True, None)
    assert [event["type"] for event in said["events"]] == ["case_opened", "stage_begun"]
    assert said["next"]["tells"] == ["personnel", "supervision"]
    assert "Investiture-Position" not in would.headers
    assert (await desk.get(f"/api/v1/cases/{said['case_id']}")).status_code == 404


async def test_a_dry_run_names_the_rule_that_would_refuse_and_records_nothing(desk: Desk) -> None:
    case_id = await desk.opened()
    size = await desk.log_size()
    refused = await desk.post(f"/cases/{case_id}/nomination-closings", {}, query="?dry_run=true")
    assert refused.status_code == 409 and refused.json()["rule"]["path"] == "nomination.minimum_candidates"
    forbidden = await desk.post(f"/cases/{case_id}/nomination-closings", {}, A, query="?dry_run=true")
    assert forbidden.status_code == 403
    assert await desk.log_size() == size


async def test_a_key_that_was_only_tried_can_still_be_used(desk: Desk) -> None:
    would = await desk.post("/cases", {"post": POST}, key="wish-0001", query="?dry_run=true")
    done = await desk.post("/cases", {"post": POST}, key="wish-0001")
    assert done.json()["case_id"] == would.json()["case_id"] and not done.json()["repeated"]


async def test_whoever_may_not_write_is_told_so_before_their_body_is_read(desk: Desk) -> None:
    case_id = await desk.opened()
    answer = await desk.post(f"/cases/{case_id}/candidates", {"nonsense": 1}, V)
    assert answer.status_code == 403
    assert answer.json()["action"] == "nominate_candidate" and answer.json()["policies"]


async def test_ids_on_the_log_cannot_be_worked_out_from_names_and_keys(desk: Desk) -> None:
    await desk.done("/cases", {"post": POST}, key="case-of-amina-okafor")
    officer = await desk.house.keys.subject_for("example-personnel")
    stranger = MemoryKeyStore()
    commands = [
        command.command_id for command in await desk.house.store.read_commands(0, await desk.house.store.size())
    ]
    for keys, known in ((desk.house.keys, True), (stranger, False)):
        guesses = [
            keyed_id(keys, "wish", officer, "case-of-amina-okafor"),
            keyed_id(keys, "identify", officer_stream(officer), "0"),
        ]
        assert [str(guess) in commands for guess in guesses] == [known, known]


async def test_two_processes_that_meet_an_officer_at_once_identify_them_once(desk: Desk) -> None:
    officer = OfficerId(await desk.house.keys.subject_for("somebody"))
    actor = Actor(officer=officer, organ=OrganId("personnel-department"), roles=(P,))
    claims = Claims("issuer", "somebody", "Somebody Else", actor.organ, frozenset({P}), desk.clock())
    services = desk.app.state.services
    await asyncio.gather(*(Directory().identify(services, claims, actor) for _ in range(4)))
    assert len(await desk.house.store.read_stream(officer_stream(officer))) == 1
    renamed = replace(claims, name="Another Name")
    for directory in (Directory(), Directory()):
        await directory.identify(services, renamed, actor)
    assert len(await desk.house.store.read_stream(officer_stream(officer))) == 2


async def test_a_step_that_the_case_forbids_an_officer_is_noted_and_a_try_is_not(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    body = {"candidate_id": candidates[0]}
    path = f"/cases/{case_id}/training-verifications"
    for query in ("?dry_run=true", ""):
        answer = await desk.post(path, body, S, subject="staff-4711", query=query)
        assert (answer.status_code, answer.json()["rule"]["path"]) == (403, "house.nobody_acts_in_their_own_case")
    officer = OfficerId(await desk.house.keys.subject_for("staff-4711"))
    (stored,) = await desk.house.store.read_stream(access_stream(officer))
    attempt = decode(stored).event
    assert isinstance(attempt, AccessRefused)
    assert (attempt.attempted, attempt.target) == ("verify_training", f"case/{case_id}")
    assert attempt.policy == "house.nobody_acts_in_their_own_case"
