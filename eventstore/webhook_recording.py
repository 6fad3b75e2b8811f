"""Recording what becomes of a webhook, and the secret that its messages are signed with."""

from base64 import b64encode

from domain.event import Event
from domain.webhook import EndWebhook, RegisterWebhook, TryWebhook, Webhook, end_webhook, fold_webhook, register_webhook
from domain.webhook import try_webhook as tried
from eventstore.keys import KeyStore
from eventstore.store import EventStore
from eventstore.stream_recording import Kept, Wish, record_in_stream

PREFIX = "whsec_"


def secret_of(keys: KeyStore, webhook_id: str) -> str:
    """The secret that a webhook's messages are signed with; it is worked out and kept nowhere.

    Source: Standard Webhooks, “Signature scheme”: 24 to 64 bytes in base64, behind a prefix.
    """
    return PREFIX + b64encode(keys.fingerprint(f"webhook secret\x1f{webhook_id}".encode())).decode()


async def record_webhook(
    store: EventStore, keys: KeyStore, wish: Wish, webhook_id: str, *, anywhere: bool = False
) -> Kept:
    """Decide a command about a webhook and append what follows.

    Refuses: whatever the decide functions refuse; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """

    def decided(found: Webhook | None) -> list[Event]:
        match wish.command:
            case RegisterWebhook() as command:
                return register_webhook(webhook_id, command, actor=wish.actor, anywhere=anywhere)
            case EndWebhook():
                return end_webhook(found, webhook_id, actor=wish.actor)
            case TryWebhook():
                return tried(found, webhook_id, actor=wish.actor)
            case other:
                raise TypeError(f"{other.name()} is about no webhook")

    return await record_in_stream(store, keys, wish, lambda events: decided(fold_webhook(events)))
