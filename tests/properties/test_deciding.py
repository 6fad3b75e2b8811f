"""Whatever anybody tries in whatever order, a case is decided or refused, never broken, and never out of order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.appointment import Case, ClosedCase, LiveCase, SuspendedCase, Unopened, evolve, fold, underlying
from domain.authority import DeclineToDecide, TakeDecision
from domain.breach import BreachFound, RecordBreach
from domain.case_opening import ResumeCase, SuspendCase, WithdrawCase
from domain.command import Command
from domain.conflict import (
    CrossCheckInterests,
    DecideConflict,
    DeclareInterests,
    InterestsCrossChecked,
    UndeclaredRelationFound,
)
from domain.deciding import decide, whose_training
from domain.decision import Ballot, DecisionTaken, HoldDecisionMeeting, Member, Said, Statement
from domain.declaration import interests_of
from domain.deviation import AllowDeviation
from domain.duty import AssignDuty
from domain.event import Event
from domain.exceptional_appointment import CareerFacts, ProposeException, WithdrawException
from domain.hold import HoldCode, LiftHold, PlaceHold
from domain.identity import PUBLIC, SYSTEM, Actor, CandidateId, ObjectionId, OfficerId, OrganId, PersonId, Role
from domain.interests import FoundRelation, Relation, RelationKind
from domain.merit import SetCriteria, WeightedCriterion
from domain.minutes import AnnotateMinutes
from domain.nomination import CloseNominations, NominateCandidate, Particulars, WithdrawCandidate
from domain.notice_correction import CorrectPublicNotice
from domain.objection import About, Channel, Disposal, DisposeObjection, LodgeObjection, ObjectionDisposed
from domain.objection_admission import AcknowledgeObjection, AdmitObjection, ObjectionRejected, RejectObjection
from domain.occasion import Occasion
from domain.pack import OnExpiry, Pack, StageKind
from domain.prior_report import RecordSuperiorReply, Reply, ReportToSuperior, awaited
from domain.probation import AppointmentIssued, ConfirmProbation, FailProbation, IssueAppointment
from domain.public_notice import OpenPublicNotice
from domain.query import AnswerQuery, QueryRunner
from domain.reconsideration import ReconsiderDecision
from domain.refusal import Refusal
from domain.sender import Identity
from domain.stage import CaseEnded
from domain.supervision_point import AttendSupervisionPoint, Observation
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, RequestOpinion, ReturnOpinion
from domain.timer import LetTimerRunOut, timers
from domain.training_file import FileAsKept, FiledRecord, TrainingFile
from domain.training_verification import (
    MAKE_UP_TIMER,
    MakeUpTrainingRecorded,
    RecordMakeUpTraining,
    TrainingVerified,
    VerifyTraining,
)
from runtime.calendars import calendar_for
from tests.domain.refusals import assert_whole
from tests.domain.variants import CLOSES_AFTER_TWO, variant
from tests.examples import (
    AUDIT,
    CHEN,
    CO_MANAGING,
    DECIDERS,
    DISCIPLINE,
    LI,
    MODERATOR,
    PERSONNEL,
    SCHOOL,
    SUPERVISION,
    at,
)
from tests.lives import opened
from tests.on_record import past_records
from tests.spec import studied

START = at("2026-03-02")
CHEN_IN_OFFICE = Actor(officer=OfficerId(CHEN), organ=OrganId("anywhere"), roles=tuple(Role))
ALL_HATS = Actor(officer=OfficerId("officer-all"), organ=SUPERVISION.organ, roles=tuple(Role))
STAND_IN = SUPERVISION.model_copy(update={"on_behalf_of": PERSONNEL.officer})
CAST = (PERSONNEL, SCHOOL, SUPERVISION, DECIDERS, AUDIT, DISCIPLINE, CO_MANAGING, MODERATOR, SYSTEM, PUBLIC)
ACTORS = st.sampled_from((*CAST, CHEN_IN_OFFICE, ALL_HATS, STAND_IN))
PEOPLE = st.sampled_from((CHEN, LI, PersonId("person-wu"), PERSONNEL.officer))
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2029, 12, 31)) | st.dates()
HOURS = st.sampled_from((0, 39, 40, 89, 90, 549, 550, 600))
CAREERS = st.builds(
    CareerFacts,
    basis=st.just("personal file"),
    in_probation=st.booleans(),
    last_promoted_on=st.none() | st.dates(date(2020, 1, 1), date(2029, 12, 31)),
    last_was_exceptional=st.booleans(),
    levels=st.integers(0, 3),
)
CRITERIA = st.sampled_from(("results", "integrity", "kinship", "looks"))
WORDS = st.just("Words that are long enough to stand as a reason.")
LENGTHS = st.sampled_from(({"n": 1, "unit": "working_day"}, {"n": 3, "unit": "day"}, {"n": 1, "unit": "month"}))

FOUND_LATER = BreachFound | InterestsCrossChecked | UndeclaredRelationFound
"""What may be recorded of a case that has ended."""


@dataclass(frozen=True)
class Move:
    """Somebody's wish at a moment."""

    command: Command
    actor: Actor
    at: datetime


@st.composite
def laws(draw: st.DrawFn, *, closing: bool) -> Pack:
    """A shipped pack whose silences and lengths were drawn anew; it may be one where failed years close promotion."""
    pack_id = draw(st.sampled_from(("standard", "cn.sr2019")))
    silence = st.sampled_from(OnExpiry).map(str)
    holding = st.sampled_from((OnExpiry.BLOCK, OnExpiry.ESCALATE)).map(str)
    return variant(
        pack_id,
        {
            "stages.decision.limit.within.value": draw(LENGTHS),
            "stages.decision.limit.on_expiry.value": draw(st.just("lapse") | holding),
            "training.make_up.value": draw(LENGTHS),
            "training.on_make_up_expiry.value": draw(silence),
            "review.opinions.0.on_expiry.value": draw(silence),
            "objections.answered.value": draw(LENGTHS),
            "objections.on_expiry.value": draw(holding),
            "probation.length.value": draw(LENGTHS),
            "nomination.minimum_candidates.waivable": draw(st.booleans()),
            **({"training.closes_after_failing": CLOSES_AFTER_TWO} if closing and draw(st.booleans()) else {}),
        },
    )


def meetings(draw: st.DrawFn, case: LiveCase, today: date, *, lawful: bool) -> HoldDecisionMeeting:
    due = case.members_due if lawful and case.members_due else draw(st.integers(3, 9))
    names = [OfficerId(f"member-{place}") for place in range(due)]
    if not lawful:
        names = [*names[:-1], draw(st.sampled_from((PERSONNEL.officer, OfficerId(CHEN), names[-1])))]
    present = len(names) if lawful else draw(st.integers(1, len(names)))
    chief = present - 1 if lawful else draw(st.integers(0, len(names)))
    members = tuple(
        Member(member=name, present=place < present, chief=place == chief) for place, name in enumerate(names)
    )
    says = st.sampled_from(Statement)
    said = tuple(Said(member=name, says=Statement.AGREE if lawful else draw(says)) for name in names[:present])
    known = [candidate.id for candidate in case.standing]
    voted = known[:1] if lawful else draw(st.lists(st.sampled_from([*known, CandidateId("nobody")]), unique=True))
    no = tuple(replaced.model_copy(update={"says": Statement.DISAGREE}) for replaced in said)
    ballots = tuple(Ballot(candidate_id=found, statements=said) for found in voted)
    if lawful:
        ballots += tuple(Ballot(candidate_id=found, statements=no) for found in known[1:])
    held_on = today if lawful else draw(DAYS) or today
    return HoldDecisionMeeting(held_on=held_on, members=members, ballots=ballots)


def matters(case: LiveCase, law: Pack) -> list[str]:
    of_law = [matter.id for rule in law.prior_reports for matter in rule.matters]
    return ["weather", *of_law, *case.proposed_exceptions]


def consents(draw: st.DrawFn, case: LiveCase, today: date, *, lawful: bool) -> ReconsiderDecision:
    members = meetings(draw, case, today, lawful=lawful).members
    who = [member.member for member in members]
    return ReconsiderDecision(
        reconsidered_on=today if lawful else draw(DAYS) or today,
        members=members,
        consents=tuple(who if lawful else draw(st.lists(st.sampled_from(who), unique=True))),
        consents_counted=None if lawful else draw(st.none() | st.integers(0, 9)),
        reasons=draw(WORDS),
    )


def wishes(draw: st.DrawFn, case: LiveCase, law: Pack, today: date) -> Command:
    """Any command, with values that may or may not fit the case."""
    candidate = draw(st.sampled_from([*case.candidates, CandidateId("nobody")]))
    objection = draw(st.sampled_from([*case.objections, ObjectionId("none")]))
    organ = OrganId(draw(st.sampled_from([*(rule.organ for rule in law.review.opinions), "nobody"])))
    clock = draw(st.sampled_from([*(timer.name for timer in timers(case, law)), "none"]))
    rule = draw(st.sampled_from(["training.requirements.0.hours", "nomination.minimum_candidates", "notice.minimum"]))
    stage = draw(st.sampled_from([*(stage.id for stage in law.stages), "nowhere"]))
    finding = draw(st.sampled_from(("no_objection", "reservation", "objection")))
    reason = draw(WORDS)
    kinds: list[Callable[[], Command]] = [
        lambda: NominateCandidate(person_id=draw(PEOPLE), particulars=Particulars(full_name="Somebody")),
        lambda: SetCriteria(criteria=(WeightedCriterion(criterion=draw(CRITERIA), weight=100),)),
        lambda: WithdrawCandidate(candidate_id=candidate),
        CloseNominations,
        lambda: VerifyTraining(candidate_id=candidate, conditional=draw(st.booleans())),
        lambda: OpenPublicNotice(opens_on=draw(DAYS), closes_on=draw(DAYS)),
        lambda: CorrectPublicNotice(
            particular=draw(st.sampled_from(["full_name", "results", "unit", "health"])),
            says=reason,
            candidate_id=draw(st.none() | st.just(candidate)),
            reason=reason,
        ),
        lambda: objections(draw, reason, candidate),
        lambda: AcknowledgeObjection(objection_id=objection),
        lambda: AdmitObjection(objection_id=objection),
        lambda: RejectObjection(objection_id=objection, reason=draw(st.sampled_from(("no_content", "whim")))),
        lambda: DisposeObjection(
            objection_id=objection,
            outcome=draw(st.sampled_from(Disposal)),
            reasons=reason,
            against=draw(st.none() | st.just(candidate)),
        ),
        lambda: RequestOpinion(organ=organ),
        lambda: ReturnOpinion(organ=organ, finding=finding, text=reason),
        lambda: ConcludeSupervisionReview(conclusion=draw(st.sampled_from(Conclusion)), remarks=reason),
        lambda: meetings(draw, case, today, lawful=False),
        lambda: TakeDecision(candidate_id=candidate, decided_on=draw(DAYS) or today, reasons=reason),
        lambda: DeclineToDecide(decided_on=draw(DAYS) or today, reasons=reason),
        lambda: consents(draw, case, today, lawful=False),
        lambda: AnnotateMinutes(meeting_id=draw(st.sampled_from([*case.meetings, "none"])), note=reason),
        lambda: IssueAppointment(effective_on=draw(DAYS)),
        RecordMakeUpTraining,
        ConfirmProbation,
        lambda: FailProbation(reasons=reason),
        lambda: AllowDeviation(rule=rule, code=draw(st.sampled_from(("exceptional", "whim"))), reason=reason),
        lambda: ProposeException(
            kind=draw(st.sampled_from(["whim", *(found.id for found in law.exceptions)])),
            candidate_id=draw(st.none() | st.just(candidate)),
            reason=reason,
            facts=draw(st.none() | CAREERS),
        ),
        lambda: WithdrawException(
            exception_id=draw(st.sampled_from(["none", *case.proposed_exceptions])), reason=reason
        ),
        lambda: ReportToSuperior(matter=draw(st.sampled_from(matters(case, law))), statement=reason),
        lambda: RecordSuperiorReply(
            matter=draw(st.sampled_from(matters(case, law))),
            reply=draw(st.sampled_from(Reply)),
            paper=draw(st.none() | st.just("paper 1")),
            text=reason,
        ),
        lambda: RecordBreach(
            code=draw(st.sampled_from(["whim", *(found.id for found in law.deviations.prohibitions)])),
            happened_on=draw(DAYS) or today,
            evidence=reason,
        ),
        *interests(draw, case, candidate),
        lambda: AssignDuty(stage_id=stage, officer=draw(PEOPLE)),
        lambda: AttendSupervisionPoint(
            stage_id=stage, point="whole", observation=draw(st.sampled_from(Observation)), text=reason
        ),
        lambda: PlaceHold(
            code=draw(st.sampled_from(HoldCode)), reason=reason, candidate_id=draw(st.none() | st.just(candidate))
        ),
        lambda: LiftHold(hold_id=draw(st.sampled_from([*case.supervised.holds, "none"])), reason=reason),
        lambda: QueryRunner(question=reason),
        lambda: AnswerQuery(query_id=draw(st.sampled_from([*case.supervised.queries, "none"])), answer=reason),
        lambda: SuspendCase(reason=reason),
        ResumeCase,
        lambda: WithdrawCase(reason=reason),
        lambda: LetTimerRunOut(timer=clock),
    ]
    return draw(st.sampled_from(kinds))()


def objections(draw: st.DrawFn, reason: str, candidate: CandidateId) -> LodgeObjection:
    """An objection of the public or of an officer, with what fits and what does not."""
    return LodgeObjection(
        channel=draw(st.sampled_from((Channel.WEB, Channel.LETTER))),
        grounds=reason,
        candidate_id=draw(st.none() | st.just(candidate)),
        objector=draw(st.none() | st.just("Somebody, Lane 5")),
        identity=draw(st.none() | st.sampled_from(Identity)),
        about=draw(st.none() | st.sampled_from(About)),
        receipt_hash=draw(st.none() | st.just("5e" * 32)),
        awaits_admission=draw(st.booleans()),
    )


def interests(draw: st.DrawFn, case: LiveCase, candidate: CandidateId) -> list[Callable[[], Command]]:
    """What may be declared, looked up and decided about anybody's interests."""
    kind = draw(st.sampled_from(RelationKind))
    tie = Relation(candidate_id=candidate, kind=kind)
    found = FoundRelation(candidate_id=candidate, kind=kind, declared=draw(st.booleans()))
    waiting = sorted(relation for known in case.interests.values() for relation in known.undecided)
    officer = draw(st.sampled_from((PERSONNEL, DECIDERS, SUPERVISION))).officer
    return [
        lambda: DeclareInterests(relations=(tie,) if draw(st.booleans()) else ()),
        lambda: CrossCheckInterests(
            officer=officer, registers=("petitions",), found=(found,), acted=draw(st.booleans())
        ),
        lambda: DecideConflict(
            relation_id=draw(st.sampled_from([*waiting, "none"])), withdraws=draw(st.booleans()), plan=draw(WORDS)
        ),
    ]


def steps(draw: st.DrawFn, case: LiveCase, law: Pack, now: datetime, today: date) -> tuple[Command, Actor, datetime]:
    """The next step that brings the case on, by whose duty it is, at a moment when it may be taken."""
    waiting = timers(case, law)
    decided = case.decided_on is not None and case.appointed is None
    if decided and law.decision.reconsider_share and case.reconsiderations < 2 and draw(st.booleans()):
        return consents(draw, case, today, lawful=True), DECIDERS, now
    if lacking := past_records(case, law, today):
        return *lacking, now
    match law.stage(case.stage).kind:
        case StageKind.NOMINATION if not case.standing:
            fresh = PersonId(f"person-{len(case.candidates)}")
            return NominateCandidate(person_id=fresh, particulars=Particulars(full_name="A")), PERSONNEL, now
        case StageKind.NOMINATION:
            return CloseNominations(), PERSONNEL, now
        case StageKind.TRAINING_VERIFICATION:
            left = next(candidate.id for candidate in case.standing if candidate.training is None)
            return VerifyTraining(candidate_id=left, conditional=draw(st.booleans())), SCHOOL, now
        case StageKind.PUBLIC_NOTICE if case.notice is None:
            return OpenPublicNotice(), PERSONNEL, now
        case StageKind.PUBLIC_NOTICE if case.undisposed_objections:
            objection = case.undisposed_objections[0].id
            wish = DisposeObjection(objection_id=objection, outcome=Disposal.DISMISSED, reasons=draw(WORDS))
            return wish, SUPERVISION, now
        case StageKind.SUPERVISION_REVIEW:
            return review_step(case, law), reviewer(case, law), now
        case StageKind.DECISION if awaits := awaited(case, law):
            return prior_report_step(case, next(iter(awaits))), SUPERVISION, now
        case StageKind.DECISION if not case.not_passed:
            return meetings(draw, case, today, lawful=True), DECIDERS, now
        case StageKind.APPOINTMENT:
            return IssueAppointment(), PERSONNEL, now
        case StageKind.PROBATION if not waiting and case.probation_outcome is None:
            return ConfirmProbation(), PERSONNEL, now
        case StageKind.PROBATION if not waiting:
            return RecordMakeUpTraining(), SCHOOL, now
    return LetTimerRunOut(timer=waiting[0].name), SYSTEM, max(now, waiting[0].due_at)


def prior_report_step(case: LiveCase, matter: str) -> Command:
    report = case.prior_reports.get(matter)
    if report is None or report.answered:
        return ReportToSuperior(matter=matter, statement="It is as the pack describes it.")
    return RecordSuperiorReply(matter=matter, reply=Reply.CONSENTS, paper="paper 2", text="As reported.")


def review_step(case: LiveCase, law: Pack) -> Command:
    for rule in law.review.opinions:
        asked = case.opinions.get(OrganId(rule.organ))
        if asked is None:
            return RequestOpinion(organ=OrganId(rule.organ))
        if not asked.answered:
            return ReturnOpinion(organ=OrganId(rule.organ), finding="no_objection", text="None.")
    return ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order.")


def reviewer(case: LiveCase, law: Pack) -> Actor:
    wish = review_step(case, law)
    organs = {actor.organ: actor for actor in (AUDIT, DISCIPLINE, CO_MANAGING)}
    return organs[wish.organ] if isinstance(wish, ReturnOpinion) else SUPERVISION


def moves(draw: st.DrawFn, case: Case, law: Pack, now: datetime) -> Move:
    live = underlying(case)
    assert live is not None
    now += timedelta(days=draw(st.sampled_from((0, 0, 1, 8, 40))), hours=draw(st.integers(0, 23)))
    today = occasion(live, law, PERSONNEL, now, "").today
    if draw(st.integers(0, 3)):
        if isinstance(case, SuspendedCase):
            return Move(ResumeCase(), SUPERVISION, now)
        if isinstance(case, LiveCase):
            return Move(*steps(draw, case, law, now, today))
    hurried, running = draw(st.booleans()), timers(case, law)
    if hurried and running:
        timer = draw(st.sampled_from(running))
        return Move(LetTimerRunOut(timer=timer.name), SYSTEM, max(now, timer.due_at))
    return Move(wishes(draw, live, law, today), draw(ACTORS), now)


def occasion(
    case: LiveCase, law: Pack, actor: Actor, now: datetime, command_id: str, training: FileAsKept | None = None
) -> Occasion:
    return Occasion(now, actor, law, calendar_for(case.jurisdiction), command_id, case.timezone, training=training)


@st.composite
def filed(draw: st.DrawFn, entry: int, today: date) -> FiledRecord:
    """What a school may have put on file, of any day and with any end, or what can no longer be opened."""
    hours = draw(HOURS)
    leave = hours - hours * 6 // 7 if draw(st.booleans()) else 0
    record = studied(
        hours,
        today - timedelta(days=draw(st.sampled_from((0, 0, 1, 364, 365, 366, 1826, 1827)))),
        leave_hours=leave,
        attended_hours=hours - leave,
        days=draw(st.sampled_from((0, 1, 11, 12, 90))),
        score=draw(st.none() | st.integers(0, 100)),
        passed=draw(st.booleans()),
        method=draw(st.sampled_from(("off_job", "online"))),
    )
    return FiledRecord(entry, SCHOOL.organ, record if draw(st.integers(0, 9)) else None)


@dataclass(frozen=True)
class Lived:
    """A case with the events that made it, and what is on file of everybody's training."""

    law: Pack
    case: Case
    events: tuple[Event, ...]
    now: datetime = START
    files: Mapping[PersonId, FileAsKept] = field(default_factory=dict)

    def file(self, person: PersonId) -> FileAsKept:
        return self.files.get(person, FileAsKept(TrainingFile(person)))

    def having(self, person: PersonId, training: FiledRecord) -> "Lived":
        kept = FileAsKept(self.file(person).file.with_entry(training), training.entry, bytes(32))
        return replace(self, files={**self.files, person: kept})

    def on(self, live: LiveCase, move: Move) -> Occasion:
        person = whose_training(self.case, move.command)
        file = self.file(person) if person else None
        return occasion(live, self.law, move.actor, move.at, str(len(self.events)), file)

    def after(self, move: Move) -> "Lived":
        """The case after a move, granted or refused; nothing else may happen."""
        live = underlying(self.case)
        assert live is not None
        try:
            events = decide(self.case, move.command, self.on(live, move))
        except Refusal as refusal:
            assert_whole(refusal)
            return replace(self, now=move.at)
        assert not any(interests_of(live, officer).withdraws_under for officer in move.actor.hands)
        case = self.case
        for event in events:
            assert_in_order(case, event, self.law)
            assert_released_by_the_right_hand(case, event, move.actor)
            case = evolve(case, event)
        return replace(self, case=case, events=self.events + tuple(events), now=move.at)


def assert_released_by_the_right_hand(case: Case, event: Event, actor: Actor) -> None:
    """An objection ends by supervision apart, or by a moderator apart as long as nobody had looked at it."""
    live = underlying(case)
    if live is None:
        return
    if isinstance(event, ObjectionDisposed | ObjectionRejected):
        rejected = isinstance(event, ObjectionRejected)
        assert (Role.MODERATOR if rejected else Role.SUPERVISION) in actor.roles and not actor.hands & live.run_by
        assert live.objections[event.objection_id].awaits_admission or not rejected
        return
    after = underlying(evolve(case, event))
    assert after is not None
    assert {found.id for found in live.undisposed_objections} <= {found.id for found in after.undisposed_objections}


def assert_in_order(case: Case, event: Event, law: Pack) -> None:
    """What decides or appoints comes when every stage before it in the pack's order is complete."""
    if isinstance(event, DecisionTaken | AppointmentIssued):
        belongs = StageKind.DECISION if isinstance(event, DecisionTaken) else StageKind.APPOINTMENT
        assert isinstance(case, LiveCase)
        ids = [stage.id for stage in law.stages]
        place = next(i for i, stage in enumerate(law.stages) if stage.kind is belongs)
        assert list(case.completed) == ids[:place]
        assert not case.undisposed_objections
    if isinstance(event, TrainingVerified):
        assert event.missing_hours is not None and (event.missing_hours == 0) == (
            event.hours >= event.required_hours
            or (event.days is not None and event.required_days is not None and event.days >= event.required_days)
        )
    if isinstance(event, DecisionTaken):
        assert isinstance(case, LiveCase) and not awaited(case, law)
        assert all(hold.candidate is not None for hold in case.supervised.holds.values()), "decided while held"


def assert_sound(lived: Lived) -> None:
    case = lived.case
    assert fold(lived.events) == case
    assert not isinstance(case, Unopened)
    if isinstance(case, LiveCase):
        assert lived.law.stage(case.stage).duty.holder in Role
        assert list(case.completed) == [stage.id for stage in lived.law.stages][: len(case.completed)]
        assert lived.law.stages[len(case.completed)].id == case.stage
    else:
        assert timers(case, lived.law) == ()
    names = [timer.name for timer in timers(case, lived.law)]
    assert len(names) == len(set(names))
    if isinstance(case, ClosedCase):
        last = next(event for event in reversed(lived.events) if not isinstance(event, FOUND_LATER))
        assert last.alias in ("case_ended", "case_withdrawn")


def begun(law: Pack, serving_since: date | None = None) -> Lived:
    story = opened(law.id, START)
    files = {
        person: FileAsKept(TrainingFile(person, in_service_since=serving_since))
        for person in (CHEN, LI, *(PersonId(f"person-{place}") for place in range(3)))
    }
    return Lived(law, story.case, story.events, files=files)


def trained(draw: st.DrawFn, lived: Lived, command: Command) -> Lived:
    """What the school puts on file, of whomever the command asks about, before it is decided."""
    person, live = whose_training(lived.case, command), underlying(lived.case)
    if person is None or live is None:
        return lived
    entry, today = len(lived.file(person).file.entries) + 1, occasion(live, lived.law, SCHOOL, lived.now, "").today
    return lived.having(person, draw(filed(entry, today))) if draw(st.booleans()) else lived


def made_up(lived: Lived, on: date) -> Lived:
    """Enough is on file for whatever training may be owed."""
    person = whose_training(lived.case, RecordMakeUpTraining())
    assert person is not None
    entry = len(lived.file(person).file.entries) + 1
    return lived.having(person, FiledRecord(entry, SCHOOL.organ, studied(600, on)))


@given(st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_sequence_of_wishes_is_decided_or_refused_and_leaves_a_sound_case(data: st.DataObject) -> None:
    lived = begun(data.draw(laws(closing=True)), data.draw(st.none() | st.dates(date(2019, 1, 1), date(2026, 1, 1))))
    for _ in range(data.draw(st.integers(1, 40), label="moves")):
        move = data.draw(st.composite(lambda draw, now=lived: moves(draw, now.case, now.law, now.now))())
        lived = data.draw(st.composite(lambda draw, now=lived, wish=move: trained(draw, now, wish.command))())
        after = lived.after(move)
        assert_sound(after)
        if isinstance(move.command, LetTimerRunOut):
            assert_clock_is_gone(lived, after, move.command.timer)
        if isinstance(lived.case, ClosedCase):
            assert after.case == lived.case
            assert all(isinstance(event, FOUND_LATER) for event in after.events[len(lived.events) :])
        lived = after


def assert_clock_is_gone(before: Lived, after: Lived, name: str) -> None:
    """A clock whose event was recorded runs no longer."""
    fresh = after.events[len(before.events) :]
    clock = next((timer for timer in timers(before.case, before.law) if timer.name == name), None)
    if fresh:
        assert clock is not None
        made_up_by_then = name == MAKE_UP_TIMER and isinstance(fresh[0], MakeUpTrainingRecorded)
        assert fresh[0] == clock.event or made_up_by_then
        assert name not in [timer.name for timer in timers(after.case, after.law)]


@given(st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_case_whose_duty_holders_act_comes_to_an_end(data: st.DataObject) -> None:
    lived = begun(data.draw(laws(closing=False)))
    for _ in range(90):
        if not isinstance(lived.case, LiveCase):
            break
        case, law, now = lived.case, lived.law, lived.now
        today = occasion(case, law, PERSONNEL, now, "").today
        wish = data.draw(st.composite(lambda draw, c=case, w=law, n=now, t=today: steps(draw, c, w, n, t))())
        if isinstance(wish[0], RecordMakeUpTraining):
            lived = made_up(lived, today)
        lived = data.draw(st.composite(lambda draw, li=lived, w=wish: trained(draw, li, w[0]))())
        after = lived.after(Move(*wish))
        assert after.events != lived.events, f"{wish[0]!r} was refused"
        lived = after
    assert isinstance(lived.case, ClosedCase)
    assert isinstance(lived.events[-1], CaseEnded)
