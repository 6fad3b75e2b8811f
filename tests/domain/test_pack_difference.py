"""What differs between two versions is named by its path, before and after; and what of it still touches a case."""

import pytest

from domain.pack import Pack
from domain.pack_difference import differences, touching
from domain.working_days import Period, Unit
from tests.domain.variants import Change, variant, written
from tests.examples import at, pack
from tests.lives import at_stage, live, opened

START = at("2026-03-02")
STANDARD = pack("standard")
LONGER_NOTICE: Change = {"version": 2, "notice.minimum.value.n": 10}


def with_stages(order: list[int]) -> Pack:
    content = written("standard", {"version": 2})
    content["stages"] = [content["stages"][place] | {"requires": []} for place in order]
    return Pack.model_validate(content)


def test_a_pack_does_not_differ_from_itself() -> None:
    assert differences(STANDARD, STANDARD).paths == ()


def test_another_number_of_the_same_text_is_no_difference() -> None:
    assert differences(STANDARD, variant("standard", {"version": 2})).paths == ()


def test_a_changed_rule_is_shown_before_and_after_with_its_source() -> None:
    found = differences(STANDARD, variant("standard", LONGER_NOTICE))
    (change,) = found.rules
    assert change.path == "notice.minimum" and change.before is not None and change.after is not None
    assert change.before.value == STANDARD.notice.minimum.value
    assert change.after.value == Period(n=10, unit=Unit.WORKING_DAY)
    assert change.after.source.article == "3.1" and found.paths == ("notice.minimum",)
    assert (found.before, found.after) == ("standard@1", "standard@2")


def test_a_rule_whose_words_or_source_alone_changed_differs_too() -> None:
    changed = variant("standard", {"notice.minimum.source.article": "3.1a", "decision.quorum.says.en": "Other words."})
    assert set(differences(STANDARD, changed).paths) == {"notice.minimum", "decision.quorum"}


def test_a_rule_that_came_or_went_has_one_side() -> None:
    limited = differences(STANDARD, variant("standard", {"stages.4.limit": None}))
    assert [(change.path, change.after) for change in limited.rules] == [
        ("stages.decision.limit.within", None),
        ("stages.decision.limit.on_expiry", None),
    ]
    back = differences(variant("standard", {"stages.4.limit": None}), STANDARD)
    assert [change.before for change in back.rules] == [None, None]


def test_what_is_no_rule_is_compared_as_well() -> None:
    changed = variant(
        "standard", {"stages.1.duty.watched_by": "decision_body", "deviations.codes.whim": {"en": "A", "zh": "B"}}
    )
    other = {change.path: (change.before, change.after) for change in differences(STANDARD, changed).other}
    assert other["stages.training_verification.duty.watched_by"] == ("supervision", "decision_body")
    assert other["deviations.codes.whim.en"] == (None, "A")


def test_stages_that_came_went_or_moved_are_named() -> None:
    moved = differences(STANDARD, with_stages([0, 1, 3, 2, 4, 5, 6]))
    assert moved.stages_reordered == ("supervision_review", "public_notice")
    shorter = differences(STANDARD, with_stages([0, 1, 2, 4, 5, 6]))
    assert (shorter.stages_removed, shorter.stages_added) == (("supervision_review",), ())
    assert differences(with_stages([0, 1, 2, 4, 5, 6]), STANDARD).stages_added == ("supervision_review",)


@pytest.mark.parametrize(
    ("stage", "touches"),
    [("nomination", True), ("public_notice", True), ("supervision_review", False), ("decision", False)],
)
def test_a_rule_touches_a_case_until_its_stage_is_completed(stage: str, touches: bool) -> None:
    case = live(at_stage("standard", stage, START))
    after = variant("standard", LONGER_NOTICE | {"title.en": "Another title"})
    found = touching(differences(STANDARD, after), case, STANDARD, after)
    assert found == (("notice.minimum",) if touches else ())


def test_the_training_of_another_rank_touches_no_case() -> None:
    case = live(opened("standard", START))
    after = variant("standard", {"training.requirements.0.hours.value": 300, "training.requirements.1.hours.value": 50})
    assert touching(differences(STANDARD, after), case, STANDARD, after) == ("training.requirements.1.hours",)


def test_what_is_not_known_to_belong_to_a_stage_touches_every_case() -> None:
    case = live(at_stage("standard", "probation", START))
    after = variant("standard", {"probation.length.value.n": 3, "stages.6.limit": variant_limit()})
    assert set(touching(differences(STANDARD, after), case, STANDARD, after)) == {
        "probation.length",
        "stages.probation.limit.within",
        "stages.probation.limit.on_expiry",
    }


def variant_limit() -> Change:
    limit: Change = written("standard")["stages"][4]["limit"]
    return limit | {"on_expiry": limit["on_expiry"] | {"value": "escalate"}}
