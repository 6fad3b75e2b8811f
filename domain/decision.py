"""The deciding body's meeting: who was due, who came, who withdrew, what each said, and what follows."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from domain.appointment import Case, CaseEvent, LiveCase
from domain.attendance import Member as Member
from domain.attendance import each_once, members_withdraw_where_they_must, the_body_is_whole
from domain.ballot import Ballot as Ballot
from domain.ballot import Said as Said
from domain.ballot import Statement as Statement
from domain.ballot import Tally, ballot_form, everybody_voted, tallies, the_chief_spoke_last
from domain.choice import DecisionDeferred as DecisionDeferred
from domain.choice import DecisionNotPassed as DecisionNotPassed
from domain.choice import DecisionTaken as DecisionTaken
from domain.choice import Deferral, in_its_form, may_be_decided
from domain.command import Command, ready
from domain.event import Confidential, Event
from domain.identity import CandidateId, short_id
from domain.law import Frozen
from domain.majority import BallotForm, Form
from domain.minutes import Minutes, Proceedings
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.recusal import voters_without_conflict
from domain.refusal import Refusal


class HeldAs(StrEnum):
    """How members came together: in a meeting, by papers that went round, or in an office meeting of some of them."""

    MEETING = "meeting"
    CIRCULATION = "circulation"
    OFFICE_MEETING = "office_meeting"


class Unresolved(Frozen):
    """Why no vote is taken: members disagree widely, or a major question is unclear."""

    why: Literal[Deferral.LARGE_DISAGREEMENT, Deferral.UNCLEAR_QUESTION]
    reason: str = Field(min_length=10, max_length=2000, description="sealed for the deciding body")


class HoldDecisionMeeting(Command):
    """Record a meeting of the deciding body: person by person, or by counts alone where the ballot is secret."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.DECISION
    held_on: date
    members: tuple[Member, ...] = Field(min_length=3, max_length=1000)
    ballots: tuple[Ballot, ...] = Field((), max_length=100)
    counts: tuple[Tally, ...] = Field((), max_length=100)
    voted_by: BallotForm | None = None
    held_as: HeldAs = HeldAs.MEETING
    body: str | None = Field(None, min_length=1, max_length=200, description="which body met; public, names nobody")
    unresolved: Unresolved | None = None
    proceedings: Proceedings | None = None

    @model_validator(mode="after")
    def each_stands_once(self) -> Self:
        each_once(self.members)
        for name, found in (("ballots", self.ballots), ("counts", self.counts)):
            candidates = [on_one.candidate_id for on_one in found]
            if len(set(candidates)) != len(candidates):
                raise ValueError(f"{name}: each candidate may stand only once")
        if self.unresolved is not None and (self.ballots or self.counts):
            raise ValueError("unresolved: a vote that is deferred is not taken; leave the ballots out")
        return self

    def whom(self) -> frozenset[CandidateId]:
        """A meeting takes on whom it votes on."""
        stated = {ballot.candidate_id for ballot in self.ballots}
        return frozenset(stated | {tally.candidate_id for tally in self.counts})

    @model_validator(mode="after")
    def the_room_is_what_it_says(self) -> Self:
        said = self.proceedings
        if said is None:
            return self
        if both := {member.member for member in self.members} & set(said.observers):
            raise ValueError(f"proceedings: {len(both)} observers are members; an observer has no vote")
        if said.chair is not None and said.chair not in {found.member for found in self.members if found.present}:
            raise ValueError("proceedings: the chair is one of the members who were present")
        return self


class BallotCount(Frozen):
    """How a vote on one candidate came out; `passed` when it reached the majority."""

    candidate_id: CandidateId
    in_favour: int
    against: int
    deferred: int
    passed: bool


class DecisionMeetingHeld(CaseEvent):
    """A meeting was held. Without a quorum nothing was decided by it."""

    schema_version: ClassVar[int] = 2
    under: ClassVar[tuple[str, ...]] = (
        "decision.quorum",
        "decision.recused_count_in_quorum",
        "decision.majority",
        "decision.majority_of",
        "decision.recused_count_in_base",
    )
    meeting_id: str
    held_on: date
    body: str | None = None
    held_as: HeldAs = HeldAs.MEETING
    voted_by: BallotForm | None = None
    members_due: int
    members_present: int
    members_recused: int
    quorum: int
    quorate: bool
    votes_needed: int
    counts: tuple[BallotCount, ...]
    minutes: Annotated[Minutes | None, Confidential(to="decision_body")] = None

    def rules_applied(self) -> tuple[str, ...]:
        rules = self.under if self.voted_by is None else (*self.under, "decision.ballot")
        # Who speaks last is a rule on statements, and a secret ballot has none.
        return rules if self.voted_by is BallotForm.SECRET else (*rules, "decision.chief_speaks_last")

    def apply(self, case: LiveCase) -> Case:
        return replace(
            case,
            meetings=(*case.meetings, self.meeting_id),
            members_due=self.members_due,
            deciding_body=self.body or case.deciding_body,
            inquorate_meetings=case.inquorate_meetings + (not self.quorate),
        )


class NotInAMeeting(Refusal):
    rule = "decision.not_by_circulation"


class DeferralNotProvidedFor(Refusal):
    rule = "house.a_vote_is_deferred_where_the_pack_says_so"


class VoteWithoutQuorum(Refusal):
    rule = "decision.quorum"


class TiedVote(Refusal):
    rule = "house.one_post_one_choice"


def hold_decision_meeting(case: Case, command: HoldDecisionMeeting, on: Occasion) -> list[Event]:
    """A meeting decides when its quorum is there, by more than the majority's share of its own base.

    Source: the pack's `decision` (cn.sr2019: two thirds of the members present, more than half of those who should
    attend in favour, the chief last, deferred on large disagreement).
    Refuses: OutOfOrder, WrongOrgan, DecidedInAnotherForm, PriorConsentMissing, DecisionStands, MeetingNotToday,
    AdHocMotion, ObjectionsStillOpen, NotInAMeeting, DeferralNotProvidedFor, ChiefNotNamed, BodyHasChanged,
    MemberMustWithdraw, ConflictedMember, DeclarationMissing, CrossCheckMissing, BallotInAnotherForm, BallotIsSecret,
    BallotIsNotSecret, UnknownChoice, VoteWithoutQuorum, StatementMissing, CountsDoNotAddUp, ChiefMustSpeakLast,
    TiedVote.
    """
    live = ready(case, command, on)
    in_its_form(Form.MEETING, on)
    may_be_decided(live, command.held_on, on, field="held_on")
    _members_came_together(command, on)
    the_body_is_whole(live, command.members, command.body, on)
    members_withdraw_where_they_must(live, command.members)
    voters_without_conflict(live, [member.member for member in command.members if member.votes], on)
    form = ballot_form(command.voted_by, on)
    taken = tallies(form, command.ballots, command.counts)
    held = _held(live, command, form, taken, on)
    if not held.quorate:
        _no_vote_without_quorum(held, on)
        return [held]
    if command.unresolved is not None:
        return [held, _deferred(held, command.unresolved.why, on)]
    everybody_voted(live, command.members, form, command.ballots, taken)
    the_chief_spoke_last(command.members, command.ballots, on)
    return [held, _outcome(held, on)]


def _members_came_together(command: HoldDecisionMeeting, on: Occasion) -> None:
    rule = on.pack.decision.not_by_circulation
    if command.held_as is HeldAs.MEETING or rule is None or not rule.value:
        return
    raise NotInAMeeting(
        f"This was decided by {command.held_as.replace('_', ' ')}, and a decision is taken in a meeting of the body. "
        "Convene one, and record it.",
        citation=on.cite("decision.not_by_circulation"),
        field="held_as",
        held_as=str(command.held_as),
    )


def _held(
    live: LiveCase, command: HoldDecisionMeeting, form: BallotForm, taken: tuple[Tally, ...], on: Occasion
) -> DecisionMeetingHeld:
    rules, members = on.pack.decision, command.members
    due, present = len(members), sum(member.present for member in members)
    recused = sum(member.present and member.recused for member in members)
    quorum, needed = rules.quorum_of(due), rules.votes_needed(due, present, recused)
    return DecisionMeetingHeld(
        meeting_id=short_id(live.id, "meeting", on.command_id),
        held_on=command.held_on,
        body=command.body,
        held_as=command.held_as,
        voted_by=form if rules.ballot else None,
        members_due=due,
        members_present=present,
        members_recused=recused,
        quorum=quorum,
        quorate=rules.present_for_quorum(present, recused) >= quorum,
        votes_needed=needed,
        counts=tuple(_count(tally, needed) for tally in taken),
        minutes=Minutes(
            members=members,
            ballots=command.ballots,
            proceedings=command.proceedings,
            unresolved=command.unresolved.reason if command.unresolved else None,
        ),
    )


def _count(tally: Tally, needed: int) -> BallotCount:
    return BallotCount(**tally.model_dump(), passed=tally.in_favour >= needed)


def _no_vote_without_quorum(held: DecisionMeetingHeld, on: Occasion) -> None:
    if held.counts:
        withdrew = f" ({held.members_recused} of them withdrew)" if held.members_recused else ""
        raise VoteWithoutQuorum(
            f"{held.members_present} of {held.members_due} members were present{withdrew}, and the quorum is "
            f"{held.quorum}: a vote would be invalid. Record the meeting without ballots, and convene another."
            f"{on.pack.both_sides('decision.quorum')}",
            citation=on.cite("decision.quorum"),
            field="ballots",
            members_due=held.members_due,
            members_present=held.members_present,
            members_recused=held.members_recused,
            quorum=held.quorum,
        )


def _deferred(held: DecisionMeetingHeld, why: Deferral, on: Occasion) -> DecisionDeferred:
    if why is not Deferral.MEMBERS_DEFERRED and not on.pack.decision.defers_on_disagreement:
        raise DeferralNotProvidedFor(
            f"`{on.pack.id}` does not let a body put its vote off because it disagrees or a question is unclear. "
            "Record the vote, in which a member may state `defer`.",
            field="unresolved",
        )
    return DecisionDeferred(meeting_id=held.meeting_id, deferred_on=held.held_on, why=why)


def _outcome(held: DecisionMeetingHeld, on: Occasion) -> Event:
    passed = sorted((count for count in held.counts if count.passed), key=lambda count: -count.in_favour)
    if not passed and any(count.in_favour + count.deferred >= held.votes_needed for count in held.counts):
        return _deferred(held, Deferral.MEMBERS_DEFERRED, on)
    if not passed:
        within = on.pack.decision.reconsider_within
        reconsider = on.due(within.value) if within else None
        return DecisionNotPassed(meeting_id=held.meeting_id, decided_on=held.held_on, reconsider=reconsider)
    chosen = passed[0]
    if len(passed) > 1 and chosen.in_favour == passed[1].in_favour:
        raise TiedVote(
            f"Two candidates have {chosen.in_favour} votes each, and there is one post. Vote again, then record "
            "the final ballots.",
            field="ballots",
            candidates=[str(count.candidate_id) for count in passed[:2]],
        )
    opposed = chosen.against + chosen.deferred
    if on.pack.decision.is_large_disagreement(opposed, opposed + chosen.in_favour):
        return _deferred(held, Deferral.LARGE_DISAGREEMENT, on)
    return DecisionTaken(
        meeting_id=held.meeting_id,
        candidate_id=chosen.candidate_id,
        decided_on=held.held_on,
        in_favour=chosen.in_favour,
        votes_needed=held.votes_needed,
    )
