"""Where the histories of whole lives are kept, release by release, and how they are replayed."""

from collections.abc import Iterator
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from runtime.temporal import WORKFLOWS, data_converter, sandbox

PAYLOAD_KEY = bytes(range(32))
"""The key that every kept history was sealed with; it protects nothing."""

FOLDER = Path(__file__).parent / "histories"


def replayer(*workflows: type) -> Replayer:
    """Lives through histories again, with the wiring of the workers; all their workflows where none is named."""
    return Replayer(
        workflows=workflows or WORKFLOWS, data_converter=data_converter(PAYLOAD_KEY), workflow_runner=sandbox()
    )


def keep(history: WorkflowHistory, release: str, test: str) -> None:
    """Keeps the history of a test's life as one that the release has written; never over one that is kept."""
    folder = FOLDER / release
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{test.removeprefix('test_')}.json").open("x", encoding="utf-8") as file:
        file.write(history.to_json() + "\n")


def kept() -> Iterator[Path]:
    """Every kept history."""
    yield from sorted(FOLDER.glob("*/*.json"))


def read(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))
