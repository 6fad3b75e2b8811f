"""Recording in streams that stand beside cases and have clocks: under their own pack, after the clocks that ended."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from domain.command import Command
from domain.event import Event, PackReference, StreamId
from domain.followed import Followed, let_followed_timer_run_out
from domain.followed_streams import fold_followed
from domain.identity import SYSTEM, Actor
from domain.occasion import Occasion
from domain.timer import LetTimerRunOut, TimerStillRunning, timer_command_id
from eventstore.codec import decode
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept, Wish, record_in_stream

Decide = Callable[[Sequence[Event], Occasion], list[Event]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A command about such a stream. `pack`: the one that a stream is begun under; later it has its own."""

    stream: StreamId
    command: Command
    actor: Actor
    command_id: UUID
    at: datetime
    pack: PackReference
    if_version: int | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How such a stream stands. `found` is None before its first event."""

    version: int
    found: Followed | None
    pack: PackReference | None


async def standing_of(recorder: Recorder, stream: StreamId) -> Standing:
    """How a stream stands now, and the pack that its first event was recorded under."""
    recorded = [decode(row) for row in await recorder.store.read_stream(stream)]
    pack = recorded[0].pack if recorded else None
    return Standing(len(recorded), fold_followed(stream, [one.event for one in recorded]), pack)


async def record_followed(recorder: Recorder, asked: Asked, decide: Decide) -> Kept:
    """Decide a command upon such a stream and append what follows.

    Clocks that have ended by then are recorded first, as the engine would, so that nothing depends on whether it ran.

    Refuses: whatever `decide` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    standing = await standing_of(recorder, asked.stream)
    if not asked.dry_run:
        for timer in standing.found.clocks if standing.found and not standing.found.over else ():
            if timer.due_at <= asked.at:
                await run_out(recorder, asked.stream, timer.name, timer.due_on.isoformat(), asked.at)
    return await record_under(recorder, replace(asked, pack=standing.pack or asked.pack), decide)


async def run_out(recorder: Recorder, stream: StreamId, name: str, due_on: str, at: datetime) -> None:
    """Records that a clock has run out; one that was moved meanwhile, or is gone, leaves nothing.

    Idempotent by: the stream, the clock's name and its day.
    """
    pack = (await standing_of(recorder, stream)).pack
    if pack is None:
        return
    command = LetTimerRunOut(timer=name)
    asked = Asked(stream, command, SYSTEM, timer_command_id(stream, name, due_on), at, pack)
    with contextlib.suppress(TimerStillRunning):
        await record_under(recorder, asked, partial(_run_out, stream, command))


def _run_out(stream: StreamId, command: LetTimerRunOut, events: Sequence[Event], on: Occasion) -> list[Event]:
    return let_followed_timer_run_out(fold_followed(stream, events), command, on)


async def record_under(recorder: Recorder, asked: Asked, decide: Decide) -> Kept:
    """Decide a command on what its stream says, under the pack that is named, and append what follows.

    Refuses: whatever `decide` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    pack = await recorder.packs.get(asked.pack)
    place = pack.jurisdictions[0]
    calendar = recorder.calendar_for(place.id)
    on = Occasion(asked.at, asked.actor, pack, calendar, str(asked.command_id), place.timezone)
    wish = Wish(
        asked.stream,
        asked.command,
        asked.actor,
        asked.command_id,
        asked.at,
        asked.pack,
        asked.if_version,
        asked.dry_run,
    )
    return await record_in_stream(recorder.store, recorder.keys, wish, lambda events: decide(events, on))
