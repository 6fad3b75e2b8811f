"""The service and the supervision organ's witness, two programs that share nothing but a protocol and two keys."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from eventstore.transparency.checkpoint import Policy
from eventstore.transparency.note import Note, Signer
from eventstore.transparency.tile import TiledLog
from runtime.witness_door import WitnessDoor, WitnessRefuses, WitnessSilent
from runtime.witness_folder import WitnessFolder
from tests.eventstore.transparency.logs import published
from tests.runtime.witnesses import ORIGIN, PATIENCE_SECONDS, a_witness, running, witness

KEY = Signer.make(ORIGIN)
OTHER_PAST = "another past of "


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return a_witness(tmp_path, KEY)


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        yield client


def door(data: Path, to: httpx2.Client, http: httpx2.AsyncClient, memory: str = "log-signer") -> WitnessDoor:
    return WitnessDoor(str(to.base_url), WitnessFolder(data).signer().verifier, http, data.parent / memory)


def log(size: int, salt: str = "") -> tuple[Note, TiledLog]:
    files, signed = published(size, salt, ORIGIN)
    return signed.signed([KEY]), TiledLog(files.__getitem__, size)


async def test_growth_is_cosigned_over_restarts_and_lost_memories(data: Path, http: httpx2.AsyncClient) -> None:
    policy = Policy((KEY.verifier,), (WitnessFolder(data).signer().verifier,))
    for size, memory in ((1, "log-signer"), (300, "log-signer"), (300, "a new folder"), (900, "another")):
        with running(data) as (client, process):
            note, tiles = log(size)
            both = note.signed_also(await door(data, client, http, memory).cosign(note, tiles))
            process.send_signal(signal.SIGKILL)
        checkpoint, signatures = policy.accepts(both)
        assert checkpoint.size == size and len(signatures) == 2


async def test_a_past_that_was_rewritten_or_rolled_back_is_not_cosigned(data: Path, http: httpx2.AsyncClient) -> None:
    with running(data) as (client, _):
        await door(data, client, http).cosign(*log(600))
        for forged in (log(600, OTHER_PAST), log(900, OTHER_PAST), log(300)):
            for memory in ("log-signer", "a new folder"):
                with pytest.raises(WitnessRefuses):
                    await door(data, client, http, memory).cosign(*forged)
        kinds = [alarm["kind"] for alarm in client.get("/status").json()["alarms"]]
        assert kinds == ["fork", "unproved"]
        await door(data, client, http).cosign(*log(900))


async def test_witness_that_cannot_work_is_silent_and_has_not_seen_another_log(
    data: Path, http: httpx2.AsyncClient
) -> None:
    with running(data) as (client, process):
        await door(data, client, http).cosign(*log(2))
        cosigned = WitnessFolder(data).of(ORIGIN) / "cosigned"
        cosigned.write_text("spoilt")
        with pytest.raises(WitnessSilent, match="cannot work"):
            await door(data, client, http).cosign(*log(3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with pytest.raises(WitnessSilent, match="cannot be reached"):
            await door(data, client, http).cosign(*log(3))


async def test_a_key_that_the_witness_was_not_told_of_is_refused_until_it_is(
    data: Path, http: httpx2.AsyncClient
) -> None:
    successor = Signer.make(ORIGIN)
    files, signed = published(5, origin=ORIGIN)
    note, tiles = signed.signed([successor]), TiledLog(files.__getitem__, 5)
    with running(data) as (client, _):
        with pytest.raises(WitnessRefuses, match="403"):
            await door(data, client, http).cosign(note, tiles)
        assert witness("trust", str(successor.verifier), "--data", str(data)).exit_code == 0
        assert await door(data, client, http).cosign(note, tiles)
