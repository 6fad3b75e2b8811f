"""What a case's workflow does outside itself: read where the case stands, and record that a clock has run out.

Workflows see ids, versions and dates; no person ever passes through here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio import activity

from domain.appointment import Case, ClosedCase, LiveCase, SuspendedCase, case_stream, underlying
from domain.identity import SYSTEM, CaseId
from domain.refusal import CaseHasEnded, CaseIsSuspended
from domain.timer import LetTimerRunOut, TimerStillRunning, timer_command_id, timers
from eventstore.recording import Recorder

READ_CASE = "read_case"
LET_TIMER_RUN_OUT = "let_timer_run_out"


@dataclass(frozen=True)
class StageToCome:
    """A stage of the case's pack that is not over yet."""

    id: str
    kind: str
    title: str
    duty_holder: str


@dataclass(frozen=True)
class Clock:
    """A clock that runs in the case. `due_at` is an instant of the engine's time."""

    name: str
    due_on: str
    due_at: datetime


@dataclass(frozen=True)
class CaseOnWatch:
    """Where a case stands, as far as its workflow needs to know."""

    case_id: str
    version: int
    pack: str
    stages: list[StageToCome]
    clocks: list[Clock]
    suspended: bool = False
    outcome: str | None = None

    @property
    def over(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True)
class TimerToRunOut:
    """A clock whose time has come."""

    case_id: str
    name: str
    due_on: str


class CaseFollowing:
    """The activities of a case's workflow.

    `ahead` is how far civil time is ahead of the engine's clock: nothing, but in the demonstration, which lives
    through dates of its own.
    """

    def __init__(self, recorder: Recorder, ahead: timedelta = timedelta(0)):
        self.recorder = recorder
        self.ahead = ahead

    @activity.defn(name=READ_CASE)
    async def read_case(self, case_id: str) -> CaseOnWatch:
        """Where the case stands now.

        Retries: always; it changes nothing.
        """
        known = await self.recorder.load(case_stream(CaseId(case_id)))
        return await self._on_watch(CaseId(case_id), known.version, known.case)

    @activity.defn(name=LET_TIMER_RUN_OUT)
    async def let_timer_run_out(self, timer: TimerToRunOut) -> CaseOnWatch:
        """Records that a clock has run out, through the same door as everybody else's commands.

        Idempotent by: the case, the clock's name and its day.
        Retries: on faults. A refusal is news, not a fault: the clock was moved, or the case rests or has ended.
        """
        case_id = CaseId(timer.case_id)
        try:
            await self.recorder.record(
                case_id,
                LetTimerRunOut(timer=timer.name),
                actor=SYSTEM,
                command_id=timer_command_id(timer.case_id, timer.name, timer.due_on),
                # The engine's time of this attempt: on one clock with the timer, and never before it fired.
                at=activity.info().started_time.astimezone(UTC) + self.ahead,
            )
        except (TimerStillRunning, CaseIsSuspended, CaseHasEnded) as news:
            activity.logger.info("clock not recorded: %s", news.name)
        return await self.read_case(timer.case_id)

    async def _on_watch(self, case_id: CaseId, version: int, case: Case) -> CaseOnWatch:
        known = underlying(case)
        if known is None:
            return CaseOnWatch(case_id, version, "", [], [])
        pack = await self.recorder.packs.get(known.pack)
        stages = [
            StageToCome(stage.id, str(stage.kind), stage.title.en, str(stage.duty.holder))
            for stage in pack.stages
            if stage.id not in known.completed
        ]
        clocks = timers(case, pack) if isinstance(case, LiveCase) else ()
        return CaseOnWatch(
            case_id=case_id,
            version=version,
            pack=str(known.pack),
            stages=stages,
            clocks=[Clock(clock.name, clock.due_on.isoformat(), clock.due_at - self.ahead) for clock in clocks],
            suspended=isinstance(case, SuspendedCase),
            outcome=case.outcome if isinstance(case, ClosedCase) else None,
        )
