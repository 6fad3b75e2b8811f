"""The process that keeps the read models up to date."""

import structlog

from projections.every import every_projection
from projections.projector import Projector
from runtime.connections import open_house
from runtime.garbage import look_once_at_what_lives
from runtime.process_stop import until_told_to_stop
from runtime.settings import Settings


async def run(settings: Settings) -> None:
    """Keeps the read models up to date until told to stop."""
    log = structlog.get_logger("projector")
    async with open_house(settings) as house:
        projector = Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs))

        def report(projection: str, what: str) -> None:
            log.warning(what, projection=projection)

        look_once_at_what_lives()
        await until_told_to_stop(projector.run(report))
