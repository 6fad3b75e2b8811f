"""The publisher: carries the event log into the public one, asks the witness, and raises the alarm.

It follows the log like any reader. It needs no engine: what was recorded is published whether Temporal is up or not.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import asyncpg
import orjson

from domain.event import Event
from domain.transparency_log import AlarmCode, KeyHolder, LogAlarmEnded, LogAlarmRaised
from eventstore.contention import TooBusy
from eventstore.patience import rest
from eventstore.public_log import CHECKPOINT, COSIGNED, KEYS, STATUS, PublicLog
from eventstore.publishing import LogContradicted, Publisher, SignerMemory
from eventstore.store import AppendRefused, ChainBroken
from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.note import Note, Signer, Verifier
from eventstore.transparency.tile import DamagedTile
from runtime.clock import now
from runtime.connections import House
from runtime.log_key import introduce_keys, log_key_of, origin_of, put_on_record, signers_in, transparency_log
from runtime.notice_publishing import NoticePublishing
from runtime.timestamping import NoTimestamp, TimestampAuthority
from runtime.witness_door import WitnessDoor, WitnessRefuses, WitnessSilent

RETRY_SECONDS = 1.0
LATER = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError, TooBusy, ChainBroken)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Why the public log cannot be vouched for, in one sentence."""

    code: AlarmCode
    what: str


@dataclass(frozen=True, slots=True)
class Round:
    """What the public can see after a round: the size signed for, the size cosigned, and what is wrong."""

    origin: str
    size: int
    cosigned_size: int
    witness: str | None
    alarm: Alarm | None


class LogPublishing:
    """Keeps the public log up to date."""

    def __init__(
        self,
        house: House,
        witness: WitnessDoor | None,
        clock: Callable[[], datetime] = now,
        authority: TimestampAuthority | None = None,
    ):
        self._house = house
        self._witness = witness
        self._authority = authority
        self._stamped_at: datetime | None = None
        self._clock = clock
        self._public = PublicLog(house.settings.public_log)
        self._memory = SignerMemory(house.settings.log_keys)
        self._alone_since: datetime | None = None
        self._introduced: frozenset[str] = frozenset()
        self._notices = NoticePublishing(house, clock)

    async def run(self, report: Callable[[str], None]) -> None:
        """Publishes whenever the log has grown, until cancelled."""
        while True:
            try:
                async for _ in self._house.store.news():
                    done = await self.once()
                    await self.stamp(report)
                    if done.alarm is not None:
                        report(f"alarm: {done.alarm.code}: {done.alarm.what}")
                    else:
                        await self.tell_of_notices()
                    await rest(self._house.settings.checkpoint_seconds)
            except LATER as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def once(self) -> Round:
        """Everything recorded by now is published; or the alarm is raised, and nothing is signed.

        Refuses: UnreadableKey.
        """
        settings = self._house.settings
        log_key_of(settings.log_keys, origin_of(settings.public_url))
        signers = signers_in(settings.log_keys)
        await self._introduce(signers)
        publisher = Publisher(self._house.store, self._public, self._memory, signers)
        try:
            note = await publisher.publish()
        except (LogContradicted, DamagedTile) as problem:
            code = AlarmCode(problem.code) if isinstance(problem, LogContradicted) else AlarmCode.TILES_CHANGED
            return await self._told(publisher.last(), Alarm(code, str(problem)))
        note, alarm = await self._cosigned(note)
        await asyncio.to_thread(publisher.show, note, cosigned=self._has_cosigned(note))
        return await self._told(Checkpoint.parse(note.text), alarm)

    async def tell_of_notices(self) -> int:
        """It is on record of each notice which checkpoint held it first, and what its page said then."""
        checkpoint = self._public.note(COSIGNED if self._witness else CHECKPOINT)
        return await self._notices.sweep(checkpoint, self._witness.key if self._witness else None) if checkpoint else 0

    async def stamp(self, report: Callable[[str], None]) -> str | None:
        """The newest cosigned checkpoint is stamped, when an authority is set and the last stamp is old enough."""
        note, at = self._public.note(COSIGNED) or self._public.note(), self._clock()
        every = timedelta(seconds=self._house.settings.timestamp_every_seconds)
        if self._authority is None or note is None or (self._stamped_at and at - self._stamped_at < every):
            return None
        try:
            path = await self._authority.stamp(note, self._public)
        except NoTimestamp as problem:
            report(str(problem))
            return None
        self._stamped_at = at
        return path

    async def _introduce(self, signers: Sequence[Signer]) -> None:
        witness = self._witness.key if self._witness else None
        keys = frozenset(str(key) for key in (*(signer.verifier for signer in signers), witness) if key)
        if keys != self._introduced:
            await introduce_keys(self._house, signers, witness)
            self._public.keep(KEYS, str(await public_policy(self._house)).encode())
            self._introduced = keys

    def _has_cosigned(self, note: Note) -> bool:
        return self._witness is not None and bool(note.signed_by([self._witness.key]))

    async def _cosigned(self, note: Note) -> tuple[Note, Alarm | None]:
        """The checkpoint with the witness's signature, as far as it can be had."""
        if self._witness is None or self._has_cosigned(note):
            self._alone_since = None
            return note, None
        log = self._public.at(Checkpoint.parse(note.text))
        try:
            note = note.signed_also(await self._witness.cosign(note, log))
        except WitnessRefuses as problem:
            return note, Alarm(AlarmCode.WITNESS_REFUSES, str(problem))
        except WitnessSilent as problem:
            return note, self._alone(str(problem))
        self._alone_since = None
        return note, None

    def _alone(self, why: str) -> Alarm | None:
        """The alarm, once the witness has been silent for longer than is allowed."""
        at = self._clock()
        self._alone_since = self._alone_since or at
        seconds = (at - self._alone_since).total_seconds()
        allowed = self._house.settings.witness_within_seconds
        return Alarm(AlarmCode.UNCOSIGNED, f"{why}; for {seconds:.0f} seconds by now") if seconds > allowed else None

    async def _told(self, signed: Checkpoint, alarm: Alarm | None) -> Round:
        """Says how the public log stands, on record when it changes and in its folder always."""
        cosigned = self._public.note(COSIGNED)
        size = Checkpoint.parse(cosigned.text).size if cosigned else 0
        witness = self._witness.key.name if self._witness else None
        done = Round(signed.origin, signed.size, size, witness, alarm)
        since = await self._record(done)
        status = asdict(done) | {"alarm_since": since, "looked_at": self._clock()}
        self._public.keep(STATUS, orjson.dumps(status))
        return done

    async def _record(self, done: Round) -> datetime | None:
        """When the alarm that stands now was raised; changes are put on record."""
        standing = (await transparency_log(self._house.store)).alarms
        code = done.alarm.code if done.alarm else None
        changes: list[Event] = [LogAlarmEnded(code=ended) for ended in standing.keys() - {code}]
        if done.alarm and code not in standing:
            changes.append(LogAlarmRaised(code=done.alarm.code, size=done.size, what=done.alarm.what))
        for change in changes:
            # A log that was tampered with may take nothing more; the alarm then stands in the folder alone.
            with contextlib.suppress(TooBusy, ChainBroken, AppendRefused):
                await put_on_record(self._house, change, clock=self._clock)
        return standing.get(code, self._clock()) if code else None


async def public_policy(house: House) -> Policy:
    """The keys that signatures under this log can be checked by, those of its past among them."""
    found = await transparency_log(house.store)
    every = found.retired | found.in_use
    keys = {holder: [Verifier.parse(key) for key, whose in every.items() if whose is holder] for holder in KeyHolder}
    return Policy(tuple(keys[KeyHolder.LOG]), tuple(keys[KeyHolder.WITNESS]))
