"""A plan has an objective, target posts and a test; its next version has a reason; closing says what came of it."""

from itertools import combinations
from typing import Any

import pytest

from domain.event import Event
from domain.identity import Actor
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.training_act import TrainingActNotFound
from domain.training_plan import (
    AdoptTrainingPlan,
    CloseTrainingPlan,
    NextVersionUnsound,
    PlanIncomplete,
    PlanIsClosed,
    PlanLooksBack,
    PlanOutcome,
    TrainingPlan,
    TrainingPlanAdopted,
    adopt_training_plan,
    close_training_plan,
    fold_training_plan,
)
from tests.domain.refusals import assert_whole
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at, pack

NOW = at("2026-03-02")
ID = "plan00000001"
CLOSE = CloseTrainingPlan(outcome=PlanOutcome.REACHED, came_of_it="83 of 90 passed the practical test.")


def plan(**changed: Any) -> AdoptTrainingPlan:
    said: dict[str, Any] = {
        "title": "Registrars 2026",
        "year": 2026,
        "objective": "Every registrar settles a contested entry alone.",
        "target_ranks": ("officer",),
        "target_posts": ("registrar",),
        "test": "Nine in ten settle three contested entries in a practical examination.",
        "targets": {
            "coverage_percent": 90,
            "quality_percent": 85,
            "units": ({"unit": "Registry", "coverage_percent": 95},),
        },
        "needs": ({"name": "computer room", "places": 40},),
    }
    return AdoptTrainingPlan.model_validate({**said, **changed})


def adopted(command: AdoptTrainingPlan, before: TrainingPlan | None = None, actor: Actor = PERSONNEL) -> list[Event]:
    return adopt_training_plan(ID, before, command, actor=actor, at=NOW, pack=pack("standard"))


def first() -> TrainingPlan:
    found = fold_training_plan(adopted(plan()))
    assert found is not None
    return found


def refused(command: AdoptTrainingPlan, kind: type[Refusal], before: TrainingPlan | None = None) -> Refusal:
    with pytest.raises(kind) as caught:
        adopted(command, before)
    assert type(caught.value) is kind
    assert_whole(caught.value)
    return caught.value


def test_a_plan_states_objective_posts_and_test_with_targets_and_needs() -> None:
    (event,) = adopted(plan(reason="Not asked for at first."))
    assert isinstance(event, TrainingPlanAdopted)
    assert (event.plan_version, event.reason, event.sealed_fields) == (1, None, {})
    assert event.plan.targets is not None and event.plan.targets.units[0].coverage_percent == 95
    assert event.plan.needs[0].places == 40


LACKING: dict[str, dict[str, Any]] = {
    "objective": {"objective": None},
    "target_posts": {"target_ranks": (), "target_posts": ()},
    "test": {"test": "  "},
}


@pytest.mark.parametrize("missing", [found for count in (1, 2, 3) for found in combinations(LACKING, count)])
def test_a_plan_is_refused_by_the_name_of_each_of_the_three_that_it_lacks(missing: tuple[str, ...]) -> None:
    """F13."""
    lacking = {name: value for part in missing for name, value in LACKING[part].items()}
    no = refused(plan(**lacking), PlanIncomplete)
    assert (no.rule_path, no.facts["missing"]) == ("house.a_plan_has_objective_posts_and_test", list(missing))
    for part in LACKING:
        assert (f"its {part.replace('_', ' ')}" in no.sentence) == (part in missing)


@pytest.mark.parametrize("posts", [{"target_ranks": ()}, {"target_posts": ()}])
def test_ranks_or_words_alone_name_the_posts(posts: dict[str, Any]) -> None:
    assert adopted(plan(**posts))


def test_a_rank_is_one_of_the_packs_and_the_year_is_not_over() -> None:
    assert refused(plan(target_ranks=("admiral",)), UnknownChoice).field == "target_ranks"
    assert refused(plan(year=2025), PlanLooksBack).facts["year"] == 2025


def test_the_next_version_is_an_event_with_a_reason_and_the_first_stays_readable() -> None:
    changed = plan(plan_id=ID, reason="The computer room burnt down.", needs=())
    events = adopted(plan()) + adopted(changed, first())
    said = [(event.plan_version, len(event.plan.needs)) for event in events if isinstance(event, TrainingPlanAdopted)]
    assert said == [(1, 1), (2, 0)]
    now = fold_training_plan(events)
    assert now is not None and (now.version, now.says.needs) == (2, ())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": None, "needs": ()}, "reason"),
        ({"year": 2027}, "year"),
        ({}, "objective"),
    ],
)
def test_a_next_version_has_a_reason_stays_in_its_year_and_says_something_new(
    changed: dict[str, Any], field: str
) -> None:
    following = plan(**{"plan_id": ID, "reason": "It must change.", **changed})
    assert refused(following, NextVersionUnsound, first()).field == field


def test_a_closed_plan_rests() -> None:
    (closed,) = close_training_plan(ID, first(), CLOSE, actor=PERSONNEL)
    over = fold_training_plan([*adopted(plan()), closed])
    assert over is not None and over.outcome is PlanOutcome.REACHED
    refused(plan(plan_id=ID, reason="Once more."), PlanIsClosed, over)
    with pytest.raises(PlanIsClosed) as caught:
        close_training_plan(ID, over, CLOSE, actor=PERSONNEL)
    assert_whole(caught.value)


def test_a_plan_that_was_never_adopted_has_no_next_version_and_no_end() -> None:
    refused(plan(plan_id=ID, reason="Once more."), TrainingActNotFound)
    with pytest.raises(TrainingActNotFound):
        close_training_plan(ID, None, CLOSE, actor=PERSONNEL)


@pytest.mark.parametrize("actor", [SCHOOL, SUPERVISION, DECIDERS])
def test_nobody_but_personnel_adopts_or_closes_a_plan(actor: Actor) -> None:
    with pytest.raises(WrongOrgan) as caught:
        adopted(plan(), actor=actor)
    assert_whole(caught.value)
    with pytest.raises(WrongOrgan):
        close_training_plan(ID, first(), CLOSE, actor=actor)


@pytest.mark.parametrize(
    "twice",
    [
        {"needs": ({"name": "room", "places": 1}, {"name": "room", "places": 2})},
        {"targets": {"coverage_percent": 1, "quality_percent": 1, "units": ({"unit": "A"}, {"unit": "A"})}},
    ],
)
def test_a_unit_or_a_need_stands_once(twice: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="stands twice"):
        plan(**twice)
