"""What reached supervision by which channel and how far it has come, and whose opinions were asked.

The labels of an ordinary input are opened here to be counted, and whom it is about, by pseudonym; of a restricted one
nothing is, and of none the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import orjson

from domain.opinion_asking import OpinionsAsked, OpinionsCounted
from domain.small_group import last_closed, quarter_of
from domain.supervision_channel import InputCount
from domain.supervision_input import InputDismissed, InputRecorded, InputReferred, InputStatus, InputVerified, Secrecy
from eventstore.codec import decode
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection, Projection
from projections.public_figures import next_quarter
from projections.reading import Pool, start_of

SQL = statements("projections", "supervision_channel.sql")
STATUS: dict[str, InputStatus] = {
    InputVerified.alias: InputStatus.VERIFIED,
    InputDismissed.alias: InputStatus.DISMISSED,
    InputReferred.alias: InputStatus.REFERRED,
}


@dataclass(frozen=True, slots=True)
class InputRow:
    """One input, without its text. A restricted one has no labels here."""

    input_id: str
    secrecy: str
    status: str
    organ: str
    recorded_on: date
    settled_on: date | None
    membership: str | None
    voice: str | None
    source: str | None
    position: int


@dataclass(frozen=True, slots=True)
class AskingRow:
    """One asking. `asked` has how many of each direction, `counted` the directions that are on record."""

    asking_id: str
    subject_kind: str
    subject_id: str
    organ: str
    asked: dict[str, int]
    counted: list[str]
    position: int


@dataclass(frozen=True, slots=True)
class QuarterOfChannels:
    """What a quarter has to be reported from."""

    first_on: date
    last_on: date
    inputs: list[InputCount]
    restricted: int
    of_the_public: int
    directions: list[tuple[str, int, int]]


class SupervisionChannels(Projection):
    """Keeps the inputs and the askings."""

    name = "supervision_channel"
    version = 2
    tables = ("supervision_input", "opinion_asking")
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store = store
        self._keys = keys

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            day, of = stored.recorded_at.astimezone(UTC).date(), stored.stream.partition("/")[2]
            if stored.type == InputRecorded.alias:
                await self._recorded(connection, stored, day)
            elif stored.type in STATUS:
                status = STATUS[stored.type]
                settled = None if status is InputStatus.REFERRED else day
                await connection.execute(SQL["moved"], of, status, settled)
            elif stored.type in (OpinionsAsked.alias, OpinionsCounted.alias):
                await _asked(connection, stored, day, of)

    async def _recorded(self, connection: Connection, stored: StoredEvent, day: date) -> None:
        event = decode(stored).event
        assert isinstance(event, InputRecorded)
        if event.secrecy is Secrecy.ORDINARY:
            (row,) = await opened(self._store, self._keys, [stored])
            assert isinstance(row.event, InputRecorded)
            event = row.event
        labels = (event.labels.membership, event.labels.voice, event.labels.source) if event.labels else (None,) * 3
        said = (event.input_id, event.secrecy, event.organ, day)
        await connection.execute(SQL["recorded"], *said, *labels, stored.position, event.person_id)


async def _asked(connection: Connection, stored: StoredEvent, day: date, of: str) -> None:
    match decode(stored).event:
        case OpinionsAsked() as event:
            asked = orjson.dumps({str(each.direction): each.number for each in event.asked}).decode()
            said = (event.asking_id, event.subject.kind, event.subject.id, event.organ, asked, day, stored.position)
            await connection.execute(SQL["asked"], *said)
        case OpinionsCounted() as event:
            await connection.execute(SQL["counted"], of, event.direction)


async def inputs_page(
    pool: "Pool[Any]", *, status: str | None = None, before: int | None = None, limit: int = 50
) -> list[InputRow]:
    """Inputs, the latest first, recorded before a position."""
    return [InputRow(**row) for row in await pool.fetch(SQL["inputs"], start_of(before), status, limit)]


async def askings_page(pool: "Pool[Any]", *, before: int | None = None, limit: int = 50) -> list[AskingRow]:
    """Askings, the latest first."""
    rows = await pool.fetch(SQL["askings"], start_of(before), limit)
    return [AskingRow(**{**row, "asked": orjson.loads(row["asked"])}) for row in rows]


async def channels_of_quarter(pool: "Pool[Any]", quarter: date) -> QuarterOfChannels:
    """What came by the channels in a quarter that is over, as it stood on its last day."""
    first_on, last_on = quarter_of(quarter), last_closed(next_quarter(quarter_of(quarter)))
    inputs = [InputCount(**row) for row in await pool.fetch(SQL["of_quarter"], first_on, last_on)]
    restricted = await pool.fetchval(SQL["restricted"], first_on, last_on)
    public = await pool.fetchval(SQL["of_the_public"], first_on, last_on)
    directions = [tuple(row) for row in await pool.fetch(SQL["directions"], first_on, last_on)]
    return QuarterOfChannels(first_on, last_on, inputs, restricted, public, directions)
