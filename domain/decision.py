"""The deciding body's meeting: who was due, who came, who withdrew, what each said, and what follows."""

from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.appointment import Case, CaseEvent, LiveCase, Occasion
from domain.ballot import Ballot as Ballot
from domain.ballot import Member as Member
from domain.ballot import Said as Said
from domain.ballot import Statement as Statement
from domain.command import Command, ready
from domain.event import Confidential, Event
from domain.identity import CandidateId, short_id
from domain.law import Frozen
from domain.nomination import standing_candidate
from domain.pack import StageKind
from domain.prior_report import prior_consents_are_in
from domain.recusal import voters_without_conflict
from domain.refusal import Refusal, UnknownChoice


class Minutes(Frozen):
    """Who was there and what each said; sealed for the deciding body and supervision, and never edited."""

    members: tuple[Member, ...]
    ballots: tuple[Ballot, ...]


class HoldDecisionMeeting(Command):
    """Record a meeting of the deciding body, person by person."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.DECISION
    held_on: date
    members: tuple[Member, ...] = Field(min_length=3, max_length=1000)
    ballots: tuple[Ballot, ...] = Field((), max_length=100)

    @model_validator(mode="after")
    def each_member_stands_once(self) -> Self:
        names = [member.member for member in self.members]
        if len(set(names)) != len(names):
            raise ValueError("members: each member may stand only once")
        candidates = [ballot.candidate_id for ballot in self.ballots]
        if len(set(candidates)) != len(candidates):
            raise ValueError("ballots: each candidate may stand only once")
        return self

    def about(self) -> frozenset[CandidateId]:
        """A meeting takes on whom it votes on."""
        return frozenset(ballot.candidate_id for ballot in self.ballots)

    @property
    def present(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.present)

    @property
    def recused(self) -> tuple[Member, ...]:
        return tuple(member for member in self.present if member.recused)

    @property
    def voting(self) -> tuple[Member, ...]:
        return tuple(member for member in self.present if not member.recused)


class BallotCount(Frozen):
    """How a vote on one candidate came out."""

    candidate_id: CandidateId
    in_favour: int
    against: int
    deferred: int
    passed: bool


class DecisionMeetingHeld(CaseEvent):
    """A meeting was held. Without a quorum nothing was decided by it."""

    under: ClassVar[tuple[str, ...]] = (
        "decision.quorum",
        "decision.recused_count_in_quorum",
        "decision.majority",
        "decision.majority_of",
        "decision.recused_count_in_base",
        "decision.chief_speaks_last",
    )
    meeting_id: str
    held_on: date
    members_due: int
    members_present: int
    members_recused: int
    quorum: int
    quorate: bool
    votes_needed: int
    counts: tuple[BallotCount, ...]
    minutes: Annotated[Minutes | None, Confidential(to="decision_body")] = None

    def apply(self, case: LiveCase) -> Case:
        return replace(
            case,
            meetings=case.meetings + 1,
            members_due=self.members_due,
            inquorate_meetings=case.inquorate_meetings + (not self.quorate),
        )


class DecisionTaken(CaseEvent):
    """The deciding body has chosen. The letter and the office follow later, each with a date of its own."""

    under: ClassVar[tuple[str, ...]] = ("decision.majority",)
    meeting_id: str
    candidate_id: CandidateId
    decided_on: date
    in_favour: int
    votes_needed: int

    def apply(self, case: LiveCase) -> Case:
        return replace(case, chosen=self.candidate_id)


class DecisionNotPassed(CaseEvent):
    """A quorate meeting passed nobody."""

    under: ClassVar[tuple[str, ...]] = ("decision.majority",)
    meeting_id: str
    decided_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, not_passed=True)


class DecisionDeferred(CaseEvent):
    """A quorate meeting passed nobody, and could have, had those who deferred agreed: the stage and its limit go on."""

    under: ClassVar[tuple[str, ...]] = ("decision.majority",)
    meeting_id: str
    deferred_on: date


class MeetingNotToday(Refusal):
    rule = "house.a_meeting_is_recorded_after_it_was_held"


class VoteWithoutQuorum(Refusal):
    rule = "decision.quorum"


class ChiefMustSpeakLast(Refusal):
    rule = "decision.chief_speaks_last"


class ChiefNotNamed(Refusal):
    rule = "decision.chief_speaks_last"


class BodyHasChanged(Refusal):
    rule = "house.a_body_keeps_its_number"


class MemberMustWithdraw(Refusal):
    rule = "house.nobody_decides_on_their_own_nomination"


class StatementMissing(Refusal):
    rule = "house.each_member_states_once"


class TiedVote(Refusal):
    rule = "house.one_post_one_choice"


def hold_decision_meeting(case: Case, command: HoldDecisionMeeting, on: Occasion) -> list[Event]:
    """A meeting decides when its quorum is there, by more than the majority's share of its own base.

    Source: the pack's `decision` (cn.sr2019: two thirds of the members present, more than half of those who should
    attend in favour, the chief last).
    Refuses: OutOfOrder, WrongOrgan, PriorConsentMissing, MeetingNotToday, ChiefNotNamed, BodyHasChanged, UnknownChoice,
    MemberMustWithdraw, ConflictedMember, DeclarationMissing, CrossCheckMissing, VoteWithoutQuorum, StatementMissing,
    ChiefMustSpeakLast, TiedVote.
    """
    live = ready(case, command, on)
    prior_consents_are_in(live, on)
    if not live.stage_began_on <= command.held_on <= on.today:
        raise MeetingNotToday(
            f"A meeting on {command.held_on:%-d %B %Y} cannot have decided this case: the stage began on "
            f"{live.stage_began_on:%-d %B %Y} and today is {on.today:%-d %B %Y}. State the day on which it was held.",
            field="held_on",
        )
    _the_body_is_whole(live, command, on)
    _members_withdraw_where_they_must(live, command)
    voters_without_conflict(live, [member.member for member in command.voting], on)
    held = _held(live, command, on)
    if not held.quorate:
        _no_vote_without_quorum(held, command, on)
        return [held]
    for candidate in live.standing:
        _everybody_states_once(command, candidate.id, on)
    return [held, _outcome(held, on)]


def _held(live: LiveCase, command: HoldDecisionMeeting, on: Occasion) -> DecisionMeetingHeld:
    rules = on.pack.decision
    due, present, recused = len(command.members), len(command.present), len(command.recused)
    quorum = rules.quorum_of(due)
    needed = rules.votes_needed(due, present, recused)
    return DecisionMeetingHeld(
        meeting_id=short_id(live.id, "meeting", on.command_id),
        held_on=command.held_on,
        members_due=due,
        members_present=present,
        members_recused=recused,
        quorum=quorum,
        quorate=rules.present_for_quorum(present, recused) >= quorum,
        votes_needed=needed,
        counts=tuple(_count(ballot, needed, live) for ballot in command.ballots),
        minutes=Minutes(members=command.members, ballots=command.ballots),
    )


def _count(ballot: Ballot, needed: int, live: LiveCase) -> BallotCount:
    standing_candidate(live, ballot.candidate_id)
    in_favour = ballot.count(Statement.AGREE)
    return BallotCount(
        candidate_id=ballot.candidate_id,
        in_favour=in_favour,
        against=ballot.count(Statement.DISAGREE),
        deferred=ballot.count(Statement.DEFER),
        passed=in_favour >= needed,
    )


def _the_body_is_whole(live: LiveCase, command: HoldDecisionMeeting, on: Occasion) -> None:
    chiefs = sum(member.chief for member in command.members)
    if on.pack.decision.chief_speaks_last.value and chiefs != 1:
        raise ChiefNotNamed(
            f"{chiefs} of the members are marked as chief, and the body has one, who states last. "
            "Record one member with `chief`, even when absent.",
            citation=on.cite("decision.chief_speaks_last"),
            field="members",
            chiefs=chiefs,
        )
    due = len(command.members)
    if live.members_due not in (None, due):
        raise BodyHasChanged(
            f"{due} members were due by these minutes, and {live.members_due} at the meeting before in this case. "
            "Record everybody who was due, and those who did not come as absent.",
            field="members",
            members_due=due,
            members_due_before=live.members_due,
        )


def _members_withdraw_where_they_must(live: LiveCase, command: HoldDecisionMeeting) -> None:
    concerned = {candidate.person for candidate in live.standing} | {
        candidate.nominated_by for candidate in live.standing
    }
    if conflicted := [member.member for member in command.voting if member.member in concerned]:
        raise MemberMustWithdraw(
            f"{len(conflicted)} of the members stand in this case or nominated in it. They must withdraw: "
            "record them as recused, without a statement.",
            field="members",
            members=[str(member) for member in conflicted],
        )


def _no_vote_without_quorum(held: DecisionMeetingHeld, command: HoldDecisionMeeting, on: Occasion) -> None:
    if command.ballots:
        withdrew = f" ({held.members_recused} of them withdrew)" if held.members_recused else ""
        raise VoteWithoutQuorum(
            f"{held.members_present} of {held.members_due} members were present{withdrew}, and the quorum is "
            f"{held.quorum}: a vote would be invalid. Record the meeting without ballots, and convene another.",
            citation=on.cite("decision.quorum"),
            field="ballots",
            members_due=held.members_due,
            members_present=held.members_present,
            members_recused=held.members_recused,
            quorum=held.quorum,
        )


def _everybody_states_once(command: HoldDecisionMeeting, candidate_id: CandidateId, on: Occasion) -> None:
    ballot = next((found for found in command.ballots if found.candidate_id == candidate_id), None)
    if ballot is None:
        raise UnknownChoice(
            f"There is no ballot on candidate {candidate_id}. Record one on every candidate who stands.",
            field="ballots",
        )
    stated = [said.member for said in ballot.statements]
    expected = {member.member for member in command.voting}
    if len(stated) != len(expected) or set(stated) != expected:
        raise StatementMissing(
            f"On candidate {candidate_id}, {len(stated)} statements were recorded from {len(expected)} members who "
            "may vote. Record exactly one statement of each of them, and of nobody else.",
            field="ballots",
            expected=len(expected),
            stated=len(stated),
        )
    chief = next((member.member for member in command.voting if member.chief), None)
    if on.pack.decision.chief_speaks_last.value and chief is not None and stated[-1] != chief:
        raise ChiefMustSpeakLast(
            "The chief of the deciding body states last, so that nobody follows the chief. Vote again in that order, "
            "then record the final ballots.",
            citation=on.cite("decision.chief_speaks_last"),
            field="ballots",
        )


def _outcome(held: DecisionMeetingHeld, on: Occasion) -> Event:
    passed = sorted((count for count in held.counts if count.passed), key=lambda count: -count.in_favour)
    if not passed and any(count.in_favour + count.deferred >= held.votes_needed for count in held.counts):
        return DecisionDeferred(meeting_id=held.meeting_id, deferred_on=held.held_on)
    if not passed:
        return DecisionNotPassed(meeting_id=held.meeting_id, decided_on=held.held_on)
    if len(passed) > 1 and passed[0].in_favour == passed[1].in_favour:
        raise TiedVote(
            f"Two candidates have {passed[0].in_favour} votes each, and there is one post. Vote again, then record "
            "the final ballots.",
            field="ballots",
            candidates=[str(count.candidate_id) for count in passed[:2]],
        )
    return DecisionTaken(
        meeting_id=held.meeting_id,
        candidate_id=passed[0].candidate_id,
        decided_on=held.held_on,
        in_favour=passed[0].in_favour,
        votes_needed=held.votes_needed,
    )
