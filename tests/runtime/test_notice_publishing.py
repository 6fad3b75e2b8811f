"""It is on record which checkpoint held a notice first, and what its page said; the text alone can prove the latter."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from eventstore.transparency.merkle import leaf_hash
from eventstore.transparency.proof_file import Proof
from projections.public_notice import notice_by_id
from runtime.publisher import LogPublishing, public_policy
from tests.desk import NOMINEE, Desk

RIVAL = {"person": "staff-0815", "particulars": {"full_name": "Rosa Lindqvist"}}


async def published(desk: Desk) -> int:
    """A round of the publisher; how many versions of notices it put on record."""
    await desk.project()
    publishing = LogPublishing(desk.house, None, desk.clock)
    assert (await publishing.once()).alarm is None
    told = await publishing.tell_of_notices()
    await desk.project()
    return told


async def versions(desk: Desk, notice_id: str) -> list[dict[str, Any]]:
    answer = await desk.http.get(f"/api/v1/notices/{notice_id}")
    body = answer.json()
    return list((body if answer.status_code == 200 else body["notice"])["versions"])


async def test_a_notice_is_published_once_with_a_text_that_its_reader_can_keep(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed(NOMINEE)
    assert [await published(desk), await published(desk)] == [1, 0]
    (version,) = await versions(desk, notice_id)
    text = await desk.http.get(f"/api/v1/notice-texts/{notice_id}")
    assert hashlib.sha256(text.content).hexdigest() == version["published"]["text_sha256"]
    assert json.loads(text.content)["candidates"][0]["full_name"] == "Amina Okafor"
    page = (await desk.http.get(f"/en/notices/{notice_id}")).text
    assert version["published"]["text_sha256"] in page and f"/api/v1/notice-texts/{notice_id}" in page


async def test_the_proof_on_record_holds_under_the_keys_of_the_log(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed(NOMINEE)
    await published(desk)
    (version,) = await versions(desk, notice_id)
    proof = Proof.parse(version["published"]["proof"].encode())
    assert proof.extra is not None
    checkpoint, _ = proof.verify(leaf_hash(proof.extra), await public_policy(desk.house))
    assert (proof.index, checkpoint.size) == (version["position"], version["published"]["size"])


async def test_a_text_without_its_salt_cannot_be_guessed(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed(NOMINEE)
    await published(desk)
    (version,) = await versions(desk, notice_id)
    said = json.loads((await desk.http.get(f"/api/v1/notice-texts/{notice_id}")).content)
    assert len(said["salt"]) == 32
    guessed = json.dumps(said | {"salt": "0" * 32}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(guessed.encode()).hexdigest() != version["published"]["text_sha256"]


async def test_whoever_leaves_makes_a_version_and_the_hashes_stay_when_the_texts_are_gone(desk: Desk) -> None:
    case_id, candidates, notice_id = await desk.noticed(NOMINEE, RIVAL)
    await published(desk)
    await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": candidates[1]})
    assert await published(desk) == 1
    before = await versions(desk, notice_id)
    assert [(one["change"], bool(one["published"])) for one in before] == [("opened", True), ("name_removed", True)]
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()
    gone = await desk.http.get(f"/api/v1/notice-texts/{notice_id}")
    assert gone.status_code == 410 and "Okafor" not in gone.text and "salt" not in gone.text
    assert await versions(desk, notice_id) == before


async def test_a_notice_to_come_is_published_on_its_first_day(desk: Desk) -> None:
    case_id, _ = await desk.trained(NOMINEE)
    opened = await desk.done(f"/cases/{case_id}/public-notices", {"opens_on": "2026-03-09"})
    notice_id = opened["events"][0]["notice_id"]
    assert await published(desk) == 0
    found = await notice_by_id(desk.house.pool, notice_id, desk.clock())
    assert found is not None and not found.candidates
    assert (await desk.http.get(f"/api/v1/notice-texts/{notice_id}")).status_code == 404
    desk.clock.at += timedelta(days=7)
    assert await published(desk) == 1
