"""Minutes are sealed and stand as they were taken; a note adds to them and replaces nothing."""

import pytest
from pydantic import ValidationError

from domain.case_opening import SuspendCase
from domain.catalogue import DECIDE
from domain.decision import DecisionMeetingHeld, HoldDecisionMeeting
from domain.identity import OfficerId
from domain.minutes import LONGEST_LINE, AnnotateMinutes, MinutesAnnotated, Proceedings
from domain.refusal import ActsInOwnCase, CaseIsSuspended, UnknownChoice, WrongOrgan
from tests.domain.meetings import NEXT_WEEK, START, at_decision
from tests.domain.refusals import refused
from tests.examples import CHEN, DECIDERS, PERSONNEL, SUPERVISION
from tests.lives import appointed, decided, live, meeting, noticed, now

PROCEEDINGS = Proceedings(
    title="Fourth meeting of 2026",
    place="Hall 2",
    chair=OfficerId("member-8"),
    recorder=OfficerId("clerk"),
    reporter=OfficerId("head-of-personnel"),
    observers=(OfficerId("auditor"),),
    agenda=("1. Director of the Water Bureau",),
    resolutions=("Chosen as proposed; the notice is to be opened.",),
)
NOTE = "The observer of the audit office left before the vote."


def test_minutes_are_for_the_deciding_body_and_counts_for_everybody() -> None:
    story = at_decision()
    held = story.when(meeting(story, START), DECIDERS, START).then(DecisionMeetingHeld)
    assert held.minutes is not None and len(held.minutes.members) == 9
    public = held.without_sealed()
    assert public.minutes is None and public.counts == held.counts


@pytest.mark.parametrize("part", ["members", "ballots"])
def test_nobody_stands_twice_in_the_minutes(part: str) -> None:
    vote = meeting(at_decision(), START).model_dump()
    vote[part] = (*vote[part], vote[part][0])
    with pytest.raises(ValidationError, match="may stand only once"):
        HoldDecisionMeeting.model_validate(vote)


def test_minutes_hold_where_it_was_who_chaired_and_what_was_resolved() -> None:
    story = at_decision()
    vote = meeting(story, START).model_copy(update={"proceedings": PROCEEDINGS})
    held = story.when(vote, DECIDERS, START).then(DecisionMeetingHeld)
    assert held.minutes is not None and held.minutes.proceedings == PROCEEDINGS
    assert held.without_sealed().minutes is None


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"observers": ["member-0"]}, "an observer has no vote"),
        ({"chair": "member-8"}, "the chair is one of the members who were present"),
        ({"chair": "stranger"}, "the chair is one of the members who were present"),
        ({"agenda": ["x" * (LONGEST_LINE + 1)]}, "at most 500 characters"),
        ({"agenda": ["x"] * 51}, "at most 50 items"),
        ({"title": "x" * 301}, "at most 300 characters"),
    ],
)
def test_minutes_that_cannot_be_are_not_taken(said: dict[str, object], problem: str) -> None:
    vote = meeting(at_decision(), START, present=8).model_dump() | {"proceedings": said}
    with pytest.raises(ValidationError, match=problem):
        HoldDecisionMeeting.model_validate(vote)


def test_a_note_is_its_own_event_and_leaves_the_minutes_as_they_were() -> None:
    story = decided(at_decision(), START)
    before = story.then(DecisionMeetingHeld)
    story = story.when(AnnotateMinutes(meeting_id=before.meeting_id, note=NOTE), DECIDERS, NEXT_WEEK)
    (note,) = story.latest
    assert isinstance(note, MinutesAnnotated)
    assert (note.meeting_id, note.note, note.without_sealed().note) == (before.meeting_id, NOTE, None)
    assert before in story.events
    assert [kind for kind in DECIDE if "minutes" in kind.name()] == [AnnotateMinutes]


def test_a_note_may_be_added_as_long_as_the_case_is_open() -> None:
    story = decided(at_decision(), START)
    meeting_id = story.then(DecisionMeetingHeld).meeting_id
    note = AnnotateMinutes(meeting_id=meeting_id, note=NOTE)
    rest = story.when(SuspendCase(reason="A court is seized of the matter."), SUPERVISION, START)
    refused(rest, CaseIsSuspended, note, DECIDERS, START)
    story = noticed(story, START)
    story = appointed(story, now(story, START))
    assert story.when(note, DECIDERS, now(story, START)).then(MinutesAnnotated)


def test_only_the_deciding_body_adds_a_note_and_nobody_to_their_own_case() -> None:
    story = decided(at_decision(), START)
    note = AnnotateMinutes(meeting_id=live(story).meetings[0], note=NOTE)
    refused(story, WrongOrgan, note, PERSONNEL, START)
    chosen = DECIDERS.model_copy(update={"officer": OfficerId(CHEN)})
    refused(story, ActsInOwnCase, note, chosen, START)


def test_a_note_is_added_to_a_meeting_of_the_case() -> None:
    story = decided(at_decision(), START)
    refusal = refused(story, UnknownChoice, AnnotateMinutes(meeting_id="another", note=NOTE), DECIDERS, START)
    assert refusal.facts["known"] == list(live(story).meetings)
    assert refused(at_decision(), UnknownChoice, AnnotateMinutes(meeting_id="another", note=NOTE), DECIDERS, START)
