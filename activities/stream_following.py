"""What workflows beside cases do outside themselves: read where a stream stands, and record that a clock has run out.

Workflows see ids, versions, organs and dates; no person ever passes through here.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta

from temporalio import activity

from activities.case_following import Clock
from domain.event import StreamId
from eventstore.followed_recording import run_out, standing_of
from eventstore.recording import Recorder

READ_STREAM = "read_stream"
LET_STREAM_TIMER_RUN_OUT = "let_stream_timer_run_out"


@dataclass(frozen=True)
class StreamOnWatch:
    """Where a stream stands, as far as its workflow needs to know."""

    stream: str
    version: int
    title: str
    organ: str
    waits_for: str
    clocks: list[Clock]
    over: bool = False


@dataclass(frozen=True)
class StreamTimerToRunOut:
    """A clock whose time has come."""

    stream: str
    name: str
    due_on: str


class StreamFollowing:
    """The activities of workflows beside cases. `ahead`: as in `CaseFollowing`."""

    def __init__(self, recorder: Recorder, ahead: timedelta = timedelta(0)):
        self.recorder = recorder
        self.ahead = ahead

    @activity.defn(name=READ_STREAM)
    async def read_stream(self, stream: str) -> StreamOnWatch:
        """Where the stream stands now.

        Retries: always; it changes nothing.
        """
        standing = await standing_of(self.recorder, StreamId(stream))
        found = standing.found
        if found is None:
            return StreamOnWatch(stream, standing.version, "", "", "", [])
        clocks = [] if found.over else found.clocks
        return StreamOnWatch(
            stream=stream,
            version=standing.version,
            title=found.title,
            organ=found.organ,
            waits_for=found.waits_for,
            clocks=[Clock(clock.name, clock.due_on.isoformat(), clock.due_at - self.ahead) for clock in clocks],
            over=found.over,
        )

    @activity.defn(name=LET_STREAM_TIMER_RUN_OUT)
    async def let_stream_timer_run_out(self, timer: StreamTimerToRunOut) -> StreamOnWatch:
        """Records that a clock has run out, through the same door as everybody else's commands.

        Idempotent by: the stream, the clock's name and its day.
        Retries: on faults.
        """
        at = activity.info().started_time.astimezone(UTC) + self.ahead
        await run_out(self.recorder, StreamId(timer.stream), timer.name, timer.due_on, at)
        return await self.read_stream(timer.stream)
