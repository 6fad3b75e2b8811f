"""Whatever is changed in a page, looking quickly and looking closely agree on whether it is whole."""

import asyncio
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.nomination import CandidateNominated
from eventstore.keys import MemoryKeyStore
from eventstore.memory import MemoryEventStore
from eventstore.raw_reading import RecordedCommand, Row, SealedPart
from eventstore.stretch import _as_recorded
from eventstore.tampering import LogTampered, Seen, look_closely
from eventstore.transparency.merkle import leaf_hash
from tests.eventstore.writing import FACT, scribe, sealed_append
from tests.stored_events.samples import sample

FIELDS = ("position", "stream", "version", "type", "recorded_at", "entry", "hash")


async def _page() -> tuple[list[Row], list[RecordedCommand], dict[int, list[SealedPart]]]:
    store, scribes, keys = MemoryEventStore(), [scribe("appointment/one"), scribe("appointment/two")], MemoryKeyStore()
    for turn in range(6):
        one = scribes[turn % 2]
        sealed = [sample(CandidateNominated)] if turn % 3 else []
        append = await sealed_append(one, keys, *sealed, *[FACT] * (turn % 3 + 1))
        await store.append(append)
        scribes[turn % 2] = one.after(append)
    size = await store.size()
    return (
        list(await store.read_rows(0, size)),
        await store.read_commands(0, size),
        await store.read_sealed_between(0, size),
    )


ROWS, COMMANDS, SEALED = asyncio.run(_page())
FOLLOWED = [nth for nth, row in enumerate(ROWS) if any(later[1] == row[1] for later in ROWS[nth + 1 :])]


def closely(rows: list[Row], commands: list[RecordedCommand], sealed: dict[int, list[SealedPart]] = SEALED) -> bool:
    try:
        look_closely(0, rows, commands, sealed, Seen())
    except LogTampered:
        return False
    return True


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_page_that_looks_whole_is_whole_when_looked_at_closely(data: st.DataObject) -> None:
    rows: list[Any] = [list(row) for row in ROWS]
    commands, sealed = list(COMMANDS), dict(SEALED)
    for _ in range(data.draw(st.integers(0, 2))):
        nth, other = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows) - 1))
        match data.draw(st.sampled_from(["byte", "swap", "column", "entry and hash", "command", "sealed"])):
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
            case "sealed":
                place, from_place = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from([*SEALED]))
                parts = [*sealed.get(place, ()), *SEALED[from_place]]
                sealed[place] = data.draw(st.lists(st.sampled_from(parts), max_size=2))
    changed = [tuple(row) for row in rows]
    if sum(command.events for command in commands) == len(changed):
        quickly = _as_recorded(0, changed, commands, sealed, Seen())
        if quickly is not None:
            assert closely(changed, commands, sealed)
        if changed == ROWS and commands == COMMANDS and sealed == SEALED:
            assert quickly == [row[6] for row in ROWS]


def changed_last(**fields: Any) -> list[Row]:
    """The page with other fields in the entry of its last event, which gives its hash again."""
    entry = orjson.dumps(orjson.loads(ROWS[-1][5]) | fields, option=orjson.OPT_SORT_KEYS)
    return [*ROWS[:-1], (*ROWS[-1][:5], entry, leaf_hash(entry))]


LAST = orjson.loads(ROWS[-1][5])


@pytest.mark.parametrize(
    "fields",
    [
        {"previous": "00" * 32, "data": LAST["data"] | {"a": "b", "previous": LAST["previous"]}},
        {"previous": "00" * 32, "sealed": {"a": "b", "previous": LAST["previous"]}},
        {"command": "another", "actor": {name: LAST[name] for name in ("at", "command", "data")}},
        {"at": "2020-01-01T00:00:00.000000Z", "actor": {name: LAST[name] for name in ("at", "command", "data")}},
    ],
)
def test_a_field_of_the_same_name_deeper_in_an_entry_does_not_stand_for_its_own(fields: dict[str, Any]) -> None:
    changed = changed_last(**fields)
    assert not closely(changed, COMMANDS)
    assert _as_recorded(0, changed, COMMANDS, SEALED, Seen()) is None


def test_an_entry_that_names_its_cause_needs_no_closer_look() -> None:
    changed = changed_last(cause="batch/1")
    assert closely(changed, COMMANDS)
    assert _as_recorded(0, changed, COMMANDS, SEALED, Seen()) == [row[6] for row in changed]


def test_an_entry_with_all_its_sealed_parts_needs_no_closer_look() -> None:
    assert all(len(parts) == 1 for parts in SEALED.values()) and len(SEALED) == 4
    assert _as_recorded(0, ROWS, COMMANDS, SEALED, Seen()) == [row[6] for row in ROWS]


@pytest.mark.parametrize("forgotten", [*SEALED])
def test_an_entry_whose_sealed_parts_were_forgotten_is_whole(forgotten: int) -> None:
    left = {position: parts for position, parts in SEALED.items() if position != forgotten}
    assert closely(ROWS, COMMANDS, left)
    assert _as_recorded(0, ROWS, COMMANDS, left, Seen()) == [row[6] for row in ROWS]


def test_an_owner_whose_name_stands_for_two_is_looked_at_closely() -> None:
    part = SealedPart("person/b", b"nonce", b"text")
    said = {"person/a": "00" * 32, "person/b": sha256(part.nonce + part.ciphertext).hexdigest()}
    changed, last = changed_last(sealed=said), len(ROWS) - 1
    whole = {**SEALED, last: [part]}
    forged = {**SEALED, last: [part._replace(owner=f'person/a":"{"00" * 32}","person/b')]}
    assert closely(changed, COMMANDS, whole) and not closely(changed, COMMANDS, forged)
    assert _as_recorded(0, changed, COMMANDS, forged, Seen()) is None


def test_a_second_part_under_an_owners_name_is_looked_at_closely() -> None:
    (position, (part,)), *_ = SEALED.items()
    double = SEALED | {position: [part._replace(nonce=b"another"), part]}
    assert not closely(ROWS, COMMANDS, double)
    assert _as_recorded(0, ROWS, COMMANDS, double, Seen()) is None
