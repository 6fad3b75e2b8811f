"""The acts that a stage of each kind cannot be without, as the facts that its record must hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.case_trail import CaseTrail
from domain.choice import DecisionNotPassed, DecisionTaken
from domain.clock import ClockExpired
from domain.clock_rule import OnExpiry
from domain.decision import DecisionMeetingHeld
from domain.event import Event, Recorded
from domain.exceptional_appointment import ExceptionProposed, ExceptionWithdrawn
from domain.law import Text
from domain.merit import CriteriaSet
from domain.nomination import CandidateNominated, NominationsClosed
from domain.objection import ObjectionDisposed, ObjectionLodged
from domain.objection_admission import ObjectionAcknowledged, ObjectionRejected
from domain.pack import ON_RECORD, Pack, Stage, StageKind
from domain.prior_report import ReportedToSuperior, SuperiorReplied
from domain.probation import AppointmentIssued, ProbationConfirmed, ProbationEnded, ProbationFailed
from domain.public_notice import PublicNoticeElapsed, PublicNoticeOpened
from domain.record import StageConcluded
from domain.supervision_point import POINTS_ATTENDED, SupervisionPointAttended
from domain.supervision_review import OpinionOverdue, OpinionRequested, OpinionReturned, SupervisionReviewConcluded
from domain.training_verification import MakeUpTrainingRecorded, TrainingVerified


@dataclass(frozen=True, slots=True)
class Act:
    """An act that must be on record: the events that are it, what they must say, and about whom or what it is.

    With `seals`, the event must have a part that is sealed for that audience. It is due when its own stage is over, or
    the stage `due_with`.
    """

    kind: str
    what: str
    title: Text
    events: tuple[type[Event], ...]
    said: Mapping[str, Any] = field(default_factory=dict)
    about: str | None = None
    rule: str | None = None
    seals: str = ""
    due_with: str | None = None

    def found_in(self, trail: CaseTrail) -> tuple[str, tuple[int, ...]]:
        """Why it is not there, or nothing; and where it is."""
        rows = [row for kind in self.events if (row := trail.last(kind, **self.said)) is not None]
        if not rows:
            return "absent", ()
        last = max(rows, key=lambda row: row.position)
        if self.seals and f"{last.stream}#{self.seals}" not in last.sealed:
            return "not_written_down", (last.position,)
        return "", (last.position,)


@dataclass(frozen=True, slots=True)
class Counted(Act):
    """What must be there so many times: of several people, each for themselves."""

    wanted: int = 1
    at: tuple[int, ...] = ()

    def found_in(self, trail: CaseTrail) -> tuple[str, tuple[int, ...]]:
        return ("" if len(self.at) >= self.wanted else f"{len(self.at)}/{self.wanted}"), self.at


def acts_of_stage(stage: Stage, law: Pack, trail: CaseTrail) -> Iterator[Act]:
    """What must be done at a stage beside its records, in the order in which it is done."""
    match stage.kind:
        case StageKind.NOMINATION:
            yield from _nomination(law, trail)
        case StageKind.TRAINING_VERIFICATION:
            yield from _training(stage, trail)
        case StageKind.PUBLIC_NOTICE:
            yield from _notice(trail)
        case StageKind.SUPERVISION_REVIEW:
            yield from _review(law, trail)
        case StageKind.DECISION:
            yield from _prior_reports(law, trail)
            yield from _decision(law, trail)
        case StageKind.APPOINTMENT:
            yield Act("appointment", "appointment_issued", APPOINTED, (AppointmentIssued,))
        case StageKind.PROBATION:
            yield from _probation(trail)
        case kind if kind in ON_RECORD:
            yield Act("stage", "stage_concluded", CONCLUDED, (StageConcluded,), {"stage": stage.id})
        case _ as never:
            raise AssertionError(f"nothing is said of what {never} must hold")
    yield from _points(stage, law)


CONCLUDED = Text(en="The stage is concluded", zh="阶段工作结束")
APPOINTED = Text(en="The letter of appointment is issued", zh="办理任职手续")


def _nomination(law: Pack, trail: CaseTrail) -> Iterator[Act]:
    if law.merit is not None and law.merit.required.value:
        title = Text(en="The criteria are set", zh="确定择优标准")
        yield Act("criteria", "criteria_set", title, (CriteriaSet,), rule="merit.required")
    closed = trail.last(NominationsClosed)
    left = [position for position in trail.left.values() if closed and position < closed.position]
    title = Text(en="Everybody on the list is nominated", zh="名单上的人选均有提名")
    yield Counted(
        "nomination",
        "candidate_nominated",
        title,
        (CandidateNominated,),
        wanted=closed.event.candidates + len(left) if closed else 1,
        at=tuple(row.position for row in trail.every(CandidateNominated)),
    )
    title = Text(en="The list of names is closed", zh="提名截止")
    yield Act("nomination", "nominations_closed", title, (NominationsClosed,))


def _training(stage: Stage, trail: CaseTrail) -> Iterator[Act]:
    verified = [row.event.candidate_id for row in trail.every(TrainingVerified)]
    for candidate in dict.fromkeys((*trail.whom(stage), *verified)):
        title = Text(en="The school has verified the training", zh="培训学校完成培训核验")
        said = {"candidate_id": candidate}
        yield Act("training", "training_verified", title, (TrainingVerified,), said, about=candidate)


def _notice(trail: CaseTrail) -> Iterator[Act]:
    title = Text(en="The public notice is opened", zh="发布公示")
    yield Act("notice", "public_notice_opened", title, (PublicNoticeOpened,), rule="notice.minimum")
    title = Text(en="The days of the notice have run", zh="公示期满")
    yield Act("notice", "public_notice_elapsed", title, (PublicNoticeElapsed,), rule="notice.minimum")
    known: list[Recorded[Any]] = [*trail.every(ObjectionLodged), *trail.every(ObjectionDisposed)]
    for objection in dict.fromkeys(row.event.objection_id for row in known):
        said = {"objection_id": objection}
        title = Text(en="An objection is received", zh="收到反映")
        yield Act("objection", "objection_lodged", title, (ObjectionLodged,), said, about=objection)
        ended = (ObjectionDisposed, ObjectionRejected)
        title = Text(en="The objection is acknowledged, or answered at once", zh="告知受理反映，或当即答复")
        told = (ObjectionAcknowledged, *ended)
        yield Act("objection", "objection_acknowledged", title, told, said, objection, "objections.acknowledged")
        title = Text(en="The objection is disposed of", zh="反映办结")
        yield Act("objection", "objection_disposed", title, ended, said, objection, "objections.answered")


def _review(law: Pack, trail: CaseTrail) -> Iterator[Act]:
    for place, rule in enumerate(law.review.opinions):
        said, path = {"organ": rule.organ}, f"review.opinions.{place}.within"
        title = Text(en=f"Asked: {rule.title.en}", zh=f"征求：{rule.title.zh}")
        yield Act("opinion", "opinion_requested", title, (OpinionRequested,), said, rule.organ, path)
        silent = trail.last(OpinionOverdue, organ=rule.organ, on_expiry=OnExpiry.CONSENT)
        title = Text(en=f"Given: {rule.title.en}", zh=f"回复：{rule.title.zh}")
        given = (OpinionReturned, OpinionOverdue) if silent else (OpinionReturned,)
        yield Act("opinion", "opinion_returned", title, given, said, rule.organ, path)
    title = Text(en="The review is concluded", zh="监督审核结论")
    yield Act("review", "supervision_review_concluded", title, (SupervisionReviewConcluded,))


def _prior_reports(law: Pack, trail: CaseTrail) -> Iterator[Act]:
    """What must be reported before the decision, or was, with the reply.

    Source: the pack's `exceptions.….needs_prior_report` and `prior_reports`.
    """
    reported_to = {rule.id: rule.reported_to for rule in law.exceptions}
    withdrawn = {row.event.exception_id for row in trail.every(ExceptionWithdrawn)}
    matters = {
        row.event.exception_id: reported_to.get(row.event.kind)
        for row in trail.every(ExceptionProposed)
        if row.event.exception_id not in withdrawn and row.event.candidate_id not in trail.left
    }
    known: list[Recorded[Any]] = [*trail.every(ReportedToSuperior), *trail.every(SuperiorReplied)]
    organs = matters | {row.event.matter: str(row.event.organ) for row in known}
    for matter, organ in organs.items():
        if organ is None or matter in withdrawn:
            continue
        said, rule = {"matter": matter}, f"prior_reports.{organ}.within"
        title = Text(en="A matter is reported to the superior organ", zh="事先报告上级机关")
        yield Act("prior_report", "reported_to_superior", title, (ReportedToSuperior,), said, matter, rule)
        title = Text(en="The superior organ has replied", zh="上级机关答复")
        yield Act("prior_report", "superior_replied", title, (SuperiorReplied,), said, matter, rule)


def _decision(law: Pack, trail: CaseTrail) -> Iterator[Act]:
    taken: Recorded[Any] | None = trail.last(DecisionTaken)
    taken = taken or trail.last(DecisionNotPassed)
    deemed = (ClockExpired,) if any(row.event.candidate_id for row in trail.every(ClockExpired)) else ()
    title = Text(en="The decision is on record", zh="作出决定")
    if law.decision.by_authority:
        choice = (DecisionTaken, DecisionNotPassed, *deemed)
        yield Act("decision", "decision_taken", title, choice, rule="decision.form")
        return
    if not deemed:
        said = {"meeting_id": taken.event.meeting_id} if taken and taken.event.meeting_id else {}
        minutes = Text(
            en="The meeting's minutes, with members, statements and votes", zh="会议记录：应到实到、发言与表决"
        )
        yield Act("minutes", "decision_meeting_held", minutes, (DecisionMeetingHeld,), said, seals="decision_body")
    chosen = {"candidate_id": trail.chosen} if deemed else {}
    yield Act("decision", "decision_taken", title, deemed or (DecisionTaken, DecisionNotPassed), chosen)


def _probation(trail: CaseTrail) -> Iterator[Act]:
    issued = trail.last(AppointmentIssued)
    if issued is None or issued.event.probation is not None:
        title = Text(en="The time of probation has run", zh="试用期满")
        yield Act("probation", "probation_ended", title, (ProbationEnded,), rule="probation.length")
    title = Text(en="The probation is confirmed or failed", zh="试用期考核结论")
    yield Act("probation", "probation_confirmed", title, (ProbationConfirmed, ProbationFailed))
    if (issued and issued.event.make_up) or trail.every(MakeUpTrainingRecorded):
        title = Text(en="The training that was owed is made up", zh="补训完成")
        yield Act("training", "make_up_training_recorded", title, (MakeUpTrainingRecorded,), rule="training.make_up")


def _points(stage: Stage, law: Pack) -> Iterator[Act]:
    """The points that the watching organ signs off: a letter waits for those before it, a confirmation for all."""
    rule = law.supervision
    if rule is None or not rule.every_point_attended.value:
        return
    places = [found.id for found in law.stages]
    waits = [found for found in law.stages[places.index(stage.id) :] if _waits_for(found, stage)]
    for point in stage.duty.points:
        yield Act(
            "point",
            "supervision_point_attended",
            Text(en=f"Watched: {point.watches.en}", zh=f"监督：{point.watches.zh}"),
            (SupervisionPointAttended,),
            {"attended_stage": stage.id, "point": point.id},
            about=point.id,
            rule=POINTS_ATTENDED,
            due_with=waits[0].id if waits else places[-1],
        )


def _waits_for(later: Stage, stage: Stage) -> bool:
    return later.kind is StageKind.PROBATION or (later.kind is StageKind.APPOINTMENT and later.id != stage.id)
