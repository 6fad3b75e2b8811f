"""Records that could never be entered, or be needed, are refused when their pack is read."""

from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from domain.pack import Pack
from runtime.settings import PROJECT


def village(record: str, **changes: Any) -> dict[str, Any]:
    """The village's file with one of its records changed."""
    content: dict[str, Any] = yaml.safe_load((PROJECT / "tests/regimes/village.yaml").read_text(encoding="utf-8"))
    found = next(entry for entry in content["records"] if entry["id"] == record)
    found.update(changes)
    return content


def lead(*after: str) -> dict[str, Any]:
    custom = village("survey")["stages"][1]["names_beyond_vacancies"]
    return {"after": list(after), "at_least": {**custom, "value": {"n": 1, "unit": "day"}, "waivable": False}}


def needed(when: str) -> dict[str, Any]:
    return {**village("survey")["records"][0]["needed"], "value": when}


@pytest.mark.parametrize(
    ("record", "changes", "told"),
    [
        ("gathering", {"lead": lead("crying", "thunder")}, "`thunder`, which is no record"),
        ("gathering", {"lead": lead("gathering")}, "cannot follow `gathering`"),
        ("gathering", {"lead": lead("honesty")}, "about one candidate"),
        ("gathering", {"lead": lead()}, "at least 1 item"),
        ("survey", {"needed": needed("late:sleep")}, "`sleep`, which is not a clock"),
        ("survey", {"needed": needed("rank:miller")}, "`miller`, which is not a rank"),
        ("survey", {"needed": needed("unless:storm")}, "`storm`, which is not an exception"),
        ("survey", {"needed": needed("sometimes")}, "pattern"),
    ],
)
def test_a_record_that_points_nowhere_is_refused_when_its_pack_is_read(
    record: str, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        Pack.model_validate(village(record, **changes))


def test_a_record_on_each_candidate_may_follow_one_on_the_same_candidate() -> None:
    law = Pack.model_validate(village("honesty", lead=lead("survey", "crying")))
    honesty = law.record("honesty")
    assert honesty is not None and honesty.lead is not None and honesty.lead.after == ("survey", "crying")
