"""Every life that a release has written is lived again by the code of today.

After a release, `pytest tests/workflows --record 1.2.3` keeps its histories; they stay as they are.
"""

from pathlib import Path

import pytest

from runtime.temporal import WORKFLOWS
from tests.replay.replaying import kept, read, replayer


def name_of(path: Path) -> str:
    return read(path).events[0].workflow_execution_started_event_attributes.workflow_type.name


def test_a_life_of_each_workflow_is_kept() -> None:
    lives = list(kept())
    assert len(lives) >= 12
    defined = (workflow.__temporal_workflow_definition for workflow in WORKFLOWS)  # type: ignore[attr-defined]
    assert {name_of(path) for path in lives} == {definition.name for definition in defined}


@pytest.mark.parametrize("path", list(kept()), ids=lambda path: f"{path.parent.name}/{path.stem[:60]}")
async def test_kept_life_is_lived_again_to_the_same_end(path: Path) -> None:
    await replayer().replay_workflow(read(path))
