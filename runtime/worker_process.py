"""The process in which the workflows of cases, and of what stands beside them, run."""

from activities.case_following import CaseFollowing
from runtime.connections import open_house
from runtime.engine import engine
from runtime.process_stop import told_to_stop
from runtime.settings import Settings
from runtime.temporal import appointment_worker


async def run(settings: Settings) -> None:
    """Lets the workflows of cases run until told to stop."""
    async with open_house(settings) as house:
        client = await engine(settings, house)
        worker = appointment_worker(client, CaseFollowing(house.recorder))
        async with worker:
            await told_to_stop()
