"""How a workflow beside cases lives: it waits for news and for clocks, and records what only time brings about.

It decides nothing: rules are applied where facts are recorded, so a change of rules never touches what sleeps here.
"""

from dataclasses import dataclass
from datetime import timedelta

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


@dataclass(frozen=True)
class StreamToFollow:
    """The stream that a workflow follows; how far it has come is read from it, never handed on."""

    stream: str


class FollowsClocks:
    """The life that workflows of streams share; each names itself and runs it."""

    def __init__(self, followed: StreamToFollow) -> None:
        self._stream = followed.stream
        self._heard = 0
        self._looks = 0
        self._seen = StreamOnWatch(followed.stream, 0, "", "", "", [])

    async def until_over(self) -> None:
        """Lives until nothing of the stream is left to wait for."""
        await self._look()
        while not self._seen.over:
            self._tell()
            await self._next_fact_or_clock()
            if self._looks >= LOOKS_A_RUN or workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(StreamToFollow(self._stream))

    async def _next_fact_or_clock(self) -> None:
        clock = self._seen.clocks[0] if self._seen.clocks else None
        if clock is None:
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
        self._seen = await workflow.execute_activity(
            LET_STREAM_TIMER_RUN_OUT,
            StreamTimerToRunOut(self._stream, clock.name, clock.due_on),
            result_type=StreamOnWatch,
            start_to_close_timeout=ATTEMPT,
            retry_policy=PATIENCE,
            summary=f"{clock.name} has run out",
        )
        self._looks += 1

    async def _look(self) -> None:
        # As in the appointment's workflow: what is heard from here on may be missing in the answer.
        self._heard = 0
        self._seen = await workflow.execute_activity(
            READ_STREAM,
            self._stream,
            result_type=StreamOnWatch,
            start_to_close_timeout=ATTEMPT,
            retry_policy=PATIENCE,
            summary="where it stands",
        )
        self._looks += 1

    def _has_news(self) -> bool:
        return self._heard > self._seen.version

    def _tell(self) -> None:
        """Has Temporal's own pages say what is waited for."""
        clock = self._seen.clocks[0] if self._seen.clocks else None
        due = f" Next clock: {clock.name}, at the end of {clock.due_on}." if clock else ""
        workflow.set_current_details(f"**{self._seen.title}**: {self._seen.waits_for}. Duty: {self._seen.organ}.{due}")
        wanted: list[SearchAttributePair] = [  # type: ignore[type-arg]
            SearchAttributePair(_ORGAN, self._seen.organ),
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
        return self._seen.clocks[0] if self._seen.clocks else None

    @workflow.query(name=VERSION_SEEN)
    def version_seen(self) -> int:
        """The version of the stream that this workflow has read."""
        return self._seen.version
