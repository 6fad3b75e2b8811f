"""A meeting is read from a command line as it was written, or not at all."""

import pytest

from api.meeting_words import Unclear, count, meeting, member, proceedings, put_off

NINE = [f"m-{place}" for place in range(8)] + ["m-8:chief"]


def said_by(held: dict[str, object], place: int = 0) -> list[tuple[str, str]]:
    ballots = held["ballots"]
    assert isinstance(ballots, list)
    return [(statement["member"], statement["says"]) for statement in ballots[place]["statements"]]


def test_a_member_carries_the_marks_that_were_written() -> None:
    assert member("m-1").body() == {"member": "m-1", "present": True, "recused": False, "chief": False}
    assert member("m-1:chief:recused").body() == {"member": "m-1", "present": True, "recused": True, "chief": True}
    away = member("m-1:absent=on leave: 3 days")
    assert (away.present, away.absent_because, away.votes) == (False, "on leave: 3 days", False)


@pytest.mark.parametrize("written", ["", ":chief", "m-1:abesnt", "m-1:chief=late", "m-1=late", "urn:m:1"])
def test_a_member_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(Unclear):
        member(written)


def test_statements_follow_the_order_of_the_members_who_vote() -> None:
    held = meeting(
        "2026-11-20", ["a", "b:absent", "c:recused", "d", "e:chief"], ["1k3v0d8s1m2q=agree, disagree ,defer"]
    )
    assert said_by(held) == [("a", "agree"), ("d", "disagree"), ("e", "defer")]
    assert held["held_on"] == "2026-11-20"


def test_statements_may_name_their_members_in_an_order_of_their_own() -> None:
    held = meeting("2026-11-20", ["a:chief", "b", "c"], ["x=c:agree,b:disagree,a:agree"])
    assert said_by(held) == [("c", "agree"), ("b", "disagree"), ("a", "agree")]


def test_everybody_may_say_the_same() -> None:
    held = meeting("2026-11-20", NINE, ["x=all:agree", "y=all:disagree"])
    assert len(said_by(held)) == 9
    assert said_by(held, 1)[-1] == ("m-8", "disagree")


@pytest.mark.parametrize(
    "written",
    ["x", "x=", "=agree,agree,agree", "x=agree,agree", "x=agree,agree,agree,agree", "x=yes,no,no", "x=a:agree,agree"],
)
def test_a_ballot_that_cannot_be_read_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(Unclear, match=r"Write|choose of|Name all"):
        meeting("2026-11-20", ["a", "b", "c"], [written])


@pytest.mark.parametrize(("written", "counted"), [("x=6,3", (6, 3, 0)), (" x = 6 , 2 , 1 ", (6, 2, 1))])
def test_a_secret_ballot_is_written_as_its_counts(written: str, counted: tuple[int, int, int]) -> None:
    in_favour, against, deferred = counted
    assert count(written) == {"candidate_id": "x", "in_favour": in_favour, "against": against, "deferred": deferred}


@pytest.mark.parametrize(
    "written", ["x", "x=", "x=6", "=6,3", "x=6,3,1,1", "x=-1,3", "x=m-1:agree,m-2:agree", "x=six,3"]
)
def test_a_count_that_cannot_be_read_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(Unclear, match="Write CANDIDATE=FOR,AGAINST"):
        count(written)


def test_a_vote_is_put_off_for_a_reason_of_the_two() -> None:
    said = put_off("unclear_question=Where the funds went = unknown.")
    assert said == {"why": "unclear_question", "reason": "Where the funds went = unknown."}
    for written in ("", "unclear_question", "unclear_question=", "members_deferred=They did.", "=why"):
        with pytest.raises(Unclear, match="Write large_disagreement=REASON or unclear_question=REASON"):
            put_off(written)


def test_what_was_not_said_of_a_meeting_is_left_out() -> None:
    assert proceedings(title=None, chair="m-1", agenda=[]) == {"chair": "m-1"}
    assert proceedings(title=None, agenda=None) is None
