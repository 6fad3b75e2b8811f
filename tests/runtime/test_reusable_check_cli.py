"""Checks of people from the command line, against a real service."""

from tests.runtime.terminal import Clerk

GROUP = "check"
OF = ("staff-4711", "--kind", "petitions")


async def test_a_check_is_asked_once_from_a_terminal(clerk: Clerk) -> None:
    assert not clerk.gets("request", *OF, "--asked", "supervision-organ")["reused"]
    waiting = clerk.types("show", *OF)
    assert "asked of supervision-organ" in waiting.stdout
    clerk.gets("record", *OF, "--outcome", "Two petitions, both unfounded.")
    assert clerk.gets("request", *OF, "--asked", "supervision-organ", "--role", "supervision")["reused"]
    shown = clerk.types("show", *OF).stdout
    assert "Two petitions, both unfounded." in shown and "used again 1 times" in shown
