"""Everything that a database holds, as one string of bytes: for looking for what must not be there."""

from tests.conftest import connected

TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""
COLUMNS = """
SELECT quote_ident(attname), atttypid::regtype::text FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""


async def everything_in(url: str) -> bytes:
    """Every value of every column of every table: bytes as they are, the rest as text."""
    found: list[bytes] = []
    async with connected(url) as connection:
        for (table,) in await connection.fetch(TABLES):
            for column, kind in await connection.fetch(COLUMNS, table):
                value = column if kind == "bytea" else f"convert_to({column}::text, 'UTF8')"
                rows = await connection.fetch(f"SELECT {value} FROM {table} WHERE {column} IS NOT NULL")
                found.extend(row[0] for row in rows)
    return b"\x00".join(found)
