"""What a next release might make of the workflow: once with care for cases that sleep, once without."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.case_following import Clock
    from workflows.appointment import AppointmentWorkflow, CaseToFollow
    from workflows.durable_names import APPOINTMENT_WORKFLOW


@workflow.defn(name=APPOINTMENT_WORKFLOW)
class NextRelease(AppointmentWorkflow):
    """It looks once more before a clock runs out, where a case did not already do without."""

    @workflow.init
    def __init__(self, followed: CaseToFollow) -> None:
        super().__init__(followed)

    @workflow.run
    async def run(self, followed: CaseToFollow) -> str:
        return await super().run(followed)

    async def _let_run_out(self, clock: Clock) -> None:
        if workflow.patched("look-before-a-clock-runs-out"):
            await self._look()
        await super()._let_run_out(clock)


@workflow.defn(name=APPOINTMENT_WORKFLOW)
class RashRelease(NextRelease):
    """The same change, as if no case slept."""

    @workflow.init
    def __init__(self, followed: CaseToFollow) -> None:
        super().__init__(followed)

    @workflow.run
    async def run(self, followed: CaseToFollow) -> str:
        return await super().run(followed)

    async def _let_run_out(self, clock: Clock) -> None:
        await self._look()
        await AppointmentWorkflow._let_run_out(self, clock)
