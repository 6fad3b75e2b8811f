"""What is on record about the public log itself: the keys that sign it, and the alarms that it has raised."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.event import Event, Recorded, StreamId

TRANSPARENCY_STREAM = StreamId("transparency_log")


class KeyHolder(StrEnum):
    """Whose key it is: the service's that keeps the log, or the supervision organ's that witnesses it."""

    LOG = "log"
    WITNESS = "witness"


class AlarmCode(StrEnum):
    """What is wrong with the public log.

    Source: house rules; the first four are what C2SP tlog-checkpoint forbids a log to sign over.
    """

    ROLLED_BACK = "rolled_back"
    REWRITTEN = "rewritten"
    MISSING = "missing"
    TILES_CHANGED = "tiles_changed"
    WITNESS_REFUSES = "witness_refuses"
    UNCOSIGNED = "uncosigned"


class LogKeyIntroduced(Event):
    """From here on checkpoints are signed with this key; `replaces` names the one that it takes over from."""

    holder: KeyHolder
    key: str
    replaces: str | None = None
    reason: str | None = None


class LogKeyRetired(Event):
    """A key signs nothing any more; what it has signed can still be checked."""

    holder: KeyHolder
    key: str
    reason: str


class LogAlarmRaised(Event):
    """The public log cannot be vouched for; somebody must look. `size` is what was last signed for."""

    code: AlarmCode
    size: int
    what: str


class LogAlarmEnded(Event):
    """What an alarm was raised for is mended."""

    code: AlarmCode


@dataclass(frozen=True, slots=True)
class TransparencyLog:
    """The keys and alarms of the public log, as they stand."""

    in_use: dict[str, KeyHolder] = field(default_factory=dict)
    retired: dict[str, KeyHolder] = field(default_factory=dict)
    alarms: dict[AlarmCode, datetime] = field(default_factory=dict)

    def keys(self, holder: KeyHolder) -> tuple[str, ...]:
        """The keys of a holder that sign now."""
        return tuple(key for key, whose in self.in_use.items() if whose is holder)


def fold_transparency_log(recorded: Iterable[Recorded[Event]]) -> TransparencyLog:
    """How keys and alarms stand after what was recorded of them."""
    found = TransparencyLog()
    for one in recorded:
        match one.event:
            case LogKeyIntroduced(holder=holder, key=key):
                found.in_use[key] = holder
            case LogKeyRetired(holder=holder, key=key):
                found.in_use.pop(key, None)
                found.retired[key] = holder
            case LogAlarmRaised(code=code):
                found.alarms.setdefault(code, one.recorded_at)
            case LogAlarmEnded(code=code):
                found.alarms.pop(code, None)
    return found
