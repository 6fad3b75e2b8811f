"""Tells other systems what becomes of notices: in order, signed, at least once, and naming nobody.

How far each webhook is rests in a table beside the log and not in the log: that a message was taken is nothing that
anybody must be able to prove, and an entry a message would fill the public log with deliveries. If the table is lost,
everything goes out again under the same ids. That a webhook was given up is an event.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import NAMESPACE_URL, uuid5

import httpx2
import orjson
from standardwebhooks import Webhook as Signer

from api.public_notice import notice_body
from domain.identity import SYSTEM, short_id
from domain.notice_filter import NoticeFilter
from domain.webhook import WebhookDisabled, WebhookRegistered, WebhookState, fold_webhook, webhook_stream
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.noting import note
from eventstore.opening import opened
from eventstore.patience import rest
from eventstore.webhook_recording import secret_of
from projections.digest import projected_up_to
from projections.notice_change import unnamed
from projections.public_notice import notice_by_id
from projections.visible_notice import matches
from projections.webhook import News, WebhookRow, active_webhooks, news_after
from runtime.clock import now
from runtime.connections import House
from runtime.webhook_address import LeadsInside, lead_anywhere, place_of

SQL = statements("runtime", "webhook.sql")
AT_ONCE = 8
PATIENCE_SECONDS = 15.0
RETRY_SECONDS = 5.0
FIRST_WAIT, LONGEST_WAIT, GIVEN_UP_AFTER = timedelta(seconds=5), timedelta(hours=4), timedelta(days=1)
GONE = 410
DISABLINGS = uuid5(NAMESPACE_URL, "investiture/webhook")


@dataclass(frozen=True, slots=True)
class Receiver:
    """A webhook for the time of one round: where it leads, and what it is told."""

    row: WebhookRow
    url: str
    wanted: NoticeFilter


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: under an id that a repetition shares."""

    id: str
    body: bytes


class WebhookDelivery:
    """Sees to it that webhooks are told."""

    def __init__(self, house: House, http: httpx2.AsyncClient, clock: Callable[[], datetime] = now):
        self._house = house
        self._http = http
        self._clock = clock
        self._narrow = asyncio.Semaphore(AT_ONCE)

    async def run(self, report: Callable[[str], None]) -> None:
        """Delivers whenever the log has grown and when a wait is over, until cancelled."""
        while True:
            try:
                async for _ in self._house.store.news():
                    if delivered := await self.sweep():
                        report(f"messages of webhooks taken: {delivered}")
            except Exception as problem:  # whatever it is about one webhook, cases beside it must go on being followed
                report(f"webhooks wait: {type(problem).__name__}")  # and its words may hold an address
                await rest(RETRY_SECONDS)

    async def sweep(self) -> int:
        """One round over all webhooks; gives how many messages were taken.

        Survives: a crash after any step; what was sent and not noted goes out again under the same id.
        """
        up_to = await projected_up_to(self._house.pool)
        async with asyncio.TaskGroup() as rounds:
            tasks = [rounds.create_task(self._serve(row, up_to)) for row in await active_webhooks(self._house.pool)]
        return sum(task.result() for task in tasks)

    async def _serve(self, row: WebhookRow, up_to: int) -> int:
        async with self._narrow:
            receiver = await self._receiver(row)
            if receiver is None:
                return 0
            tried = await self._try(receiver)
            if row.next_at is not None and self._clock() < row.next_at:
                return tried
            return tried + await self._tell(receiver, up_to)

    async def _receiver(self, row: WebhookRow) -> Receiver | None:
        """A webhook as the log has it now; the read model may not know yet that it has ended."""
        house = self._house
        stored = await house.store.read_stream(webhook_stream(row.webhook_id))
        found = fold_webhook(decode(each).event for each in stored)
        if found is None or found.state is not WebhookState.ACTIVE:
            return None
        if row.position is None:
            await house.pool.execute(SQL["begin"], row.webhook_id, row.registered)
            row = replace(row, position=row.registered, tested=-1, attempts=0)
        (first,) = await opened(house.store, house.keys, stored[:1])
        event = first.event
        if not isinstance(event, WebhookRegistered) or event.url is None or event.filter is None:
            return None
        return Receiver(row, event.url, NoticeFilter.model_validate(dict(parse_qsl(event.filter))))

    async def _try(self, receiver: Receiver) -> int:
        """Sends the message that says nothing, once; its outcome is there to be read and changes nothing else."""
        row = receiver.row
        if row.test_asked <= (-1 if row.tested is None else row.tested):
            return 0
        body = {"type": "webhook_test", "timestamp": self._clock().astimezone(UTC), "data": {}}
        status = await self._post(receiver, Message(_id(row, row.test_asked), orjson.dumps(body)))
        await self._house.pool.execute(SQL["tried"], row.webhook_id, row.test_asked, status)
        return int(_taken(status))

    async def _tell(self, receiver: Receiver, up_to: int) -> int:
        """In the order of the log; what one message waits for, the next waits for too."""
        row, told = receiver.row, 0
        place = row.position or 0
        while page := [found for found in await news_after(self._house.pool, place) if found.position <= up_to]:
            for news in page:
                message = await self._message(receiver, news)
                if message is not None:
                    status = await self._post(receiver, message)
                    if not _taken(status):
                        await self._failed(row, place, status)
                        return told
                    told += 1
                    await self._house.pool.execute(SQL["taken"], row.webhook_id, news.position, status, self._clock())
                place = news.position
        if place != row.position:
            await self._house.pool.execute(SQL["passed"], row.webhook_id, place)
        return told

    async def _message(self, receiver: Receiver, news: News) -> Message | None:
        """The notice as anybody may read it at this moment, without names; None when it was not asked for."""
        found = await notice_by_id(self._house.pool, news.notice_id, self._clock())
        if found is None or news.kind not in receiver.row.kinds:
            return None
        nameless = unnamed(found)  # so that no name leads to it either
        if not matches(nameless, receiver.wanted):
            return None
        body = {"type": news.kind, "timestamp": news.recorded_at, "data": notice_body(nameless)}
        return Message(_id(receiver.row, news.position), orjson.dumps(body))

    async def _post(self, receiver: Receiver, message: Message) -> int:
        """The status of the answer; 0 where there was none. Redirects are not followed, and nothing else is read."""
        at = self._clock().astimezone(UTC)
        secret = secret_of(self._house.keys, receiver.row.webhook_id)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Investiture",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Signer(secret).sign(message.id, at, message.body.decode()),
        }
        try:
            place = await place_of(receiver.url, anywhere=lead_anywhere(self._house.settings))
            named: dict[str, Any] = {"sni_hostname": place.host}
            request = self._http.build_request(
                "POST", place.url, headers=headers | {"Host": place.name}, content=message.body, extensions=named
            )
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self._http.send(request, stream=True)
                await answer.aclose()
        except (httpx2.HTTPError, OSError, TimeoutError, LeadsInside):
            return 0
        return answer.status_code

    async def _failed(self, row: WebhookRow, place: int, status: int) -> None:
        """Tried again after twice the time, for a day; then given up, for everybody to see."""
        at, attempts = self._clock(), (row.attempts or 0) + 1
        since = row.failing_since or at
        wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
        await self._house.pool.execute(SQL["failed"], row.webhook_id, place, attempts, since, at + wait, status)
        if status != GONE and at < since + GIVEN_UP_AFTER:
            return
        given_up = WebhookDisabled(webhook_id=row.webhook_id, failing_since=since, status=status)
        store, keys, stream = self._house.store, self._house.keys, webhook_stream(row.webhook_id)
        command = uuid5(DISABLINGS, f"disabled/{row.webhook_id}")
        await note(store, keys, stream, given_up, actor=SYSTEM, command_id=command, at=at)


def _id(row: WebhookRow, position: int) -> str:
    return f"msg_{short_id('webhook message', row.webhook_id, str(position), length=24)}"


def _taken(status: int) -> bool:
    return 200 <= status < 300
