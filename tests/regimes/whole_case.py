"""Cases under any pack, carried from their opening to their end by asking what comes next and doing it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.appointment import ClosedCase, LiveCase
from domain.authority import TakeDecision
from domain.case_file import Post
from domain.case_opening import OpenCase, ResumeCase
from domain.command import Command
from domain.conflict import CrossCheckInterests, DeclareInterests
from domain.decision import Ballot, HoldDecisionMeeting, Member, Said, Statement
from domain.declaration import interests_of
from domain.exceptional_appointment import ProposeException
from domain.identity import SYSTEM, Actor, CandidateId, OfficerId, OrganId, PersonId, Role
from domain.interests import Interests
from domain.merit import SetCriteria, WeightedCriterion
from domain.next_step import ENGINE, NextStep, next_steps
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.objection import Disposal, DisposeObjection
from domain.pack import Pack, StageKind
from domain.prior_report import RecordSuperiorReply, Reply, ReportToSuperior
from domain.probation import ConfirmProbation, IssueAppointment
from domain.public_notice import OpenPublicNotice
from domain.record import ConcludeStage, EnterRecord, RecordTooEarly
from domain.record_signature import SignRecord
from domain.refusal import Refusal
from domain.supervision_point import AttendSupervisionPoint, Observation
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, Finding, RequestOpinion, ReturnOpinion
from domain.timer import LetTimerRunOut, timers
from domain.training_verification import RecordMakeUpTraining, VerifyTraining
from eventstore.packs import reference_of
from runtime.example_records import TEAM, command_on_record
from tests.examples import CASE, PERSONNEL, at
from tests.lives import live
from tests.on_record import HOLDERS, officer_of
from tests.spec import Story

BEGINNING = at("2026-03-02")
MEMBERS = [OfficerId(f"member-{place}") for place in range(9)]
GIVEN_UP = frozenset({"allow_deviation", "withdraw_case"})
"""Steps that take no case on by its rules: whoever carries it stops there."""

ENDS = {
    StageKind.NOMINATION: "close_nominations",
    StageKind.PUBLIC_NOTICE: "open_public_notice",
    StageKind.SUPERVISION_REVIEW: "conclude_supervision_review",
    StageKind.DECISION: "hold_decision_meeting",
    StageKind.APPOINTMENT: "issue_appointment",
    StageKind.PROBATION: "confirm_probation",
}
"""The act that a kind of stage ends by; a training verification ends by itself, and any other is concluded."""


@dataclass(frozen=True)
class Journey:
    """A case on its way and the moment that it has come to.

    `left_out` is what nobody does: a record by its id, `sign:` with a record, `opinion:` with an organ, a step by its
    name.
    """

    story: Story
    now: datetime
    left_out: frozenset[str] = frozenset()
    spared: bool = False

    @property
    def law(self) -> Pack:
        return self.story.pack

    @property
    def case(self) -> LiveCase:
        return live(self.story)

    @property
    def today(self) -> date:
        return self.story._on(PERSONNEL, self.now).today

    @property
    def outcome(self) -> str | None:
        return self.story.case.outcome if isinstance(self.story.case, ClosedCase) else None

    @property
    def steps(self) -> tuple[NextStep, ...]:
        """What comes next, but for what is left out.

        Names are closed as soon as there are enough of them, and a body meets once all of its members have declared.
        """
        found = [step for step in next_steps(self.story.case, self.law, self.today) if not self._leaves_out(step)]
        found = [step for step in found if step.step != "declare_interests" or declares_next(step, self)]
        if any(step.step == "close_nominations" for step in found):
            found = [step for step in found if step.step != "nominate_candidate"]
        return tuple(found)

    def _leaves_out(self, step: NextStep) -> bool:
        if step.step in self.left_out:
            return True
        record = (step.what or "").split("/")[0]
        named = {"enter_record": record, "sign_record": f"sign:{record}"}
        return named.get(step.step, f"opinion:{step.organ}") in self.left_out

    @property
    def is_over(self) -> bool:
        """Whether the case has ended, or nobody is there who could take it on."""
        return not self.steps or self.steps[0].step in GIVEN_UP

    def without(self, *left_out: str) -> "Journey":
        return replace(self, left_out=frozenset(left_out))

    def does(self, command: Command, actor: Actor) -> "Journey":
        return replace(self, story=self.story.when(command, actor, self.now))

    def wakes(self, moment: datetime) -> "Journey":
        """The case at a later moment, once every clock that runs out before it has done so."""
        moved = self
        while running := [timer for timer in timers(moved.story.case, moved.law) if timer.due_at <= moment]:
            first = running[0]
            moved = replace(moved, now=max(moved.now, first.due_at)).does(LetTimerRunOut(timer=first.name), SYSTEM)
        return replace(moved, now=max(moved.now, moment))

    def on_day(self, day: date) -> "Journey":
        return self.wakes(self.now + timedelta(days=max(0, (day - self.today).days)))

    def goes_on(self, step: NextStep | None = None) -> "Journey":
        """The case after one of the steps that come next, the first of them if none is named."""
        step = step or self.steps[0]
        if step.by == ENGINE:
            assert step.by_on is not None
            return self.on_day(step.by_on + timedelta(days=1))
        command, actor = command_for(step, self)
        journey = self._studied(command)
        try:
            return journey.does(command, actor)
        except RecordTooEarly as early:
            earliest = early.facts["earliest_on"]
            assert isinstance(earliest, date)
            return journey.on_day(earliest).does(command, actor)

    def _studied(self, command: Command) -> "Journey":
        """The case once the school has put on file what a command asks the file about."""
        match command:
            case VerifyTraining(candidate_id=candidate):
                return enough_training(self, self.case.candidates[candidate].person)
            case RecordMakeUpTraining() if self.case.appointed is not None:
                person, owed = (
                    self.case.candidates[self.case.appointed.candidate].person,
                    self.case.appointed.hours_owed,
                )
                return replace(self, story=self.story.having(person, owed, self.today))
        return self

    def way(self) -> Iterator["Journey"]:
        """The case at every step from here to where it is over."""
        journey = self
        yield journey
        for _ in range(400):
            if journey.is_over:
                return
            journey = journey.goes_on()
            yield journey
        raise AssertionError(f"the case goes round in circles at {journey.steps}")

    def ended(self) -> "Journey":
        *_, last = self.way()
        return last

    def with_an_exception(self) -> "Journey":
        """The case once the first exception that its pack knows was proposed for it."""
        reason = "A court date stands, and the post has nobody."
        return self.does(ProposeException(kind=self.law.exceptions[0].id, reason=reason), PERSONNEL)

    def on_record(self) -> "Journey":
        """The case when what its stage needs on record is there."""
        journey = self
        while journey.steps and journey.steps[0].step in ("declare_interests", "enter_record", "sign_record"):
            journey = journey.goes_on()
        return journey

    def until(self, stage: str) -> "Journey":
        """The case at the beginning of a stage."""
        return next(found for found in self.way() if found.case.stage == stage)

    def at_the_end_of(self, stage: str) -> "Journey":
        """The case where nothing but the act that ends the stage is left to do, by those who leave nothing else out."""
        act = act_that_ends(self.law, self.law.stage(stage).kind)
        for found in self.until(stage).way():
            assert found.case.stage == stage, f"{stage} ended without its act"
            if not found.steps or found.steps[0].step == act or found.outcome:
                return found
        raise AssertionError(f"{stage} does not come to its end")

    def closing_act(self) -> tuple[Command, Actor]:
        """The act that the present stage ends by."""
        stage = self.law.stage(self.case.stage)
        act = act_that_ends(self.law, stage.kind)
        return command_for(NextStep(by=stage.duty.holder, step=act), self)

    def refused(self, command: Command, actor: Actor) -> Refusal:
        return self.story.refuses(Refusal, command, actor, self.now)


def act_that_ends(law: Pack, kind: StageKind) -> str:
    """The act that a kind of stage ends by under a pack: where one office decides, it takes the decision."""
    if kind is StageKind.DECISION and law.decision.by_authority:
        return "take_decision"
    return ENDS.get(kind, "conclude_stage")


def opening(law: Pack, *, vacancies: int = 1, vacant_on: date | None = None, rank: str | None = None) -> Journey:
    """A case just opened: two years ahead of its vacancy where the pack counts back from that."""
    counts_back = any(clock.backwards for clock in law.clocks)
    day = vacant_on or (BEGINNING + timedelta(days=730 if counts_back else 0)).date()
    place = law.jurisdictions[0]
    level = rank or law.ranks[0].id
    post = Post(post_id="a/post", title="Post", unit="Unit", rank=level, vacancies=vacancies, vacant_on=day)
    opened = OpenCase(case_id=CASE, pack=reference_of(law), post=post)
    story = Story(law, place.id, place.timezone).when(opened, PERSONNEL, BEGINNING)
    return Journey(story, BEGINNING)


def on_record(step: NextStep, journey: Journey) -> EnterRecord | SignRecord:
    """The entry or the signature that a step asks for; where it is spared, the statement that takes its place."""
    rule = journey.law.record((step.what or "").partition("/")[0])
    if journey.spared and step.step == "enter_record" and rule is not None and rule.where_required is not None:
        return command_on_record(step, journey.law, not_required=True, remarks="No economic duties.")
    return command_on_record(step, journey.law)


def command_for(step: NextStep, journey: Journey) -> tuple[Command, Actor]:
    """What a step says to do, with everything that the pack asks of it, and by whom."""
    case, law = journey.case, journey.law
    actor = HOLDERS.get(Role(step.by), SYSTEM)
    reason = "Words that are long enough to be a reason."
    match step.step:
        case "enter_record" | "sign_record":
            return on_record(step, journey), actor
        case "declare_interests":
            declaring = declares_next(step, journey)
            assert declaring is not None
            return DeclareInterests(), declaring
        case "cross_check_interests":
            registers = law.conflicts.cross_check.value if law.conflicts else ()
            return CrossCheckInterests(officer=OfficerId(step.what or ""), registers=registers), actor
        case "set_criteria":
            first = law.merit.criteria.value[0].id if law.merit else ""
            return SetCriteria(criteria=(WeightedCriterion(criterion=first, weight=100),)), actor
        case "attend_supervision_point":
            stage, _, point = (step.what or "").partition(" ")
            return AttendSupervisionPoint(stage_id=stage, point=point, observation=Observation.NONE), actor
        case "conclude_stage":
            return ConcludeStage(), actor
        case "nominate_candidate":
            person = PersonId(f"person-{len(case.candidates)}")
            return NominateCandidate(person_id=person, particulars=Particulars(full_name=f"Name of {person}")), actor
        case "close_nominations":
            return CloseNominations(), actor
        case "verify_training":
            candidate = next(found.id for found in case.standing if found.training is None)
            return VerifyTraining(candidate_id=candidate), actor
        case "open_public_notice":
            return OpenPublicNotice(), actor
        case "dispose_objection":
            objection = case.undisposed_objections[0].id
            return DisposeObjection(objection_id=objection, outcome=Disposal.DISMISSED, reasons=reason), actor
        case "request_opinion":
            return RequestOpinion(organ=OrganId(step.organ or "")), actor
        case "return_opinion":
            organ = OrganId(step.organ or "")
            answer = ReturnOpinion(organ=organ, finding=Finding.NO_OBJECTION, text="No objection.")
            return answer, officer_of(organ)
        case "conclude_supervision_review":
            return ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order."), actor
        case "report_to_superior":
            return ReportToSuperior(matter=step.what or "", statement=reason), actor
        case "record_superior_reply":
            return RecordSuperiorReply(
                matter=step.what or "", reply=Reply.CONSENTS, paper="12/2026", text=reason
            ), actor
        case "hold_decision_meeting":
            return meeting(journey), actor
        case "take_decision":
            return TakeDecision(candidate_id=case.standing[0].id, decided_on=journey.today, reasons=reason), actor
        case "issue_appointment":
            return IssueAppointment(), actor
        case "confirm_probation":
            return ConfirmProbation(), actor
        case "record_make_up_training":
            return RecordMakeUpTraining(), actor
        case "resume_case":
            return ResumeCase(), actor
    raise AssertionError(f"nobody has learned to do `{step.step}`: teach it here")


def declares_next(step: NextStep, journey: Journey) -> Actor | None:
    """Who of those whom a step asks for is the next to declare; None once all of them have."""
    holder = officer_of(step.organ) if step.organ else HOLDERS[Role(step.by)]
    others = MEMBERS if step.by is Role.DECISION_BODY else TEAM
    cast = [holder, *(holder.model_copy(update={"officer": name}) for name in others)]
    stand = {found.id for found in journey.case.standing}
    known = {actor.officer: interests_of(journey.case, actor.officer) for actor in cast}
    return next((actor for actor in cast if not _covers(known[actor.officer], stand)), None)


def _covers(known: Interests, stand: set[CandidateId]) -> bool:
    return known.declared and stand <= known.declared_about


def enough_training(journey: Journey, person: PersonId, short: int = 0) -> Journey:
    """The case once somebody's file has what the post's rank asks for, or so many hours less."""
    _, requirement = journey.law.training_requirement(journey.case.post.rank)
    return replace(journey, story=journey.story.having(person, requirement.hours.value - short, journey.today))


def meeting(journey: Journey, *, due: int = 9, present: int = 9, in_favour: int = 9) -> HoldDecisionMeeting:
    """A meeting that agrees to whoever stands first; the chief, who came, speaks last."""
    names = MEMBERS[:due]
    members = tuple(
        Member(member=name, present=place < present, chief=place == present - 1) for place, name in enumerate(names)
    )
    ballots = tuple(
        Ballot(candidate_id=candidate.id, statements=_said(names[:present], 0 if place else in_favour))
        for place, candidate in enumerate(journey.case.standing)
    )
    quorate = present >= journey.law.decision.quorum_of(due)
    return HoldDecisionMeeting(held_on=journey.today, members=members, ballots=ballots if quorate else ())


def _said(names: list[OfficerId], in_favour: int) -> tuple[Said, ...]:
    return tuple(
        Said(member=name, says=Statement.AGREE if place < in_favour else Statement.DISAGREE)
        for place, name in enumerate(names)
    )
