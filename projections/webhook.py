"""Which webhooks there are, how each stands, and what became of notices that they may have to tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from domain.case_opening import CaseWithdrawn
from domain.due_date import NOTICE, DueDatesRecounted
from domain.event import Event
from domain.notice_correction import PublicNoticeCorrected
from domain.public_notice import PublicNoticeElapsed, PublicNoticeOpened, PublicNoticeWithdrawn
from domain.stage import CaseEnded
from domain.webhook import (
    NoticeNews,
    WebhookDisabled,
    WebhookEnded,
    WebhookRegistered,
    WebhookState,
    WebhookTestAsked,
)
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "webhook.sql")
CASES, WEBHOOKS = "appointment/", "webhook/"
ENDS = (CaseEnded.alias, CaseWithdrawn.alias)
TOLD = (
    PublicNoticeOpened.alias,
    PublicNoticeCorrected.alias,
    PublicNoticeElapsed.alias,
    PublicNoticeWithdrawn.alias,
    DueDatesRecounted.alias,
    *ENDS,
)


@dataclass(frozen=True, slots=True)
class News:
    """Something that became of a notice."""

    position: int
    notice_id: str
    kind: NoticeNews
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook and how it stands with whoever delivers; None where nothing was sent yet."""

    webhook_id: str
    organ: str
    host: str
    kinds: list[str]
    state: str
    registered: int
    test_asked: int
    position: int | None
    tested: int | None
    attempts: int | None
    failing_since: datetime | None
    next_at: datetime | None
    status: int | None
    delivered_at: datetime | None


class Webhooks(Projection):
    """Keeps them."""

    name = "webhook"
    version = 1
    tables = ("webhook", "notice_news")
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.stream.startswith(WEBHOOKS):
                await self._apply_one(connection, decode(stored).event, stored.position)
            elif stored.stream.startswith(CASES) and stored.type in TOLD:
                await self._tell(connection, stored)

    async def _apply_one(self, connection: Connection, event: Event, position: int) -> None:
        match event:
            case WebhookRegistered():
                said = (event.webhook_id, event.organ, event.host, list(event.kinds), position)
                await connection.execute(SQL["register"], *said)
            case WebhookTestAsked():
                await connection.execute(SQL["ask_for_test"], event.webhook_id, position)
            case WebhookDisabled():
                await connection.execute(SQL["set_state"], event.webhook_id, WebhookState.DISABLED)
            case WebhookEnded():
                await connection.execute(SQL["set_state"], event.webhook_id, WebhookState.ENDED)

    async def _tell(self, connection: Connection, stored: StoredEvent) -> None:
        case_id, at, position = stored.stream.removeprefix(CASES), stored.recorded_at, stored.position

        async def tell(notice_id: str, kind: NoticeNews) -> None:
            await connection.execute(SQL["tell"], position, case_id, notice_id, kind, at)

        match decode(stored).event:
            case PublicNoticeOpened(notice_id=notice_id):
                await tell(notice_id, NoticeNews.OPENED)
            case PublicNoticeCorrected(notice_id=notice_id):
                await tell(notice_id, NoticeNews.CORRECTED)
            case PublicNoticeElapsed(notice_id=notice_id):
                await tell(notice_id, NoticeNews.CLOSED)
            case PublicNoticeWithdrawn(notice_id=notice_id):
                await tell(notice_id, NoticeNews.WITHDRAWN)
            case DueDatesRecounted(clocks=clocks) if any(found.clock == NOTICE for found in clocks):
                await connection.execute(SQL["tell_of_standing"], position, case_id, NoticeNews.RECOUNTED, at)
            case CaseEnded() | CaseWithdrawn():
                await connection.execute(SQL["tell_of_standing"], position, case_id, NoticeNews.WITHDRAWN, at)


async def every_webhook(pool: "asyncpg.Pool[asyncpg.Record]") -> list[WebhookRow]:
    """Those that there ever were, the latest first."""
    return [WebhookRow(**row) for row in await pool.fetch(SQL["every"])]


async def active_webhooks(pool: "asyncpg.Pool[asyncpg.Record]") -> list[WebhookRow]:
    """Those that are told."""
    return [WebhookRow(**row) for row in await pool.fetch(SQL["active"])]


async def news_after(pool: "asyncpg.Pool[asyncpg.Record]", position: int, limit: int = 200) -> list[News]:
    """What became of notices after a position, in the order of the log."""
    rows = await pool.fetch(SQL["news"], position, limit)
    return [News(row["position"], row["notice_id"], NoticeNews(row["kind"]), row["recorded_at"]) for row in rows]


async def webhooks_by_state(pool: "asyncpg.Pool[asyncpg.Record]") -> dict[str, int]:
    """How many are active, failing (active, and the last attempt in vain) and disabled; none before they are kept."""
    try:
        row = await pool.fetchrow(SQL["by_state"])
    except asyncpg.UndefinedTableError:
        return {}
    return dict(row) if row else {}
