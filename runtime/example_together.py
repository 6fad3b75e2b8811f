"""Who supervises together in the examples, under which law, and how it is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from domain.command import Command
from domain.event import Event, PackReference, StreamId
from domain.identity import Actor
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.stream_recording import Kept, Wish, record_in_stream
from projections.every import every_projection
from projections.projector import Projector
from runtime.connections import House
from runtime.example_teller import Tell
from runtime.skipped_time import SkippedTime

NAME = "together"
ZONE = ZoneInfo("Europe/London")
PACK = "standard"


@dataclass
class Together:
    """The quarter: its officers, its law, and how it is told."""

    skipped: SkippedTime
    officers: Mapping[str, Actor]
    tell: Tell
    pack: PackReference

    @property
    def house(self) -> House:
        return self.skipped.house

    @classmethod
    async def of(cls, skipped: SkippedTime, officers: Mapping[str, Actor], tell: Tell) -> "Together":
        return cls(skipped, officers, tell, await skipped.house.packs.latest(PACK, await skipped.now()))

    def at(self, day: date | str, hour: int = 10) -> datetime:
        """An hour of a civil day where the meeting is held."""
        on = date.fromisoformat(day) if isinstance(day, str) else day
        return datetime.combine(on, time(hour), ZONE)

    async def says(self, sentence: str) -> None:
        self.tell(await self.skipped.now(), NAME, sentence)

    async def asked(self, stream: StreamId, who: str, command: Command) -> Asked:
        """An officer's command about a stream, now."""
        at = await self.skipped.now()
        command_id = uuid5(NAMESPACE_URL, f"investiture/example/{stream}/{who}/{command.name()}/{at.isoformat()}")
        return Asked(stream, command, self.officers[who], command_id, at, self.pack)

    async def records(
        self,
        stream: StreamId,
        who: str,
        command: Command,
        decide: Callable[[Sequence[Event], Asked], list[Event]],
        pack: PackReference | None = None,
    ) -> Kept:
        """An officer's command is decided upon its stream, and what follows is on the log."""
        asked, house = await self.asked(stream, who, command), self.house
        wish = Wish(stream, command, asked.actor, asked.command_id, asked.at, pack)
        return await record_in_stream(house.store, house.keys, wish, lambda events: decide(events, asked))

    async def project(self) -> None:
        """Every read model is at the end of the log, as it would be a moment later."""
        house = self.house
        await Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs)).prepare()

    async def events(self, stream: StreamId) -> list[Event]:
        return [decode(row).event for row in await self.house.store.read_stream(stream)]
