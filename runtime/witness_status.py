"""How a witness stands: the logs that it knows, how far each has come, and what is wrong."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eventstore.durable_file import keep
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note
from runtime.witness_alarms import Alarm, Alarms, Kind
from runtime.witness_folder import COSIGNED, WitnessFolder, WitnessUnusable, note_in

SEEN = "seen"
READING = "reading.json"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the following of a log goes: from where, when it last succeeded, and what stood in its way since."""

    url: str
    began_at: float
    silent_after_seconds: float
    succeeded_at: float | None = None
    problem: str | None = None

    def is_silent(self, at: float) -> bool:
        """Whether nothing could be read for longer than may be."""
        return at - (self.succeeded_at or self.began_at) > self.silent_after_seconds

    @classmethod
    def of(cls, log: Path) -> "Reading | None":
        """What is kept of the following of a log, if it is followed."""
        try:
            return cls(**json.loads((log / READING).read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as problem:
            raise WitnessUnusable(f"{log / READING} cannot be read: {problem}") from None

    def keep(self, log: Path) -> None:
        """Keeps it beside what was read."""
        keep(log / READING, json.dumps(asdict(self), indent=2).encode())


def alarms_of(folder: WitnessFolder) -> Alarms:
    """The alarms of a witness."""
    return Alarms(folder.path / "alarms")


def standing_alarms(folder: WitnessFolder, at: float) -> list[Alarm]:
    """What is wrong now, also when the process that follows does not run any more."""
    found = alarms_of(folder).standing()
    silent = {alarm.log for alarm in found if alarm.kind is Kind.SILENT}
    for origin in folder.logs():
        reading = Reading.of(folder.of(origin))
        if reading and reading.is_silent(at) and origin not in silent:
            found.append(Alarm(0, origin, Kind.SILENT, silence(reading), _when(at)))
    return found


def silence(reading: Reading) -> str:
    """For how long a log could not be read, and why."""
    since = "Never read" if reading.succeeded_at is None else f"Not read since {_when(reading.succeeded_at)}"
    return f"{since} from {reading.url}; {reading.problem or 'nobody has tried: does `witness run` run?'}"


def status(folder: WitnessFolder, at: float) -> dict[str, Any]:
    """How a witness stands, for programs. Refuses: WitnessUnusable."""
    verifier = folder.signer().verifier
    return {
        "name": verifier.name,
        "key": str(verifier),
        "logs": [_log(folder, origin, [str(key) for key in keys]) for origin, keys in folder.logs().items()],
        "alarms": [_alarm(alarm) for alarm in standing_alarms(folder, at)],
        "alarms_over": sum(not alarm.stands for alarm in alarms_of(folder).all()),
    }


def _log(folder: WitnessFolder, origin: str, keys: list[str]) -> dict[str, Any]:
    log = folder.of(origin)
    reading = Reading.of(log)
    return {
        "origin": origin,
        "keys": keys,
        "cosigned": _checkpoint(log / COSIGNED, note_in(log / COSIGNED)),
        "read": _checkpoint(log / SEEN, note_in(log / SEEN)),
        "following": None
        if reading is None
        else {
            "from": reading.url,
            "succeeded_at": None if reading.succeeded_at is None else _when(reading.succeeded_at),
            "problem": reading.problem,
        },
    }


def _checkpoint(file: Path, note: Note | None) -> dict[str, Any] | None:
    if note is None:
        return None
    found = Checkpoint.parse(note.text)
    return {"size": found.size, "root": found.root.hex(), "at": _when(file.stat().st_mtime)}


def _alarm(alarm: Alarm) -> dict[str, Any]:
    said = asdict(alarm)
    return {name: said[name] for name in ("number", "log", "kind", "what", "raised_at", "evidence")}


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
