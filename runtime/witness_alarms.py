"""What a witness has found wrong, kept until it is over or until somebody has looked into it and says so."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock

from eventstore.durable_file import keep
from eventstore.transparency.note import Note
from runtime.witness_folder import WitnessUnusable


class Kind(StrEnum):
    """What is wrong with a log. All but a fork are over when a later reading finds the log sound again."""

    FORK = "fork"
    SHRUNK = "shrunk"
    DAMAGED = "damaged"
    UNSIGNED = "unsigned"
    UNPROVED = "unproved"
    SILENT = "silent"


MOVING = {Kind.SHRUNK, Kind.DAMAGED}
"""Found anew at each reading, so that what they say may move; of the others the first stays, with its evidence."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that was found wrong, with the signed checkpoints that show it."""

    number: int
    log: str
    kind: Kind
    what: str
    raised_at: str
    evidence: tuple[str, ...] = ()
    over_at: str | None = None
    settled: str | None = None

    @property
    def stands(self) -> bool:
        return self.over_at is None


@dataclass
class Alarms:
    """The alarms of a witness, a file each, so that each can be copied and handed on."""

    folder: Path
    _one_at_a_time: Lock = field(default_factory=Lock)

    def all(self) -> list[Alarm]:
        """Every alarm that there ever was, oldest first.

        Refuses: WitnessUnusable.
        """
        return [_read(file) for file in sorted(self.folder.glob("*.json"))]

    def standing(self) -> list[Alarm]:
        """The alarms that are not over."""
        return [alarm for alarm in self.all() if alarm.stands]

    def sound(self, log: str, kind: Kind, what: str, *evidence: Note) -> bool:
        """The alarm stands; whether it is new. While one of its kind stands, it is raised again only if it moved."""
        with self._one_at_a_time:
            every = self.all()
            for alarm in every:
                if alarm.stands and (alarm.log, alarm.kind) == (log, kind):
                    if kind not in MOVING or alarm.what == what:
                        return False
                    self._keep(replace(alarm, over_at=now_in_words()))
            shown = tuple(bytes(note).decode() for note in evidence)
            number = max((alarm.number for alarm in every), default=0) + 1
            self._keep(Alarm(number, log, kind, what, now_in_words(), shown))
            return True

    def over(self, log: str, kinds: Collection[Kind]) -> None:
        """What was wrong is so no longer. A fork is never over by itself: two signed pasts stay two."""
        with self._one_at_a_time:
            for alarm in self.standing():
                if alarm.log == log and alarm.kind in kinds and alarm.kind is not Kind.FORK:
                    self._keep(replace(alarm, over_at=now_in_words()))

    def settle(self, number: int, reason: str) -> Alarm:
        """Somebody has looked into an alarm: it stands no longer, and the reason stays beside it.

        Refuses: WitnessUnusable, for a number that no standing alarm has.
        """
        with self._one_at_a_time:
            for alarm in self.standing():
                if alarm.number == number:
                    settled = replace(alarm, over_at=now_in_words(), settled=reason)
                    self._keep(settled)
                    return settled
        raise WitnessUnusable(f"No alarm with the number {number} stands; `witness show` lists those that do.")

    def _keep(self, alarm: Alarm) -> None:
        keep(self.folder / f"{alarm.number:06}.json", json.dumps(asdict(alarm), indent=2).encode())


def _read(file: Path) -> Alarm:
    try:
        kept = json.loads(file.read_bytes())
        return Alarm(**{**kept, "kind": Kind(kept["kind"]), "evidence": tuple(kept["evidence"])})
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise WitnessUnusable(f"{file} holds no alarm that can be read: {problem}") from None


def now_in_words() -> str:
    """This moment, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
