"""The body is the same at every meeting of a case, and whoever is concerned in it withdraws."""

import pytest

from domain.attendance import BodyHasChanged, ChiefNotNamed, MemberMustWithdraw
from domain.decision import DecisionMeetingHeld, DecisionTaken
from domain.identity import OfficerId
from tests.domain.meetings import START, at_decision
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, DECIDERS, PERSONNEL
from tests.lives import meeting


@pytest.mark.parametrize("chiefs", [0, 2])
def test_one_member_is_the_chief_where_the_chief_speaks_last(chiefs: int) -> None:
    story = at_decision()
    vote = meeting(story, START)
    members = tuple(member.model_copy(update={"chief": place < chiefs}) for place, member in enumerate(vote.members))
    wrong = vote.model_copy(update={"members": members})
    refusal = refused(story, ChiefNotNamed, wrong, DECIDERS, START)
    assert (refusal.field, refusal.facts["chiefs"]) == ("members", chiefs)
    law = variant("cn.sr2019", {"decision.chief_speaks_last.value": False})
    assert under(law, story).when(wrong, DECIDERS, START).then(DecisionTaken)


@pytest.mark.parametrize("due", [5, 11])
def test_a_body_has_as_many_members_at_every_meeting_of_a_case(due: int) -> None:
    story = at_decision()
    story = story.when(meeting(story, START, due=9, present=5), DECIDERS, START)
    refusal = refused(story, BodyHasChanged, meeting(story, START, due=due, present=due), DECIDERS, START)
    assert (refusal.facts["members_due"], refusal.facts["members_due_before"]) == (due, 9)


@pytest.mark.parametrize("concerned", [CHEN, PERSONNEL.officer])
def test_a_member_who_stands_or_nominated_withdraws(concerned: OfficerId) -> None:
    story = at_decision()
    vote = meeting(story, START)
    members = (vote.members[0].model_copy(update={"member": concerned}), *vote.members[1:])
    ballots = tuple(found.model_copy(update={"statements": found.statements[1:]}) for found in vote.ballots)
    refusal = refused(story, MemberMustWithdraw, vote.model_copy(update={"members": members}), DECIDERS, START)
    assert refusal.facts["members"] == [concerned]
    withdrawn = (members[0].model_copy(update={"recused": True}), *members[1:])
    granted = vote.model_copy(update={"members": withdrawn, "ballots": ballots})
    held = story.when(granted, DECIDERS, START).then(DecisionMeetingHeld)
    assert (held.members_recused, held.members_present, held.votes_needed) == (1, 9, 5)


def test_one_body_decides_a_case() -> None:
    story = at_decision()
    committee = meeting(story, START, present=5).model_copy(update={"body": "standing committee"})
    story = story.when(committee, DECIDERS, START)
    assert story.then(DecisionMeetingHeld).body == "standing committee"
    other = meeting(story, START).model_copy(update={"body": "full committee"})
    refusal = refused(story, BodyHasChanged, other, DECIDERS, START)
    assert (refusal.field, refusal.facts["body_before"]) == ("body", "standing committee")
    assert story.when(meeting(story, START), DECIDERS, START).then(DecisionTaken)
