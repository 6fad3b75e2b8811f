"""A whole life under each pack, and what a case looks like on the way."""

import pytest

from domain.appointment import ClosedCase
from domain.probation import ConfirmProbation
from domain.stage import CaseEnded, Outcome, StageBegun
from tests.examples import PERSONNEL, at
from tests.lives import at_stage, live, run_out

PACKS = ["standard", "cn.sr2019"]


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_case_passes_every_stage_in_the_order_of_its_pack(pack_id: str) -> None:
    story = at_stage(pack_id, "probation", at("2026-03-02"))
    story = run_out(story, "probation")
    story = story.when(ConfirmProbation(), PERSONNEL, at("2027-06-01"))
    assert story.then(CaseEnded).outcome is Outcome.CONFIRMED
    assert isinstance(story.case, ClosedCase)
    begun = [event.stage for event in story.events if isinstance(event, StageBegun)]
    assert begun == [stage.id for stage in story.pack.stages]
    assert live(story).completed == tuple(stage.id for stage in story.pack.stages)
