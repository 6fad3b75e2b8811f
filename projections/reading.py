"""Reading the read models: the pool, what its failing looks like, and how far each projection is."""

from dataclasses import dataclass

import asyncpg

Pool = asyncpg.Pool
END_OF_LOG = 2**62
"""Behind whatever the log will ever hold."""

AWAY: tuple[type[Exception], ...] = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
)
"""What a database that is down, starting or shutting down raises; trying again later is right."""


def start_of(before: int | None) -> int:
    """The position before which a page of a list stands that begins with the latest."""
    return END_OF_LOG if before is None else before


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a projection is, and why it has stopped when it has."""

    name: str
    position: int
    problem: str | None


async def standings(pool: "Pool[asyncpg.Record]") -> list[Standing]:
    """Every projection that was ever run here, by name."""
    rows = await pool.fetch("SELECT name, position, problem FROM read_model.projection ORDER BY name")
    return [Standing(row["name"], row["position"], row["problem"]) for row in rows]


async def positions(pool: "Pool[asyncpg.Record]") -> dict[str, int]:
    """Where every reader of the log stands: the projections, and the relay to the engine."""
    rows = await pool.fetch(
        "SELECT name, position FROM read_model.projection UNION ALL SELECT name, position FROM log.subscription"
    )
    return {row["name"]: row["position"] for row in rows}
