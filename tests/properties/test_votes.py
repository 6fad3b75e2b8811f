"""However members come, withdraw and vote, nobody is chosen without the majority of the base that the pack names."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ballot import Ballot, Said, Statement, Tally
from domain.choice import DecisionTaken
from domain.decision import DecisionMeetingHeld, HoldDecisionMeeting, Member
from domain.identity import OfficerId
from domain.majority import BallotForm
from domain.pack import Pack
from domain.refusal import Refusal
from tests.domain.meetings import START, with_two_candidates
from tests.domain.variants import under
from tests.examples import DECIDERS
from tests.lives import live
from tests.spec import Story

STORY = with_two_candidates()
SHARES = st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)])
STATEMENTS = st.sampled_from(Statement)


@st.composite
def laws(draw: st.DrawFn) -> Pack:
    values = {
        "quorum": draw(SHARES),
        "majority": draw(SHARES),
        "majority_of": draw(st.sampled_from(["members_due", "members_present"])),
        "recused_count_in_base": draw(st.booleans()),
        "recused_count_in_quorum": draw(st.booleans()),
        "chief_speaks_last": False,
    }
    rules = STORY.pack.decision
    drawn = {name: getattr(rules, name).model_copy(update={"value": value}) for name, value in values.items()}
    return STORY.pack.model_copy(update={"decision_rules": rules.model_copy(update=drawn)})


@st.composite
def meetings(draw: st.DrawFn) -> HoldDecisionMeeting:
    """A meeting of any attendance, voted on openly or in secret, with what each said complete."""
    came = draw(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=15))
    members = tuple(
        Member(member=OfficerId(f"member-{place}"), present=present, recused=recused)
        for place, (present, recused) in enumerate(came)
    )
    voting = [member.member for member in members if member.votes]
    ballots = tuple(
        Ballot(candidate_id=candidate, statements=tuple(Said(member=who, says=draw(STATEMENTS)) for who in voting))
        for candidate in live(STORY).candidates
    )
    secret = draw(st.booleans())
    counts: tuple[Tally, ...] = tuple(ballot.tally() for ballot in ballots)
    return HoldDecisionMeeting(
        held_on=STORY._on(DECIDERS, START).today,
        members=members,
        ballots=() if secret else ballots,
        counts=counts if secret else (),
        voted_by=BallotForm.SECRET if secret else BallotForm.OPEN,
    )


def held(law: Pack, meeting: HoldDecisionMeeting) -> Story | None:
    try:
        return under(law, STORY).when(meeting, DECIDERS, START)
    except Refusal:
        return None


@given(laws(), meetings())
@settings(max_examples=200, deadline=None)
def test_nobody_is_chosen_without_the_quorum_and_the_majority_of_the_packs_base(
    law: Pack, meeting: HoldDecisionMeeting
) -> None:
    story = held(law, meeting)
    if story is None or live(story).chosen is None:
        return
    due = len(meeting.members)
    present = sum(member.present for member in meeting.members)
    recused = sum(member.present and member.recused for member in meeting.members)
    rule = {path: found.value for path, found in law.rules() if path.startswith("decision.")}
    came = present if rule["decision.recused_count_in_quorum"] else present - recused
    assert came >= rule["decision.quorum"] * due
    base = due if rule["decision.majority_of"] == "members_due" else present
    base -= 0 if rule["decision.recused_count_in_base"] else recused
    taken = story.then(DecisionTaken)
    tallies = meeting.counts or tuple(ballot.tally() for ballot in meeting.ballots)
    votes = next(found.in_favour for found in tallies if found.candidate_id == taken.candidate_id)
    assert Fraction(votes) > rule["decision.majority"] * base
    assert all(found.in_favour < votes for found in tallies if found.candidate_id != taken.candidate_id)


@given(laws(), meetings())
@settings(max_examples=60, deadline=None)
def test_a_secret_ballot_decides_what_the_same_statements_would_have_decided_openly(
    law: Pack, meeting: HoldDecisionMeeting
) -> None:
    if meeting.voted_by is BallotForm.SECRET:
        return
    counted = {"ballots": (), "counts": tuple(ballot.tally() for ballot in meeting.ballots)}
    secret = meeting.model_copy(update={**counted, "voted_by": BallotForm.SECRET})
    openly, secretly = held(law, meeting), held(law, secret)
    assert (openly is None) == (secretly is None)
    if openly and secretly:
        assert openly.case == secretly.case
        assert openly.then(DecisionMeetingHeld).counts == secretly.then(DecisionMeetingHeld).counts
