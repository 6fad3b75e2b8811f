"""Each supervision point of each stage that began: attended on a day, or passed by when its stage was completed.

No event says that a point was passed by: a stage is completed, and nobody has signed the point off before.
"""

from collections.abc import Sequence

from domain.case_opening import CaseWithdrawn
from domain.event import Event, Recorded
from domain.stage import CaseEnded, StageBegun, StageCompleted
from domain.supervision_point import SupervisionPointAttended
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "supervision_point.sql")
TOLD_BY = frozenset(
    event.alias for event in (StageBegun, StageCompleted, SupervisionPointAttended, CaseEnded, CaseWithdrawn)
)


class SupervisionPoints(Projection):
    """Keeps the points."""

    name = "supervision_point"
    version = 1
    tables = ("supervision_point",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, packs: PackLibrary):
        self._packs = packs

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.type in TOLD_BY and stored.stream.startswith("appointment/"):
                await self._apply_one(connection, decode(stored))

    async def _apply_one(self, connection: Connection, recorded: Recorded[Event]) -> None:
        case_id = recorded.stream.removeprefix("appointment/")
        match recorded.event:
            case StageBegun() as event:
                assert recorded.pack is not None
                duty = (await self._packs.get(recorded.pack)).stage(event.stage).duty
                points = [point.id for point in duty.points]
                said = (case_id, event.stage, points, str(duty.watched_by), event.began_on)
                await connection.execute(SQL["begin"], *said)
            case StageCompleted() as event:
                await connection.execute(SQL["pass_by"], case_id, event.stage, event.completed_on)
            case SupervisionPointAttended() as event:
                said_of_it = (case_id, event.attended_stage, event.point, event.attended_on)
                await connection.execute(SQL["attend"], *said_of_it)
            case CaseEnded(ended_on=over_on) | CaseWithdrawn(withdrawn_on=over_on):
                await connection.execute(SQL["drop"], case_id, over_on)
