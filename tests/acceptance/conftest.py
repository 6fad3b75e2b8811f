"""What the stories of newcomer and outsider share: one installation in which the README's walk was walked."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.acceptance.installations import PROJECT, Running, environment, installation

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """A block of the README by the words behind its fence."""
    found = re.search(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    assert found, f"README has no block “{language}”"
    return found.group(1)


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An installation as `make up` leaves it, with the commands where the README has them."""
    folder = tmp_path_factory.mktemp("newcomer")
    commands = folder / ".venv" / "bin"
    commands.mkdir(parents=True)
    script = commands / "investiture"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m runtime.cli "$@"\n')
    script.chmod(0o755)
    with installation(folder) as found:
        yield found


@pytest.fixture(scope="package")
def walked(running: Running) -> "subprocess.CompletedProcess[str]":
    """The README's walk, done: a case whose notice stands."""
    script = block("sh walk").replace("127.0.0.1:8080", f"127.0.0.1:{running.port}")
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=running.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
