"""Lines of many people are recorded together, each by itself: once, whatever fails and whoever is quicker."""

import asyncio
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from domain.identity import PersonId
from domain.training_file import TrainingRecord, training_file_stream
from domain.training_record import AlreadyOnFile, RecordTraining, TrainingStillToCome, record_training
from domain.training_rules import TrainingTerms
from eventstore.keys import KeyStore
from eventstore.store import Append, Appended, EventStore
from eventstore.stream_recording import Wish
from eventstore.training_files import read_training_files
from eventstore.training_import import ImportLine, TrainingImport, record_lines
from eventstore.training_recording import record_in_training_file
from eventstore.verifying import verify_log
from tests.eventstore.saying import MORNING
from tests.examples import SCHOOL, pack

TERMS = TrainingTerms.of([pack("standard").training_rules])
DECIDE = partial(record_training, actor=SCHOOL, at=MORNING, terms=TERMS)
IMPORT = TrainingImport("import0000000001", SCHOOL, MORNING, DECIDE)
PEOPLE = [PersonId(f"person{number:010}") for number in range(40)]


def line(number: int, person: int = 0, **changed: Any) -> ImportLine:
    said = {
        "number": f"2026/{number}",
        "title": "Administrative law",
        "kind": "in_service",
        "method": "off_job",
        "began_on": date(2026, 1, 12),
        "ended_on": date(2026, 1, 23),
        "hours": 70,
        "attended_hours": 64,
        "passed": True,
    }
    record = TrainingRecord(**{**said, **changed})
    return ImportLine(number, PEOPLE[person], RecordTraining(person_id=PEOPLE[person], record=record))


async def outcomes(store: EventStore, keys: KeyStore, *lines: ImportLine, of: TrainingImport = IMPORT) -> list[str]:
    found = await record_lines(store, keys, of, lines)
    return [told.outcome for told in sorted(found, key=lambda told: told.number)]


async def test_lines_of_many_people_are_on_file_in_their_order(store: EventStore, shared_keys: KeyStore) -> None:
    lines = [line(number, number % 40) for number in range(120)]
    found = {told.number: told for told in await record_lines(store, shared_keys, IMPORT, lines)}
    assert {told.outcome for told in found.values()} == {"recorded"}
    assert [found[number].entry for number in (0, 40, 80)] == [1, 2, 3]
    files = await read_training_files(store, shared_keys, PEOPLE)
    assert all(kept.version == len(kept.file.entries) == 3 for kept in files.values())
    assert (await verify_log(store)).events == 120
    assert await outcomes(store, shared_keys, *lines) == ["repeated"] * 120
    assert await store.size() == 120


async def test_a_line_sees_the_one_before_it_and_is_refused_alone(store: EventStore, shared_keys: KeyStore) -> None:
    said = await record_lines(
        store,
        shared_keys,
        IMPORT,
        [line(1), line(1), line(1, hours=80), line(2, ended_on=date(2027, 1, 1)), line(3)],
    )
    assert [told.outcome for told in said] == ["recorded", "repeated", "refused", "refused", "recorded"]
    assert [type(told.problem) for told in said[2:4]] == [AlreadyOnFile, TrainingStillToCome]
    assert await store.size() == 2


async def test_a_dry_run_records_nothing_and_makes_no_key(store: EventStore, shared_keys: KeyStore) -> None:
    trying = TrainingImport(IMPORT.id, SCHOOL, MORNING, DECIDE, dry_run=True)
    assert await outcomes(store, shared_keys, line(1), line(1), of=trying) == ["would_record", "repeated"]
    assert await store.size() == 0
    assert await shared_keys.open_keys([f"person/{PEOPLE[0]}"]) == {}


async def test_two_imports_at_once_record_each_line_once(store: EventStore, shared_keys: KeyStore) -> None:
    other = TrainingImport("import0000000002", SCHOOL, MORNING, DECIDE)
    lines = [line(number, number % 5) for number in range(50)]
    works = [outcomes(store, shared_keys, *lines, of=of) for of in (IMPORT, other, IMPORT, other)]
    found = [said for told in await asyncio.gather(*works) for said in told]
    assert (found.count("recorded"), found.count("repeated")) == (50, 150)
    assert await store.size() == 50


class Meanwhile:
    """A log in which somebody else writes into a file just before the import does, or the connection is lost."""

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store, self._keys = store, keys
        self.lost_after = 1_000_000

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, append: Append) -> Appended:
        if append.stream == training_file_stream(PEOPLE[0]) and append.expected_version == 0:
            said = line(7)
            wish = Wish(append.stream, said.command, SCHOOL, uuid4(), MORNING)
            await record_in_training_file(
                self._store, self._keys, PEOPLE[0], wish, lambda file: IMPORT.decide(file, said.command)
            )
        self.lost_after -= 1
        if self.lost_after < 0:
            raise ConnectionResetError("the database went away")
        return await self._store.append(append)


async def test_a_file_that_others_changed_is_read_and_decided_again(store: EventStore, shared_keys: KeyStore) -> None:
    meanwhile: Any = Meanwhile(store, shared_keys)
    assert await outcomes(meanwhile, shared_keys, line(7), line(8), line(9, 1)) == ["repeated", "recorded", "recorded"]
    assert await store.size() == 3


async def test_a_lost_connection_fails_its_lines_and_the_next_go_completes_them(
    store: EventStore, shared_keys: KeyStore
) -> None:
    meanwhile: Any = Meanwhile(store, shared_keys)
    meanwhile.lost_after = 10
    lines = [line(number + 100, number % 39 + 1) for number in range(78)]
    first = await outcomes(meanwhile, shared_keys, *lines)
    assert {"recorded", "failed"} == set(first)
    assert await store.size() == first.count("recorded")
    second = await outcomes(store, shared_keys, *lines)
    assert (second.count("recorded"), second.count("repeated")) == (first.count("failed"), first.count("recorded"))
    assert await store.size() == 78


@pytest.mark.parametrize("again", [1, 3])
async def test_the_same_file_cut_otherwise_records_nothing_twice(
    store: EventStore, shared_keys: KeyStore, again: int
) -> None:
    lines = [line(number) for number in range(6)]
    await record_lines(store, shared_keys, IMPORT, lines[:again])
    assert await outcomes(store, shared_keys, *lines) == ["repeated"] * again + ["recorded"] * (6 - again)
    assert await store.size() == 6
