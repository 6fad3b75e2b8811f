"""The story of one appointment, stage by stage, in the order that its pack gives."""

from dataclasses import dataclass

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair

with workflow.unsafe.imports_passed_through():
    from activities.case_following import (
        LET_TIMER_RUN_OUT,
        READ_CASE,
        CaseOnWatch,
        Clock,
        StageToCome,
        TimerToRunOut,
    )
    from workflows.clock_following import FollowsClocks
    from workflows.durable_names import APPOINTMENT_WORKFLOW, PACK, STAGE

_STAGE = SearchAttributeKey.for_keyword(STAGE)
_PACK = SearchAttributeKey.for_keyword(PACK)


@dataclass(frozen=True)
class CaseToFollow:
    """The case that a workflow follows; how far it has come is read from its stream, never handed on."""

    case_id: str


@workflow.defn(name=APPOINTMENT_WORKFLOW)
class AppointmentWorkflow(FollowsClocks[CaseOnWatch]):
    """One selection and appointment, from its opening to the end of probation."""

    reads = READ_CASE
    lets_run_out = LET_TIMER_RUN_OUT

    @workflow.init
    def __init__(self, followed: CaseToFollow) -> None:
        super().__init__(followed.case_id, CaseOnWatch(followed.case_id, 0, "", [], []))

    @workflow.run
    async def run(self, followed: CaseToFollow) -> str:
        """Lives through the stages that are still to come; gives the outcome."""
        await self._look()
        while not self._seen.over:
            if not self._seen.stages:  # the log was restored to a day before this case: only news can bring it back
                await self._next_fact_or_clock()
            for stage in self._seen.stages:
                await self._live_through(stage)
        return str(self._seen.outcome)

    async def _live_through(self, stage: StageToCome) -> None:
        match stage.kind:
            case "nomination":
                await self._until_past(stage, "names are put forward")
            case "training_verification":
                await self._until_past(stage, "the school states each candidate's training")
            case "public_notice":
                await self._until_past(stage, "the notice stands its days; an open objection holds the case")
            case "supervision_review":
                await self._until_past(stage, "organs are asked, and answer or stay silent")
            case "decision":
                await self._until_past(stage, "the deciding body meets, with a quorum or without")
            case "appointment":
                await self._until_past(stage, "the letter is issued")
            case "probation":
                await self._until_past(stage, "probation runs, and training that is owed is made up")
            case _:
                await self._until_past(stage, stage.title)

    async def _until_past(self, stage: StageToCome, waits_for: str) -> None:
        while self._is_at(stage):
            state = "suspended; " if self._seen.suspended else ""
            self._tell(
                stage.title,
                f"{state}{waits_for}",
                stage.duty_holder,
                SearchAttributePair(_STAGE, stage.id),
                SearchAttributePair(_PACK, self._seen.pack),
            )
            await self._next_fact_or_clock()
            if self._run_is_long():
                workflow.continue_as_new(CaseToFollow(self._followed))

    def _is_at(self, stage: StageToCome) -> bool:
        return not self._seen.over and bool(self._seen.stages) and self._seen.stages[0].id == stage.id

    def _run_out(self, clock: Clock) -> TimerToRunOut:
        return TimerToRunOut(self._followed, clock.name, clock.due_on)
