"""The worked dates that stand beside a pack come out as they are written there."""

from datetime import date
from typing import Any

import pytest
import yaml

from domain.working_days import Counting, due
from runtime.calendars import calendar_for
from runtime.settings import PROJECT
from tests.examples import pack

FILES = sorted((PROJECT / "packs" / "vectors").glob("*.yaml"))
VECTORS = [
    pytest.param(
        file.name.removesuffix(".yaml"), vector, id=f"{file.name.removesuffix('.yaml')}: {vector['says']['en']}"
    )
    for file in FILES
    for vector in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("pack_id", "vector"), VECTORS)
def test_a_clock_ends_on_its_worked_date(pack_id: str, vector: dict[str, Any]) -> None:
    law = pack(pack_id)
    assert law.jurisdiction(vector["jurisdiction"]) is not None and vector["says"]["zh"] and vector["seen_in"]
    assert {name: _end(pack_id, name, vector) for name in vector["ends"]} == vector["ends"]


def _end(pack_id: str, name: str, vector: dict[str, Any]) -> date:
    clock = pack(pack_id).clock(name)
    assert clock is not None, f"{pack_id} has no clock `{name}`"
    counting = clock.counting.value if clock.counting else Counting.EXCLUSIVE
    return due(calendar_for(vector["jurisdiction"]), vector["starts"], clock.within.value, counting).closes_on


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".yaml"))
def test_every_clock_of_a_pack_has_a_worked_date(file: Any) -> None:
    named = {name for vector in yaml.safe_load(file.read_text(encoding="utf-8")) for name in vector["ends"]}
    assert named == {clock.id for clock in pack(file.name.removesuffix(".yaml")).clocks}
