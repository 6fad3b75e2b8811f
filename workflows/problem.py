"""The story of one problem: its owner has its days, then it is called overdue, then the deciding body hears of it."""

from temporalio import workflow

from workflows.clock_following import FollowsStream, StreamToFollow
from workflows.durable_names import PROBLEM_WORKFLOW


@workflow.defn(name=PROBLEM_WORKFLOW)
class ProblemWorkflow(FollowsStream):
    """From the finding until another organ has accepted the remedy; a reopened one is followed again."""

    @workflow.init
    def __init__(self, followed: StreamToFollow) -> None:
        super().__init__(followed)

    @workflow.run
    async def run(self, followed: StreamToFollow) -> None:
        """Lives until the problem is mended."""
        await self.until_over()
