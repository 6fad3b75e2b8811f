"""A webhook leads out and encrypted, is its organ's to end, and its address is nobody else's to read."""

from typing import Any

import pytest

from domain.event import Event
from domain.identity import Actor, OrganId
from domain.notice_filter import NoticeFilter
from domain.webhook import (
    AnotherOrgansWebhook,
    NoticeNews,
    RegisterWebhook,
    WebhookAddressRefused,
    WebhookDisabled,
    WebhookEnded,
    WebhookNotFound,
    WebhookOver,
    WebhookRegistered,
    WebhookState,
    WebhookTestAsked,
    end_webhook,
    fold_webhook,
    register_webhook,
    try_webhook,
)
from tests.domain.refusals import refused_apart as refused
from tests.examples import PERSONNEL, SUPERVISION, at

URL = "https://example.org/hooks/3f9c?to=notices"
OTHERS = PERSONNEL.model_copy(update={"organ": OrganId("another-department")})


def registered(url: str = URL, *, anywhere: bool = False, **more: Any) -> list[Event]:
    return register_webhook("w1", RegisterWebhook(url=url, **more), actor=PERSONNEL, anywhere=anywhere)


def test_the_log_shows_its_host_and_seals_the_rest() -> None:
    (event,) = registered(filter=NoticeFilter(organ="Registry"), kinds=("notice_closed", "notice_opened"))
    assert isinstance(event, WebhookRegistered)
    assert (event.host, event.kinds) == ("example.org", (NoticeNews.OPENED, NoticeNews.CLOSED))
    assert (event.url, event.filter) == (URL, "organ=Registry")
    assert "3f9c" not in event.without_sealed().model_dump_json()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "https://example.org:port/",
        "https://名.example/",
        "https://a b.example/",
        "https://name:word@example.org/",
        "https://name@example.org/",
        "https://example.org/#part",
        "https://[::1/",
    ],
)
def test_an_address_that_is_not_plain_and_encrypted_is_refused(url: str) -> None:
    refused(WebhookAddressRefused, lambda: registered(url))


def test_where_an_installation_is_tried_it_may_lead_back_unencrypted() -> None:
    (event,) = registered("http://127.0.0.1:9/", anywhere=True)
    assert isinstance(event, WebhookRegistered) and event.host == "127.0.0.1"
    refused(WebhookAddressRefused, lambda: registered("ftp://127.0.0.1/", anywhere=True))


@pytest.mark.parametrize("act", [end_webhook, try_webhook])
@pytest.mark.parametrize("actor", [PERSONNEL, SUPERVISION])
def test_its_organ_and_supervision_act_on_it(act: Any, actor: Actor) -> None:
    (event,) = act(fold_webhook(registered()), "w1", actor=actor)
    assert isinstance(event, WebhookEnded | WebhookTestAsked)


@pytest.mark.parametrize("act", [end_webhook, try_webhook])
def test_another_organ_does_not_and_what_is_not_there_or_over_is_said_to_be(act: Any) -> None:
    found = fold_webhook(registered())
    refused(AnotherOrgansWebhook, lambda: act(found, "w1", actor=OTHERS))
    refused(WebhookNotFound, lambda: act(None, "w1", actor=PERSONNEL))
    over = fold_webhook([*registered(), WebhookEnded(webhook_id="w1")])
    refused(WebhookOver, lambda: act(over, "w1", actor=PERSONNEL))


def test_one_that_was_given_up_can_be_ended_and_not_tried() -> None:
    given_up = WebhookDisabled(webhook_id="w1", failing_since=at("2026-03-02"), status=500)
    found = fold_webhook([*registered(), given_up])
    assert found is not None and found.state is WebhookState.DISABLED
    assert len(end_webhook(found, "w1", actor=PERSONNEL)) == 1
    refused(WebhookOver, lambda: try_webhook(found, "w1", actor=PERSONNEL))
    assert fold_webhook([given_up]) is None
