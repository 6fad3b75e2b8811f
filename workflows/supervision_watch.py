"""The story of one watch beyond cases: supervision concludes it by its day, or is called late."""

from temporalio import workflow

from workflows.clock_following import FollowsStream, StreamToFollow
from workflows.durable_names import SUPERVISION_WATCH_WORKFLOW


@workflow.defn(name=SUPERVISION_WATCH_WORKFLOW)
class SupervisionWatchWorkflow(FollowsStream):
    """From the opening until it is concluded; one without a day is followed all the same, and waits."""

    @workflow.init
    def __init__(self, followed: StreamToFollow) -> None:
        super().__init__(followed)

    @workflow.run
    async def run(self, followed: StreamToFollow) -> None:
        """Lives until it is concluded."""
        await self.until_over()
