"""Webhooks from the command line: registered, tried, listed and ended at a terminal, against a real service."""

from runtime.connections import House
from tests.runtime.terminal import Clerk, project

GROUP = "webhook"
URL = "https://example.org/hooks?secret=3f9c"


async def test_a_webhook_is_kept_from_a_terminal(clerk: Clerk, house: House) -> None:
    shown = clerk.types("add", URL, "--kind", "notice_opened", "--organ-of-post", "Registry")
    assert shown.exit_code == 0 and "whsec_" in shown.stdout and "not shown again" in " ".join(shown.stdout.split())
    added = clerk.gets("add", URL)
    await project(house)
    latest, first = clerk.gets("list")["webhooks"]
    assert (latest["webhook_id"], first["kinds"]) == (added["webhook_id"], ["notice_opened"])
    clerk.gets("test", added["webhook_id"])
    clerk.gets("end", added["webhook_id"])
    again = clerk.types("end", added["webhook_id"])
    assert again.exit_code == 1 and "Register another one" in " ".join(again.stderr.split())
    await project(house)
    table = clerk.types("list")
    assert "example.org" in table.stdout and "ended" in table.stdout and "3f9c" not in table.stdout
