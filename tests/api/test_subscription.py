"""The pages of subscribing, as a browser without a script uses them, and what they tell nobody."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from domain.identity import PersonId
from eventstore.keys import MemoryKeyStore
from eventstore.subscription_recording import Purpose, subscriber_of, token_of
from tests.desk import Desk

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NO_TOKEN = "0" * 42


async def sent(desk: Desk, language: str, **fields: str) -> tuple[int, str, str]:
    answer = await desk.http.post(f"/{language}/subscribe", content=urlencode(fields), headers=FORM)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


@pytest.mark.parametrize(
    ("language", "chosen", "send"),
    [("en", "Notices of Registry", "Send me the mail that asks"), ("zh", "单位为Registry的公示", "发送确认邮件")],
)
async def test_the_form_says_the_filter_in_words_and_keeps_it(
    desk: Desk, language: str, chosen: str, send: str
) -> None:
    page = await desk.http.get(f"/{language}/subscribe?organ=Registry&state=open&nonsense=1")
    assert page.status_code == 200 and chosen in page.text and send in page.text
    assert '<input type="hidden" name="organ" value="Registry">' in page.text
    assert 'name="state"' not in page.text and "nonsense" not in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store" and "<script" not in page.text


async def test_what_was_sent_leads_to_a_page_that_says_what_comes_next(desk: Desk) -> None:
    size = await desk.log_size()
    status, location, _ = await sent(desk, "en", address="reader@example.org", often="each_day", organ="Registry")
    assert (status, location) == (303, "/en/subscribe/asked")
    assert await desk.log_size() == size + 1
    said = await desk.http.get(location)
    assert "Look into your mailbox" in said.text and "data folder" in said.text


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Write it like name@example.org"), ("zh", "name@example.org 的形式")]
)
async def test_a_mistake_is_shown_beside_its_field_with_what_was_written(desk: Desk, language: str, says: str) -> None:
    size = await desk.log_size()
    status, _, page = await sent(desk, language, address='"><b>nobody', often="each_week", q="clerk")
    assert status == 422 and says in page and 'aria-invalid="true"' in page
    assert "&gt;&lt;b&gt;nobody" in page and '<input type="hidden" name="q" value="clerk">' in page
    assert await desk.log_size() == size


async def test_a_filter_that_cannot_be_read_asks_for_nothing_special(desk: Desk) -> None:
    page = await desk.http.get("/en/subscribe?from_on=yesterday")
    assert page.status_code == 200 and "All notices" in page.text
    status, _, _ = await sent(desk, "en", address="reader@example.org", often="never")
    assert status == 422


async def test_nobody_learns_whether_an_address_is_known(desk: Desk) -> None:
    first = await sent(desk, "en", address="reader@example.org", often="each_day")
    assert first == await sent(desk, "en", address="reader@example.org", often="each_day")
    for number in range(9):
        assert (await sent(desk, "en", address="reader@example.org", often="each_day", q=f"{number}"))[0] == 303


@pytest.mark.parametrize("act", ["confirm", "leave"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_link_shows_one_button_and_a_made_up_one_opens_nothing(desk: Desk, language: str, act: str) -> None:
    address = f"/{language}/subscribe/{act}/{NO_TOKEN}"
    page = await desk.http.get(address)
    assert page.status_code == 200 and page.text.count("<button") == 1
    assert NO_TOKEN not in page.text and page.headers["Referrer-Policy"] == "no-referrer"
    pressed = await desk.http.post(address)
    assert pressed.status_code == 404 and "<button" not in pressed.text
    assert (await desk.http.get(f"/xx/subscribe/{act}/{NO_TOKEN}")).status_code == 404


async def test_the_api_says_by_a_problem_document_what_the_pages_say_in_words(desk: Desk) -> None:
    for path in ("subscription-confirmations", "subscription-endings"):
        refused = await desk.http.post(f"/api/v1/{path}", json={"token": NO_TOKEN})
        assert refused.status_code == 404 and refused.json()["type"] == "/problems/subscription_not_found"
        assert NO_TOKEN not in refused.text
    malformed = await desk.http.post("/api/v1/subscriptions", json={"address": "nobody"})
    assert malformed.status_code == 422 and malformed.json()["errors"][0]["field"] == "address"


async def test_an_installation_without_a_mail_server_promises_nothing(desk: Desk) -> None:
    desk.app.state.services = replace(desk.app.state.services, mail_goes="nowhere")
    page = await desk.http.get("/en/subscribe")
    assert page.status_code == 200 and "sends no mail" in page.text and "<form" not in page.text
    size = await desk.log_size()
    assert (await sent(desk, "en", address="reader@example.org", often="each_day"))[0] == 200
    refused = await desk.http.post("/api/v1/subscriptions", json={"address": "reader@example.org"})
    assert refused.status_code == 409 and refused.json()["type"] == "/problems/no_mail_from_here"
    assert await desk.log_size() == size


def test_a_token_is_good_for_one_thing_and_one_subscription() -> None:
    keys, reader = MemoryKeyStore(), PersonId("0123456789abcdef")
    token = token_of(keys, Purpose.CONFIRM, reader)
    assert subscriber_of(keys, Purpose.CONFIRM, token) == reader
    assert subscriber_of(keys, Purpose.LEAVE, token) is None
    assert subscriber_of(keys, Purpose.CONFIRM, token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert subscriber_of(MemoryKeyStore(), Purpose.CONFIRM, token) is None
    assert subscriber_of(keys, Purpose.CONFIRM, "é" * 42) is None
