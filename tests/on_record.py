"""Who enters and signs what a stage needs on record, and concludes a stage that lives by it."""

from datetime import date

from domain.appointment import LiveCase, stage_of
from domain.command import Command
from domain.identity import Actor, OfficerId, OrganId, Role
from domain.pack import ON_RECORD, Pack
from domain.record import ConcludeStage
from runtime.example_records import Asked, next_before_the_vote, next_on_record
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION

HOLDERS = {
    Role.PERSONNEL: PERSONNEL,
    Role.SCHOOL: SCHOOL,
    Role.SUPERVISION: SUPERVISION,
    Role.DECISION_BODY: DECIDERS,
}

VOTERS = (DECIDERS.officer, *(OfficerId(f"member-{place}") for place in range(15)))
"""Who records a vote of these tests, and who votes in it."""


def officer_of(organ: OrganId) -> Actor:
    """An officer of an organ that is asked its opinion."""
    return Actor(officer=OfficerId(f"officer-{organ}"), organ=organ, roles=(Role.SUPERVISION,))


def entry(case: LiveCase, law: Pack, today: date) -> tuple[Command, Actor] | None:
    """The next declaration, entry or signature that the stage lacks, by whose it is."""
    found = next_on_record(case, law, today) or next_before_the_vote(case, law, VOTERS)
    return (found.command, by(found)) if found else None


def by(asked: Asked) -> Actor:
    """Who takes a step that is asked for."""
    holder = HOLDERS[asked.role]
    return holder.model_copy(update={"officer": asked.officer}) if asked.officer else holder


def past_records(case: LiveCase, law: Pack, today: date) -> tuple[Command, Actor] | None:
    """The next step towards a stage with acts of its own that has what it needs on record; None when it is there."""
    if found := entry(case, law, today):
        return found
    stage = stage_of(case, law)
    return (ConcludeStage(), HOLDERS[stage.duty.holder]) if stage.kind in ON_RECORD else None
