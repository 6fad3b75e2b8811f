"""The story of one appointment, stage by stage, in the order that its pack gives.

It waits for facts and for clocks, and records what only time brings about. It decides nothing: rules are applied
where facts are recorded, so a change of rules never touches a case that sleeps here.
"""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey, SearchAttributePair

with workflow.unsafe.imports_passed_through():
    from activities.case_following import (
        LET_TIMER_RUN_OUT,
        READ_CASE,
        CaseOnWatch,
        Clock,
        StageToCome,
        TimerToRunOut,
    )
    from workflows.durable_names import (
        APPOINTMENT_WORKFLOW,
        DUE,
        FACTS_RECORDED,
        NEXT_DEADLINE,
        ORGAN,
        PACK,
        STAGE,
        VERSION_SEEN,
    )

LOOKS_A_RUN = 200
"""How often a run reads its case before it continues as new: far from the history's limit, which would kill it."""

PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
ATTEMPT = timedelta(seconds=30)

_STAGE = SearchAttributeKey.for_keyword(STAGE)
_ORGAN = SearchAttributeKey.for_keyword(ORGAN)
_PACK = SearchAttributeKey.for_keyword(PACK)
_DUE = SearchAttributeKey.for_datetime(DUE)


@dataclass(frozen=True)
class CaseToFollow:
    """The case that a workflow follows; how far it has come is read from its stream, never handed on."""

    case_id: str


@workflow.defn(name=APPOINTMENT_WORKFLOW)
class AppointmentWorkflow:
    """One selection and appointment, from its opening to the end of probation."""

    @workflow.init
    def __init__(self, followed: CaseToFollow) -> None:
        self._case_id = followed.case_id
        self._heard = 0
        self._looks = 0
        self._case = CaseOnWatch(followed.case_id, 0, "", [], [])

    @workflow.run
    async def run(self, followed: CaseToFollow) -> str:
        """Lives through the stages that are still to come; gives the outcome."""
        await self._look()
        while not self._case.over:
            if not self._case.stages:  # the log was restored to a day before this case: only news can bring it back
                await self._next_fact_or_clock()
            for stage in self._case.stages:
                await self._live_through(stage)
        return str(self._case.outcome)

    async def _live_through(self, stage: StageToCome) -> None:
        match stage.kind:
            case "nomination":
                await self._until_over(stage, "names are put forward")
            case "training_verification":
                await self._until_over(stage, "the school states each candidate's training")
            case "public_notice":
                await self._until_over(stage, "the notice stands its days; an open objection holds the case")
            case "supervision_review":
                await self._until_over(stage, "organs are asked, and answer or stay silent")
            case "decision":
                await self._until_over(stage, "the deciding body meets, with a quorum or without")
            case "appointment":
                await self._until_over(stage, "the letter is issued")
            case "probation":
                await self._until_over(stage, "probation runs, and training that is owed is made up")
            case _:
                await self._until_over(stage, stage.title)

    async def _until_over(self, stage: StageToCome, waits_for: str) -> None:
        while self._is_at(stage):
            self._tell(stage, waits_for)
            await self._next_fact_or_clock()
            self._continue_as_new_when_long()

    def _is_at(self, stage: StageToCome) -> bool:
        return not self._case.over and bool(self._case.stages) and self._case.stages[0].id == stage.id

    async def _next_fact_or_clock(self) -> None:
        clock = self._case.clocks[0] if self._case.clocks else None
        if clock is None:  # also while the case is suspended: only news can move it
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
        self._case = await workflow.execute_activity(
            LET_TIMER_RUN_OUT,
            TimerToRunOut(self._case_id, clock.name, clock.due_on),
            result_type=CaseOnWatch,
            start_to_close_timeout=ATTEMPT,
            retry_policy=PATIENCE,
            summary=f"{clock.name} has run out",
        )
        self._looks += 1

    async def _look(self) -> None:
        # What is heard from here on may be missing in the answer, and asks for another look. What was heard before is
        # in it, or in a log that was restored from a backup no longer exists: waiting for that would only circle.
        self._heard = 0
        self._case = await workflow.execute_activity(
            READ_CASE,
            self._case_id,
            result_type=CaseOnWatch,
            start_to_close_timeout=ATTEMPT,
            retry_policy=PATIENCE,
            summary="where the case stands",
        )
        self._looks += 1

    def _has_news(self) -> bool:
        return self._heard > self._case.version

    def _tell(self, stage: StageToCome, waits_for: str) -> None:
        """Has Temporal's own pages say what the case waits for."""
        clock = self._case.clocks[0] if self._case.clocks else None
        due = f" Next clock: {clock.name}, at the end of {clock.due_on}." if clock else ""
        state = "suspended; " if self._case.suspended else ""
        workflow.set_current_details(f"**{stage.title}**: {state}{waits_for}. Duty: {stage.duty_holder}.{due}")
        wanted: list[SearchAttributePair] = [  # type: ignore[type-arg]
            SearchAttributePair(_STAGE, stage.id),
            SearchAttributePair(_ORGAN, stage.duty_holder),
            SearchAttributePair(_PACK, self._case.pack),
            SearchAttributePair(_DUE, clock.due_at if clock else None),
        ]
        known = workflow.info().typed_search_attributes
        changed = [pair for pair in wanted if known.get(pair.key) != pair.value]
        if changed:
            workflow.upsert_search_attributes(
                [
                    pair.key.value_set(pair.value) if pair.value is not None else pair.key.value_unset()
                    for pair in changed
                ]
            )

    def _continue_as_new_when_long(self) -> None:
        if self._looks >= LOOKS_A_RUN or workflow.info().is_continue_as_new_suggested():
            workflow.continue_as_new(CaseToFollow(self._case_id))

    @workflow.signal(name=FACTS_RECORDED)
    def facts_recorded(self, version: int) -> None:
        """The case has reached this version of its stream."""
        self._heard = max(self._heard, version)

    @workflow.query(name=NEXT_DEADLINE)
    def next_deadline(self) -> Clock | None:
        """The clock that ends first."""
        return self._case.clocks[0] if self._case.clocks else None

    @workflow.query(name=VERSION_SEEN)
    def version_seen(self) -> int:
        """The version of the case that this workflow has read."""
        return self._case.version
