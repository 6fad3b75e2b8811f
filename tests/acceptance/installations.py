"""A whole installation as a newcomer starts it: `investiture up`, in a folder of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime.embedded import free_port

START_SECONDS = 120
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    """An installation that answers."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    printed: list[str]


@contextmanager
def installation(folder: Path) -> Iterator[Running]:
    """An installation whose data lie in `folder/data`, stopped cleanly after the block.

    Fails: when it does not say that it is ready, or does not stop.
    """
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "runtime.cli", "up", "--port", str(port), "--data", "data"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Running(folder, port, process, _until_ready(process))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            assert process.stdout is not None
            process.stdout.close()


def environment() -> dict[str, str]:
    """The environment of a newcomer's shell: none of our settings, and the program's modules found."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("INVESTITURE_")}
    return own | {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}


def _until_ready(process: "subprocess.Popen[str]") -> list[str]:
    printed: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        printed.append(line.rstrip("\n"))
        if re.match(r"^ready http://127\.0\.0\.1:\d+$", printed[-1]):
            return printed
    raise AssertionError("it ended without being ready:\n" + "\n".join(printed))
