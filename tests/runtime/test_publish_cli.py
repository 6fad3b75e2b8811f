"""The published files are what the live site sends, to the byte, and nothing is written twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.bars import bar
from runtime.site_publishing import LIVE, MANIFEST, publish_site
from tests.desk import NOMINEE, Desk

OTHER = {"person": "staff-2", "particulars": {"full_name": "Rosa Lindqvist"}}


async def published(desk: Desk, folder: Path) -> int:
    """How many files a run has written."""
    await desk.project()
    with bar(quiet=True) as shown:
        said = await publish_site(desk.house, folder, desk.clock(), shown)
    return int(said["written"])


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(folder)), file.read_bytes()


async def test_every_file_is_what_the_live_site_sends(desk: Desk, tmp_path: Path) -> None:
    _, _, notice_id = await desk.noticed(NOMINEE)
    await published(desk, tmp_path)
    pages = {path: content for path, content in files(tmp_path) if path.endswith("index.html")}
    assert {f"en/notices/{notice_id}/index.html", "en/index.html", "zh/index.html", "en/regimes/index.html"} <= set(
        pages
    )
    for path, content in pages.items():
        address = f"/{path.removesuffix('index.html')}"
        live = await desk.http.get(address if address.count("/") == 2 or "regimes/" in address[-8:] else address[:-1])
        assert live.content == content, path
    as_data = (await desk.http.get(f"/api/v1/notices/{notice_id}")).content
    assert (tmp_path / f"api/v1/notices/{notice_id}.json").read_bytes() == as_data


async def test_a_second_run_writes_nothing_and_another_folder_gets_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    await desk.noticed(NOMINEE)
    assert await published(desk, tmp_path / "a") > 10
    assert await published(desk, tmp_path / "a") == 0
    await published(desk, tmp_path / "b")
    assert list(files(tmp_path / "a")) == list(files(tmp_path / "b"))


async def test_only_what_changed_is_written_and_names_that_went_are_in_no_file(desk: Desk, tmp_path: Path) -> None:
    case_id, _, notice_id = await desk.noticed(NOMINEE)
    _, _, other = await desk.noticed(OTHER, post_id="registry/deputy")
    await published(desk, tmp_path)
    untouched = (tmp_path / f"en/notices/{other}/index.html").stat().st_mtime_ns
    assert any(b"Okafor" in content for _, content in files(tmp_path))
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    assert await published(desk, tmp_path) > 0
    assert not [path for path, content in files(tmp_path) if b"Okafor" in content]
    assert (tmp_path / f"en/notices/{other}/index.html").stat().st_mtime_ns == untouched
    assert f"/en/notices/{notice_id} 1;" in (tmp_path / "gone.map").read_text()


async def test_what_a_crash_left_unwritten_is_written_by_the_next_run(desk: Desk, tmp_path: Path) -> None:
    _, _, notice_id = await desk.noticed(NOMINEE)
    await published(desk, tmp_path)
    page = tmp_path / f"zh/notices/{notice_id}/index.html"
    before = page.read_bytes()
    page.write_bytes(b"half of i")
    (tmp_path / MANIFEST).unlink()
    assert await published(desk, tmp_path) == 1
    assert page.read_bytes() == before


async def test_the_sitemap_leaves_out_whoever_is_named(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed(NOMINEE)
    await desk.project()
    sitemap = await desk.http.get("/sitemap.xml")
    assert "/en/regimes/" in sitemap.text and notice_id not in sitemap.text
    assert "Sitemap: " in (await desk.http.get("/robots.txt")).text


@pytest.mark.parametrize("path", ["/en/receipt", "/zh/subscribe", "/en/notices/abcdefghjkmn/object", "/log/checkpoint"])
def test_what_takes_something_stays_with_the_live_service(path: str) -> None:
    assert LIVE.match(path)
