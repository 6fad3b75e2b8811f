"""Supervising together from the command line, against a real service."""

from runtime.connections import House
from tests.runtime.terminal import Clerk, project

GROUP = "supervise"


async def test_what_came_is_taken_down_verified_watched_and_read_from_a_terminal(clerk: Clerk, house: House) -> None:
    labels = ("--membership", "non_party", "--voice", "mass", "--source", "public_opinion")
    told = ("--text", "Three letters were issued on the day of the decision.")
    made = clerk.gets("input", *labels, *told, "--about-kind", "unit", "--about", "Registry", "--person", "staff-1")
    own = clerk.types("verify", made["input_id"], "--with", "The register of letters.")
    assert own.exit_code == 1 and "Another officer" in " ".join(own.stderr.split())
    clerk.gets("verify", made["input_id"], "--with", "The register of letters.", "--subject", "another")
    clerk.gets("input", *labels, *told, "--secrecy", "restricted")
    watch = clerk.gets("watch", "Registry", "--point", "The seal", "--grounds", "Letters of days of leave.")["watch_id"]
    clerk.gets("attend", watch, "--point", "1", "--text", "Signed by anybody.")
    clerk.gets("conclude", watch, "--outcome", "shortcomings", "--remarks", "Two officers sign now.")
    asking = clerk.gets("ask-opinions", "Registry", "--about-kind", "unit", "--asked", "peer=20")["asking_id"]
    clerk.gets("count-opinions", asking, "--direction", "peer", "--count", "supports=12", "--count", "opposes=1")
    await project(house)
    table = clerk.types("inputs").stdout
    assert "verified" in table and "restricted item" in table
    assert "1 of 1" in clerk.types("watches", "--over").stdout
    assert "under the smallest" in clerk.types("opinions", asking).stdout
    assert clerk.gets("person", "staff-1")["inputs"][0]["status"] == "verified"
    assert "discipline" in clerk.types("channels").stdout


def test_a_number_that_is_none_is_told_before_anything_is_sent(clerk: Clerk) -> None:
    wrong = clerk.types("ask-opinions", "Registry", "--asked", "peer")
    assert wrong.exit_code == 2 and "peer=20" in wrong.output


def test_a_note_is_kept_for_ones_own_department(clerk: Clerk) -> None:
    nothing = clerk.types("note", "0123456789ab", "--text", "Ask for the register.")
    assert nothing.exit_code == 1 and "Check its id" in " ".join(nothing.stderr.split())
    assert clerk.gets("notes", "0123456789ab")["notes"] == []
