"""A webhook: another system is told of what becomes of notices, signed, until somebody ends it or it stops answering.

Where it leads is sealed, because such addresses often hold a secret of their own; the log shows its host. The secret
that signs what is sent is kept nowhere: it follows from the webhook's id and the keys of the house.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.identity import Actor, OrganId, Role
from domain.notice_filter import NoticeFilter
from domain.refusal import Refusal


class NoticeNews(StrEnum):
    """What becomes of a notice, by the name under which receivers know it."""

    OPENED = "notice_opened"
    CORRECTED = "notice_corrected"
    RECOUNTED = "notice_recounted"
    CLOSED = "notice_closed"
    WITHDRAWN = "notice_withdrawn"


class WebhookState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    ENDED = "ended"


class RegisterWebhook(Command):
    """Have another system told of notices."""

    url: str = Field(min_length=8, max_length=2000, description="https address that takes POST; sealed")
    filter: NoticeFilter = Field(NoticeFilter(), description="of which notices; without anything in it, of all of them")
    kinds: tuple[NoticeNews, ...] = Field(tuple(NoticeNews), min_length=1, max_length=5, description="of what")


class EndWebhook(Command):
    """Tell the other system nothing more."""

    webhook_id: str = Field(pattern="^[0-9a-z]{12}$")


class TryWebhook(Command):
    """Send one message that says nothing, to see whether it arrives."""

    webhook_id: str = Field(pattern="^[0-9a-z]{12}$")


class WebhookRegistered(Event):
    """Another system is told from here on; who runs it is seen by its host."""

    webhook_id: str
    organ: OrganId
    host: str
    kinds: tuple[NoticeNews, ...]
    url: Annotated[str | None, Confidential(to="webhook")] = None
    filter: Annotated[str | None, Confidential(to="webhook")] = None


class WebhookTestAsked(Event):
    webhook_id: str


class WebhookDisabled(Event):
    """The other system took nothing for a day, or said that it never will: with which HTTP status, 0 if none."""

    webhook_id: str
    failing_since: datetime
    status: int


class WebhookEnded(Event):
    webhook_id: str


class WebhookNotFound(Refusal):
    rule = "house.webhook_exists"


class WebhookOver(Refusal):
    rule = "house.what_has_ended_is_asked_for_anew"


class AnotherOrgansWebhook(Refusal):
    rule = "house.a_webhook_is_its_organs"


class WebhookAddressRefused(Refusal):
    rule = "house.webhooks_lead_out_and_encrypted"
    unlawful = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook, as its public facts have made it."""

    id: str
    organ: OrganId
    host: str
    kinds: tuple[NoticeNews, ...]
    state: WebhookState = WebhookState.ACTIVE


def webhook_stream(webhook_id: str) -> StreamId:
    """The stream of one webhook."""
    return StreamId(f"webhook/{webhook_id}")


def fold_webhook(events: Iterable[Event]) -> Webhook | None:
    """The webhook that the events of its stream make."""
    found: Webhook | None = None
    for event in events:
        if isinstance(event, WebhookRegistered):
            found = Webhook(event.webhook_id, event.organ, event.host, event.kinds)
        elif found is not None and isinstance(event, WebhookDisabled):
            found = replace(found, state=WebhookState.DISABLED)
        elif found is not None and isinstance(event, WebhookEnded):
            found = replace(found, state=WebhookState.ENDED)
    return found


def register_webhook(webhook_id: str, command: RegisterWebhook, *, actor: Actor, anywhere: bool = False) -> list[Event]:
    """An organ has another system told. `anywhere`: the installation is being tried, so it may lead back to it.

    Refuses: WebhookAddressRefused.
    """
    address = _address(command.url, anywhere=anywhere)
    return [
        WebhookRegistered(
            webhook_id=webhook_id,
            organ=actor.organ,
            host=address.hostname or "",
            kinds=tuple(kind for kind in NoticeNews if kind in command.kinds),
            url=command.url,
            filter=command.filter.in_address(),
        )
    ]


def _address(url: str, *, anywhere: bool) -> SplitResult:
    try:
        found = urlsplit(url)
        _ = found.port  # a port that is no number shows itself when it is asked for
    except ValueError:
        found = urlsplit("")
    schemes = ("https", "http") if anywhere else ("https",)
    plain = url.isascii() and url.isprintable() and " " not in url
    if found.scheme not in schemes or not found.hostname or not plain:
        raise WebhookAddressRefused(
            "A webhook leads to an https address in ASCII, such as https://example.org/notices. Correct it.",
            field="url",
        )
    if found.username is not None or found.password is not None or found.fragment:
        raise WebhookAddressRefused(
            "The address of a webhook holds no name, password or fragment; leave them out, and check the signature of "
            "what arrives instead.",
            field="url",
        )
    return found


def end_webhook(found: Webhook | None, webhook_id: str, *, actor: Actor) -> list[Event]:
    """The organ that registered it ends it, or supervision does.

    Refuses: WebhookNotFound, AnotherOrgansWebhook, WebhookOver.
    """
    return [WebhookEnded(webhook_id=_theirs(found, webhook_id, actor, over=(WebhookState.ENDED,)).id)]


def try_webhook(found: Webhook | None, webhook_id: str, *, actor: Actor) -> list[Event]:
    """The organ that registered it has a message sent that says nothing, or supervision does.

    Refuses: WebhookNotFound, AnotherOrgansWebhook, WebhookOver.
    """
    over = (WebhookState.ENDED, WebhookState.DISABLED)
    return [WebhookTestAsked(webhook_id=_theirs(found, webhook_id, actor, over=over).id)]


def _theirs(found: Webhook | None, webhook_id: str, actor: Actor, *, over: tuple[WebhookState, ...]) -> Webhook:
    if found is None:
        raise WebhookNotFound(f"There is no webhook “{webhook_id}”. Read the list to choose one.", field="webhook_id")
    if found.organ != actor.organ and Role.SUPERVISION not in actor.roles:
        raise AnotherOrgansWebhook(
            f"This webhook was registered for {found.organ}, and you act for {actor.organ}. Ask them, or supervision.",
            organ=found.organ,
        )
    if found.state in over:
        raise WebhookOver(f"Webhook “{webhook_id}” is {found.state}. Register another one.", state=found.state)
    return found
