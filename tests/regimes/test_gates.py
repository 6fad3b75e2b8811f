"""Taking one required fact out of a complete case makes exactly the gate that needs it refuse, in every pack."""

import re
from dataclasses import replace
from itertools import permutations

import pytest
from pydantic import ValidationError

from domain.pack import Pack, StageKind
from domain.training_verification import TrainingResult, TrainingVerified, VerifyTraining
from tests.examples import SCHOOL
from tests.regimes.gates import NO_GATE, PROOFS, Gate, gates
from tests.regimes.packs import EVERY_PACK, TOYS
from tests.regimes.whole_case import enough_training, opening

EVERY_GATE = [pytest.param(gate, id=f"{law.id}-{gate.rule}") for law in EVERY_PACK for gate in gates(law)]


@pytest.mark.parametrize("gate", EVERY_GATE)
def test_a_case_that_lacks_one_fact_is_refused_by_its_rule_and_goes_on_when_it_is_there(gate: Gate) -> None:
    assert gate.refused_by() == gate.rule
    assert gate.mended.ended().outcome == opening(gate.lacking.law).ended().outcome


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_every_rule_of_a_pack_is_proved_a_gate_or_known_to_be_none(law: Pack) -> None:
    unknown = [path for path, _ in law.rules() if not any(re.fullmatch(p, path) for p in (*PROOFS, NO_GATE))]
    assert unknown == [], "prove it in gates.py, or say there why it is no gate"
    proved = {gate.rule.split(".")[1] for gate in gates(law) if gate.rule.startswith("records.")}
    assert proved == {record.id for record in law.records}


@pytest.mark.parametrize("law", [law for law in EVERY_PACK if law.training_rules], ids=lambda law: law.id)
def test_one_hour_too_few_puts_a_candidate_out(law: Pack) -> None:
    stage = next(stage.id for stage in law.stages if stage.kind is StageKind.TRAINING_VERIFICATION)
    journey = opening(law).until(stage).on_record()
    candidate = journey.case.standing[0]
    short = enough_training(journey, candidate.person, short=1).does(VerifyTraining(candidate_id=candidate.id), SCHOOL)
    verified = short.story.then(TrainingVerified)
    assert (verified.result, verified.rules_applied()[0]) == (TrainingResult.NOT_MET, "training.requirements.0.hours")
    assert verified.candidate_id not in {candidate.id for candidate in short.case.standing}


SPARING = [law for law in EVERY_PACK if any(rule.where_required for rule in law.records)]


@pytest.mark.parametrize("law", SPARING, ids=lambda law: law.id)
def test_a_record_that_is_stated_not_to_be_required_opens_its_own_gate_and_no_other(law: Pack) -> None:
    spared = replace(opening(law), spared=True)
    assert spared.ended().outcome == opening(law).ended().outcome
    stages = {rule.stage for rule in law.records if rule.where_required}
    others = [rule for rule in law.records if rule.stage in stages and not rule.where_required]
    for other in (rule for rule in others if rule.needed.value == "always"):
        followers = [found.id for found in law.records if found.lead and other.id in found.lead.after]
        lacking = spared.without(other.id, *followers).at_the_end_of(other.stage)
        assert lacking.refused(*lacking.closing_act()).rule_path == f"records.{other.id}.needed"


def reordered(law: Pack) -> list[Pack]:
    """A pack in every order of its stages in which it can work."""
    written, orders = law.model_dump(mode="json", by_alias=True), []
    for stages in permutations(written["stages"]):
        try:
            orders.append(Pack.model_validate(written | {"stages": stages}))
        except ValidationError:
            continue
    return orders


@pytest.mark.parametrize("law", TOYS, ids=lambda law: law.id)
def test_the_order_of_a_pack_changes_nothing_of_what_its_gates_demand(law: Pack) -> None:
    demanded = {gate.rule for gate in gates(law)}
    orders = reordered(law)
    assert len(orders) > 1
    for order in orders:
        refusing = {gate.rule for gate in gates(order) if gate.refused_by() == gate.rule}
        assert refusing == demanded, [stage.id for stage in order.stages]
