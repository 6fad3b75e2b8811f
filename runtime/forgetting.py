"""Forgets people whose forgetting is approved: key, sealed parts, read models, and then the tombstone.

Each step may be the last before a crash. Until the tombstone is in the log the person is found again, and every step
that was taken already changes nothing the second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from domain.forgetting import (
    Forgetting,
    ForgettingState,
    PersonForgotten,
    forgetting_stream,
    tombstone_command_id,
)
from domain.identity import SYSTEM, PersonId
from domain.kept_person import nothing_keeps
from domain.refusal import Refusal
from eventstore.contention import TooBusy
from eventstore.forgetting import read_forgetting, ties_of
from eventstore.forgetting_scope import sealed_about
from eventstore.noting import note
from eventstore.patience import rest
from projections.every import projections_of_people
from projections.forgetting import waiting_to_be_forgotten
from projections.projector import LeftToAnother, Projector
from runtime.clock import now
from runtime.connections import House

RETRY_SECONDS = 1.0
DATABASE_AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError)
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Somebody whose key and sealed parts are gone, and whose tombstone is still to be recorded."""

    wish: Forgetting
    sealed_parts: int


def of_people(house: House) -> Projector:
    """Rebuilds the read models of people, one at a time: a rebuild takes three of the few connections of a process."""
    return Projector(house.pool, house.store, projections_of_people(house.store, house.keys, house.packs))


class Forgetter:
    """Sees to it that whoever is to be forgotten is."""

    def __init__(self, house: House, clock: Callable[[], datetime] = now, rebuilding: Projector | None = None):
        self._house = house
        self._clock = clock
        self._projector = rebuilding or of_people(house)

    async def run(self, report: Report) -> None:
        """Forgets whom it may whenever the log has grown, until cancelled."""
        while True:
            try:
                async for _ in self._house.store.news():
                    if forgotten := await self.sweep(report):
                        report(f"people forgotten: {forgotten}")
            except (*DATABASE_AWAY, TooBusy, LeftToAnother) as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def sweep(self, report: Report = lambda _: None) -> int:
        """Forgets everybody whose forgetting is approved and not done; gives how many.

        Idempotent by: the person; the tombstone comes last.
        Survives: a crash after any step.
        """
        waiting = await waiting_to_be_forgotten(self._house.pool)
        destroyed = [done for person in waiting if (done := await self._destroy(person, report)) is not None]
        if not destroyed:
            return 0
        await self._scrub()
        for done in destroyed:
            await self._bury(done)
        return len(destroyed)

    async def _destroy(self, person: PersonId, report: Report) -> Destroyed | None:
        """The key first: whatever happens afterwards, nobody can read the person any more."""
        house = self._house
        wish = await read_forgetting(house.recorder, person)
        if wish is None or wish.state is not ForgettingState.APPROVED:
            return None  # the read model has not heard of it yet
        try:
            nothing_keeps(person, await ties_of(house.recorder, person, self._clock(), supervising=True))
        except Refusal as kept:
            report(f"forgetting waits: {kept.sentence}")
            return None
        scope = await sealed_about(house.store, house.keys, person)
        await house.keys.destroy(person, scope.owners[1:])
        approval = await house.store.read_last(forgetting_stream(person))
        assert approval is not None
        return Destroyed(wish, await house.store.destroy_sealed(approval.position, scope.owners, scope.positions))

    async def _scrub(self) -> None:
        """Built anew rather than mended: what is left of the old rows goes with their files."""
        for projection in self._projector.projections:
            await self._projector.rebuild(projection)
        await self._house.keys.rewrite()

    async def _bury(self, done: Destroyed) -> None:
        at, wish = self._clock(), done.wish
        tombstone = PersonForgotten(
            person_id=wish.person,
            forgotten_on=at.astimezone(UTC).date(),
            ground=wish.ground,
            approved_on=wish.since_on,
            proposed_by=wish.proposed_by,
            approved_by=wish.approved_by,
            sealed_parts=done.sealed_parts,
        )
        await note(
            self._house.store,
            self._house.keys,
            forgetting_stream(wish.person),
            tombstone,
            actor=SYSTEM,
            command_id=tombstone_command_id(wish.person),
            at=at,
        )
