"""The public log over HTTP: what its formats promise, to whoever asks."""

import shutil
from html import unescape
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


async def test_a_notice_says_where_it_is_published_and_is_proved_by_its_address(desk: Desk) -> None:
    case, _, notice = await desk.noticed()
    await desk.project()
    assert "Not in the published log yet." in (await desk.http.get(f"/en/notices/{notice}")).text
    assert (await desk.http.get(f"/log/proof/notices/{notice}")).status_code == 503
    assert (await desk.http.get("/log/proof/notices/000000000000")).status_code == 404
    policy = await published(desk)
    size = await desk.log_size()
    assert await LogPublishing(desk.house, None, desk.clock).tell_of_notices() == 1
    await desk.project()
    page = (await desk.http.get(f"/en/notices/{notice}")).text
    assert f"Published in the checkpoint of {size} entries" in page and "Not cosigned" in page
    answer = await desk.http.get(f"/log/proof/notices/{notice}")
    assert f"notice-{notice}.tlog-proof" in answer.headers["Content-Disposition"]
    assert answer.content == (await desk.http.get(f"/log/proof/cases/{case}")).content
    carried = Proof.parse(page[page.index("c2sp.org/") : page.index("</pre>")].encode())
    assert carried.extra is not None and f'"notice_id":"{notice}"'.encode() in carried.extra
    carried.verify(leaf_hash(carried.extra), policy)


async def test_a_damaged_log_takes_no_page_away(desk: Desk) -> None:
    _, _, notice = await desk.noticed()
    await desk.project()
    await published(desk)
    public = PublicLog(desk.house.settings.public_log)
    shutil.rmtree(public.folder / "tile")
    for path in ("/en/log", "/zh/log", "/en/log/verifier.html", f"/zh/notices/{notice}"):
        assert (await desk.http.get(path)).status_code == 200
    (public.folder / "checkpoint").write_bytes(b"none")
    for path in ("/en/log", f"/zh/notices/{notice}"):
        answer = await desk.http.get(path)
        assert answer.status_code == 200 and "c2sp.org/tlog-proof@v1" not in answer.text


async def test_the_page_of_the_log_and_its_verifier_may_reach_nothing(desk: Desk) -> None:
    await published(desk)
    size = await desk.log_size()
    page = await desk.http.get("/en/log")
    assert f"{size} entries" in page.text and "by nobody yet" in page.text
    for answer in (page, await desk.http.get("/zh/log/verifier.html")):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "connect-src" not in policy and "unsafe" not in policy
        assert (await desk.http.get("/log/keys")).text in unescape(answer.text)
    assert (
        (await desk.http.get("/fr/log")).status_code
        == (await desk.http.get("/fr/log/verifier.html")).status_code
        == 404
    )


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
