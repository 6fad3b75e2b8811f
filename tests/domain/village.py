"""Cases under a regime that is a file and nothing else."""

from datetime import date, datetime
from typing import Any

from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.identity import CandidateId, OfficerId, PersonId
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.record import ConcludeStage, EnterRecord
from domain.record_signature import SignRecord
from eventstore.packs import reference_of
from runtime.packs import read_pack
from runtime.settings import PROJECT
from tests.examples import CASE, CHEN, DECIDERS, LI, PERSONNEL, SUPERVISION, at
from tests.lives import live
from tests.spec import Story

VILLAGE = read_pack(PROJECT / "tests" / "regimes" / "village.yaml")
MILL = Post(post_id="mill/keeper", title="Keeper of the mill", unit="Mill", rank="keeper")
SURVEYED = {"items": ("wheel", "stones"), "people": (OfficerId("ann"), OfficerId("bo"))}
MONDAY = at("2026-03-02")


def record(name: str, **said: Any) -> EnterRecord:
    return EnterRecord(record=name, paper=f"{name} 1/2026", **said)


def opened(vacant_on: date = date(2027, 6, 1)) -> Story:
    story = Story(VILLAGE, "CN", "Asia/Shanghai")
    post = MILL.model_copy(update={"vacant_on": vacant_on})
    return story.when(OpenCase(case_id=CASE, pack=reference_of(VILLAGE), post=post), PERSONNEL, MONDAY)


def surveyed(story: Story, on: datetime = MONDAY) -> Story:
    return story.when(record("survey", **SURVEYED), PERSONNEL, on).when(ConcludeStage(), PERSONNEL, on)


def named(story: Story, *people: PersonId, on: datetime = MONDAY) -> Story:
    for person in people or (CHEN, LI):
        wish = NominateCandidate(person_id=person, particulars=Particulars(full_name=f"Name of {person}"))
        story = story.when(wish, PERSONNEL, on)
    return story.when(CloseNominations(), PERSONNEL, on)


def candidates(story: Story) -> tuple[CandidateId, ...]:
    return tuple(candidate.id for candidate in live(story).standing)


def gathered(story: Story) -> Story:
    """Cried on Monday, gathered on Thursday."""
    story = story.when(record("crying"), PERSONNEL, MONDAY)
    return story.when(record("gathering", invited=30, present=20), SUPERVISION, at("2026-03-05"))


def spoken_for(story: Story, on: datetime = MONDAY) -> Story:
    """Everybody's honesty on record, with both signatures."""
    for candidate in candidates(story):
        story = story.when(record("honesty", candidate_id=candidate), DECIDERS, on)
        story = story.when(SignRecord(record="honesty", candidate_id=candidate), SUPERVISION, on)
    return story


def inspected(vacant_on: date = date(2027, 6, 1)) -> Story:
    """A case whose inspection may be concluded on the fifth of March."""
    return gathered(spoken_for(named(surveyed(opened(vacant_on)))))
