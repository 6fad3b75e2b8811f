"""How much one address may send in a day, known without knowing the address.

An address is hashed with a salt that is drawn each day, rests in memory alone and is gone with the day; nothing of it
is written, logged or kept. A process that starts anew has forgotten what was sent, which errs on the sender's side.
"""

import hmac
import ipaddress
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from limits import RateLimitItemPerDay
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

IPV6_HOUSEHOLD = 64
"""Units: bits; what a provider gives to one household, as one address of the older kind."""


class TooManyToday(Exception):
    """What may be sent in a day has been sent."""

    def __init__(self, again_at: datetime, of_this_address: bool):
        super().__init__("the daily limit is reached")
        self.again_at = again_at
        self.of_this_address = of_this_address


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may be sent in a day. Units: entries, files with them counted as one."""

    entries_of_an_address: int = 50
    messages_of_an_address: int = 40
    looks_of_an_address: int = 300
    unproven_of_a_notice: int = 30
    wishes_of_an_address: int = 40
    mails_to_a_mailbox: int = 5
    ballots_of_an_address: int = 2000
    """A whole organ may vote from one address; a code has 100 random bits, so that nobody guesses one by trying."""


class DailyLimit:
    """Counts what addresses send, for as long as the day lasts."""

    def __init__(self, clock: Callable[[], datetime], allowance: Allowance | None = None):
        self._clock = clock
        self._allowance = allowance or Allowance()
        self._day: date | None = None
        self._salt = b""
        self._counter = FixedWindowRateLimiter(MemoryStorage())

    def entry(self, address: str) -> None:
        """An address sends an entry. Refuses: TooManyToday."""
        self._count(self._allowance.entries_of_an_address, "entry", self._hidden(address))

    def message(self, address: str) -> None:
        """An address goes on with a conversation. Refuses: TooManyToday."""
        self._count(self._allowance.messages_of_an_address, "message", self._hidden(address))

    def look(self, address: str) -> None:
        """An address asks what became of an entry, or types a code that may be wrong. Refuses: TooManyToday."""
        self._count(self._allowance.looks_of_an_address, "look", self._hidden(address))

    def unproven(self, notice_id: str) -> None:
        """A notice gets an entry for which no work was done. Refuses: TooManyToday."""
        self._count(self._allowance.unproven_of_a_notice, "unproven", notice_id, of_this_address=False)

    def subscription(self, address: str) -> None:
        """An address asks that some mailbox be written to. Refuses: TooManyToday."""
        self._count(self._allowance.wishes_of_an_address, "subscription", self._hidden(address))

    def ballot(self, address: str) -> None:
        """An address casts a ballot, or tries a code. Refuses: TooManyToday."""
        self._count(self._allowance.ballots_of_an_address, "ballot", self._hidden(address))

    def mailbox(self, mailbox: str) -> None:
        """A mailbox is asked whether it wants mails, whoever wishes it. Refuses: TooManyToday."""
        self._count(self._allowance.mails_to_a_mailbox, "mailbox", self._hidden(mailbox.casefold()))

    def _count(self, most: int, *about: str, of_this_address: bool = True) -> None:
        today = self._today()
        if not self._counter.hit(RateLimitItemPerDay(most), *about):
            tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
            raise TooManyToday(tomorrow, of_this_address)

    def _hidden(self, address: str) -> str:
        self._today()
        return hmac.digest(self._salt, _household(address).encode(), "sha256").hex()

    def _today(self) -> date:
        today = self._clock().astimezone(UTC).date()
        if today != self._day:
            self._renew(today)
        return today

    def _renew(self, today: date) -> None:
        self._day = today
        self._salt = secrets.token_bytes(32)
        self._counter = FixedWindowRateLimiter(MemoryStorage())


def _household(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, IPV6_HOUSEHOLD), strict=False))
    return str(found)
