"""Requests between organs from the command line, against a real service."""

import shlex

from runtime.connections import House
from tests.runtime.terminal import Clerk, project

GROUP = "organ-request"
ASK = shlex.split(
    'ask --asked personnel-department --about-kind unit --about Registry --question "How many letters were early?"'
)


async def test_a_request_is_asked_and_settled_from_a_terminal(clerk: Clerk, house: House) -> None:
    answered, declined, back = (clerk.gets(*ASK)["request_id"] for _ in range(3))
    reason = ("--reason", "The court has the file.")
    clerk.gets("decline", declined, *reason)
    clerk.gets("withdraw", back, *reason)
    await project(house)
    assert [row["request_id"] for row in clerk.gets("list", "--unanswered")["requests"]] == [answered]
    clerk.gets("answer", answered, "--answer", "Three, all in March.", "--proof", "0")
    await project(house)
    assert "Three, all in March." in clerk.types("show", answered).stdout
    assert "declined" in clerk.types("list", "--state", "declined").stdout
