"""A joint meeting from the command line, against a real service."""

import shlex
from datetime import timedelta
from pathlib import Path

from runtime.clock import now
from runtime.connections import House
from tests.runtime.terminal import Clerk, project

GROUP = "meeting"
MEMBERS = "--member personnel-department:personnel --member supervision-organ:supervision"


async def test_a_meeting_is_convened_and_prepared_from_a_terminal(clerk: Clerk, house: House, tmp_path: Path) -> None:
    await project(house)
    held_on = (now() + timedelta(days=30)).date().isoformat()
    call = ("convene", "--on", held_on, "--place", "Hall 2", *shlex.split(MEMBERS))
    meeting = clerk.gets(*call)["meeting_id"]
    clerk.gets("agenda", meeting, "--title", "Letters of May", "--asked", "Say whether letters wait.")
    clerk.gets("attend", meeting, "--of", "personnel-department", "--myself", "--absent", "staff-18=On leave")
    early = clerk.types("open", meeting)
    assert early.exit_code == 1 and "Wait for its day" in " ".join(early.stderr.split())
    story = clerk.types("show", meeting).stdout
    assert "Letters of May" in story and "personnel-department takes the chair" in story
    await project(house)
    assert meeting in clerk.types("list", "--state", "convened").stdout.replace("\n", "")
    none = clerk.types("minutes", meeting, "--out", str(tmp_path / "minutes.pdf"))
    assert none.exit_code != 0 and not (tmp_path / "minutes.pdf").exists()
