"""Whatever is tried in whatever order: no meeting opens without both departments, and nobody changes its minutes."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.command import Command
from domain.event import Event
from domain.identity import SYSTEM, Actor, OfficerId
from domain.joint_meeting import (
    AgendaAdditionAgreed,
    AgendaAdditionProposed,
    AgendaFrozen,
    AgendaItemPlaced,
    FindingMade,
    MeetingAttendanceRecorded,
    MeetingCancelled,
    MeetingConcluded,
    MeetingMinutesAnnotated,
    MeetingOpened,
    MinutesDrawnUp,
    MinutesSigned,
    MinutesUnsigned,
    ResolutionAdopted,
)
from domain.joint_meeting_agenda import CallInOrgan, CauseFound, FillAgenda
from domain.joint_meeting_change import AgreeToAgendaAddition
from domain.joint_meeting_minutes import AnnotateMeetingMinutes, CloseMeeting, SignMinutes
from domain.joint_meeting_sitting import OpenMeeting, RecordMeetingAttendance, RecordStatement
from domain.joint_meeting_standing import fold_joint_meeting
from domain.refusal import Refusal
from tests.domain.test_joint_meeting import ADD, BOTH, CANCEL, CONVENE, DAY, DIGEST, FINDING, PLACE, RESOLUTION, said
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION

DEPARTMENTS = (PERSONNEL.organ, SUPERVISION.organ)
DEPUTY = PERSONNEL.model_copy(update={"on_behalf_of": SUPERVISION.officer})
MOVED = SUPERVISION.model_copy(update={"officer": PERSONNEL.officer})
ACTORS = (PERSONNEL, SUPERVISION, BOTH, DEPUTY, MOVED, SCHOOL, DECIDERS, SYSTEM)
OFFICERS = (PERSONNEL.officer, SUPERVISION.officer, BOTH.officer, OfficerId("officer-guest"))

ORGANS = st.sampled_from((*DEPARTMENTS, SCHOOL.organ))
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from(
        (
            *(ADD, ADD, CANCEL, CONVENE, PLACE, OpenMeeting(), OpenMeeting(), CloseMeeting()),
            *(SignMinutes(digest=DIGEST), SignMinutes(digest=DIGEST), SignMinutes(digest="00" * 32)),
            FillAgenda(found=(CauseFound(kind="deviation", cause="deviation/7"),)),
            CallInOrgan(organ=SCHOOL.organ, statistics=("problems",)),
            AnnotateMeetingMinutes(note="The second letter was of April."),
        )
    ),
    st.builds(RecordMeetingAttendance, organ=ORGANS, present=st.sets(st.sampled_from(OFFICERS), max_size=2).map(tuple)),
    st.builds(RecordStatement, organ=ORGANS, text=st.just("Letters wait now.")),
    st.builds(lambda owner, other: FINDING.model_copy(update={"owner": owner, "accepting": other}), ORGANS, ORGANS),
    st.builds(lambda owner, other: RESOLUTION.model_copy(update={"owner": owner, "accepting": other}), ORGANS, ORGANS),
)
AGREE = AgreeToAgendaAddition(item_id="the addition that waits")
"""Stands for agreeing to whichever addition waits."""
CLOCK = None
"""Stands for the end of the clock that ends first."""
STEPS = st.lists(st.tuples(st.one_of(COMMANDS, st.sampled_from((CLOCK, AGREE))), st.sampled_from(ACTORS)), max_size=40)
PREFIX = (
    *((CONVENE, SUPERVISION), (PLACE, PERSONNEL), (CLOCK, SYSTEM)),
    (RecordMeetingAttendance(organ=PERSONNEL.organ, present=(PERSONNEL.officer,)), PERSONNEL),
)
AFTER_MINUTES = (MinutesSigned, MinutesUnsigned, MeetingConcluded, MeetingMinutesAnnotated)


def lived(steps: list[tuple[Command | None, Actor]]) -> list[Event]:
    """What a sequence of attempts leaves on the log, each at a time at which its day allows it."""
    events: list[Event] = []
    for command, actor in steps:
        meeting = fold_joint_meeting(events)
        if command is CLOCK:
            clocks = meeting.clocks if meeting and not meeting.over else ()
            events += [clocks[0].event] if clocks else []
            continue
        if command is AGREE:
            command = AgreeToAgendaAddition(item_id=next(iter(meeting.additions), "none") if meeting else "none")
        try:
            events += said(events, command, actor, DAY if events else DAY - timedelta(days=14))
        except Refusal:
            continue
    return events


@settings(max_examples=150, deadline=None)
@given(st.booleans(), STEPS)
def test_no_sequence_of_attempts_breaks_a_rule_of_meetings(
    begun: bool, steps: list[tuple[Command | None, Actor]]
) -> None:
    events = lived([*(PREFIX if begun else ()), *steps])
    for place, event in enumerate(events):
        before = events[:place]
        match event:
            case MeetingOpened():
                there = {one.organ for one in before if isinstance(one, MeetingAttendanceRecorded) and one.present}
                assert there.issuperset(DEPARTMENTS)
            case AgendaAdditionAgreed():
                (asked,) = [one for one in before if getattr(one, "item_id", None) == event.item_id]
                assert isinstance(asked, AgendaAdditionProposed) and asked.placed_by != event.organ
            case MeetingCancelled():
                assert not any(isinstance(one, MeetingOpened) for one in before)
                assert place == len(events) - 1
            case AgendaItemPlaced():
                assert not any(isinstance(one, AgendaFrozen) for one in before)
            case FindingMade() | ResolutionAdopted():
                assert event.owner != event.accepting
            case MinutesDrawnUp():
                assert event.through_version == len(before)
                assert all(isinstance(later, AFTER_MINUTES) for later in events[place + 1 :])
    _signatures_are_of_two_hands(events)


def _signatures_are_of_two_hands(events: list[Event]) -> None:
    signatures = [event for event in events if isinstance(event, MinutesSigned)]
    assert len({found.department for found in signatures}) == len(signatures) <= 2
    hands = [hand for found in signatures for hand in found.signed_by]
    assert len(set(hands)) == len(hands)
    assert any(isinstance(event, MeetingConcluded) for event in events) == (len(signatures) == 2)


def test_the_attempts_do_reach_signed_minutes() -> None:
    there = RecordMeetingAttendance(organ=SUPERVISION.organ, present=(SUPERVISION.officer,))
    sign = SignMinutes(digest=DIGEST)
    steps = [(there, SUPERVISION), (OpenMeeting(), PERSONNEL), (CloseMeeting(), PERSONNEL)]
    events = lived(
        [*PREFIX, *steps, (sign, BOTH), (sign, DEPUTY), (sign, SUPERVISION), (sign, DEPUTY), (sign, PERSONNEL)]
    )
    assert isinstance(events[-1], MeetingConcluded)
    assert CONVENE.held_on == date(2026, 3, 16)


def test_the_attempts_do_reach_an_addition_that_the_other_department_agreed_to() -> None:
    events = lived([*PREFIX, (ADD, SUPERVISION), (AGREE, MOVED), (AGREE, DEPUTY), (AGREE, PERSONNEL), (CANCEL, DEPUTY)])
    assert [type(event) for event in events[-2:]] == [AgendaAdditionAgreed, MeetingCancelled]
