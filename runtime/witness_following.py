"""Following a log by its files: every new entry is hashed again, and held against what was signed before."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import BadSignature, Note, UnreadableNote, Verifier
from eventstore.transparency.rehash import Forked, Front, Progress, examined
from eventstore.transparency.tile import DamagedTile, Fetch, TiledLog
from runtime.witness_alarms import Alarms, Kind
from runtime.witness_folder import WitnessFolder, WitnessUnusable
from runtime.witness_reading import Reading, Seen
from runtime.witness_source import Unreachable, reading_from

CHECKPOINT = "checkpoint"
SEEN_BY_READING = {Kind.SHRUNK, Kind.DAMAGED, Kind.UNSIGNED, Kind.SILENT}


class LogWrong(Exception):
    """A log that was read is not what it must be. `evidence` are the signed checkpoints that show it."""

    def __init__(self, kind: Kind, what: str, *evidence: Note):
        super().__init__(what)
        self.kind, self.evidence = kind, evidence


def signed_checkpoint(fetch: Fetch, trusted: Mapping[str, Sequence[Verifier]]) -> Note:
    """The checkpoint that a log shows, under a key that is trusted for a log of that name.

    Refuses: LogWrong; Unreachable.
    """
    try:
        note = Note.parse(fetch(CHECKPOINT))
        origin = Checkpoint.parse(note.text).origin
        if note.signed_by(trusted.get(origin, ())):
            return note
    except FileNotFoundError:
        raise Unreachable("There is no checkpoint.") from None
    except (UnreadableNote, BadSignature) as problem:
        raise LogWrong(Kind.UNSIGNED, f"The checkpoint is not signed as it must be. {problem}") from None
    raise LogWrong(Kind.UNSIGNED, f"No key that is trusted here has signed the checkpoint of {origin}.", note)


def looked_at(fetch: Fetch, note: Note, older: Sequence[Note], known: Front, progress: Progress | None = None) -> Front:
    """How far the log has been hashed now; it begins with every older checkpoint, and gives the one that it shows.

    Refuses: LogWrong; Unreachable.
    """
    signed = Checkpoint.parse(note.text)
    by_checkpoint = {Checkpoint.parse(one.text): one for one in older}
    for before, evidence in by_checkpoint.items():
        if before.size > signed.size:
            what = f"It shows {signed.size} entries, and had signed for {before.size}."
            raise LogWrong(Kind.SHRUNK, what, evidence, note)
    try:
        return examined(TiledLog(fetch, signed.size), signed, list(by_checkpoint), known, progress)
    except Forked as problem:
        raise LogWrong(Kind.FORK, f"It has two pasts: {problem}.", by_checkpoint[problem.older], note) from None
    except DamagedTile as problem:
        raise LogWrong(Kind.DAMAGED, str(problem), note) from None


@dataclass
class Follower:
    """Reads one log again and again, and keeps what it saw."""

    folder: WitnessFolder
    alarms: Alarms
    origin: str
    url: str
    silent_after_seconds: float
    tell: Callable[[str], None]
    clock: Callable[[], float] = time.time
    _stopping: Event = field(default_factory=Event)

    async def run(self, every_seconds: float) -> None:
        """Reads until it is cancelled."""
        try:
            while True:
                try:
                    await asyncio.to_thread(self.read)
                except (WitnessUnusable, OSError) as problem:
                    self.tell(f"{self.origin} could not be followed: {problem}")
                await asyncio.sleep(every_seconds)
        finally:
            # A thread cannot be cancelled; the next page that it has read is its last.
            self._stopping.set()

    def _go_on(self, done: int, of: int) -> None:
        if self._stopping.is_set():
            raise Unreachable(f"The witness was told to stop after {done} entries of {of}.")

    def read(self) -> None:
        """The log was looked at once: what is wrong stands as an alarm, and what is over stands no longer.

        Survives: a crash at any moment; the next reading goes on from the last whole one.
        """
        at = self.clock()
        reading = self._reading(at)
        try:
            self._look()
        except Unreachable as problem:
            reading = replace(reading, problem=str(problem))
            if reading.is_silent(at):
                self._alarm(Kind.SILENT, reading.silence())
        except LogWrong as wrong:
            reading = replace(reading, succeeded_at=at, problem=None)
            self.alarms.over(self.origin, SEEN_BY_READING - {wrong.kind})
            self._alarm(wrong.kind, str(wrong), *wrong.evidence)
        else:
            reading = replace(reading, succeeded_at=at, problem=None)
            self.alarms.over(self.origin, SEEN_BY_READING)
        reading.keep(self._log)

    @property
    def _log(self) -> Path:
        return self.folder.of(self.origin)

    def _reading(self, at: float) -> Reading:
        kept = Reading.of(self._log)
        if kept is None or kept.url != self.url:
            return Reading(self.url, at, self.silent_after_seconds)
        return replace(kept, silent_after_seconds=self.silent_after_seconds)

    def _look(self) -> None:
        with reading_from(self.url) as fetch:
            trusted = self.folder.logs().get(self.origin, ())
            note = signed_checkpoint(fetch, {self.origin: trusted})
            seen, cosigned = Seen.of(self._log), self.folder.last(self.origin)
            older = [one for one in (seen.note if seen else None, self._due(cosigned, note)) if one is not None]
            front = looked_at(fetch, note, older, seen.front if seen else Front(), self._go_on)
        if seen is None or seen.front.size < front.size:
            Seen(note, front).keep(self._log)

    def _due(self, cosigned: Note | None, note: Note) -> Note | None:
        """What was cosigned, unless it is so new that the log may not have shown it yet: it asks before it shows."""
        if cosigned is None or Checkpoint.parse(cosigned.text).size <= Checkpoint.parse(note.text).size:
            return cosigned
        return cosigned if self.clock() - self.folder.cosigned_at(self.origin) > self.silent_after_seconds else None

    def _alarm(self, kind: Kind, what: str, *evidence: Note) -> None:
        if self.alarms.sound(self.origin, kind, what, *evidence):
            self.tell(f"ALARM {kind} ({self.origin}): {what}")


def rechecked(folder: WitnessFolder, place: str, progress: Progress) -> Checkpoint:
    """The checkpoint of a log that was hashed from its first entry, and is what this witness saw and cosigned.

    Refuses: LogWrong; Unreachable; WitnessUnusable.
    """
    folder.signer()
    with reading_from(place) as fetch:
        note = signed_checkpoint(fetch, folder.logs())
        found = Checkpoint.parse(note.text)
        seen, cosigned = Seen.of(folder.of(found.origin)), folder.last(found.origin)
        older = [one for one in (seen.note if seen else None, cosigned) if one is not None]
        looked_at(fetch, note, older, Front(), progress)
    return found


def followers(
    folder: WitnessFolder,
    alarms: Alarms,
    places: Sequence[str],
    silent_after_seconds: float,
    tell: Callable[[str], None],
) -> list[Follower]:
    """One follower an address, each for the log of that name, or for the only log that there is.

    Refuses: WitnessUnusable.
    """
    known = list(folder.logs())
    return [Follower(folder, alarms, _origin(url, known), url, silent_after_seconds, tell) for url in places]


def _origin(url: str, known: Sequence[str]) -> str:
    scheme, _, address = url.rstrip("/").partition("://")
    if scheme not in ("http", "https") or not address:
        raise WitnessUnusable(f"“{url}” is no address of a log, such as https://appointments.example/log.")
    if address in known:
        return address
    if len(known) == 1:
        return known[0]
    told = ", ".join(known) or "none yet: investiture witness trust KEY"
    raise WitnessUnusable(f"Which log {url} should be cannot be told: this witness knows {told}.")
