"""Taking a decision anew: who must consent, until when, and what falls with the decision that was.

A decision that somebody is chosen may be reconsidered until the letter is issued, wherever the case has gone by
then; one that nobody is chosen, for the pack's period, after which the case ends. See docs/decisions/0007.
"""

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Self, TypedDict, TypeVar

from pydantic import Field, model_validator

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.attendance import Member, each_once, members_withdraw_where_they_must, the_body_is_whole
from domain.ballot import ballot_form
from domain.choice import decision_stage
from domain.command import Command, held_by, nobody_acts_for_themselves, not_held
from domain.event import Confidential, Event
from domain.identity import OfficerId
from domain.law import Frozen
from domain.majority import BallotForm
from domain.occasion import Occasion
from domain.pack import Pack, Stage, StageKind
from domain.public_notice import PublicNoticeWithdrawn
from domain.recusal import voters_without_conflict
from domain.refusal import Refusal
from domain.replacing import replace
from domain.stage import begin

T = TypeVar("T")


class Undone(TypedDict):
    """What is to be done again after a decision that no longer stands."""

    stages_undone: tuple[str, ...]
    records_undone: tuple[str, ...]
    clocks_undone: tuple[str, ...]
    review_undone: bool


class ReconsiderDecision(Command):
    """Take a decision anew, with the consents of members: by name, or only counted where the ballot is secret."""

    reconsidered_on: date
    members: tuple[Member, ...] = Field(min_length=3, max_length=1000)
    consents: tuple[OfficerId, ...] = Field((), max_length=1000, description="members who consent, by name")
    consents_counted: int | None = Field(None, ge=0, le=1000, description="how many consent, of a secret ballot")
    voted_by: BallotForm | None = None
    body: str | None = Field(None, min_length=1, max_length=200)
    reasons: str = Field(min_length=10, max_length=4000, description="sealed for the deciding body")

    @model_validator(mode="after")
    def each_stands_once(self) -> Self:
        each_once(self.members)
        if len(set(self.consents)) != len(self.consents):
            raise ValueError("consents: each member may consent only once")
        return self


class Consents(Frozen):
    """Who was due, and who of them consented; of a secret ballot, nobody by name."""

    members: tuple[Member, ...]
    consents: tuple[OfficerId, ...] = ()


class DecisionReconsidered(CaseEvent):
    """What was decided no longer stands, and its stage begins anew; what was done in it and after it is done again.

    A clock that began with what is undone falls with it; one that had stopped in time stays so.
    """

    stage: str
    reconsidered_on: date
    members_due: int
    voted_by: BallotForm | None = None
    consented: int
    consents_needed: int
    stages_undone: tuple[str, ...] = ()
    records_undone: tuple[str, ...] = ()
    clocks_undone: tuple[str, ...] = ()
    review_undone: bool = False
    minutes: Annotated[Consents | None, Confidential(to="decision_body")] = None
    reasons: Annotated[str | None, Confidential(to="decision_body")] = None

    def rules_applied(self) -> tuple[str, ...]:
        rules = ("decision.reconsider_share",)
        return rules if self.voted_by is None else (*rules, "decision.ballot")

    def apply(self, case: LiveCase) -> Case:
        done = case.completed
        reopened = replace(
            case,
            completed=done[: done.index(self.stage)] if self.stage in done else done,
            concluded=case.concluded - set(self.stages_undone),
            records=_without(case.records, self.records_undone),
            clocks=_without(case.clocks, self.clocks_undone),
            chosen=None,
            decided_on=None,
            not_passed=False,
            reconsider_by=None,
            reconsiderations=case.reconsiderations + 1,
        )
        if self.review_undone:  # it reviewed the choice that no longer stands
            reopened = replace(reopened, review_outcome=None, opinions=MappingProxyType({}))
        return reopened


class ReconsiderationLapsed(CaseEvent):
    """Nobody took the decision anew in its time: that nobody is chosen is final."""

    lapsed_on: date

    def rules_applied(self) -> tuple[str, ...]:
        return ("decision.reconsider_within",)

    def apply(self, case: LiveCase) -> Case:
        return replace(case, reconsider_by=None)


class NotReconsidered(Refusal):
    rule = "house.a_decision_is_final_unless_the_pack_says_otherwise"


class NothingToReconsider(Refusal):
    rule = "house.what_was_decided_is_reconsidered"


class AppointmentStands(Refusal):
    rule = "house.an_appointment_ends_reconsideration"


class ReconsideredOutOfTime(Refusal):
    rule = "house.a_decision_is_reconsidered_after_it_was_taken"


class ConsentOfNoMember(Refusal):
    rule = "house.members_who_may_vote_consent"


class ConsentsTooFew(Refusal):
    rule = "decision.reconsider_share"


def reconsider_decision(case: Case, command: ReconsiderDecision, on: Occasion) -> list[Event]:
    """With the consent of more than the pack's share of all members, what was decided is decided anew.

    The stage of the decision begins anew with its limit; stages after it are done again, and a notice of the choice
    that no longer stands is taken down.

    Source: the pack's `decision.reconsider_share` (cn.sr2019: more than half of the members).
    Refuses: CaseNotFound, CaseIsSuspended, CaseHasEnded, WrongOrgan, ActsInOwnCase, HeldByReviewer, NothingIsDecided,
    NotReconsidered, NothingToReconsider, AppointmentStands, ReconsideredOutOfTime, ChiefNotNamed, BodyHasChanged,
    MemberMustWithdraw, ConflictedMember, DeclarationMissing, CrossCheckMissing, BallotInAnotherForm,
    ConsentOfNoMember, ConsentsTooFew, BeyondTheCalendar.
    """
    live = under_way(case)
    stage = decision_stage(on.pack)
    held_by(stage.duty.holder, command, on)
    nobody_acts_for_themselves(live, command, on)
    not_held(live, command, on)
    _it_can_be_reconsidered(live, command, on)
    the_body_is_whole(live, command.members, command.body, on)
    members_withdraw_where_they_must(live, command.members)
    voters_without_conflict(live, [member.member for member in command.members if member.votes], on)
    events: list[Event] = [_reconsidered(live, command, on)]
    if StageKind.PUBLIC_NOTICE in _kinds_since(live, on.pack) and live.notice is not None:
        events.append(PublicNoticeWithdrawn(notice_id=live.notice.id, withdrawn_on=on.today))
    return [*events, *begin(stage, on)]


def _it_can_be_reconsidered(live: LiveCase, command: ReconsiderDecision, on: Occasion) -> None:
    if on.pack.decision.reconsider_share is None:
        raise NotReconsidered(
            f"`{on.pack.id}` does not let a decision be reconsidered. Go on with the case, or ask personnel to "
            "withdraw it and open another."
        )
    if live.appointed is not None:
        raise AppointmentStands(
            "The letter of appointment has been issued, so its decision is not reconsidered any more. Record the end "
            "of the probation instead."
        )
    if live.chosen is None and not live.not_passed:
        raise NothingToReconsider("Nothing has been decided in this case. Record a meeting that decides it.")
    decided_on = live.decided_on or live.stage_began_on  # silence decides on no day that is written down
    if not decided_on <= command.reconsidered_on <= on.today:
        raise ReconsideredOutOfTime(
            f"A decision of {decided_on:%-d %B %Y} cannot have been reconsidered on "
            f"{command.reconsidered_on:%-d %B %Y}; today is {on.today:%-d %B %Y}. State the day on which it was.",
            field="reconsidered_on",
        )


def _reconsidered(live: LiveCase, command: ReconsiderDecision, on: Occasion) -> DecisionReconsidered:
    form = ballot_form(command.voted_by, on)
    consented, due = _consented(command, form), len(command.members)
    needed = on.pack.decision.consents_needed(due)
    if consented < needed:
        raise ConsentsTooFew(
            f"{consented} of {due} members consent to reconsider what was decided, and {needed} must. "
            "The decision stands; ask more members, or go on with the case.",
            citation=on.cite("decision.reconsider_share"),
            field="consents_counted" if form is BallotForm.SECRET else "consents",
            consented=consented,
            consents_needed=needed,
            members_due=due,
        )
    return DecisionReconsidered(
        stage=decision_stage(on.pack).id,
        reconsidered_on=command.reconsidered_on,
        members_due=due,
        voted_by=form if on.pack.decision.ballot else None,
        consented=consented,
        consents_needed=needed,
        **_undone(live, on.pack),
        minutes=Consents(members=command.members, consents=command.consents),
        reasons=command.reasons,
    )


def _consented(command: ReconsiderDecision, form: BallotForm) -> int:
    """How many consent, in the form in which they were asked; each is a member who may vote."""
    voting = {member.member for member in command.members if member.votes}
    counted, named = command.consents_counted, command.consents
    if form is BallotForm.SECRET and not named and counted is not None and counted <= len(voting):
        return counted
    if form is not BallotForm.SECRET and counted is None and set(named) <= voting:
        return len(named)
    raise ConsentOfNoMember(
        f"The consents were asked in secret, of {len(voting)} members who may vote. State in `consents_counted` how "
        "many of them consent, and name nobody."
        if form is BallotForm.SECRET
        else f"The consents were asked openly, of {len(voting)} members who may vote. State in `consents` which of "
        "them consent, and leave `consents_counted` out.",
        field="consents",
        members_who_may_vote=len(voting),
    )


def _stages_since(live: LiveCase, pack: Pack) -> tuple[Stage, ...]:
    """The stages that the case has begun since the decision."""
    ids = [stage.id for stage in pack.stages]
    return pack.stages[ids.index(decision_stage(pack).id) + 1 : ids.index(live.stage) + 1]


def _kinds_since(live: LiveCase, pack: Pack) -> frozenset[StageKind]:
    return frozenset(stage.kind for stage in _stages_since(live, pack))


def _undone(live: LiveCase, pack: Pack) -> Undone:
    """What falls with the decision: everything on record in its stage and since, and the clocks that began with it."""
    decision, since = decision_stage(pack).id, [stage.id for stage in _stages_since(live, pack)]
    records = {record.id for record in pack.records if record.stage in (decision, *since)}
    moments = {f"completed:{stage}" for stage in (decision, *since)} | {f"begun:{stage}" for stage in since}
    moments |= {f"record:{record}" for record in records}
    return {
        "stages_undone": tuple(since),
        "records_undone": tuple(key for key in live.records if key.partition("/")[0] in records),
        "clocks_undone": tuple(rule.id for rule in pack.clocks if rule.starts in moments and rule.id in live.clocks),
        "review_undone": StageKind.SUPERVISION_REVIEW in _kinds_since(live, pack),
    }


def _without(known: Mapping[str, T], names: Collection[str]) -> Mapping[str, T]:
    return MappingProxyType({name: found for name, found in known.items() if name not in names})
