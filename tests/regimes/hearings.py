"""Nominations under Kenya's approval Act, brought to the beginning of each stage; day 0 is a Monday."""

from datetime import date, datetime, timedelta
from typing import Any

from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.conflict import DeclareInterests
from domain.identity import Actor, OfficerId, OrganId, Role
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.record import ConcludeStage, EnterRecord
from tests.examples import CASE, CHEN, at, pack, reference
from tests.lives import only_candidate
from tests.spec import Story

ID = "ke.papa"
AUTHORITY = Actor(officer=OfficerId("officer-authority"), organ=OrganId("presidency"), roles=(Role.PERSONNEL,))
CLERK = Actor(officer=OfficerId("officer-clerk"), organ=OrganId("committee"), roles=(Role.SUPERVISION,))
HOUSE = Actor(officer=OfficerId("officer-speaker"), organ=OrganId("house"), roles=(Role.DECISION_BODY,))
ITEMS = {record.id: tuple(record.items.value) if record.items else () for record in pack(ID).records}
DAY_0 = date(2026, 3, 2)


def day(n: int) -> datetime:
    """The morning of the nth day after the notification was complete."""
    return at((DAY_0 + timedelta(days=n)).isoformat(), timezone="Africa/Nairobi")


def record(name: str, **said: Any) -> EnterRecord:
    """A record that holds all that the pack asks of it, unless said otherwise."""
    return EnterRecord(record=name, paper=f"{name} 1/2026", **{"items": ITEMS[name], **said})


def about(story: Story, name: str, **said: Any) -> EnterRecord:
    return record(name, candidate_id=only_candidate(story), **said)


def named() -> Story:
    post = Post(post_id="audit/general", title="Auditor-General", unit="Audit", rank="approved_office")
    story = Story(pack(ID), "KE", "Africa/Nairobi")
    story = story.when(OpenCase(case_id=CASE, pack=reference(ID), post=post), AUTHORITY, day(0))
    wish = NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Name of a nominee"))
    return story.when(wish, AUTHORITY, day(0))


def nominated() -> Story:
    story = named().when(record("vetting_warning"), AUTHORITY, day(0))
    return story.when(CloseNominations(), AUTHORITY, day(0))


def notified() -> Story:
    return nominated().when(record("notification"), AUTHORITY, day(0)).when(ConcludeStage(), AUTHORITY, day(0))


def invited() -> Story:
    return notified().when(record("invitation"), CLERK, day(0))


def announced() -> Story:
    """The committee's clerk has declared, and given notice of the hearing."""
    return invited().when(DeclareInterests(), CLERK, day(5)).when(record("hearing_notice"), CLERK, day(5))


def before_the_hearing() -> Story:
    story = announced().when(record("memoranda"), CLERK, day(7))
    return story.when(ConcludeStage(), CLERK, day(7))


def heard() -> Story:
    story = before_the_hearing().when(record("hearing"), CLERK, day(12))
    for name in ("right_of_reply", "examination"):
        story = story.when(about(story, name), CLERK, day(12))
    return story.when(ConcludeStage(), CLERK, day(12))


def reported() -> Story:
    return heard().when(record("report"), CLERK, day(20)).when(ConcludeStage(), CLERK, day(20))
