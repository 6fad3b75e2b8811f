"""Webhooks over HTTP: registered, tried, ended and listed by personnel, supervision and auditors."""

from datetime import datetime

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.listing import AfterPosition, caught_up
from api.visitor import Reads
from api.writing import API, writes
from domain.command import Command
from domain.identity import short_id
from domain.webhook import EndWebhook, RegisterWebhook, TryWebhook, webhook_stream
from eventstore.stream_recording import Wish
from eventstore.webhook_recording import record_webhook, secret_of
from projections.webhook import every_webhook

router = APIRouter(prefix=API, tags=["webhooks"])
RESOURCE = "webhooks"


class WebhookAnswer(KeptAnswer):
    """What was recorded, and for a new webhook the secret that its messages are signed with."""

    webhook_id: str
    secret: str | None = Field(None, description="shown in this answer and never again; a dry run shows none")


class WebhookShown(BaseModel):
    webhook_id: str
    organ: str = Field(description="for which it was registered")
    host: str = Field(description="the rest of its address is sealed")
    kinds: list[str]
    state: str = Field(description="active, disabled or ended")
    status: int | None = Field(description="HTTP status of the last attempt; 0 when there was no answer")
    failing_since: datetime | None
    delivered_at: datetime | None = Field(description="when it last took a message")


class WebhooksShown(BaseModel):
    """Webhooks, the latest first."""

    webhooks: list[WebhookShown]


@writes(
    router,
    "/webhooks",
    status_code=201,
    summary="Have another system told of notices",
    example={
        "url": "https://example.org/notices",
        "filter": {"organ": "Registry"},
        "kinds": ["notice_opened", "notice_closed"],
    },
    answers=writes_of(WebhookAnswer),
)
async def register_webhook(door: Writes, body: RegisterWebhook) -> Response:
    """Messages are signed by the Standard Webhooks convention and name nobody. The secret is shown once, here."""
    webhook_id = short_id("webhook", str(door.command_id))
    secret = {} if door.dry_run else {"secret": secret_of(door.services.keys, webhook_id)}
    return await _record(door, body, webhook_id, 201, secret)


@writes(
    router,
    "/webhook-endings",
    summary="Tell another system nothing more",
    example={"webhook_id": "d6fhcqtf5dfs"},
    answers=writes_of(WebhookAnswer),
)
async def end_webhook(door: Writes, body: EndWebhook) -> Response:
    """By the organ that registered it, or by supervision."""
    return await _record(door, body, body.webhook_id, 200, {})


@writes(
    router,
    "/webhook-tests",
    summary="Send another system a message that says nothing",
    example={"webhook_id": "d6fhcqtf5dfs"},
    answers=writes_of(WebhookAnswer),
)
async def try_webhook(door: Writes, body: TryWebhook) -> Response:
    """It goes out within seconds, once; the list says what the other system answered."""
    return await _record(door, body, body.webhook_id, 200, {})


async def _record(door: Door, command: Command, webhook_id: str, status: int, more: dict[str, str]) -> Response:
    actor, services = door.visitor.actor, door.services
    stream = webhook_stream(webhook_id)
    wish = Wish(stream, command, actor, door.command_id, services.clock(), None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), RESOURCE):
        kept = await record_webhook(
            services.store, services.keys, wish, webhook_id, anywhere=services.webhooks_lead_anywhere
        )
    return door.kept(kept, {"webhook_id": webhook_id, **more}, status)


@router.get(
    "/webhooks",
    operation_id="read_webhooks",
    summary="Webhooks, and how each stands",
    responses=reads(WebhooksShown, "The latest first"),
)
async def read_webhooks(visitor: Reads, after_position: AfterPosition = None) -> Response:
    """Of all organs. Nothing that was sent is kept, and no address is shown beyond its host."""
    await visitor.may("read_webhooks", RESOURCE)
    await caught_up(visitor, ("webhook",), after_position)
    found = await every_webhook(visitor.services.pool)
    shown = [{name: getattr(row, name) for name in WebhookShown.model_fields} for row in found]
    return Response(orjson.dumps({"webhooks": shown}), media_type=JSON)
