"""Every life that a release has written is lived again by the code of today.

After a release, `pytest tests/workflows/test_appointment.py --record 1.2.3` keeps its histories; they stay as they are.
"""

from pathlib import Path

import pytest

from tests.replay.replaying import kept, read, replayer


def test_histories_of_a_release_are_kept() -> None:
    assert len(list(kept())) >= 7


@pytest.mark.parametrize("path", list(kept()), ids=lambda path: f"{path.parent.name}/{path.stem[:60]}")
async def test_kept_life_is_lived_again_to_the_same_end(path: Path) -> None:
    await replayer().replay_workflow(read(path))
