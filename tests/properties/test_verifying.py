"""Whatever is changed in a page, looking quickly and looking closely agree on whether it is whole."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.memory import MemoryEventStore
from eventstore.raw_reading import RecordedCommand, Row
from eventstore.stretch import _as_recorded
from eventstore.tampering import LogTampered, Seen, look_closely
from eventstore.transparency.merkle import leaf_hash
from tests.eventstore.writing import FACT, scribe

FIELDS = ("position", "stream", "version", "type", "recorded_at", "entry", "hash")


async def _page() -> tuple[list[Row], list[RecordedCommand]]:
    store, scribes = MemoryEventStore(), [scribe("appointment/one"), scribe("appointment/two")]
    for turn in range(6):
        one = scribes[turn % 2]
        append = one.append(*[FACT] * (turn % 3 + 1))
        await store.append(append)
        scribes[turn % 2] = one.after(append)
    size = await store.size()
    return list(await store.read_rows(0, size)), await store.read_commands(0, size)


ROWS, COMMANDS = asyncio.run(_page())
FOLLOWED = [nth for nth, row in enumerate(ROWS) if any(later[1] == row[1] for later in ROWS[nth + 1 :])]


def closely(rows: list[Row], commands: list[RecordedCommand]) -> bool:
    try:
        look_closely(0, rows, commands, {}, Seen())
    except LogTampered:
        return False
    return True


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_page_that_looks_whole_is_whole_when_looked_at_closely(data: st.DataObject) -> None:
    rows: list[Any] = [list(row) for row in ROWS]
    commands = list(COMMANDS)
    for _ in range(data.draw(st.integers(0, 2))):
        nth, other = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows) - 1))
        match data.draw(st.sampled_from(["byte", "swap", "column", "entry and hash", "command"])):
            case "byte":
                at = data.draw(st.integers(0, len(rows[nth][5]) - 1))
                rows[nth][5] = rows[nth][5][:at] + bytes([data.draw(st.integers(0, 255))]) + rows[nth][5][at + 1 :]
            case "swap":
                rows[nth], rows[other] = rows[other], rows[nth]
            case "column":
                field = data.draw(st.integers(0, len(FIELDS) - 1))
                rows[nth][field] = rows[other][field]
            case "entry and hash":  # of an event that another one follows; a last one is told by the stream's head
                nth = data.draw(st.sampled_from(FOLLOWED))
                at = data.draw(st.integers(0, len(rows[nth][5]) - 1))
                rows[nth][5] = rows[nth][5][:at] + bytes([data.draw(st.integers(32, 126))]) + rows[nth][5][at + 1 :]
                rows[nth][6] = leaf_hash(rows[nth][5])
            case "command":
                place = data.draw(st.integers(0, len(commands) - 1))
                field_name = data.draw(st.sampled_from(RecordedCommand._fields))
                commands[place] = commands[place]._replace(
                    **{field_name: getattr(data.draw(st.sampled_from(commands)), field_name)}
                )
    changed = [tuple(row) for row in rows]
    if sum(command.events for command in commands) == len(changed):
        quickly = _as_recorded(0, changed, commands, Seen())
        if quickly is not None:
            assert closely(changed, commands)
        if changed == ROWS and commands == COMMANDS:
            assert quickly == [row[6] for row in ROWS]
