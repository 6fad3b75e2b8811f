"""A subscription: asked for by anybody, confirmed in time by its owner, and over with one click or three refusals."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.event import Event
from domain.identity import PersonId
from domain.notice_filter import NoticeFilter
from domain.subscription import (
    ASK_AGAIN_AFTER,
    CONFIRM_WITHIN,
    ConfirmationMailed,
    DigestSent,
    Ending,
    MailRefused,
    RequestSubscription,
    Subscription,
    SubscriptionConfirmed,
    SubscriptionEnded,
    SubscriptionLapsed,
    SubscriptionNotFound,
    SubscriptionOver,
    SubscriptionRequested,
    SubscriptionState,
    confirm_subscription,
    end_subscription,
    fold_subscription,
    refuse_mail,
    request_subscription,
)
from tests.domain.refusals import refused_apart as refused
from tests.examples import at

START, DAY = at("2026-03-02"), date(2026, 3, 3)
READER = PersonId("reader")
WISH = RequestSubscription(address="reader@example.org", filter=NoticeFilter(organ="Registry"))


def asked() -> list[Event]:
    return request_subscription(None, READER, WISH, at=START)


def confirmed() -> list[Event]:
    return asked() + confirm_subscription(fold_subscription(asked()), at=START, up_to=41)


def known(events: list[Event]) -> Subscription:
    found = fold_subscription(events)
    assert found is not None
    return found


def test_the_address_and_what_its_owner_wants_to_hear_are_sealed() -> None:
    (event,) = asked()
    assert isinstance(event, SubscriptionRequested)
    assert (event.address, event.filter) == ("reader@example.org", "organ=Registry")
    public = event.without_sealed()
    assert (public.address, public.filter) == (None, None)
    assert "example.org" not in public.model_dump_json() and "Registry" not in public.model_dump_json()


@pytest.mark.parametrize(
    "address", ["", "a@", "@b", "a b@example.org", "a@b@c..d", "名@example.org", "a\n@example.org"]
)
def test_what_no_mail_can_be_sent_to_is_no_address(address: str) -> None:
    with pytest.raises(ValidationError):
        RequestSubscription(address=address)


def test_a_domain_in_another_script_is_kept_in_its_ascii_form() -> None:
    assert RequestSubscription(address="reader@例子.中国").address == "reader@xn--fsqu00a.xn--fiqs8s"


def test_the_same_request_within_an_hour_leads_to_nothing_and_later_to_another_mail() -> None:
    found = fold_subscription(asked())
    assert request_subscription(found, READER, WISH, at=START + ASK_AGAIN_AFTER - timedelta(seconds=1)) == []
    (again,) = request_subscription(found, READER, WISH, at=START + ASK_AGAIN_AFTER)
    assert isinstance(again, SubscriptionRequested)
    assert known([*asked(), again]).asked_at == START + ASK_AGAIN_AFTER


def test_a_request_for_what_is_confirmed_or_over_tells_nothing_apart() -> None:
    later = START + ASK_AGAIN_AFTER
    (again,) = request_subscription(known(confirmed()), READER, WISH, at=later)
    assert known([*confirmed(), again]).state is SubscriptionState.CONFIRMED
    over = [*asked(), SubscriptionLapsed(subscriber_id=READER, lapsed_on=DAY)]
    assert request_subscription(known(over), READER, WISH, at=later) == []


def test_it_is_confirmed_within_three_days_and_no_later() -> None:
    in_time = confirm_subscription(fold_subscription(asked()), at=START + CONFIRM_WITHIN, up_to=7)
    assert in_time == [SubscriptionConfirmed(subscriber_id=READER, confirmed_at=START + CONFIRM_WITHIN, up_to=7)]
    late = START + CONFIRM_WITHIN + timedelta(seconds=1)
    refused(SubscriptionOver, lambda: confirm_subscription(fold_subscription(asked()), at=late, up_to=7))


def test_confirming_twice_changes_nothing_and_a_made_up_token_opens_nothing() -> None:
    assert confirm_subscription(known(confirmed()), at=START + timedelta(days=30), up_to=99) == []
    refused(SubscriptionNotFound, lambda: confirm_subscription(None, at=START, up_to=0))
    refused(SubscriptionNotFound, lambda: end_subscription(None, at=START))


@pytest.mark.parametrize("before", [asked, confirmed])
def test_one_click_ends_it_before_and_after_it_was_confirmed(before: Any) -> None:
    (ended,) = end_subscription(known(before()), at=START)
    assert isinstance(ended, SubscriptionEnded) and ended.because is Ending.LEFT
    over = known([*before(), ended])
    assert over.state is SubscriptionState.OVER and end_subscription(over, at=START) == []
    refused(SubscriptionOver, lambda: confirm_subscription(over, at=START, up_to=0))


def test_the_fold_knows_what_was_told_and_which_request_was_answered() -> None:
    told = DigestSent(subscriber_id=READER, on=DAY, up_to=80, count=3)
    mailed = ConfirmationMailed(subscriber_id=READER, request=40, mailed_at=START)
    found = known([*confirmed(), mailed, told])
    assert (found.up_to, found.told_on, found.mailed_request) == (80, DAY, 40)
    assert known(confirmed()).up_to == 41


def test_the_third_refusal_in_a_row_ends_it_and_one_that_is_taken_begins_anew() -> None:
    events = confirmed()
    for _ in range(2):
        (again,) = refuse_mail(known(events), 550, on=DAY)
        events.append(again)
    told = DigestSent(subscriber_id=READER, on=DAY, up_to=80, count=3)
    assert len(refuse_mail(known([*events, told]), 550, on=DAY)) == 1
    refusal, ended = refuse_mail(known(events), 550, on=DAY)
    assert isinstance(refusal, MailRefused) and refusal.status == 550
    assert isinstance(ended, SubscriptionEnded) and ended.because is Ending.REFUSED


def test_an_address_that_does_not_exist_lapses_at_once() -> None:
    _, lapsed = refuse_mail(known(asked()), 550, on=DAY)
    assert isinstance(lapsed, SubscriptionLapsed)


def test_events_before_any_request_make_no_subscription() -> None:
    assert fold_subscription([MailRefused(subscriber_id=READER, on=DAY, status=550)]) is None
