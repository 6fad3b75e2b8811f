"""The worked examples that stand beside a pack come out as they are written there."""

import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.decision import DecisionMeetingHeld, DecisionTaken
from domain.occasion import Occasion
from domain.pack import Pack
from domain.public_notice import NoticePeriodTooShort, OpenPublicNotice, notice_window
from domain.working_days import Counting, Period, before, counted_window, due
from runtime.calendars import calendar_for
from runtime.settings import PROJECT
from tests.examples import DECIDERS, PERSONNEL, at
from tests.lives import at_stage, meeting, now
from tests.regimes.packs import SHIPPED
from tests.spec import Story

FOLDER = PROJECT / "packs" / "vectors"
LOOKS_BACK = (
    r"training\.(requirements\.\d+\.(window|length)|remind_before)|exceptions\.\w+\.limits\.since_last_promotion"
)
"""Periods that reach back from a day or say how long something took, and end nothing."""


def read(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


VECTORS = [
    (law, vector)
    for law in SHIPPED
    if (FOLDER / f"{law.id}.yaml").exists()
    for vector in read(FOLDER / f"{law.id}.yaml")
]


def of(kind: str) -> pytest.MarkDecorator:
    """The vectors of a kind, each under its pack and its own words."""
    found = [pytest.param(law, it, id=f"{law.id}: {it['says']['en']}") for law, it in VECTORS if kind in it]
    return pytest.mark.parametrize(("law", "vector"), found)


@pytest.mark.parametrize("law", SHIPPED, ids=lambda law: law.id)
def test_every_pack_has_a_worked_example_of_every_period_and_every_silence(law: Pack) -> None:
    vectors = read(FOLDER / f"{law.id}.yaml")
    assert all(vector["says"]["zh"] and vector["seen_in"] for vector in vectors)
    worked = {path_of(law, name) for vector in vectors for name in vector.get("ends", ())}
    periods = {path for path, rule in law.rules() if isinstance(rule.value, Period)}
    assert {path for path in periods if not re.fullmatch(LOOKS_BACK, path)} == worked
    silences = {path for vector in vectors for path in vector.get("silence", ())}
    assert silences == {path.removesuffix(".on_expiry") for path, _ in law.rules() if path.endswith(".on_expiry")}


def path_of(law: Pack, name: str) -> str:
    """The rule that sets a period: a clock may be called by its id alone."""
    return f"clocks.{name}.within" if law.clock(name) else name


@of("ends")
def test_a_period_ends_on_its_worked_date(law: Pack, vector: dict[str, Any]) -> None:
    assert law.jurisdiction(vector["jurisdiction"]) is not None
    assert {name: end_of(law, path_of(law, name), vector) for name in vector["ends"]} == vector["ends"]


def end_of(law: Pack, path: str, vector: dict[str, Any]) -> date:
    period, clock = law.rule(path).value, law.clock(path.split(".")[1])
    if clock and clock.backwards:
        return before(vector["starts"], period)
    rules = dict(law.rules())
    counting = rules.get(path.rpartition(".")[0] + ".counting")
    value = counting.value if counting else Counting.EXCLUSIVE
    return due(calendar_for(vector["jurisdiction"]), vector["starts"], period, value).closes_on


@of("silence")
def test_silence_means_what_is_written(law: Pack, vector: dict[str, Any]) -> None:
    assert {path: str(law.rule(f"{path}.on_expiry").value) for path in vector["silence"]} == vector["silence"]


@of("notice")
def test_a_notice_has_its_worked_days_and_is_refused_when_they_are_too_few(law: Pack, vector: dict[str, Any]) -> None:
    told, calendar = vector["notice"], calendar_for(vector["jurisdiction"])
    opens_on, closes_on = told["opens_on"], told["closes_on"]
    assert counted_window(calendar, opens_on, closes_on, Counting.INCLUSIVE).counted == told["worked"]
    place = law.jurisdiction(vector["jurisdiction"])
    assert place is not None
    noon = datetime.combine(opens_on, datetime.min.time(), UTC).replace(hour=4)
    on = Occasion(noon, PERSONNEL, law, calendar, "notice", place.timezone)
    wish = OpenPublicNotice(opens_on=opens_on, closes_on=closes_on)
    if "refused_until" not in told:
        assert notice_window(wish, on).counted == told["counted"]
        return
    with pytest.raises(NoticePeriodTooShort) as caught:
        notice_window(wish, on)
    facts = caught.value.facts
    assert (facts["counted"], facts["earliest_close_on"]) == (told["counted"], told["refused_until"])


@of("bodies")
def test_a_body_has_its_quorum_and_its_majority(law: Pack, vector: dict[str, Any]) -> None:
    for members, (quorum, votes) in vector["bodies"].items():
        assert came_to(law, members, quorum, votes) == "passed"
        assert came_to(law, members, quorum, votes - 1) == "not_passed"
        assert came_to(law, members, quorum - 1, quorum - 1) == "no_quorum"


@of("meeting")
def test_a_meeting_comes_to_what_is_written(law: Pack, vector: dict[str, Any]) -> None:
    told = vector["meeting"]
    assert came_to(law, told["members"], told["present"], told["in_favour"]) == told["comes_to"]


@cache
def at_its_decision(pack_id: str) -> Story:
    return at_stage(pack_id, "decision", at("2026-03-02"))


def came_to(law: Pack, members: int, present: int, in_favour: int) -> str:
    """What a case comes to by a meeting of its deciding body."""
    ready = at_its_decision(law.id)
    moment = now(ready, at("2026-03-02"))
    wish = meeting(ready, moment, due=members, present=present, in_favour=in_favour)
    held = ready.when(wish, DECIDERS, moment)
    if not held.then(DecisionMeetingHeld).quorate:
        return "no_quorum"
    return "passed" if any(isinstance(event, DecisionTaken) for event in held.latest) else "not_passed"


def test_every_file_of_worked_examples_stands_beside_a_pack() -> None:
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {law.id for law in SHIPPED}
