"""No officer recorded as conflicted is granted any command of the catalogue in that case, at whichever stage it is."""

import pytest

from domain.catalogue import DECIDE
from domain.command import Command
from domain.conflict import CrossCheckInterests, DecideConflict, DeclareInterests, InterestsCrossChecked
from domain.deciding import decide
from domain.identity import Actor, OfficerId, Role
from domain.interests import FoundRelation, RelationKind
from domain.occasion import Occasion
from domain.pack import Pack, Stage, StageKind
from domain.recusal import ConflictedOfficer, ConflictUndecided
from runtime.calendars import calendar_for
from tests.examples import PERSONNEL, SUPERVISION, at, pack
from tests.lives import at_stage, only_candidate
from tests.spec import Story

START, LATER = at("2026-03-02"), at("2026-09-01")
ALL_HATS = Actor(officer=OfficerId("officer-all"), organ=PERSONNEL.organ, roles=tuple(Role))
STAND_IN = PERSONNEL.model_copy(update={"roles": tuple(Role), "on_behalf_of": ALL_HATS.officer})


def _after_the_nomination(law: Pack) -> tuple[Stage, ...]:
    place = next(place for place, stage in enumerate(law.stages) if stage.kind is StageKind.NOMINATION)
    return law.stages[place + 1 :]


STAGES = [
    (pack_id, stage.id) for pack_id in ("standard", "cn.sr2019") for stage in _after_the_nomination(pack(pack_id))
]


def found(story: Story, kind: RelationKind) -> Story:
    relation = FoundRelation(candidate_id=only_candidate(story), kind=kind)
    check = CrossCheckInterests(officer=ALL_HATS.officer, registers=("personnel_file",), found=(relation,))
    return story.when(check, SUPERVISION, LATER)


def on(story: Story, actor: Actor) -> Occasion:
    return Occasion(LATER, actor, story.pack, calendar_for(story.jurisdiction), "command", story.timezone)


@pytest.mark.parametrize(("pack_id", "stage"), STAGES)
def test_a_conflicted_officer_is_granted_nothing_and_neither_is_who_acts_for_one(pack_id: str, stage: str) -> None:
    story = found(at_stage(pack_id, stage, START), RelationKind.SPOUSE)
    for command in DECIDE:
        for actor in (ALL_HATS, STAND_IN):
            # A command without its fields: who is conflicted is refused before anything of it is read.
            with pytest.raises(ConflictedOfficer):
                decide(story.case, command.model_construct(), on(story, actor))


@pytest.mark.parametrize("command", DECIDE, ids=lambda command: command.name())
def test_an_officer_on_whom_supervision_has_not_decided_is_granted_nothing_but_a_declaration(
    command: type[Command],
) -> None:
    story = found(at_stage("standard", "decision", START), RelationKind.SAME_UNIT)
    if command is DeclareInterests:
        assert decide(story.case, DeclareInterests(), on(story, ALL_HATS))
        return
    with pytest.raises(ConflictUndecided):
        decide(story.case, command.model_construct(), on(story, ALL_HATS))


def test_an_officer_whom_supervision_lets_stay_acts_again() -> None:
    story = found(at_stage("standard", "decision", START), RelationKind.SAME_UNIT)
    (relation_id,) = story.then(InterestsCrossChecked).to_decide
    stays = DecideConflict(relation_id=relation_id, withdraws=False, plan="Speaks on everybody else only.")
    story = story.when(stays, SUPERVISION, LATER)
    check = CrossCheckInterests(officer=PERSONNEL.officer, registers=("personnel_file",))
    assert decide(story.case, check, on(story, ALL_HATS))
