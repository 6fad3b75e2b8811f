"""Writes to subscribers: whether it was really them, what is new, and nothing more once they have left.

The log says what was handed over, and it says so afterwards. Who dies between the two sends the same mail again under
the same Message-ID; in a folder it replaces itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from domain.event import Event
from domain.identity import SYSTEM, PersonId
from domain.notice_filter import NoticeFilter
from domain.subscription import (
    CONFIRM_WITHIN,
    ConfirmationMailed,
    DigestSent,
    Ending,
    Often,
    Subscription,
    SubscriptionEnded,
    SubscriptionLapsed,
    SubscriptionRequested,
    SubscriptionState,
    refuse_mail,
    subscription_stream,
)
from eventstore.contention import TooBusy
from eventstore.noting import note
from eventstore.opening import opened
from eventstore.patience import rest
from eventstore.store import StoredEvent
from eventstore.subscription_recording import Purpose, destroy_address, read_subscription, token_of
from pages.subscription_mail import Letterhead, confirmation_mail, digest_mail
from projections.digest import Since, digest, notices_to_tell, projected_up_to
from projections.subscription import over_and_kept, to_be_asked, to_be_told, unconfirmed_since
from projections.visible_notice import VisibleNotice
from runtime.clock import now
from runtime.connections import House
from runtime.mailer import MailDelayed, Mailer, MailerAway, MailRefusedForGood, sent_from

RETRY_SECONDS = 5.0
LONGEST_WAIT = timedelta(hours=1)
REWRITE_AFTER = timedelta(days=1)
DATABASE_AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError)
MAILS = uuid5(NAMESPACE_URL, "investiture/subscription")
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscriber for the time of one mail: what the log says, and what only their own key opens."""

    subscription: Subscription
    request: int
    address: str
    wanted: NoticeFilter


@dataclass(frozen=True, slots=True)
class Swept:
    """What a round did."""

    asked: int = 0
    told: int = 0
    destroyed: int = 0


class Subscribers:
    """Sees to it that subscribers hear what they asked for, and that whoever left is forgotten."""

    def __init__(self, house: House, mailer: Mailer | None, clock: Callable[[], datetime] = now):
        self._house = house
        self._mailer = mailer
        self._clock = clock
        self._nothing_new: dict[PersonId, date] = {}
        self._waits: dict[PersonId, tuple[datetime, timedelta]] = {}
        self._rewritten_at: datetime | None = None
        self._to_rewrite = False

    async def run(self, report: Report) -> None:
        """Looks whenever the log has grown, and now and then, until cancelled."""
        while True:
            try:
                async for _ in self._house.store.news():
                    swept = await self.sweep(report)
                    if swept != Swept():
                        report(f"subscribers asked: {swept.asked}, told: {swept.told}, destroyed: {swept.destroyed}")
            except (*DATABASE_AWAY, TooBusy, MailerAway) as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)
            except Exception as problem:  # whatever it is about one mail, cases beside it must go on being followed
                report(f"mails stopped: {type(problem).__name__}")  # and its words may hold an address
                await rest(RETRY_SECONDS)

    async def sweep(self, report: Report = lambda _: None) -> Swept:
        """One round: addresses to destroy first, because that needs no mail server; then questions; then digests.

        Survives: a crash after any step.
        """
        destroyed = await self._destroy_what_is_over()
        if self._mailer is None:
            return Swept(destroyed=destroyed)
        try:
            asked = sum([await self._ask(person) for person in await to_be_asked(self._house.pool)])
            told = sum([await self._tell_all(often) for often in Often])
        finally:
            await self._mailer.rest()
        return Swept(asked, told, destroyed)

    async def _destroy_what_is_over(self) -> int:
        house = self._house
        for person in await unconfirmed_since(house.pool, self._clock() - CONFIRM_WITHIN):
            found, _ = await read_subscription(house.store, person)
            if found and found.state is SubscriptionState.ASKED and not found.may_be_confirmed(self._clock()):
                lapsed = SubscriptionLapsed(subscriber_id=person, lapsed_on=self._clock().date())
                await self._note(person, lapsed, "lapsed")
        over = await over_and_kept(house.pool)
        for person in over:
            await destroy_address(house.store, house.keys, person)
            self._nothing_new.pop(person, None)
            self._waits.pop(person, None)
        self._to_rewrite |= bool(over)
        await self._rewrite_now_and_then()
        return len(over)

    async def _rewrite_now_and_then(self) -> None:
        """A destroyed key leaves its bytes in a dead row until the key store is written anew: once a day is enough."""
        due = self._rewritten_at is None or self._clock() >= self._rewritten_at + REWRITE_AFTER
        if self._to_rewrite and due:
            await self._house.keys.rewrite()
            self._to_rewrite, self._rewritten_at = False, self._clock()

    async def _ask(self, person: PersonId) -> bool:
        reader = await self._reader(person)
        # Asked of the log itself, here and below: the read model may not know yet of what has just gone out.
        if reader is None or reader.request <= reader.subscription.mailed_request or not self._may_try(person):
            return False
        found, at = reader.subscription, self._clock()
        token = token_of(self._house.keys, Purpose.CONFIRM, person)
        mail = confirmation_mail(
            reader.address, self._head(person), found.language, token, request=reader.request, at=at
        )
        if not await self._handed_over(mail, found):
            return False
        mailed = ConfirmationMailed(subscriber_id=person, request=reader.request, mailed_at=at)
        await self._note(person, mailed, str(reader.request))
        return True

    async def _tell_all(self, often: Often) -> int:
        """Everybody who is due, page by page; of whom there is nothing new for, nothing is recorded."""
        at, told, last = self._last_boundary(often), 0, None
        news = News(self._house.pool, at, await projected_up_to(self._house.pool))
        while page := await to_be_told(self._house.pool, often, at=at, after=last):
            last = page[-1]
            for person in page:
                if self._nothing_new.get(person) != at.date() and self._may_try(person):
                    told += await self._tell(person, news)
        return told

    def _last_boundary(self, often: Often) -> datetime:
        """The latest moment from which digests go out: the hour of a day, or of a Monday."""
        today = self._clock().astimezone(UTC)
        at = datetime.combine(today.date(), time(self._house.settings.digest_hour), UTC)
        at -= timedelta(days=1) if at > today else timedelta(0)
        return at if often is Often.EACH_DAY else at - timedelta(days=at.weekday())

    async def _tell(self, person: PersonId, news: "News") -> bool:
        reader = await self._reader(person)
        found = reader.subscription if reader else None
        on = news.at.date()
        if reader is None or found is None or found.state is not SubscriptionState.CONFIRMED or found.told_on == on:
            return False
        if found.refused_on == self._clock().date():
            return False  # one try a day for an address that was refused
        since = Since(found.up_to, self._told_at(found))
        new = digest(await news.since(since), reader.wanted, found.often, since)
        if not new.count:
            self._nothing_new[person] = on
            return False
        head = self._head(person)
        mail = digest_mail(reader.address, head, found.language, new, reader.wanted, on=on, at=self._clock())
        if not await self._handed_over(mail, found):
            return False
        sent = DigestSent(subscriber_id=person, on=on, up_to=news.up_to, count=new.count)
        await self._note(person, sent, on.isoformat())
        return True

    def _told_at(self, found: Subscription) -> datetime | None:
        if found.told_on is None:
            return None
        return datetime.combine(found.told_on, time(self._house.settings.digest_hour), UTC)

    async def _handed_over(self, mail: Any, found: Subscription) -> bool:
        """Whether the mail is out; what the receiving side refuses for good is on the log, a delay is tried again."""
        assert self._mailer is not None
        try:
            await self._mailer.send(mail)
        except MailDelayed:
            _, waited = self._waits.get(found.id, (None, timedelta(seconds=30)))
            wait = min(waited * 2, LONGEST_WAIT)
            self._waits[found.id] = (self._clock() + wait, wait)
            return False
        except MailRefusedForGood as refused:
            for event in refuse_mail(found, refused.status, on=self._clock().date()):
                await self._note(found.id, event, f"{self._clock().date()}/{found.refusals}")
            return False
        self._waits.pop(found.id, None)
        return True

    def _may_try(self, person: PersonId) -> bool:
        until, _ = self._waits.get(person, (self._clock(), None))
        return self._clock() >= until

    async def _reader(self, person: PersonId) -> Reader | None:
        """A subscriber with their address open; one whose key is gone without their leaving is recorded as ended."""
        found, rows = await read_subscription(self._house.store, person)
        if found is None or found.state is SubscriptionState.OVER:
            return None
        asked = [row for row in rows if row.type == SubscriptionRequested.alias]
        request = await self._opened(asked[-1])
        if request.address is None or request.filter is None:
            day = self._clock().date()
            ended = SubscriptionEnded(subscriber_id=person, ended_on=day, because=Ending.FORGOTTEN)
            await self._note(person, ended, "forgotten")
            return None
        wanted = NoticeFilter.model_validate(dict(parse_qsl(request.filter)))
        return Reader(found, asked[-1].position, request.address, wanted)

    async def _opened(self, row: StoredEvent) -> SubscriptionRequested:
        (found,) = await opened(self._house.store, self._house.keys, [row])
        assert isinstance(found.event, SubscriptionRequested)
        return found.event

    def _head(self, person: PersonId) -> Letterhead:
        settings = self._house.settings
        return Letterhead(sent_from(settings), settings.public_url, token_of(self._house.keys, Purpose.LEAVE, person))

    async def _note(self, person: PersonId, event: Event, about: str) -> None:
        command = uuid5(MAILS, f"{event.alias}/{person}/{about}")
        store, keys = self._house.store, self._house.keys
        await note(store, keys, subscription_stream(person), event, actor=SYSTEM, command_id=command, at=self._clock())


class News:
    """The notices of one round, read once for everybody who was told at about the same time."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", at: datetime, up_to: int):
        self._pool = pool
        self._kept: dict[Since, Sequence[VisibleNotice]] = {}
        self.at = at
        self.up_to = up_to

    async def since(self, since: Since) -> Sequence[VisibleNotice]:
        """What may be told to somebody who was told so much."""
        if since not in self._kept:
            self._kept[since] = await notices_to_tell(self._pool, since, self.at)
        return self._kept[since]
