"""What came to its end in a quarter, out of the registers of duties, exceptions and cases; it names nobody."""

import asyncio
from datetime import date
from typing import Any

from domain.public_figures import Fact, QuarterFacts
from domain.small_group import last_closed, quarter_of
from domain.unit_balance import UnitCount
from eventstore.named_sql import statements
from projections.reading import Pool
from projections.unit_balance import NOT_STATED

SQL = statements("projections", "public_figures.sql")
READ_FROM = ("duty_register", "exception_register", "case_board", "audit_trail", "unit_balance")


async def closed_quarters(pool: "Pool[Any]", today: date) -> list[date]:
    """The first days of the quarters that are over and had cases, the latest first."""
    began_on = await pool.fetchval(SQL["first_day"])
    if began_on is None:
        return []
    quarters, quarter, last = [], quarter_of(began_on), last_closed(today)
    while quarter <= last:
        quarters.append(quarter)
        quarter = next_quarter(quarter)
    return quarters[::-1]


def next_quarter(quarter: date) -> date:
    """The first day of the quarter after one."""
    later = quarter.month + 3
    return date(quarter.year + later // 13, (later - 1) % 12 + 1, 1)


async def quarter_facts(pool: "Pool[Any]", quarter: date) -> QuarterFacts:
    """Everything that came to its end in a quarter that is over."""
    first_on, last_on = quarter, last_closed(next_quarter(quarter))
    kinds = ("stages", "endings", "exceptions", "objections")
    found = await asyncio.gather(*(pool.fetch(SQL[kind], first_on, last_on) for kind in kinds))
    facts = {kind: [Fact(*row) for row in rows] for kind, rows in zip(kinds, found, strict=True)}
    return QuarterFacts(first_on, last_on, **facts)


async def units_of_year(pool: "Pool[Any]", year: int) -> list[UnitCount]:
    """Units of origin with the counts of one year alone, so that no year can be subtracted from another."""
    rows = await pool.fetch(SQL["units"], date(year, 1, 1), date(year + 1, 1, 1))
    return [UnitCount(*row) for row in rows if row["unit"] != NOT_STATED]
