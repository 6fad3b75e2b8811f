"""The publisher signs, asks the witness, and raises the alarm on record; keys are rotated without a gap."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from domain.transparency_log import AlarmCode, KeyHolder
from eventstore.public_log import COSIGNED, PublicLog
from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.note import KeyKind, Note, Signer, Verifier
from eventstore.transparency.witness import Witness
from runtime.connections import House
from runtime.log_key import (
    LastLogKey,
    NoSuchLogKey,
    log_key_of,
    origin_of,
    retire_log_key,
    rotate_log_key,
    signers_in,
    transparency_log,
)
from runtime.publisher import LogPublishing
from runtime.witness_door import WitnessDoor
from tests.conftest import FreshDatabase, connected
from tests.desk import Clock
from tests.eventstore.writing import write_some

WITNESS = Signer.make("witness.example", KeyKind.COSIGNATURE)


class Kept:
    """What the witness of a test remembers."""

    def __init__(self) -> None:
        self.notes: dict[str, Note] = {}

    def last(self, origin: str) -> Note | None:
        return self.notes.get(origin)

    def remember(self, origin: str, note: Note) -> None:
        self.notes[origin] = note


@contextmanager
def witness_at_work(witness: Witness) -> Iterator[str]:
    """A witness behind a real HTTP door; gives its address."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = witness.add_checkpoint(self.rfile.read(int(self.headers["Content-Length"])), 1_790_000_000)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, timeout=10) as http:
        yield http


def door(house: House, url: str, http: httpx2.AsyncClient) -> WitnessDoor:
    return WitnessDoor(url, WITNESS.verifier, http, house.settings.log_keys)


def key_of(house: House) -> Signer:
    return log_key_of(house.settings.log_keys, origin_of(house.settings.public_url))


async def test_what_is_recorded_is_signed_and_cosigned(house: House, http: httpx2.AsyncClient) -> None:
    public = PublicLog(house.settings.public_log)
    log = key_of(house)
    with witness_at_work(Witness(WITNESS, {log.name: [log.verifier]}, Kept())) as url:
        publishing = LogPublishing(house, door(house, url, http))
        first = await publishing.once()
        await write_some(house.store, "appointment/1", each=300)
        second = await publishing.once()
    assert (first.alarm, second.alarm) == (None, None)
    assert second.size == second.cosigned_size == await house.store.size()
    note, policy = public.note(COSIGNED), Policy.parse(public.fetch("keys").decode())
    assert note is not None and policy.witnesses == (WITNESS.verifier,)
    assert policy.accepts(note)[0].size == second.size


async def test_an_answer_that_was_lost_is_asked_for_again(house: House, http: httpx2.AsyncClient) -> None:
    log, memory = key_of(house), Kept()
    with witness_at_work(Witness(WITNESS, {log.name: [log.verifier]}, memory)) as url:
        assert (await LogPublishing(house, door(house, url, http)).once()).alarm is None
        (house.settings.log_keys / "witnessed").write_text("0")
        await write_some(house.store, "appointment/1", each=3)
        done = await LogPublishing(house, door(house, url, http)).once()
    assert done.alarm is None and done.cosigned_size == done.size


async def test_a_silent_witness_raises_the_alarm_in_time_and_ends_it(house: House, http: httpx2.AsyncClient) -> None:
    log, clock = key_of(house), Clock()
    publishing = LogPublishing(house, door(house, "http://127.0.0.1:9", http), clock)
    assert (await publishing.once()).alarm is None
    clock.at += timedelta(seconds=house.settings.witness_within_seconds + 1)
    done = await publishing.once()
    assert done.alarm is not None and done.alarm.code is AlarmCode.UNCOSIGNED
    assert set((await transparency_log(house.store)).alarms) == {AlarmCode.UNCOSIGNED}
    assert (await publishing.once()).alarm is not None
    with witness_at_work(Witness(WITNESS, {log.name: [log.verifier]}, Kept())) as url:
        assert (await LogPublishing(house, door(house, url, http), clock).once()).alarm is None
    assert (await transparency_log(house.store)).alarms == {}


async def test_a_witness_that_has_seen_another_log_raises_the_alarm(house: House, http: httpx2.AsyncClient) -> None:
    log, memory = key_of(house), Kept()
    memory.remember(log.name, Checkpoint(log.name, 5, bytes(32)).signed([log]))
    with witness_at_work(Witness(WITNESS, {log.name: [log.verifier]}, memory)) as url:
        done = await LogPublishing(house, door(house, url, http)).once()
    assert done.alarm is not None and done.alarm.code is AlarmCode.WITNESS_REFUSES
    assert done.cosigned_size == 0


async def test_a_database_that_was_rolled_back_is_not_signed_for(house: House, database: FreshDatabase) -> None:
    await write_some(house.store, "appointment/1", each=20)
    signed = await LogPublishing(house, None).once()
    async with connected(database.superuser_url) as owner:
        await owner.execute("SET session_replication_role = replica")
        await owner.execute("DELETE FROM log.event WHERE position >= $1", signed.size - 5)
        await owner.execute("UPDATE log.log SET size = $1", signed.size - 5)
    done = await LogPublishing(house, None).once()
    assert done.alarm is not None and done.alarm.code is AlarmCode.ROLLED_BACK
    assert done.size == signed.size
    public = PublicLog(house.settings.public_log)
    shown = public.note()
    assert shown is not None and Checkpoint.parse(shown.text).size == signed.size


async def test_keys_are_rotated_on_record_and_the_last_one_stays(house: House) -> None:
    folder, first = house.settings.log_keys, key_of(house)
    publishing = LogPublishing(house, None)
    await publishing.once()
    second = await rotate_log_key(house, folder, "Yearly rotation.")
    await publishing.once()
    public = PublicLog(house.settings.public_log)
    note = public.note()
    assert note is not None and len(note.signed_by([first.verifier, second.verifier])) == 2
    with pytest.raises(NoSuchLogKey, match=first.verifier.key_id.hex()):
        await retire_log_key(house, folder, "00000000", "A slip.")
    await retire_log_key(house, folder, first.verifier.key_id.hex(), "Its successor is known.")
    await publishing.once()
    note = public.note()
    assert note is not None and [key for key, _ in note.signed_by([first.verifier, second.verifier])] == [
        second.verifier
    ]
    found = await transparency_log(house.store)
    assert found.keys(KeyHolder.LOG) == (str(second.verifier),) and list(found.retired) == [str(first.verifier)]
    assert {Verifier.parse(line[4:]) for line in public.fetch("keys").decode().splitlines()} == {
        first.verifier,
        second.verifier,
    }
    with pytest.raises(LastLogKey):
        await retire_log_key(house, folder, second.verifier.key_id.hex(), "A slip.")


async def test_a_rotation_that_was_cut_short_goes_on_with_its_key(house: House) -> None:
    folder, first = house.settings.log_keys, key_of(house)
    Signer.make(first.name).write(folder / "0002.pending")
    pending = Signer.read(folder / "0002.pending").verifier
    assert (await rotate_log_key(house, folder, "Yearly rotation.")).verifier == pending
    assert [signer.verifier for signer in signers_in(folder)] == [first.verifier, pending]


async def test_it_publishes_by_itself_as_the_log_grows(house: House) -> None:
    quick = replace(house, settings=house.settings.model_copy(update={"checkpoint_seconds": 0.01}))
    told: list[str] = []
    running = asyncio.create_task(LogPublishing(quick, None).run(told.append))
    public = PublicLog(house.settings.public_log)
    await write_some(house.store, "appointment/1", each=30)
    async with asyncio.timeout(30):
        while (note := public.note()) is None or Checkpoint.parse(note.text).size < await house.store.size():
            await asyncio.sleep(0.05)
    running.cancel()
    assert told == []
