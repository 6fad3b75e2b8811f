"""The story of one survey: it opens on its day, closes on its day, and waits until it is counted."""

from temporalio import workflow

from workflows.clock_following import FollowsStream, StreamToFollow
from workflows.durable_names import SURVEY_WORKFLOW


@workflow.defn(name=SURVEY_WORKFLOW)
class SurveyWorkflow(FollowsStream):
    """From the proposal until the count."""

    @workflow.init
    def __init__(self, followed: StreamToFollow) -> None:
        super().__init__(followed)

    @workflow.run
    async def run(self, followed: StreamToFollow) -> None:
        """Lives until the survey is counted."""
        await self.until_over()
