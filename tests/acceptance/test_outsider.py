"""An outsider with the published files, the keys and the program, and nothing of the office's, checks everything."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import asyncpg
import pytest

from runtime.installation import found_settings
from tests.acceptance.conftest import block
from tests.acceptance.installations import Running, environment

PATIENCE_SECONDS = 60


def _everything_is_published(running: Running) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        status, ready = json.loads(_read(running, "/log/status")), json.loads(_read(running, "/readyz"))
        if status["size"] == ready["log_size"] and status["cosigned_size"] in (0, status["size"]):
            return
        time.sleep(0.2)
    raise AssertionError("what was recorded was not published in time")


def _read(running: Running, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}{path}", timeout=10) as answer:
        return bytes(answer.read())


def _cli(*arguments: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "runtime.cli", *arguments, "--json"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
    )
    return done.returncode, json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def copied(running: Running, walked: "subprocess.CompletedProcess[str]") -> Path:
    """The public side as files, made and checked by the README's commands, and the keys beside it."""
    assert walked.returncode == 0, walked.stdout + walked.stderr
    _everything_is_published(running)
    script = block("sh outsider").replace("127.0.0.1:8080", f"127.0.0.1:{running.port}")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=running.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 notices and a log of" in done.stdout and done.stdout.count(": whole") == 2
    assert f"They are what http://127.0.0.1:{running.port} shows." in done.stdout
    return running.folder / "site"


def keys_of(copied: Path) -> str:
    return str(copied.parent / "keys.txt")


def test_the_copied_site_alone_proves_a_notice_and_the_whole_log(copied: Path) -> None:
    (proof,) = (copied / "log/proof/cases").glob("*.tlog-proof")
    code, said = _cli("verify", str(proof), "--keys", keys_of(copied))
    assert (code, said["whole"]) == (0, True)
    code, said = _cli("verify", "--from-tiles", str(copied / "log"), "--keys", keys_of(copied))
    assert (code, said["whole"]) == (0, True)
    (page,) = (copied / "en/notices").glob("*/index.html")
    styles = re.findall(r'href="/(static/[^"]+)"', page.read_text())
    assert styles and all((copied / style.split("?")[0]).exists() for style in styles)


def test_a_copied_file_in_which_a_byte_was_changed_is_not_whole(copied: Path, tmp_path: Path) -> None:
    changed = tmp_path / "site"
    shutil.copytree(copied, changed)
    entries = next(path for path in (changed / "log/tile/entries").rglob("*") if path.is_file())
    entries.write_bytes(entries.read_bytes().replace(b"registry/head-clerk", b"registry/tail-clerk"))
    code, said = _cli("verify", "--from-tiles", str(changed / "log"), "--keys", keys_of(copied))
    assert (code, said["whole"]) == (1, False) and isinstance(said["position"], int)
    code, said = _cli("verify", "--from-tiles", str(changed / "log"))
    assert code == 1


def test_the_public_view_rebuilt_from_the_tiles_is_what_the_service_shows(copied: Path, running: Running) -> None:
    live = f"http://127.0.0.1:{running.port}"
    out = copied.parent / "rebuilt"
    code, said = _cli("rebuild-public", "--from-tiles", str(copied / "log"), "--compare", live, "--out", str(out))
    assert (code, said["whole"], said["notices"], said["differ"]) == (0, True, 1, [])
    (notice,) = out.glob("*.json")
    assert json.loads(notice.read_text())["post"]["title"] == "Head Clerk"
    assert "Amina" not in notice.read_text()


def test_a_notice_that_is_shown_otherwise_than_it_was_recorded_is_named(copied: Path, running: Running) -> None:
    live = f"http://127.0.0.1:{running.port}"
    asyncio.run(_as_owner(running, "UPDATE read_model.public_notice SET lodged = lodged + 1"))
    try:
        code, said = _cli("rebuild-public", "--from-tiles", f"{live}/log", "--keys", keys_of(copied), "--compare", live)
        assert code == 1
        assert isinstance(said["differ"], list)
        (differs,) = said["differ"]
        assert differs["fields"] == ["objections"]
    finally:
        asyncio.run(_as_owner(running, "UPDATE read_model.public_notice SET lodged = lodged - 1"))


def test_a_dossier_is_proved_by_what_it_carries(copied: Path, running: Running) -> None:
    (proof,) = (copied / "log/proof/cases").glob("*.tlog-proof")
    file = copied.parent / "dossier.pdf"
    file.write_bytes(_dossier(running, proof.stem))
    code, said = _cli("verify", str(file), "--keys", keys_of(copied))
    assert (code, said["whole"], said["stream"]) == (0, True, f"appointment/{proof.stem}"), said
    other = copied.parent / "other.pdf"
    other.write_bytes(b"%PDF-1.7 nothing")
    assert _cli("verify", str(other), "--keys", keys_of(copied))[0] == 1


def _dossier(running: Running, case_id: str) -> bytes:
    """The dossier as supervision is given it."""
    mint = [sys.executable, "-m", "runtime.cli", "token", "--role", "supervision", "--data", "data"]
    token = subprocess.run(
        mint, cwd=running.folder, env=environment(), capture_output=True, text=True, check=True, timeout=60
    )
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.port}/api/v1/cases/{case_id}/dossier",
        headers={"Authorization": f"Bearer {token.stdout.strip()}", "Accept": "application/pdf"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


async def _as_owner(running: Running, statement: str) -> None:
    connection = await asyncpg.connect(found_settings(running.folder / "data").database_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
