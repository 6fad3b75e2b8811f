"""Recording the report of a year with the hash of what it tells."""

import hashlib
from collections.abc import Sequence

from domain.event import Event
from domain.yearly_report import DrawnUp, DrawUpYearlyReport, YearMatter, draw_up_yearly_report
from eventstore.codec import canonical
from eventstore.keys import KeyStore
from eventstore.store import EventStore
from eventstore.stream_recording import Kept, Wish, record_in_stream


def drawn_up_from(matter: YearMatter) -> DrawnUp:
    """What a report tells, with the SHA-256 of it as canonical JSON.

    Source: RFC 8785; what is not said (null) is left out.
    """
    said = canonical(matter.model_dump(mode="json", exclude_none=True))
    return DrawnUp(matter, hashlib.sha256(said).hexdigest())


async def record_yearly_report(store: EventStore, keys: KeyStore, wish: Wish, matter: YearMatter) -> Kept:
    """Fix the report of a year.

    Refuses: what `draw_up_yearly_report` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    command, found = wish.command, drawn_up_from(matter)
    assert isinstance(command, DrawUpYearlyReport)

    def decide(earlier: Sequence[Event]) -> list[Event]:
        return draw_up_yearly_report(earlier, command, found, actor=wish.actor, at=wish.at)

    return await record_in_stream(store, keys, wish, decide)
