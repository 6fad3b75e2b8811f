"""Forgetting from the command line: proposed, judged and shown at a terminal, against a real service."""

import asyncio

from runtime.connections import House
from runtime.forgetting import Forgetter
from tests.runtime.terminal import Clerk, project

GROUP = "forget"
WHY = ("--ground", "request", "--reason", "Asked for in writing.")


async def test_somebody_is_forgotten_from_a_terminal_and_the_tombstone_is_shown(clerk: Clerk, house: House) -> None:
    service = ("--unit", "Registry", "--rank", "officer", "--since-on", "2024-09-01")
    assert clerk.of("training").types("register-service", "staff-77", *service).exit_code == 0
    serving = clerk.types("propose", "staff-77", *WHY)
    assert serving.exit_code == 1 and "in-service register" in " ".join(serving.stderr.split())
    assert clerk.of("training").types("end-service", "staff-77", "--until-on", "2025-01-31").exit_code == 0
    person = clerk.gets("propose", "staff-77", *WHY)["person_id"]
    clerk.gets("withdraw", "staff-77")
    clerk.gets("propose", person, *WHY, "--by-pseudonym")
    clerk.gets("refuse", "staff-77", "--reason", "A complaint is open.")
    shown = clerk.types("show", "staff-77").stdout
    assert "Refused on" in shown and "Why not" in shown
    clerk.gets("propose", "staff-77", *WHY)
    clerk.gets("approve", "staff-77")
    await project(house)
    assert [row["person_id"] for row in clerk.gets("list", "--state", "approved")["forgettings"]] == [person]
    assert await Forgetter(house).sweep() == 1
    await project(house)
    assert "Forgotten on" in clerk.types("show", person, "--by-pseudonym").stdout
    assert person in clerk.types("list").stdout
    async with asyncio.timeout(10):  # every process drops the link as soon as it hears of it
        while clerk.types("show", "staff-77").exit_code == 0:
            await asyncio.sleep(0.05)
    gone = clerk.types("show", "staff-77")
    assert gone.exit_code == 2 or "Nothing is on record" in " ".join(gone.stderr.split())
    assert clerk.types("list", "--state", "proposed").stdout.strip() == "Nobody was proposed to be forgotten."
