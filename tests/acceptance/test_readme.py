"""The commands of the README do what the README says, as they are written there."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runtime.cli import app
from tests.acceptance.conftest import README, block
from tests.acceptance.installations import PROJECT, Running, environment


def test_the_walk_carries_a_case_to_an_open_notice_that_anybody_can_read(
    walked: "subprocess.CompletedProcess[str]",
) -> None:
    done = walked
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"type":"/problems/notice_period_too_short"' in done.stdout
    assert "earliest_close_on" in done.stdout
    assert "public_notice" in done.stdout.replace(" ", "_").lower()
    address = done.stdout.strip().splitlines()[-1]
    for language, word in (("en", "Amina Okafor"), ("zh", "公示")):
        page = _page(address.replace("/notices/", f"/{language}/notices/"))
        assert word in page
        assert "Head Clerk" in page


def test_a_regime_that_is_only_a_file_is_checked_drawn_adopted_and_opened(running: Running) -> None:
    script = block("sh regime").replace("tests/regimes", str(PROJECT / "tests" / "regimes"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=running.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Keeper of the mill" in done.stdout
    assert (running.folder / "mill.svg").read_text(encoding="utf-8").startswith("<svg")


def _page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:  # the test's own loopback address
        text: str = answer.read().decode()
        return text


def test_up_ends_its_start_with_the_address_and_what_to_try_next(running: Running) -> None:
    assert running.printed[-1] == f"ready http://127.0.0.1:{running.port}"


def documents() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"))]


def named_commands() -> list[tuple[str, ...]]:
    """The commands that documents name in code, without what is to be filled in."""
    quoted = {found for text in documents() for found in re.findall(r"`(?:\.venv/bin/)?investiture ([^`]+)`", text)}
    leading = (re.match(r"[a-z][a-z-]*(?: [a-z][a-z-]+)*", found) for found in quoted)
    return sorted({tuple(found.group().split()) for found in leading if found})


@pytest.mark.parametrize("command", named_commands(), ids=" ".join)
def test_every_command_that_a_document_names_has_help_with_an_example(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0, done.output
    assert "xample" in done.output or "Commands" in done.output


def test_every_make_goal_that_documents_name_exists() -> None:
    goals = {found for text in documents() for found in re.findall(r"(?:`|^)make ([a-z]+)", text, flags=re.MULTILINE)}
    assert {"up", "test", "demo", "bench"} <= goals
    for goal in sorted(goals):
        done = subprocess.run(["make", "-n", goal], cwd=PROJECT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"make {goal}: {done.stderr}"


def test_every_file_that_the_readme_points_at_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"`(tests/[\w/.]+)`", README)
    for target in targets:
        assert (PROJECT / target).exists(), target


def _cli(*words: str, folder: Path = PROJECT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "runtime.cli", *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("verify",), "whole"),
        (("resume",), "followed"),
        (("rebuild", "audit_trail"), "audit_trail"),
        (("packs", "check"), "standard"),
        (("packs", "explain", "cn.sr2019"), "Art. 42"),
        (("packs", "list"), "cn.sr2019"),
        (("case", "list"), "Case"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else None,
)
def test_the_commands_of_the_documents_work_on_a_running_installation(
    running: Running, command: tuple[str, ...], says: str
) -> None:
    done = _cli(*command, folder=running.folder)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


def test_verify_finds_the_log_whole(running: Running) -> None:
    done = _cli("verify", "--json", folder=running.folder)
    assert json.loads(done.stdout)["whole"] is True, done.stderr
