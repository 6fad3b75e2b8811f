"""Part 11 of a dossier says when each objection was acknowledged, what became of it and how much was written."""

from dataclasses import replace

from domain.completeness import Standing
from domain.conversation import Conversation
from domain.identity import PUBLIC, ObjectionId
from domain.objection import Channel, Disposal, DisposeObjection, LodgeObjection
from domain.objection_admission import AcknowledgeObjection, RejectObjection
from pages.dossier import dossier
from projections.dossier import DossierMatter
from tests.domain.sent_in import HASH, LATER, START, noticed
from tests.examples import MODERATOR, SUPERVISION
from tests.lives import live
from tests.pages.test_dossier import matter_in, words
from tests.recorded import stored
from tests.spec import Story

FILED = LodgeObjection(
    channel=Channel.WEB, grounds="The accounts were signed unread.", receipt_hash=HASH, awaits_admission=True
)


def objected(count: int) -> tuple[Story, list[ObjectionId]]:
    story = noticed()
    for _ in range(count):
        story = story.when(FILED, PUBLIC, START)
    return story, list(live(story).objections)


def told(story: Story) -> DossierMatter:
    return matter_in((*stored(story), LATER.date()), story.pack, "supervision")


def test_acknowledgements_rejections_and_what_was_written_are_counted() -> None:
    story, (first, late, none) = objected(3)
    story = story.when(AcknowledgeObjection(objection_id=first), SUPERVISION, START)
    story = story.when(AcknowledgeObjection(objection_id=late), SUPERVISION, LATER)
    story = story.when(RejectObjection(objection_id=none, reason="advertising"), MODERATOR, LATER)
    found = replace(told(story), conversations={str(first): Conversation(files=2, messages=3)})
    text = words(dossier(found, "en"))
    assert "3 received: 0 dismissed, 0 upheld, 1 turned away by a moderator, 2 open." in text
    assert "done on" in text and "done late, on" in text and "turned away" in text
    assert "Beside it: files 2, messages 3" in text and "the public" in text
    assert "另有附件2件、往来留言3条" in words(dossier(found, "zh"))


def test_an_objection_must_be_acknowledged_or_answered_at_once() -> None:
    story, (only,) = objected(1)
    waits = {fact.what: fact.standing for fact in told(story).statement.facts if fact.what.startswith("objection_")}
    assert waits["objection_acknowledged"] is not Standing.PRESENT
    answered = DisposeObjection(objection_id=only, outcome=Disposal.DISMISSED, reasons="The note was found.")
    story = story.when(answered, SUPERVISION, START)
    facts = {fact.what: fact.standing for fact in told(story).statement.facts if fact.what.startswith("objection_")}
    assert set(facts.values()) == {Standing.PRESENT}
