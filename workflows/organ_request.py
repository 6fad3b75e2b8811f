"""The story of one request between organs: the one that was asked has its days, then its silence is recorded."""

from temporalio import workflow

from workflows.clock_following import FollowsStream, StreamToFollow
from workflows.durable_names import ORGAN_REQUEST_WORKFLOW


@workflow.defn(name=ORGAN_REQUEST_WORKFLOW)
class OrganRequestWorkflow(FollowsStream):
    """From the question until it is answered, declined or taken back, however late."""

    @workflow.init
    def __init__(self, followed: StreamToFollow) -> None:
        super().__init__(followed)

    @workflow.run
    async def run(self, followed: StreamToFollow) -> None:
        """Lives until the request is settled."""
        await self.until_over()
