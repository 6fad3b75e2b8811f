"""A joint meeting: its agenda is settled in time, both departments are there, and both sign what nobody can change."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from domain.command import Command
from domain.event import Event
from domain.identity import SYSTEM, Actor, OfficerId, OrganId, Role
from domain.joint_meeting import (
    AgendaAdditionAgreed,
    AgendaAdditionProposed,
    AgendaFrozen,
    AgendaItemPlaced,
    FindingMade,
    ItemAbout,
    ItemKind,
    ItemSubject,
    MeetingCancelled,
    MeetingConcluded,
    MeetingConvened,
    MeetingKind,
    MeetingNotHeld,
    Member,
    MinutesDrawnUp,
    MinutesSigned,
    MinutesUnsigned,
    ResolutionAdopted,
    Seat,
    Statistic,
)
from domain.joint_meeting_agenda import (
    LONGEST_AGENDA,
    AgendaIsFrozen,
    AgendaIsFull,
    CalledInAlready,
    CallInOrgan,
    CauseFound,
    ConveneMeeting,
    DepartmentNotInvited,
    FillAgenda,
    MeetingIsOver,
    MeetingNotFound,
    OrganInvitedTwice,
    PlaceAgendaItem,
    TooSoonForItsAgenda,
)
from domain.joint_meeting_change import (
    AgendaStillOpen,
    AgreesToOwnAddition,
    AgreeToAgendaAddition,
    CancelMeeting,
    ProposeAgendaAddition,
)
from domain.joint_meeting_minutes import (
    AnnotateMeetingMinutes,
    CloseMeeting,
    MinutesNotDrawnUp,
    MinutesSignedAlready,
    OtherMinutes,
    SignMinutes,
    SignsForBoth,
)
from domain.joint_meeting_sitting import (
    Absent,
    AdoptResolution,
    JointQuorumMissing,
    MakeFinding,
    MeetingNotOpen,
    MeetingOpenedAlready,
    NotAtTheMeeting,
    NotTheDay,
    OnTheLog,
    OpenMeeting,
    RecordMeetingAttendance,
    RecordStatement,
    SitsForTwoOrgans,
    problem_of,
)
from domain.joint_meeting_standing import JointMeeting, fold_joint_meeting
from domain.joint_meeting_steps import EVERY_STEP
from domain.occasion import Occasion
from domain.problem_mending import OwnerAcceptsItself
from domain.public_answer import PublicAnswerNamesSomebody
from domain.refusal import BeyondTheCalendar, Refusal, UnknownChoice, WrongOrgan
from domain.supervision_problem import ProblemType, Severity, Subject, SubjectKind
from domain.working_days import working_days_before
from runtime.calendars import calendar_for
from tests.domain.refusals import refused_apart
from tests.examples import AUDIT, DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at, pack

MEETING_ID = "meeting00001"
DIGEST = "5e" * 32
CALLED = at("2026-03-02", timezone="Europe/London")
DAY = at("2026-03-16", timezone="Europe/London")
MEMBERS = (
    Member(organ=PERSONNEL.organ, seat=Seat.PERSONNEL),
    Member(organ=SUPERVISION.organ, seat=Seat.SUPERVISION),
    Member(organ=AUDIT.organ, seat=Seat.GUEST),
)
CONVENE = ConveneMeeting(
    kind=MeetingKind.QUARTERLY, held_on=date(2026, 3, 16), place="Hall 2, first floor", members=MEMBERS
)
PLACE = PlaceAgendaItem(title="Letters of May", asked="Say whether letters wait for the end of the notice.")
FINDING = MakeFinding(
    type=ProblemType.PROCEDURE,
    severity=Severity.MINOR,
    subject=Subject(kind=SubjectKind.UNIT, id="Registry"),
    finding="Three letters were issued on the day of the decision.",
    owner=PERSONNEL.organ,
    accepting=SUPERVISION.organ,
)
RESOLUTION = AdoptResolution(
    text="The personnel department writes down when letters go out.",
    owner=PERSONNEL.organ,
    accepting=SUPERVISION.organ,
    due_on=date(2026, 4, 15),
)
ADD = ProposeAgendaAddition(
    title="A letter of tomorrow", asked="Say whether it waits.", reason="It was found after the agenda was settled."
)
CANCEL = CancelMeeting(reason="Both departments are at the inspection.")
BOTH = Actor(officer=OfficerId("officer-both"), organ=PERSONNEL.organ, roles=(Role.PERSONNEL, Role.SUPERVISION))


def there(actor: Actor) -> RecordMeetingAttendance:
    return RecordMeetingAttendance(organ=actor.organ, present=(actor.officer,))


def said(before: Sequence[Event], command: Command, actor: Actor = SUPERVISION, when: datetime = CALLED) -> list[Event]:
    on = Occasion(when, actor, pack("standard"), calendar_for("GB-ENG"), f"command-{len(before)}", "Europe/London")
    log = OnTheLog(MEETING_ID, len(before), DIGEST)
    return EVERY_STEP[type(command)](fold_joint_meeting(before), command, on, log)


def grown(before: Sequence[Event], *commands: Command, actor: Actor = SUPERVISION, when: datetime = DAY) -> list[Event]:
    after = list(before)
    for command in commands:
        after += said(after, command, actor, when)
    return after


def refused(
    kind: type[Refusal], before: Sequence[Event], command: Command, actor: Actor = SUPERVISION, when: datetime = DAY
) -> Refusal:
    return refused_apart(kind, lambda: said(before, command, actor, when))


def standing(events: Sequence[Event]) -> JointMeeting:
    found = fold_joint_meeting(events)
    assert found is not None
    return found


CONVENED = grown([], CONVENE, when=CALLED)
WITH_ITEM = grown(CONVENED, PLACE, when=CALLED)
ITEM = standing(WITH_ITEM).items[0]
SETTLED = [*WITH_ITEM, standing(WITH_ITEM).clocks[0].event]
ADDED = grown(SETTLED, ADD)
ADDITION = next(iter(standing(ADDED).additions))
AGREE = AgreeToAgendaAddition(item_id=ADDITION)
TAKEN_UP = grown(ADDED, AGREE, actor=PERSONNEL)
CANCELLED = grown(SETTLED, CANCEL)
OPENED = grown(SETTLED, there(PERSONNEL), there(SUPERVISION), OpenMeeting())
CLOSED = grown(
    OPENED,
    RecordStatement(organ=PERSONNEL.organ, text="Letters now wait.", item_id=ITEM, speaker=PERSONNEL.officer),
    FINDING,
    RESOLUTION,
    CloseMeeting(),
)
SIGN = SignMinutes(digest=DIGEST)
SIGNED = grown(CLOSED, SIGN)
CONCLUDED = grown(SIGNED, SIGN, actor=PERSONNEL)
NOT_HELD = [*SETTLED, standing(SETTLED).clocks[0].event]


def test_agenda_is_settled_three_working_days_before_and_the_pack_says_who_takes_the_chair() -> None:
    (event,) = CONVENED
    assert isinstance(event, MeetingConvened)
    assert event.agenda_frozen_on == date(2026, 3, 11)
    assert event.chair == PERSONNEL.organ
    assert [(clock.name, clock.due_on) for clock in standing(CONVENED).clocks] == [
        ("agenda", date(2026, 3, 11)),
        ("held", date(2026, 3, 16)),
    ]


def test_working_days_are_counted_back_over_weekends_and_holidays() -> None:
    england = calendar_for("GB-ENG")
    assert working_days_before(england, date(2026, 3, 16), 1) == date(2026, 3, 13)
    assert working_days_before(england, date(2026, 4, 8), 3) == date(2026, 4, 1)
    with pytest.raises(ValueError, match="lacks"):
        working_days_before(england.model_copy(update={"weekend": frozenset(range(7))}), date(2026, 3, 16), 1)


def test_only_the_departments_and_the_system_convene_and_both_are_invited() -> None:
    assert said([], CONVENE, PERSONNEL) and said([], CONVENE, SYSTEM)
    refused(WrongOrgan, [], CONVENE, SCHOOL, CALLED)
    refused(WrongOrgan, [], CONVENE, AUDIT, CALLED)
    without = refused(DepartmentNotInvited, [], CONVENE.model_copy(update={"members": MEMBERS[1:]}), when=CALLED)
    assert without.facts["missing"] == ["personnel"]
    refused(OrganInvitedTwice, [], CONVENE.model_copy(update={"members": (*MEMBERS, MEMBERS[0])}), when=CALLED)
    assert not said(CONVENED, CONVENE)


def test_a_meeting_is_not_sooner_than_its_agenda_can_be_settled() -> None:
    soon = CONVENE.model_copy(update={"held_on": date(2026, 3, 4)})
    assert refused(TooSoonForItsAgenda, [], soon, when=CALLED).facts["settled_on"] == date(2026, 2, 27)
    refused(BeyondTheCalendar, [], CONVENE.model_copy(update={"held_on": date(9999, 12, 31)}), when=CALLED)


def test_departments_place_items_until_the_agenda_is_settled() -> None:
    (item,) = said(CONVENED, PLACE)
    assert isinstance(item, AgendaItemPlaced)
    assert (item.kind, item.placed_by) == (ItemKind.PLACED, SUPERVISION.organ)
    assert SETTLED[-1] == AgendaFrozen(frozen_on=date(2026, 3, 11), items=(ITEM,))
    refused(AgendaIsFrozen, SETTLED, PLACE)
    refused(WrongOrgan, CONVENED, PLACE, DECIDERS)
    refused(WrongOrgan, CONVENED, PLACE, AUDIT)
    refused(MeetingNotFound, [], PLACE)
    refused(MeetingIsOver, NOT_HELD, PLACE)
    full = CONVENED + [item.model_copy(update={"item_id": f"item-{number}"}) for number in range(LONGEST_AGENDA)]
    refused(AgendaIsFull, full, PLACE)


def test_log_fills_an_agenda_once_a_cause_and_only_until_it_is_settled() -> None:
    cause = CauseFound(
        kind=ItemKind.OVERDUE_PROBLEM,
        cause="problem/p1/2026-04-01",
        subject=ItemSubject(kind=ItemAbout.PROBLEM, id="p1"),
    )
    fill = FillAgenda(found=(cause, cause))
    filled = grown(CONVENED, fill, fill, actor=SYSTEM)
    assert [type(event) for event in filled] == [MeetingConvened, AgendaItemPlaced]
    assert not said(SETTLED, fill, SYSTEM)
    refused(WrongOrgan, CONVENED, fill)


def test_no_public_words_of_a_meeting_reach_somebody() -> None:
    address = "Write to somebody@example.org about it."
    for before, command in (
        ([], CONVENE.model_copy(update={"place": address})),
        (CONVENED, PLACE.model_copy(update={"title": address})),
        (CONVENED, PLACE.model_copy(update={"asked": address})),
        (SETTLED, ADD.model_copy(update={"title": address})),
        (SETTLED, ADD.model_copy(update={"asked": address})),
        (SETTLED, ADD.model_copy(update={"reason": address})),
        (SETTLED, CANCEL.model_copy(update={"reason": address})),
        (OPENED, FINDING.model_copy(update={"finding": address})),
        (OPENED, RESOLUTION.model_copy(update={"text": address})),
    ):
        refused(PublicAnswerNamesSomebody, before, command, when=CALLED if not before else DAY)


def test_something_urgent_is_added_to_a_settled_agenda_once_the_other_department_agrees() -> None:
    addition = ADDED[-1]
    assert isinstance(addition, AgendaAdditionProposed)
    assert (addition.placed_by, addition.proposed_by) == (SUPERVISION.organ, (SUPERVISION.officer,))
    assert standing(ADDED).items == (ITEM,) and standing(ADDED).untouched == (ITEM, ADDITION)
    assert TAKEN_UP[-1] == AgendaAdditionAgreed(item_id=ADDITION, organ=PERSONNEL.organ, agreed_on=date(2026, 3, 16))
    assert standing(TAKEN_UP).items == (ITEM, ADDITION) and not standing(TAKEN_UP).additions
    refused(UnknownChoice, TAKEN_UP, AGREE, PERSONNEL)
    refused(UnknownChoice, SETTLED, AGREE, PERSONNEL)


def test_nobody_agrees_to_an_addition_of_their_own_department_or_of_their_own_hands() -> None:
    moved = PERSONNEL.model_copy(update={"officer": SUPERVISION.officer})
    deputy = PERSONNEL.model_copy(update={"on_behalf_of": SUPERVISION.officer})
    for actor in (SUPERVISION, BOTH, moved, deputy):
        refused(AgreesToOwnAddition, ADDED, AGREE, actor)
    second = SUPERVISION.model_copy(update={"officer": OfficerId("officer-2")})
    assert refused(AgreesToOwnAddition, ADDED, AGREE, second).facts["placed_by"] == SUPERVISION.organ
    refused(WrongOrgan, ADDED, AGREE, DECIDERS)
    refused(WrongOrgan, SETTLED, ADD, SCHOOL)


def test_an_addition_is_to_a_settled_agenda_and_not_to_closed_or_full_ones() -> None:
    refused(AgendaStillOpen, CONVENED, ADD)
    refused(MeetingIsOver, CLOSED, ADD)
    refused(MeetingIsOver, NOT_HELD, AGREE, PERSONNEL)
    (addition,) = said(SETTLED, ADD)
    full = [addition.model_copy(update={"item_id": f"item-{number}"}) for number in range(LONGEST_AGENDA)]
    refused(AgendaIsFull, [*SETTLED, *full], ADD)


def test_what_the_other_department_has_not_agreed_to_is_not_taken_up_and_left_for_the_next_meeting() -> None:
    open_with_it = grown(OPENED, ADD)
    waiting = next(iter(standing(open_with_it).additions))
    statement = RecordStatement(organ=PERSONNEL.organ, text="It waits.", item_id=waiting)
    refused(UnknownChoice, open_with_it, statement)
    agreed = grown(open_with_it, AgreeToAgendaAddition(item_id=waiting), actor=PERSONNEL)
    assert said(agreed, statement)
    closed = grown(open_with_it, CloseMeeting())[-1]
    assert isinstance(closed, MinutesDrawnUp) and closed.untouched == (ITEM, waiting)


def test_a_meeting_is_called_off_with_a_reason_until_it_is_opened_and_all_of_it_is_left_over() -> None:
    assert CANCELLED[-1] == MeetingCancelled(
        organ=SUPERVISION.organ, cancelled_on=date(2026, 3, 16), reason=CANCEL.reason, left_over=(ITEM,)
    )
    assert standing(CANCELLED).over
    called_off = grown(ADDED, CANCEL, actor=PERSONNEL)[-1]
    assert isinstance(called_off, MeetingCancelled) and called_off.left_over == (ITEM, ADDITION)
    assert said(WITH_ITEM, CANCEL, when=CALLED)
    refused(MeetingOpenedAlready, OPENED, CANCEL)
    refused(WrongOrgan, SETTLED, CANCEL, DECIDERS)
    refused(MeetingNotFound, [], CANCEL)
    for command in (CANCEL, OpenMeeting(), ADD, there(SUPERVISION), PLACE):
        refused(MeetingIsOver, CANCELLED, command)


def test_an_organ_is_called_in_with_its_figures_once_and_may_then_attend() -> None:
    call = CallInOrgan(organ=SCHOOL.organ, statistics=(Statistic.PROBLEMS,))
    refused(UnknownChoice, SETTLED, there(SCHOOL))
    called = grown(SETTLED, call)
    assert said(called, there(SCHOOL))
    refused(CalledInAlready, called, call)
    refused(WrongOrgan, SETTLED, call, SCHOOL)
    refused(UnknownChoice, SETTLED, call.model_copy(update={"organ": SUPERVISION.organ}))
    refused(MeetingIsOver, CLOSED, call)


def test_nothing_opens_without_both_departments_and_only_on_its_day() -> None:
    one = grown(SETTLED, there(SUPERVISION))
    assert refused(JointQuorumMissing, one, OpenMeeting()).facts["missing"] == ["personnel"]
    both = grown(one, there(PERSONNEL))
    refused(NotTheDay, both, OpenMeeting(), when=at("2026-03-13"))
    refused(WrongOrgan, both, OpenMeeting(), DECIDERS)
    assert said(both, OpenMeeting(), when=DAY)
    refused(MeetingOpenedAlready, OPENED, OpenMeeting())


def test_nobody_sits_for_two_organs_or_is_there_and_absent() -> None:
    here = grown(SETTLED, there(SUPERVISION))
    refused(SitsForTwoOrgans, here, RecordMeetingAttendance(organ=PERSONNEL.organ, present=(SUPERVISION.officer,)))
    absent = Absent(officer=SUPERVISION.officer, reason="away")
    refused(UnknownChoice, here, RecordMeetingAttendance(organ=SUPERVISION.organ, absent=(absent,)))


def test_a_meeting_that_nobody_opened_was_not_held_and_what_it_had_before_it_is_left_over() -> None:
    assert NOT_HELD[-1] == MeetingNotHeld(held_on=date(2026, 3, 16), left_over=(ITEM,))
    assert standing(NOT_HELD).over
    refused(MeetingIsOver, NOT_HELD, OpenMeeting())


def test_only_who_is_there_speaks_and_only_on_items_of_the_agenda() -> None:
    statement = RecordStatement(organ=AUDIT.organ, text="The books are in order.")
    refused(MeetingNotOpen, SETTLED, statement)
    refused(NotAtTheMeeting, OPENED, statement)
    refused(NotAtTheMeeting, OPENED, statement.model_copy(update={"organ": PERSONNEL.organ, "speaker": AUDIT.officer}))
    refused(UnknownChoice, OPENED, statement.model_copy(update={"organ": PERSONNEL.organ, "item_id": "other"}))
    refused(WrongOrgan, OPENED, statement, AUDIT)


def test_findings_and_resolutions_have_an_owner_and_another_organ_that_accepts() -> None:
    finding = next(event for event in CLOSED if isinstance(event, FindingMade))
    resolution = next(event for event in CLOSED if isinstance(event, ResolutionAdopted))
    assert finding.problem_id != resolution.problem_id
    carried = problem_of(resolution, MEETING_ID)
    assert (carried.due_on, carried.finding) == (RESOLUTION.due_on, RESOLUTION.text)
    assert carried.origin is not None and carried.origin.id == MEETING_ID
    assert problem_of(finding, MEETING_ID).subject == FINDING.subject
    refused(OwnerAcceptsItself, OPENED, FINDING.model_copy(update={"accepting": FINDING.owner}))
    refused(OwnerAcceptsItself, OPENED, RESOLUTION.model_copy(update={"accepting": RESOLUTION.owner}))


def test_minutes_are_fixed_by_the_hash_of_what_was_recorded_and_both_departments_sign_them() -> None:
    minutes = CLOSED[-1]
    assert isinstance(minutes, MinutesDrawnUp)
    assert (minutes.digest, minutes.through_version) == (DIGEST, len(CLOSED) - 1)
    assert minutes.sign_by_on == date(2026, 3, 30)
    assert isinstance(SIGNED[-1], MinutesSigned)
    assert not standing(SIGNED).over
    assert isinstance(CONCLUDED[-1], MeetingConcluded)
    assert standing(CONCLUDED).over


def test_nothing_enters_minutes_that_were_drawn_up_but_a_note_stands_beside_them() -> None:
    for command in (there(SUPERVISION), FINDING, RESOLUTION, CloseMeeting(), OpenMeeting()):
        refused(MeetingIsOver, CLOSED, command)
    note = AnnotateMeetingMinutes(note="The second letter was of April and not of May.")
    assert said(CLOSED, note) and said(CONCLUDED, note)
    refused(MinutesNotDrawnUp, OPENED, note)
    refused(WrongOrgan, CLOSED, note, SCHOOL)


def test_nobody_signs_for_both_departments_or_what_they_did_not_read() -> None:
    refused(MinutesNotDrawnUp, OPENED, SIGN)
    refused(SignsForBoth, CLOSED, SIGN, BOTH)
    refused(OtherMinutes, CLOSED, SignMinutes(digest="00" * 32))
    refused(MinutesSignedAlready, SIGNED, SIGN)
    refused(WrongOrgan, CLOSED, SIGN, SCHOOL)
    elsewhere = SUPERVISION.model_copy(update={"officer": OfficerId("officer-elsewhere")})
    refused(NotAtTheMeeting, CLOSED, SIGN, elsewhere)
    deputy = PERSONNEL.model_copy(update={"on_behalf_of": SUPERVISION.officer})
    refused(SignsForBoth, SIGNED, SIGN, deputy)


def test_silence_about_the_minutes_is_said_once_and_they_can_still_be_signed() -> None:
    (clock,) = standing(SIGNED).clocks
    assert clock.event == MinutesUnsigned(due_on=date(2026, 3, 30), missing=(PERSONNEL.organ,))
    late = [*SIGNED, clock.event]
    assert not standing(late).clocks
    assert standing(grown(late, SIGN, actor=PERSONNEL)).over


def test_what_its_workflow_shows_of_it() -> None:
    waits = [standing(events).waits_for for events in (CONVENED, SETTLED, OPENED, CLOSED)]
    assert len(set(waits)) == 4
    assert standing(SIGNED).organ == PERSONNEL.organ
    assert OrganId(standing(OPENED).organ) == standing(OPENED).chair
    assert MEETING_ID in standing(OPENED).title
