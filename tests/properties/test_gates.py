"""Whatever is tried in whatever order, under any pack nobody is chosen or appointed before every gate was passed."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from domain.appointment import Case, LiveCase, Unopened, evolve
from domain.authority import TakeDecision
from domain.command import Command
from domain.decision import DecisionTaken
from domain.event import Event
from domain.identity import Actor, CandidateId, OfficerId, OrganId, Role
from domain.nomination import CloseNominations, WithdrawCandidate
from domain.objection import Channel, LodgeObjection
from domain.pack import Pack, StageKind
from domain.probation import AppointmentIssued, ConfirmProbation, FailProbation, IssueAppointment
from domain.public_notice import OpenPublicNotice
from domain.record import ConcludeStage
from domain.record_signature import SignRecord
from domain.refusal import Refusal
from domain.stage import StageCompleted
from domain.stage_gate import is_needed, missing_names, missing_records, record_key
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, RequestOpinion
from domain.training_verification import RecordMakeUpTraining, VerifyTraining
from runtime.example_records import record
from tests.examples import SUPERVISION
from tests.on_record import HOLDERS
from tests.regimes.packs import EVERY_PACK
from tests.regimes.whole_case import Journey, meeting, opening

ALL_HATS = Actor(officer=OfficerId("officer-all"), organ=SUPERVISION.organ, roles=tuple(Role))
ACTORS = st.sampled_from((*HOLDERS.values(), ALL_HATS))


def anything(draw: st.DrawFn, journey: Journey) -> Command:
    """Any command that could lead past a gate, whether or not the case is ready for it."""
    case, law = journey.case, journey.law
    candidate = draw(st.sampled_from([*case.candidates, CandidateId("nobody")]))
    wishes: list[Command] = [
        ConcludeStage(),
        CloseNominations(),
        VerifyTraining(candidate_id=candidate, conditional=draw(st.booleans())),
        OpenPublicNotice(),
        ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order."),
        TakeDecision(candidate_id=candidate, decided_on=journey.today, reasons="The best of them all."),
        IssueAppointment(),
        ConfirmProbation(),
        WithdrawCandidate(candidate_id=candidate),
        LodgeObjection(channel=Channel.WEB, grounds="The results belong to somebody else."),
        RecordMakeUpTraining(),
        FailProbation(reasons="The work was not done."),
        *(RequestOpinion(organ=OrganId(rule.organ)) for rule in law.review.opinions),
    ]
    for rule in law.records:
        about = candidate if rule.each_candidate else None
        wishes.append(record(rule, about, in_order=draw(st.booleans()), dated_on=journey.today - timedelta(days=9)))
        wishes.append(SignRecord(record=rule.id, candidate_id=about))
    if law.decision_rules and not law.decision.by_authority and case.standing:
        wishes.append(meeting(journey, in_favour=draw(st.integers(0, 9))))
    return draw(st.sampled_from(wishes))


def moved(draw: st.DrawFn, journey: Journey) -> Journey:
    """The case after somebody's step: mostly one that comes next, sometimes anything by anybody."""
    if draw(st.integers(0, 9)) == 0:
        journey = journey.wakes(journey.now + timedelta(days=draw(st.sampled_from((1, 8, 40)))))
    if journey.outcome:
        return journey
    if draw(st.integers(0, 2)) and not journey.is_over:
        return journey.goes_on()
    if len(journey.case.candidates) and draw(st.booleans()):
        person = draw(st.sampled_from([found.person for found in journey.case.candidates.values()]))
        journey = replace(journey, story=journey.story.having(person, draw(st.sampled_from((0, 600))), journey.today))
    try:
        return journey.does(anything(draw, journey), draw(ACTORS))
    except Refusal:
        return journey


@given(st.data(), st.sampled_from(EVERY_PACK))
@settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_nobody_is_chosen_or_appointed_before_every_gate_was_passed(data: st.DataObject, law: Pack) -> None:
    journey = opening(law)
    for _ in range(data.draw(st.integers(20, 70), label="moves")):
        journey = data.draw(st.composite(lambda draw, at=journey: moved(draw, at))())
        if journey.outcome:
            break
    event(f"{law.id}: {journey.outcome or journey.case.stage}")
    assert_every_gate_was_passed(journey)


def assert_every_gate_was_passed(journey: Journey) -> None:
    """The events of the case, told again one by one: a stage was whole when it ended, and all before it had ended."""
    law, deemed = journey.law, set[str]()
    case: Case = Unopened()
    for happened in journey.story.events:
        if isinstance(happened, StageCompleted) and happened.silence_of:
            deemed.add(happened.stage)  # by a clock of the pack whose silence consents
        elif isinstance(happened, StageCompleted):
            assert_whole(case, happened, law)
        if isinstance(happened, DecisionTaken | AppointmentIssued):
            assert_in_its_turn(case, happened, law, deemed)
        case = evolve(case, happened)


def assert_whole(case: Case, completed: StageCompleted, law: Pack) -> None:
    assert isinstance(case, LiveCase)
    assert missing_records(case, law, completed.stage, completed.completed_on) == ()
    assert missing_names(law.stage(completed.stage), case) == 0
    for rule in law.records:
        if rule.stage == completed.stage:
            whom = [found.id for found in case.standing if case.chosen in (None, found.id)]
            for candidate in [
                each for each in (whom if rule.each_candidate else [None]) if is_needed(rule, each, case)
            ]:
                assert case.records[record_key(rule.id, candidate)].complete


def assert_in_its_turn(case: Case, happened: Event, law: Pack, deemed: set[str]) -> None:
    assert isinstance(case, LiveCase)
    kind = StageKind.APPOINTMENT if isinstance(happened, AppointmentIssued) else StageKind.DECISION
    ids = [stage.id for stage in law.stages]
    place = next(place for place, stage in enumerate(law.stages) if stage.kind is kind)
    assert list(case.completed) == ids[:place]
    passed = set(case.completed) - deemed
    always = [rule for rule in law.records if rule.stage in passed and rule.needed.value == "always"]
    chosen = getattr(happened, "candidate_id", None)
    for rule in always:
        assert case.records[record_key(rule.id, chosen if rule.each_candidate else None)].complete
