"""Another system is told in order, signed and without names; one that fails is waited for, and then given up."""

import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from domain.webhook import WebhookDisabled, webhook_stream
from eventstore.codec import decode
from runtime.clock import now
from runtime.settings import Settings
from runtime.webhook import FIRST_WAIT, WebhookDelivery
from runtime.webhook_address import LeadsInside, is_public, place_of
from tests.desk import NOMINEE, Desk, P, V, open_desk
from tests.runtime.certificates import certificate, serving_with
from tests.runtime.receiver import Receiver, receiving

NAME = NOMINEE["particulars"]["full_name"]  # type: ignore[index]
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(settings) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


async def registered(desk: Desk, receiver: Receiver, **more: Any) -> dict[str, Any]:
    return await desk.done("/webhooks", {"url": receiver.url, **more})


async def swept(desk: Desk, clock: Any = None, verify: ssl.SSLContext | bool = True) -> int:
    await desk.project()
    async with httpx2.AsyncClient(trust_env=False, verify=verify) as http:
        return await WebhookDelivery(desk.house, http, clock or desk.clock).sweep()


async def standing(desk: Desk) -> dict[str, Any]:
    await desk.project()
    (found,) = (await desk.get("/api/v1/webhooks")).json()["webhooks"]
    assert isinstance(found, dict)
    return found


def types(receiver: Receiver) -> list[str]:
    return [orjson.loads(body)["type"] for _, body in receiver.came]


async def test_a_message_is_signed_as_the_convention_says_and_carries_the_notice_without_names(
    desk: Desk, receiver: Receiver
) -> None:
    secret = (await registered(desk, receiver))["secret"]
    _, _, notice_id = await desk.noticed()
    assert await swept(desk, now) == 1  # by the real clock, which the receiver's library asks as well
    ((headers, body),) = receiver.came
    verified = Verifier(secret).verify(body, headers)
    public = (await desk.http.get(f"/api/v1/notices/{notice_id}")).json()
    assert verified["type"] == "notice_opened" and verified["data"].keys() == public.keys()
    assert verified["data"]["notice_id"] == notice_id and verified["data"]["candidates"] == []
    assert NAME not in body.decode() and public["candidates"][0]["full_name"] == NAME
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body.replace(b"Registry", b"Treasury"), headers)


async def test_what_becomes_of_a_notice_is_told_in_order_and_once(desk: Desk, receiver: Receiver) -> None:
    await registered(desk, receiver)
    case_id, candidates, _ = await desk.noticed()
    await desk.noticed(post_id="withdrawn-later")
    assert await swept(desk) == 2 and await swept(desk) == 0
    await desk.run_out(case_id, "public_notice")
    assert await swept(desk) == 1
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    assert await swept(desk) == 0  # the notice had run its days: the end of its case is no news of it
    assert types(receiver) == ["notice_opened", "notice_opened", "notice_closed"] and candidates


async def test_a_notice_that_is_taken_down_with_its_case_is_told_of_as_withdrawn(
    desk: Desk, receiver: Receiver
) -> None:
    case_id, _, _ = await desk.noticed()
    await registered(desk, receiver)
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await swept(desk)
    assert types(receiver) == ["notice_withdrawn"]


async def test_a_correction_is_told(desk: Desk, receiver: Receiver) -> None:
    case_id, _, _ = await desk.noticed()
    await registered(desk, receiver, kinds=["notice_corrected"])
    wrong = {"particular": "post_title", "says": "Chief Clerk", "reason": "The title was written wrong."}
    await desk.done(f"/cases/{case_id}/notice-corrections", wrong)
    await swept(desk)
    assert types(receiver) == ["notice_corrected"]
    assert orjson.loads(receiver.came[0][1])["data"]["post"]["title"] == "Chief Clerk"


async def test_only_what_was_asked_for_is_told_and_no_name_leads_to_a_notice(desk: Desk, receiver: Receiver) -> None:
    await registered(desk, receiver, filter={"organ": "Archive"})
    await registered(desk, receiver, kinds=["notice_closed"])
    await registered(desk, receiver, filter={"q": NAME})
    await desk.noticed()
    assert await swept(desk) == 0 and receiver.came == []
    await desk.noticed(unit="Archive", post_id="archive/1")
    assert await swept(desk) == 1


async def test_a_failure_is_tried_again_under_the_same_id_after_twice_the_time(desk: Desk, receiver: Receiver) -> None:
    await registered(desk, receiver)
    receiver.answer = 500
    await desk.noticed()
    assert await swept(desk) == 0 and await swept(desk) == 0
    assert len(receiver.came) == 1 and (await standing(desk))["status"] == 500
    for wait in (FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT):
        desk.clock.at += wait - A_MOMENT
        await swept(desk)
        before = len(receiver.came)
        desk.clock.at += A_MOMENT
        await swept(desk)
        assert len(receiver.came) == before + 1
    receiver.answer = 200
    desk.clock.at += 8 * FIRST_WAIT
    assert await swept(desk) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    shown = await standing(desk)
    assert (shown["failing_since"], shown["status"], shown["state"]) == (None, 200, "active")


async def test_after_a_day_of_failures_it_is_given_up_on_the_log_and_in_the_figures(
    desk: Desk, receiver: Receiver
) -> None:
    webhook_id = (await registered(desk, receiver))["webhook_id"]
    receiver.answer = 503
    await desk.noticed()
    for _ in range(40):
        await swept(desk)
        desk.clock.at += timedelta(hours=1)
    assert 'investiture_webhooks{state="disabled"} 1.0' in (await desk.http.get("/metrics")).text
    stored = await desk.house.store.read_stream(webhook_stream(webhook_id))
    (given_up,) = [event for row in stored if isinstance(event := decode(row).event, WebhookDisabled)]
    assert given_up.status == 503 and (await standing(desk))["state"] == "disabled"
    tried = len(receiver.came)
    assert await swept(desk) == 0 and len(receiver.came) == tried < 30


async def test_a_receiver_that_is_gone_for_good_is_given_up_at_once(desk: Desk, receiver: Receiver) -> None:
    await registered(desk, receiver)
    receiver.answer = 410
    await desk.noticed()
    await swept(desk)
    assert (await standing(desk))["state"] == "disabled"


async def test_a_redirect_is_not_followed_and_an_ended_webhook_hears_nothing(desk: Desk, receiver: Receiver) -> None:
    webhook_id = (await registered(desk, receiver))["webhook_id"]
    receiver.answer, receiver.location = 307, receiver.url
    await desk.noticed()
    await swept(desk)
    assert len(receiver.came) == 1 and (await standing(desk))["status"] == 307
    await desk.project()
    await desk.done("/webhook-endings", {"webhook_id": webhook_id}, V)
    desk.clock.at += timedelta(minutes=1)
    async with httpx2.AsyncClient(trust_env=False) as http:
        await WebhookDelivery(desk.house, http, desk.clock).sweep()  # the read model does not know of the end yet
    assert len(receiver.came) == 1


async def test_a_trial_says_nothing_and_its_answer_can_be_read(desk: Desk, receiver: Receiver) -> None:
    webhook_id = (await registered(desk, receiver))["webhook_id"]
    await desk.done("/webhook-tests", {"webhook_id": webhook_id})
    receiver.answer = 418
    assert await swept(desk) == 0 and await swept(desk) == 0
    assert types(receiver) == ["webhook_test"] and (await standing(desk))["status"] == 418


async def test_lost_memory_sends_everything_again_under_the_same_ids(desk: Desk, receiver: Receiver) -> None:
    await registered(desk, receiver)
    await desk.noticed()
    await swept(desk)
    await desk.house.pool.execute("DELETE FROM log.webhook")
    assert await swept(desk) == 1
    first, again = receiver.came
    assert first[0]["webhook-id"] == again[0]["webhook-id"] and first[1] == again[1]


async def test_the_secret_is_shown_to_whoever_registers_and_by_no_reading(desk: Desk, receiver: Receiver) -> None:
    said = await registered(desk, receiver)
    assert said["secret"].startswith("whsec_")
    await desk.project()
    listed = await desk.http.get("/api/v1/webhooks", headers=desk.headers(P))
    assert said["secret"] not in listed.text and "3f9c" not in listed.text and "localhost" in listed.text
    dry = await desk.post("/webhooks", {"url": receiver.url}, query="?dry_run=true")
    assert dry.status_code == 200 and dry.json().get("secret") is None


async def test_what_leads_inside_is_not_spoken_to(desk: Desk, receiver: Receiver) -> None:
    await registered(desk, receiver)
    await desk.noticed()
    await desk.project()
    server = replace(desk.house, settings=desk.house.settings.model_copy(update={"mode": "server"}))
    async with httpx2.AsyncClient(trust_env=False) as http:
        assert await WebhookDelivery(server, http, desk.clock).sweep() == 0
    assert receiver.came == [] and (await standing(desk))["status"] == 0
    desk.app.state.services = replace(desk.app.state.services, webhooks_lead_anywhere=False)
    refused = await desk.post("/webhooks", {"url": receiver.url})
    assert refused.status_code == 422 and refused.json()["type"] == "/problems/webhook_address_refused"
    for url in ("https://localhost/", "http://example.org/"):
        with pytest.raises(LeadsInside):
            await place_of(url, anywhere=False)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
        ("2001:0:a00:1::1", False),
    ],
)
def test_what_only_this_machine_could_reach_is_not_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(("name", "taken"), [("localhost", 1), ("elsewhere.example", 0)])
async def test_the_certificate_must_be_that_of_the_name_although_the_address_was_looked_up(
    desk: Desk, tmp_path: Path, name: str, taken: int
) -> None:
    file = certificate(tmp_path, name)
    with receiving(serving_with(file)) as receiver:
        await registered(desk, receiver)
        await desk.noticed()
        assert await swept(desk, verify=ssl.create_default_context(cafile=file)) == taken
        assert len(receiver.came) == taken
        if taken:
            assert receiver.came[0][0]["host"].startswith("localhost:")
