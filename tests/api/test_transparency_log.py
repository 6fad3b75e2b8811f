"""The public log over HTTP: what its formats promise, to whoever asks."""

from itertools import pairwise

import pytest

from domain.transparency_log import AlarmCode
from eventstore.public_log import STATUS, PublicLog
from eventstore.transparency.checkpoint import Policy
from eventstore.transparency.merkle import leaf_hash, root_of
from eventstore.transparency.note import Note
from eventstore.transparency.proof_file import Proof
from eventstore.transparency.tile import TiledLog
from pages.translations import TRANSLATIONS
from runtime.publisher import LogPublishing
from tests.desk import Desk


async def published(desk: Desk) -> Policy:
    """Everything that stands on the log is published; gives the keys that it is checked by."""
    await LogPublishing(desk.house, None, desk.clock).once()
    await LogPublishing(desk.house, None, desk.clock).once()  # the keys, which the first round put on record
    return Policy.parse((await desk.http.get("/log/keys")).text)


async def test_before_anything_is_published_it_says_so(desk: Desk) -> None:
    assert (await desk.http.get("/log/checkpoint")).status_code == 404
    answer = await desk.http.get("/log/proof/0")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "1"


async def test_a_stranger_rebuilds_the_tree_from_the_files_alone(desk: Desk) -> None:
    await desk.opened()
    policy = await published(desk)
    answer = await desk.http.get("/log/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    checkpoint, _ = policy.accepts(Note.parse(answer.content))
    files: dict[str, bytes] = {}
    for path in ("tile/entries/000", "tile/0/000"):
        width = f".p/{checkpoint.size}" if checkpoint.size < 256 else ""
        tile = await desk.http.get(f"/log/{path}{width}")
        assert tile.headers["Content-Type"] == "application/octet-stream"
        assert "immutable" in tile.headers["Cache-Control"]
        files[path + width] = tile.content
    log = TiledLog(files.__getitem__, checkpoint.size)
    assert root_of(leaf_hash(entry) for entry in log.entries(0)) == checkpoint.root == log.edge().root()


async def test_an_event_and_a_whole_case_are_proved_by_one_file_each(desk: Desk) -> None:
    case = await desk.opened()
    policy = await published(desk)
    answer = await desk.http.get(f"/log/proof/cases/{case}")
    assert answer.status_code == 200 and f"case-{case}.tlog-proof" in answer.headers["Content-Disposition"]
    proof = Proof.parse(answer.content)
    assert proof.extra is not None
    entries = proof.extra.split(b"\n")
    proof.verify(leaf_hash(entries[-1]), policy)
    for before, entry in pairwise(entries):
        assert f'"previous":"{leaf_hash(before).hex()}"'.encode() in entry
    single = Proof.parse((await desk.http.get(f"/log/proof/{proof.index}")).content)
    assert (single.extra, single.hashes) == (entries[-1], proof.hashes)


async def test_what_is_recorded_and_not_published_yet_is_said_to_be_so(desk: Desk) -> None:
    await published(desk)
    case = await desk.opened()
    last = await desk.house.store.size() - 1
    assert (await desk.http.get(f"/log/proof/{last}")).status_code == 503
    assert (await desk.http.get(f"/log/proof/{last + 1}")).status_code == 404
    assert (await desk.http.get(f"/log/proof/cases/{case}")).status_code == 404


@pytest.mark.parametrize("path", ["tile/0/1", "tile/../keys", "tile/0/000.p/999", "tile/99/000", "signer/0001.key"])
async def test_nothing_else_is_read_from_there(desk: Desk, path: str) -> None:
    assert (await desk.http.get(f"/log/{path}")).status_code == 404


async def test_an_alarm_is_on_every_page_in_the_metrics_and_in_readyz(desk: Desk) -> None:
    await desk.project()
    await published(desk)
    assert "log-alarm" not in (await desk.http.get("/en/")).text
    public = PublicLog(desk.house.settings.public_log)
    tile = next((public.folder / "tile/0").rglob("*.p/*"), None) or public.folder / "tile/0/000"
    tile.write_bytes(bytes(len(tile.read_bytes())))
    await LogPublishing(desk.house, None, desk.clock).once()
    for page, said in (("/en/", "cannot be vouched for"), ("/zh/", "无法保证")):
        assert said in (await desk.http.get(page)).text
    assert (await desk.http.get("/readyz")).json()["log_alarm"] == AlarmCode.TILES_CHANGED
    assert "investiture_log_alarm 1.0" in (await desk.http.get("/metrics")).text
    assert (await desk.http.get("/log/status")).json()["alarm"]["code"] == "tiles_changed"
    assert (public.folder / STATUS).exists()


def test_every_alarm_has_its_words() -> None:
    assert {f"log_alarm.{code}" for code in AlarmCode} <= set(TRANSLATIONS)
