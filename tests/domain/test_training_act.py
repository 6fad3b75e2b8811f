"""Rules, guidance and coordination of training: the personnel department's, in public words that name nobody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.event import Event
from domain.identity import Actor
from domain.refusal import Refusal, WrongOrgan
from domain.training_act import (
    CoordinateTraining,
    CoordinationDoesNotAddUp,
    IssueTrainingGuidance,
    IssueTrainingRule,
    TrainingActNotFound,
    TrainingCoordinated,
    TrainingGuidanceIssued,
    TrainingRuleIssued,
    TrainingRuleReachesBack,
    Wording,
    coordinate_training,
    issue_training_guidance,
    issue_training_rule,
)
from tests.domain.refusals import assert_whole
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at

NOW = at("2026-03-02")
PLAN = "0123456789ab"


def rule(**changed: Any) -> IssueTrainingRule:
    said: dict[str, Any] = {
        "title": {"en": "Attendance is taken every half day"},
        "text": {"en": "Each school takes attendance every half day.", "zh": "各校每半日考勤一次。"},
        "source": "House rules on training, 2.4",
        "effective_on": date(2026, 4, 1),
    }
    return IssueTrainingRule(**{**said, **changed})


def guidance(**changed: Any) -> IssueTrainingGuidance:
    said = {"addressed_to": "party-school", "subject": "Cases", "text": "Use cases of the last two years."}
    return IssueTrainingGuidance.model_validate({**said, **changed})


def coordination(**changed: Any) -> CoordinateTraining:
    said: dict[str, Any] = {
        "kind": "teachers",
        "need": "teachers of administrative law",
        "needed_by": ("county-school",),
        "served_by": "party-school",
        "served_how": "Two teachers are lent for the spring term.",
        "quantity": 2,
        "from_on": date(2026, 3, 9),
        "until_on": date(2026, 6, 30),
    }
    return CoordinateTraining.model_validate({**said, **changed})


def issued(command: IssueTrainingRule, actor: Actor = PERSONNEL, **known: bool) -> list[Event]:
    return issue_training_rule("rule00000001", command, actor=actor, at=NOW, **known)


def guided(command: IssueTrainingGuidance, actor: Actor = PERSONNEL, **known: bool) -> list[Event]:
    return issue_training_guidance("guidance0001", command, actor=actor, **known)


def coordinated(command: CoordinateTraining, actor: Actor = PERSONNEL, **known: bool) -> list[Event]:
    return coordinate_training("coordination", command, actor=actor, **known)


def refused(acting: Callable[[], list[Event]], kind: type[Refusal]) -> Refusal:
    with pytest.raises(kind) as caught:
        acting()
    assert type(caught.value) is kind
    assert_whole(caught.value)
    return caught.value


def test_each_act_is_an_event_of_its_own_that_anybody_may_read_whole() -> None:
    for (event,), kind in (
        (issued(rule()), TrainingRuleIssued),
        (guided(guidance()), TrainingGuidanceIssued),
        (coordinated(coordination()), TrainingCoordinated),
    ):
        assert type(event) is kind
        assert event.sealed_fields == {}


@pytest.mark.parametrize("actor", [SCHOOL, SUPERVISION, DECIDERS])
def test_nobody_but_personnel_rules_guides_or_coordinates(actor: Actor) -> None:
    refused(lambda: issued(rule(), actor), WrongOrgan)
    refused(lambda: guided(guidance(), actor), WrongOrgan)
    refused(lambda: coordinated(coordination(), actor), WrongOrgan)


def test_a_rule_takes_effect_today_or_later_wherever_today_is() -> None:
    assert issued(rule(effective_on=date(2026, 3, 1)))  # it is still the first in the west
    no = refused(lambda: issued(rule(effective_on=date(2026, 2, 28))), TrainingRuleReachesBack)
    assert no.field == "effective_on"


def test_what_an_act_names_must_be_on_record() -> None:
    replacing = rule(replaces="rule00000000")
    assert issued(replacing)[0].model_dump()["replaces"] == "rule00000000"
    refused(lambda: issued(replacing, replaced_is_known=False), TrainingActNotFound)
    refused(lambda: guided(guidance(plan_id=PLAN), plan_is_known=False), TrainingActNotFound)
    refused(lambda: coordinated(coordination(plan_id=PLAN), plan_is_known=False), TrainingActNotFound)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until_on": date(2026, 3, 8)}, "until_on"),
        ({"served_by": "county-school"}, "served_by"),
        ({"needed_by": ("county-school", "county-school")}, "needed_by"),
    ],
)
def test_coordination_is_between_different_organs_for_a_time(changed: dict[str, Any], field: str) -> None:
    assert refused(lambda: coordinated(coordination(**changed)), CoordinationDoesNotAddUp).field == field


def test_words_stand_in_one_language_at_least() -> None:
    assert Wording(zh="考勤").en is None
    with pytest.raises(ValueError, match="says nothing"):
        Wording()
