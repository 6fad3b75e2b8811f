"""A subscription to notices by e-mail: asked for, confirmed from the mailbox, told what is new, ended with one click.

The address and what its owner wants to hear of are sealed with a key that belongs to this subscription alone. When it
ends or lapses that key is destroyed, and what stays on the log is a pseudonym that stands for nobody.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from domain.command import Command
from domain.event import Event, Personal, StreamId
from domain.identity import PersonId
from domain.law import Language
from domain.notice_filter import NoticeFilter
from domain.refusal import Refusal

CONFIRM_WITHIN = timedelta(days=3)
"""How long a request waits for its confirmation, before it lapses. A choice of the house."""
ASK_AGAIN_AFTER = timedelta(hours=1)
"""How long the same request leads to no second mail, so that nobody's mailbox can be filled from here."""
REFUSALS_BORNE = 3
"""So many digests in a row may be refused for good by the receiving server before the subscription ends."""

ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


class Often(StrEnum):
    """How often a subscriber hears, when there is anything to tell."""

    EACH_DAY = "each_day"
    EACH_WEEK = "each_week"


class SubscriptionState(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    OVER = "over"


class Ending(StrEnum):
    """Why a subscription ended."""

    LEFT = "left"
    REFUSED = "refused"
    FORGOTTEN = "forgotten"


class RequestSubscription(Command):
    """Somebody asks that an address be told of notices; nobody knows yet whether it is theirs."""

    address: str = Field(min_length=3, max_length=254, description="e-mail address; sealed, and gone when you leave")
    language: Language = Field("en", description="language of the mails")
    often: Often = Field(Often.EACH_WEEK, description="how often you hear, when there is anything to tell")
    filter: NoticeFilter = Field(NoticeFilter(), description="which notices; without anything in it, all of them")

    @field_validator("address", mode="after")
    @classmethod
    def _deliverable(cls, address: str) -> str:
        """An address as every mail server takes it: ASCII, with the domain of a foreign script in its ASCII form."""
        local, at, host = address.rpartition("@")
        try:
            plain = f"{local}{at}{host.encode('idna').decode('ascii').lower()}"
        except UnicodeError:
            plain = ""
        if ADDRESS.fullmatch(plain) is None:
            raise PydanticCustomError("no_address", "is no e-mail address; write it like name@example.org")
        return plain


class ConfirmSubscription(Command):
    """The owner of the mailbox says that they want it."""

    token: str = Field(min_length=40, max_length=60, description="from the address in the mail")


class EndSubscription(Command):
    """The owner of the mailbox has had enough."""

    token: str = Field(min_length=40, max_length=60, description="from the address in the mail")


class SubscriptionRequested(Event):
    """An address was given, by its owner or by somebody else."""

    subscriber_id: PersonId
    language: Language
    often: Often
    requested_at: datetime
    address: Annotated[str | None, Personal(of="subscriber_id")] = None
    filter: Annotated[str | None, Personal(of="subscriber_id")] = None


class ConfirmationMailed(Event):
    """The mail that asks whether it was really them was handed over; `request` is the position of what it answers."""

    subscriber_id: PersonId
    request: int
    mailed_at: datetime


class SubscriptionConfirmed(Event):
    """The owner of the mailbox wants it. The first digest tells what came after the position `up_to`."""

    subscriber_id: PersonId
    confirmed_at: datetime
    up_to: int


class DigestSent(Event):
    """So many entries were told, of what the log held up to a position; the next digest begins after it."""

    subscriber_id: PersonId
    on: date
    up_to: int
    count: int


class MailRefused(Event):
    """The receiving server refuses the address for good: with which SMTP status."""

    subscriber_id: PersonId
    on: date
    status: int


class SubscriptionLapsed(Event):
    """Nobody confirmed in time, or the address does not exist; its key is destroyed."""

    subscriber_id: PersonId
    lapsed_on: date


class SubscriptionEnded(Event):
    """It is over, and the key of its address is destroyed."""

    subscriber_id: PersonId
    ended_on: date
    because: Ending


class SubscriptionNotFound(Refusal):
    rule = "house.a_subscription_is_known_by_its_token"


class SubscriptionOver(Refusal):
    rule = "house.what_has_ended_is_asked_for_anew"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as its public facts have made it; it never knows the address."""

    id: PersonId
    language: Language
    often: Often
    asked_at: datetime
    state: SubscriptionState = SubscriptionState.ASKED
    up_to: int = -1
    told_on: date | None = None
    mailed_request: int = -1
    refusals: int = 0
    refused_on: date | None = None

    def may_be_confirmed(self, at: datetime) -> bool:
        """Whether the request still waits."""
        return self.state is SubscriptionState.ASKED and at <= self.asked_at + CONFIRM_WITHIN


def subscription_stream(subscriber: PersonId) -> StreamId:
    """The stream of one subscription."""
    return StreamId(f"subscription/{subscriber}")


def fold_subscription(events: Iterable[Event]) -> Subscription | None:
    """The subscription that the events of its stream make; None before anybody asked for it."""
    found: Subscription | None = None
    for event in events:
        found = _after(found, event)
    return found


def _after(found: Subscription | None, event: Event) -> Subscription | None:
    if isinstance(event, SubscriptionRequested):
        if found is None:
            return Subscription(event.subscriber_id, event.language, event.often, event.requested_at)
        return replace(found, asked_at=event.requested_at)
    if found is None:
        return None
    match event:
        case SubscriptionConfirmed(up_to=up_to):
            return replace(found, state=SubscriptionState.CONFIRMED, up_to=up_to)
        case DigestSent(up_to=up_to, on=on):
            return replace(found, up_to=up_to, told_on=on, refusals=0)
        case ConfirmationMailed(request=request):
            return replace(found, mailed_request=request)
        case MailRefused(on=on):
            return replace(found, refusals=found.refusals + 1, refused_on=on)
        case SubscriptionLapsed() | SubscriptionEnded():
            return replace(found, state=SubscriptionState.OVER)
        case _:
            return found


def request_subscription(
    found: Subscription | None, subscriber: PersonId, command: RequestSubscription, *, at: datetime
) -> list[Event]:
    """An address is asked whether it wants to hear; asked again within an hour it hears nothing more of it.

    Nothing follows for one that has just ended either: whoever asks must not learn from it what became of an address.
    """
    if found is not None and (found.state is SubscriptionState.OVER or at < found.asked_at + ASK_AGAIN_AFTER):
        return []
    return [
        SubscriptionRequested(
            subscriber_id=subscriber,
            language=command.language,
            often=command.often,
            requested_at=at,
            address=command.address,
            filter=command.filter.in_address(),
        )
    ]


def confirm_subscription(found: Subscription | None, *, at: datetime, up_to: int) -> list[Event]:
    """The owner of the mailbox confirms in time. `up_to`: the last position that the log has now.

    Refuses: SubscriptionNotFound, SubscriptionOver.
    """
    known = _known(found)
    if known.state is SubscriptionState.CONFIRMED:
        return []
    if not known.may_be_confirmed(at):
        raise SubscriptionOver(
            f"This subscription has ended, or was not confirmed within {CONFIRM_WITHIN.days} days of being asked for "
            "on the page, and the address was removed. Enter the address on the page again."
        )
    return [SubscriptionConfirmed(subscriber_id=known.id, confirmed_at=at, up_to=up_to)]


def end_subscription(found: Subscription | None, *, at: datetime) -> list[Event]:
    """One click ends it, before or after it was confirmed; ended again it stays so.

    Refuses: SubscriptionNotFound.
    """
    known = _known(found)
    if known.state is SubscriptionState.OVER:
        return []
    return [SubscriptionEnded(subscriber_id=known.id, ended_on=at.date(), because=Ending.LEFT)]


def refuse_mail(found: Subscription, status: int, *, on: date) -> list[Event]:
    """A refusal for good counts; an address that was never confirmed lapses with it, another ends with the third."""
    refused = MailRefused(subscriber_id=found.id, on=on, status=status)
    if found.state is SubscriptionState.ASKED:
        return [refused, SubscriptionLapsed(subscriber_id=found.id, lapsed_on=on)]
    if found.refusals + 1 < REFUSALS_BORNE:
        return [refused]
    return [refused, SubscriptionEnded(subscriber_id=found.id, ended_on=on, because=Ending.REFUSED)]


def _known(found: Subscription | None) -> Subscription:
    if found is None:
        raise SubscriptionNotFound(
            "There is no subscription behind this address. Open the whole link of the mail, or enter your address anew."
        )
    return found
