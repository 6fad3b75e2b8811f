"""Recording what becomes of a subscription: its pseudonym, the tokens of its mails, and the end of its address.

A token is a keyed hash of the pseudonym, so that nothing of it is kept; whoever holds one may do the one thing that it
is for. It stands in mails, in the addresses that they lead to, and in no line of any log of ours.
"""

import hmac
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from domain.event import Event
from domain.identity import ALPHABET, PUBLIC, PersonId
from domain.subscription import (
    ConfirmSubscription,
    EndSubscription,
    RequestSubscription,
    Subscription,
    SubscriptionEnded,
    SubscriptionLapsed,
    confirm_subscription,
    end_subscription,
    fold_subscription,
    request_subscription,
    subscription_stream,
)
from eventstore.codec import decode
from eventstore.keys import KeyStore
from eventstore.store import EventStore, StoredEvent
from eventstore.stream_recording import Kept, Wish, record_in_stream

SUBSCRIBER_LENGTH = 16
TOKEN_LENGTH = SUBSCRIBER_LENGTH + 26


class Purpose(StrEnum):
    """What a token is good for; one does not open what the other does."""

    CONFIRM = "confirm"
    LEAVE = "leave"


def token_of(keys: KeyStore, purpose: Purpose, subscriber: PersonId) -> str:
    """The token that lets its holder do one thing with one subscription.

    Units: 16 characters that say which, and 26 that nobody can guess (130 bits).
    """
    number = int.from_bytes(keys.fingerprint(f"subscription\x1f{purpose}\x1f{subscriber}".encode()), "big")
    secret = "".join(ALPHABET[number >> 5 * place & 31] for place in range(TOKEN_LENGTH - SUBSCRIBER_LENGTH))
    return f"{subscriber}{secret}"


def subscriber_of(keys: KeyStore, purpose: Purpose, token: str) -> PersonId | None:
    """Whose token it is; None for one that was not made here, or for something else."""
    subscriber = PersonId(token[:SUBSCRIBER_LENGTH])
    right = token_of(keys, purpose, subscriber)
    return subscriber if hmac.compare_digest(right.encode(), token.encode()) else None


async def read_subscription(store: EventStore, subscriber: PersonId) -> tuple[Subscription | None, list[StoredEvent]]:
    """What the log says of a subscription now, and its rows."""
    rows = await store.read_stream(subscription_stream(subscriber))
    return fold_subscription(decode(row).event for row in rows), rows


async def ask_for_subscription(store: EventStore, keys: KeyStore, command: RequestSubscription, at: datetime) -> Kept:
    """Records that an address was given. The same address with the same wish has one pseudonym, as long as it lives.

    Refuses: OwnerForgotten, when it is ended at this very moment.
    """
    wish = (command.address.casefold(), command.filter.in_address(), command.often, command.language)
    subscriber = await keys.subject_for("\x1f".join(("subscription", *wish)))

    def decided(found: Subscription | None) -> list[Event]:
        return request_subscription(found, subscriber, command, at=at)

    said = Wish(subscription_stream(subscriber), command, PUBLIC, uuid4(), at)
    return await record_in_stream(store, keys, said, lambda events: decided(fold_subscription(events)))


async def confirm(store: EventStore, keys: KeyStore, command: ConfirmSubscription, at: datetime) -> Kept:
    """Records that the owner of the mailbox wants it.

    Refuses: SubscriptionNotFound, SubscriptionOver.
    Idempotent by: the token.
    """
    subscriber = subscriber_of(keys, Purpose.CONFIRM, command.token)
    up_to = await store.size() - 1

    def decided(found: Subscription | None) -> list[Event]:
        return confirm_subscription(found if subscriber else None, at=at, up_to=up_to)

    said = Wish(subscription_stream(subscriber or PersonId("nobody")), command, PUBLIC, uuid4(), at)
    return await record_in_stream(store, keys, said, lambda events: decided(fold_subscription(events)))


async def end(store: EventStore, keys: KeyStore, command: EndSubscription, at: datetime) -> Kept:
    """Records that the owner of the mailbox leaves, and destroys the address before the answer is given.

    Refuses: SubscriptionNotFound.
    Idempotent by: the token.
    Survives: a crash in between; whoever sends the mails finds what is over and not destroyed.
    """
    subscriber = subscriber_of(keys, Purpose.LEAVE, command.token)

    def decided(found: Subscription | None) -> list[Event]:
        return end_subscription(found if subscriber else None, at=at)

    said = Wish(subscription_stream(subscriber or PersonId("nobody")), command, PUBLIC, uuid4(), at)
    kept = await record_in_stream(store, keys, said, lambda events: decided(fold_subscription(events)))
    if subscriber is not None:
        await destroy_address(store, keys, subscriber)
    return kept


async def destroy_address(store: EventStore, keys: KeyStore, subscriber: PersonId) -> None:
    """The key of a subscription that is over goes, and with it who it was; then its sealed parts.

    Idempotent by: the subscription.
    """
    await keys.destroy(subscriber)
    _, rows = await read_subscription(store, subscriber)
    over = next(row for row in rows if isinstance(decode(row).event, SubscriptionEnded | SubscriptionLapsed))
    await store.destroy_subscription(over.position)
