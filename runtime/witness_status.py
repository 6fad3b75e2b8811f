"""How a witness stands: the logs that it knows, how far each has come, and what is wrong."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note
from runtime.witness_alarms import Alarm, Alarms, Kind
from runtime.witness_folder import COSIGNED, WitnessFolder
from runtime.witness_reading import SEEN, Reading, Seen, moment


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
            found.append(Alarm(0, origin, Kind.SILENT, reading.silence(), moment(at)))
    return found


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
    cosigned, seen, reading = folder.last(origin), Seen.of(log), Reading.of(log)
    return {
        "origin": origin,
        "keys": keys,
        "cosigned": _checkpoint(cosigned, log / COSIGNED),
        "read": _checkpoint(seen.note if seen else None, log / SEEN),
        "following": _following(reading) if reading else None,
    }


def _checkpoint(note: Note | None, file: Path) -> dict[str, Any] | None:
    if note is None:
        return None
    found = Checkpoint.parse(note.text)
    return {"size": found.size, "root": found.root.hex(), "at": moment(file.stat().st_mtime)}


def _following(reading: Reading) -> dict[str, Any]:
    succeeded = None if reading.succeeded_at is None else moment(reading.succeeded_at)
    return {"from": reading.url, "succeeded_at": succeeded, "problem": reading.problem}


def _alarm(alarm: Alarm) -> dict[str, Any]:
    said = asdict(alarm)
    return {name: said[name] for name in ("number", "log", "kind", "what", "raised_at", "evidence")}
