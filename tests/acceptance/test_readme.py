"""The commands of the README do what the README says, as they are written there."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.installations import Running, environment, installation

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("newcomer")
    commands = folder / ".venv" / "bin"
    commands.mkdir(parents=True)
    script = commands / "investiture"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m runtime.cli "$@"\n')
    script.chmod(0o755)
    with installation(folder) as found:
        yield found


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    assert found, f"README has no block “{language}”"
    return found.group(1)


def test_the_walk_carries_a_case_to_an_open_notice_that_anybody_can_read(running: Running) -> None:
    script = block("sh walk").replace("127.0.0.1:8080", f"127.0.0.1:{running.port}")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=running.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"type":"/problems/notice_period_too_short"' in done.stdout
    assert "earliest_close_on" in done.stdout
    assert "public_notice" in done.stdout.replace(" ", "_").lower()
    address = done.stdout.strip().splitlines()[-1]
    for language, word in (("en", "Amina Okafor"), ("zh", "公示")):
        page = _page(address.replace("/notices/", f"/{language}/notices/"))
        assert word in page
        assert "Head Clerk" in page


def _page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:  # the test's own loopback address
        text: str = answer.read().decode()
        return text


def test_up_ends_its_start_with_the_address_and_what_to_try_next(running: Running) -> None:
    assert running.printed[-1] == f"ready http://127.0.0.1:{running.port}"


def test_every_investiture_command_that_documents_name_exists() -> None:
    documents = [README, *(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "docs").rglob("*.md")))]
    named = {match for text in documents for match in re.findall(r"(?:`|/|^)investiture ([a-z][a-z-]*)", text)}
    listed = _run("--help")
    assert named, "the documents name no command"
    for command in sorted(named):
        assert command in listed or _run(command, "--help"), f"`investiture {command}` does not exist"


def test_every_make_goal_that_documents_name_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    texts = [README, *((PROJECT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "ARCHITECTURE.md"))]
    goals = {match for text in texts for match in re.findall(r"`?make ([a-z]+)", text)}
    assert {"up", "test", "demo"} <= goals
    for goal in goals - {"is", "a", "it"}:
        assert re.search(rf"^{goal}:", makefile, flags=re.MULTILINE), f"make {goal}"


def test_every_file_that_the_readme_points_at_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"`(tests/[\w/.]+)`", README)
    for target in targets:
        assert (PROJECT / target).exists(), target


def _run(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "runtime.cli", *words],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout if done.returncode == 0 else ""


def test_verify_finds_the_log_whole(running: Running) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "runtime.cli", "verify", "--json"],
        cwd=running.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert json.loads(done.stdout)["whole"] is True, done.stderr
