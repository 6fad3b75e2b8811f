"""The story of one joint meeting: its agenda is settled, it is held on its day or not, and both departments sign."""

from temporalio import workflow

from workflows.clock_following import FollowsStream, StreamToFollow
from workflows.durable_names import JOINT_MEETING_WORKFLOW


@workflow.defn(name=JOINT_MEETING_WORKFLOW)
class JointMeetingWorkflow(FollowsStream):
    """From convening until both departments have signed the minutes, or its day has passed without it."""

    @workflow.init
    def __init__(self, followed: StreamToFollow) -> None:
        super().__init__(followed)

    @workflow.run
    async def run(self, followed: StreamToFollow) -> None:
        """Lives until the meeting is over."""
        await self.until_over()
