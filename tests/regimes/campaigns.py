"""Campaigns under the United Kingdom's governance code, brought to the beginning of each stage."""

from datetime import datetime
from typing import Any

from domain.authority import TakeDecision
from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.conflict import CrossCheckInterests, DeclareInterests
from domain.identity import Actor, CandidateId, OfficerId, OrganId, PersonId, Role
from domain.merit import SetCriteria, WeightedCriterion
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.record import ConcludeStage, EnterRecord
from domain.record_signature import SignRecord
from tests.examples import CASE, CHEN, LI, at, pack, reference
from tests.lives import live
from tests.spec import Story

ID = "uk.gcpa2025"
DEPARTMENT = Actor(officer=OfficerId("officer-campaign"), organ=OrganId("department"), roles=(Role.PERSONNEL,))
MINISTER = Actor(officer=OfficerId("officer-minister"), organ=OrganId("minister"), roles=(Role.DECISION_BODY,))
COMMISSIONER = Actor(
    officer=OfficerId("officer-commissioner"), organ=OrganId("appointments-commissioner"), roles=(Role.SUPERVISION,)
)
INDEPENDENT = Actor(officer=OfficerId("officer-independent"), organ=OrganId("panel"), roles=(Role.SUPERVISION,))
PANEL = {
    "people": (OfficerId("chair"), OfficerId("official"), OfficerId("independent")),
    "items": ("official", "independent_member"),
}
ITEMS = {
    record.id: tuple(record.items.value) if record.items else () for record in pack(ID).records if record.id != "panel"
}


def on(day: str) -> datetime:
    return at(day, timezone="Europe/London")


MEASURED = SetCriteria(criteria=(WeightedCriterion(criterion="experience", weight=100),))
LOOKED_UP = CrossCheckInterests(officer=MINISTER.officer, registers=("donation_register",))
START = on("2026-03-02")
CLOSING = on("2026-04-01")
IN_MAY = on("2026-05-11")


def record(name: str, **said: Any) -> EnterRecord:
    """A record that holds all that the pack asks of it, unless said otherwise."""
    complete = PANEL if name == "panel" else {"items": ITEMS[name]}
    return EnterRecord(record=name, paper=f"{name} 1/2026", **{**complete, **said})


def opened(rank: str = "ordinary") -> Story:
    post = Post(post_id="football/chair", title="Chair of the regulator", unit="Regulator", rank=rank)
    story = Story(pack(ID), "GB-ENG", "Europe/London")
    return story.when(OpenCase(case_id=CASE, pack=reference(ID), post=post), DEPARTMENT, START)


def specified(story: Story) -> Story:
    story = story.when(record("role_specification"), DEPARTMENT, START)
    story = story.when(SignRecord(record="role_specification"), MINISTER, START)
    return story.when(ConcludeStage(), DEPARTMENT, START)


def advertised(story: Story) -> Story:
    return story.when(record("advertisement"), DEPARTMENT, START).when(ConcludeStage(), DEPARTMENT, START)


def applied(story: Story, *people: PersonId) -> Story:
    story = story.when(MEASURED, DEPARTMENT, START)
    for person in people or (CHEN, LI):
        wish = NominateCandidate(person_id=person, particulars=Particulars(full_name=f"Name of {person}"))
        story = story.when(wish, DEPARTMENT, CLOSING)
    return story


def closed(story: Story) -> Story:
    return story.when(record("closing_date"), DEPARTMENT, CLOSING).when(CloseNominations(), DEPARTMENT, CLOSING)


def before_the_panel(rank: str = "ordinary") -> Story:
    return closed(applied(advertised(specified(opened(rank)))))


def standing(story: Story) -> tuple[CandidateId, ...]:
    return tuple(candidate.id for candidate in live(story).standing)


def on_each(story: Story, *names: str, when: datetime = IN_MAY) -> Story:
    """Those records on everybody who stands."""
    for name in names:
        for candidate in standing(story):
            story = story.when(record(name, candidate_id=candidate), DEPARTMENT, when)
    return story


def assessed(story: Story | None = None) -> Story:
    story = (story or before_the_panel()).when(record("panel"), DEPARTMENT, IN_MAY)
    story = on_each(story, "interview", "assessment", "time_served")
    return story.when(ConcludeStage(), DEPARTMENT, IN_MAY)


def interests_checked(story: Story, when: datetime = IN_MAY) -> Story:
    """The minister has declared, and was looked up in the records of donations."""
    return story.when(DeclareInterests(), MINISTER, when).when(LOOKED_UP, DEPARTMENT, when)


def chosen(story: Story, when: datetime = IN_MAY) -> Story:
    return story.when(choice(story, when), MINISTER, when)


def choice(story: Story, when: datetime = IN_MAY) -> TakeDecision:
    """The minister's choice of the first who stands."""
    return TakeDecision(
        candidate_id=standing(story)[0],
        decided_on=when.date(),
        reasons="This one has run a body of that size before.",
    )


def before_the_announcement() -> Story:
    return chosen(interests_checked(assessed()))


def announced(story: Story, when: datetime = IN_MAY) -> Story:
    for name in ("announcement", "political_activity", "audit_trail"):
        story = story.when(record(name), DEPARTMENT, when)
    return story
