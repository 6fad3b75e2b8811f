"""How every workflow lives: it waits for news and for clocks, and records what only time brings about.

It decides nothing: rules are applied where facts are recorded, so a change of rules never touches what sleeps here.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey, SearchAttributePair

with workflow.unsafe.imports_passed_through():
    from activities.case_following import Clock
    from activities.stream_following import (
        LET_STREAM_TIMER_RUN_OUT,
        READ_STREAM,
        StreamOnWatch,
        StreamTimerToRunOut,
    )
    from workflows.durable_names import DUE, FACTS_RECORDED, NEXT_DEADLINE, ORGAN, VERSION_SEEN

LOOKS_A_RUN = 200
"""How often a run reads its stream before it continues as new: far from the history's limit, which would kill it."""

PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
ATTEMPT = timedelta(seconds=30)

_ORGAN = SearchAttributeKey.for_keyword(ORGAN)
_DUE = SearchAttributeKey.for_datetime(DUE)


class OnWatch(Protocol):
    """Where something that is followed stands, as its workflow has last read it."""

    @property
    def version(self) -> int: ...

    @property
    def clocks(self) -> list[Clock]: ...


Seen = TypeVar("Seen", bound=OnWatch)


class FollowsClocks(Generic[Seen]):
    """The waiting that all workflows share. Each names the activities that it reads and records with."""

    reads: ClassVar[str]
    lets_run_out: ClassVar[str]

    def __init__(self, followed: str, unseen: Seen) -> None:
        self._followed = followed
        self._seen = unseen
        self._heard = 0
        self._looks = 0

    def _run_out(self, clock: Clock) -> object:
        """What the activity that records an ended clock is told."""
        raise NotImplementedError

    async def _next_fact_or_clock(self) -> None:
        clock = self._next_clock()
        if clock is None:  # also while a case is suspended: only news can move it
            await workflow.wait_condition(self._has_news)
        elif not await self._news_before(clock):
            await self._let_run_out(clock)
            return
        await self._look()

    async def _news_before(self, clock: Clock) -> bool:
        left = clock.due_at - workflow.now()
        if left <= timedelta(0):
            return self._has_news()
        try:
            await workflow.wait_condition(
                self._has_news, timeout=left, timeout_summary=f"{clock.name} ends on {clock.due_on}"
            )
        except TimeoutError:
            return False
        return True

    async def _let_run_out(self, clock: Clock) -> None:
        await self._ask(self.lets_run_out, self._run_out(clock), f"{clock.name} has run out")

    async def _look(self) -> None:
        # What is heard from here on may be missing in the answer, and asks for another look. What was heard before is
        # in it, or in a log that was restored from a backup no longer exists: waiting for that would only circle.
        self._heard = 0
        await self._ask(self.reads, self._followed, "where it stands")

    async def _ask(self, activity: str, about: object, summary: str) -> None:
        self._seen = await workflow.execute_activity(
            activity,
            about,
            result_type=type(self._seen),
            start_to_close_timeout=ATTEMPT,
            retry_policy=PATIENCE,
            summary=summary,
        )
        self._looks += 1

    def _next_clock(self) -> Clock | None:
        return self._seen.clocks[0] if self._seen.clocks else None

    def _has_news(self) -> bool:
        return self._heard > self._seen.version

    def _run_is_long(self) -> bool:
        return self._looks >= LOOKS_A_RUN or workflow.info().is_continue_as_new_suggested()

    def _tell(self, title: str, waits_for: str, organ: str, *others: SearchAttributePair[Any]) -> None:
        """Has Temporal's own pages say what is waited for."""
        clock = self._next_clock()
        due = f" Next clock: {clock.name}, at the end of {clock.due_on}." if clock else ""
        workflow.set_current_details(f"**{title}**: {waits_for}. Duty: {organ}.{due}")
        wanted: list[SearchAttributePair[Any]] = [
            *others,
            SearchAttributePair(_ORGAN, organ),
            SearchAttributePair(_DUE, clock.due_at if clock else None),
        ]
        known = workflow.info().typed_search_attributes
        if changed := [pair for pair in wanted if known.get(pair.key) != pair.value]:
            workflow.upsert_search_attributes(
                [
                    pair.key.value_set(pair.value) if pair.value is not None else pair.key.value_unset()
                    for pair in changed
                ]
            )

    @workflow.signal(name=FACTS_RECORDED)
    def facts_recorded(self, version: int) -> None:
        """The stream has reached this version."""
        self._heard = max(self._heard, version)

    @workflow.query(name=NEXT_DEADLINE)
    def next_deadline(self) -> Clock | None:
        """The clock that ends first."""
        return self._next_clock()

    @workflow.query(name=VERSION_SEEN)
    def version_seen(self) -> int:
        """The version of the stream that this workflow has read."""
        return self._seen.version


@dataclass(frozen=True)
class StreamToFollow:
    """The stream that a workflow follows; how far it has come is read from it, never handed on."""

    stream: str


class FollowsStream(FollowsClocks[StreamOnWatch]):
    """The life of what stands beside cases: it has no stages, and is over when nothing of it is left to wait for."""

    reads = READ_STREAM
    lets_run_out = LET_STREAM_TIMER_RUN_OUT

    def __init__(self, followed: StreamToFollow) -> None:
        super().__init__(followed.stream, StreamOnWatch(followed.stream, 0, "", "", "", []))

    async def until_over(self) -> None:
        """Lives until nothing of the stream is left to wait for."""
        await self._look()
        while not self._seen.over:
            self._tell(self._seen.title, self._seen.waits_for, self._seen.organ)
            await self._next_fact_or_clock()
            if self._run_is_long():
                workflow.continue_as_new(StreamToFollow(self._followed))

    def _run_out(self, clock: Clock) -> StreamTimerToRunOut:
        return StreamTimerToRunOut(self._followed, clock.name, clock.due_on)
