"""What a witness keeps of a log that it follows: how far it has hashed it, and how the last look went."""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from eventstore.durable_file import keep
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note
from eventstore.transparency.rehash import Front
from eventstore.transparency.tile import DamagedTile
from runtime.witness_folder import WitnessUnusable

SEEN = "seen.json"
READING = "reading.json"


@dataclass(frozen=True, slots=True)
class Seen:
    """The largest tree of a log that was hashed entry by entry, with the checkpoint that signed for it."""

    note: Note
    front: Front

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parse(self.note.text)

    @classmethod
    def of(cls, log: Path) -> "Seen | None":
        """What is kept for a log, if it was ever read.

        Refuses: WitnessUnusable, also for a front that does not give the root beside it.
        """
        file = log / SEEN
        try:
            kept = json.loads(file.read_bytes())
            note = Note.parse(kept["checkpoint"].encode())
            tiles = {int(level): b64decode(hashes, validate=True) for level, hashes in kept["front"].items()}
            seen = cls(note, Front(Checkpoint.parse(note.text).size, tiles))
            sound = seen.front.root() == seen.checkpoint.root
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, DamagedTile) as problem:
            raise WitnessUnusable(f"{file} cannot be read, and nothing may stand in for it: {problem}") from None
        if not sound:
            raise WitnessUnusable(f"{file} was changed: what it keeps does not give the root beside it.")
        return seen

    def keep(self, log: Path) -> None:
        """Keeps both in one file, so that neither is ever there without the other."""
        front = {str(level): b64encode(hashes).decode() for level, hashes in self.front.tiles.items()}
        keep(log / SEEN, json.dumps({"checkpoint": bytes(self.note).decode(), "front": front}).encode())


@dataclass(frozen=True, slots=True)
class Reading:
    """How the following of a log goes: from where, when it last succeeded, and what has stood in its way since.

    Units: moments in seconds since 1970, UTC.
    """

    url: str
    began_at: float
    silent_after_seconds: float
    succeeded_at: float | None = None
    problem: str | None = None

    @classmethod
    def of(cls, log: Path) -> "Reading | None":
        """What is kept of the following of a log, if it is followed. Refuses: WitnessUnusable."""
        try:
            return cls(**json.loads((log / READING).read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as problem:
            raise WitnessUnusable(f"{log / READING} cannot be read: {problem}") from None

    def keep(self, log: Path) -> None:
        """Keeps it beside what was read."""
        keep(log / READING, json.dumps(asdict(self), indent=2).encode())

    def is_silent(self, at: float) -> bool:
        """Whether nothing could be read for longer than may be."""
        return at - (self.succeeded_at or self.began_at) > self.silent_after_seconds

    def silence(self) -> str:
        """Since when a log could not be read, and why."""
        since = "Never read" if self.succeeded_at is None else f"Not read since {moment(self.succeeded_at)}"
        return f"{since} from {self.url}: {self.problem or 'nobody has tried; does `witness run --follow` run?'}"


def moment(at: float) -> str:
    """A moment for people, in UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
