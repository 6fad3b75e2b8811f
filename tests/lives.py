"""Cases brought to the beginning of a stage, under each pack, by the shortest lawful way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from domain.appointment import LiveCase, stage_of, underlying
from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.decision import Ballot, HoldDecisionMeeting, Member, Said, Statement
from domain.identity import SYSTEM, CandidateId, OfficerId, PersonId
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.pack import ON_RECORD
from domain.probation import IssueAppointment
from domain.public_notice import OpenPublicNotice
from domain.record import ConcludeStage
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, Finding, RequestOpinion, ReturnOpinion
from domain.timer import LetTimerRunOut, timers
from domain.training_verification import VerifyTraining
from tests.examples import (
    AUDIT,
    CASE,
    CHEN,
    CLERK,
    CO_MANAGING,
    DECIDERS,
    DIRECTOR,
    DISCIPLINE,
    PERSONNEL,
    SCHOOL,
    SUPERVISION,
    pack,
    reference,
)
from tests.on_record import HOLDERS, entry
from tests.spec import Story


def opened(pack_id: str, at: datetime, post: Post | None = None) -> Story:
    law = pack(pack_id)
    place = law.jurisdictions[0]
    chosen = post or (DIRECTOR if pack_id == "cn.sr2019" else CLERK)
    story = Story(law, place.id, place.timezone)
    return story.when(OpenCase(case_id=CASE, pack=reference(pack_id), post=chosen), PERSONNEL, at)


def live(story: Story) -> LiveCase:
    found = underlying(story.case)
    assert found is not None
    return found


def only_candidate(story: Story) -> CandidateId:
    return next(iter(live(story).candidates))


def on_record(story: Story, at: datetime) -> Story:
    """The case once everything that its stage needs on record is there."""
    while found := entry(live(story), story.pack, story._on(PERSONNEL, at).today):
        story = story.when(*found, at)
    return story


def concluded(story: Story, at: datetime) -> Story:
    """The case after a stage that lives by its records."""
    holder = stage_of(live(story), story.pack).duty.holder
    return on_record(story, at).when(ConcludeStage(), HOLDERS[holder], at)


def past_records(story: Story, at: datetime) -> Story:
    """The case at the next stage that has acts of its own, with what that needs on record."""
    while isinstance(story.case, LiveCase) and stage_of(story.case, story.pack).kind in ON_RECORD:
        story = concluded(story, at)
    return on_record(story, at) if isinstance(story.case, LiveCase) else story


def nominated(story: Story, at: datetime, *people: PersonId) -> Story:
    story = past_records(story, at)
    for person in people or (CHEN,):
        wish = NominateCandidate(person_id=person, particulars=Particulars(full_name=f"Name of {person}"))
        story = story.when(wish, PERSONNEL, at)
    return story.when(CloseNominations(), PERSONNEL, at)


def trained(story: Story, at: datetime, hours: int = 600, conditional: bool = False) -> Story:
    story = past_records(story, at)
    for candidate in live(story).standing:
        story = story.having(candidate.person, hours, story._on(SCHOOL, at).today)
        story = story.when(VerifyTraining(candidate_id=candidate.id, conditional=conditional), SCHOOL, at)
    return story


def reviewed(story: Story, at: datetime) -> Story:
    story = past_records(story, at)
    organs = {actor.organ: actor for actor in (AUDIT, DISCIPLINE, CO_MANAGING)}
    for rule in story.pack.review.opinions:
        actor = next(found for organ, found in organs.items() if organ == rule.organ)
        story = story.when(RequestOpinion(organ=actor.organ), SUPERVISION, at)
        answer = ReturnOpinion(organ=actor.organ, finding=Finding.NO_OBJECTION, text="No objection.")
        story = story.when(answer, actor, at)
    conclusion = ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order.")
    return story.when(conclusion, SUPERVISION, at)


def meeting(story: Story, at: datetime, *, due: int = 9, present: int = 9, in_favour: int = 9) -> HoldDecisionMeeting:
    """A meeting of `due` members of whom the first `present` came; the chief, who came, speaks last."""
    names = [OfficerId(f"member-{place}") for place in range(due)]
    members = tuple(
        Member(member=name, present=place < present, chief=place == present - 1) for place, name in enumerate(names)
    )
    said = tuple(
        Said(member=name, says=Statement.AGREE if place < in_favour else Statement.DISAGREE)
        for place, name in enumerate(names[:present])
    )
    ballots = tuple(Ballot(candidate_id=candidate.id, statements=said) for candidate in live(story).standing)
    quorate = present >= story.pack.decision.quorum_of(due)
    held_on = story._on(DECIDERS, at).today
    return HoldDecisionMeeting(held_on=held_on, members=members, ballots=ballots if quorate else ())


def decided(story: Story, at: datetime) -> Story:
    story = past_records(story, at)
    return story.when(meeting(story, at), DECIDERS, at)


def noticed(story: Story, at: datetime) -> Story:
    story = past_records(story, at)
    story = story.when(OpenPublicNotice(), PERSONNEL, at)
    return run_out(story, "public_notice")


def run_out(story: Story, name: str) -> Story:
    """The story once a clock has come to its end."""
    timer = next(found for found in timers(live(story), story.pack) if found.name == name)
    return story.when(LetTimerRunOut(timer=name), SYSTEM, timer.due_at)


def appointed(story: Story, at: datetime) -> Story:
    story = past_records(story, at)
    return story.when(IssueAppointment(), PERSONNEL, at)


def now(story: Story, earliest: datetime) -> datetime:
    """A moment after everything that has happened, and not before `earliest`."""
    notice = live(story).notice
    if notice is None:
        return earliest
    after = datetime.combine(notice.window.closes_on, earliest.timetz()) + timedelta(days=1)
    return max(earliest, after)


def at_stage(pack_id: str, stage: str, at: datetime, *, hours: int = 600, conditional: bool = False) -> Story:
    """A case under a pack at the beginning of one of its stages."""
    story = opened(pack_id, at)
    steps: dict[str, Callable[[Story, datetime], Story]] = {
        "nomination": nominated,
        "training_verification": partial(trained, hours=hours, conditional=conditional),
        "public_notice": noticed,
        "supervision_review": reviewed,
        "decision": decided,
        "appointment": appointed,
    }
    for law in story.pack.stages:
        if law.id == stage:
            break
        step = concluded if law.kind in ON_RECORD else steps[law.id]
        story = step(story, now(story, at))
    return story if story.pack.stage(stage).kind in ON_RECORD else on_record(story, now(story, at))
