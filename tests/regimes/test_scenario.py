"""The same facts under each pack give the outcomes that the scenario file says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.clock import ClockExpired
from domain.next_step import ENGINE, NextStep
from domain.objection import Channel, LodgeObjection
from domain.pack import OnExpiry, Pack
from domain.stage_gate import ListTooShort
from domain.timer import timers
from domain.training_verification import VerifyTraining
from tests.examples import SCHOOL, SUPERVISION
from tests.on_record import HOLDERS
from tests.regimes.packs import EVERY_PACK, SHIPPED
from tests.regimes.whole_case import Journey, meeting, opening

TOLD = yaml.safe_load((Path(__file__).parent / "scenario.yaml").read_text(encoding="utf-8"))
PACKS = {law.id: law for law in EVERY_PACK}
SCENES = [
    pytest.param(PACKS[pack_id], story["facts"], expected, id=f"{story['id']}-{pack_id}")
    for story in TOLD["stories"]
    for pack_id, expected in story["makes_of_it"].items()
]
GROUNDS = LodgeObjection(channel=Channel.LETTER, grounds="The listed results belong to somebody else.")


def test_every_shipped_pack_has_its_place_in_the_scenario() -> None:
    assert set(TOLD["stories"][0]["makes_of_it"]) == {law.id for law in SHIPPED}


@pytest.mark.parametrize(("law", "facts", "expected"), SCENES)
def test_the_same_facts_come_out_as_each_pack_has_it(
    law: Pack, facts: dict[str, Any], expected: dict[str, str]
) -> None:
    rank = "officer" if law.id == "standard" else None
    *_, last = lived(opening(law, rank=rank), facts)
    if "waits_at" in expected:
        assert (last.outcome, last.case.stage) == (None, expected["waits_at"])
    else:
        assert last.outcome == expected["outcome"]


def lived(journey: Journey, facts: dict[str, Any]) -> Iterator[Journey]:
    """The case from step to step, as the facts have it, until it is over or nobody does anything any more."""
    for _ in range(200):
        yield journey
        following = stepped(journey, facts)
        if following is None:
            return
        journey = following
    raise AssertionError(f"it goes round in circles at {journey.steps}")


def stepped(journey: Journey, facts: dict[str, Any]) -> Journey | None:
    case = journey.case
    if journey.is_over:
        return None
    if case.notice is not None and case.notice.elapsed_on is None and not case.objections:
        return journey.does(GROUNDS, SUPERVISION)
    silent = facts["organs"] == "silent"
    acting = [step for step in journey.steps if step.by != ENGINE and not says_nothing(step, journey, silent)]
    if acting:
        return acted(acting[0], journey, facts)
    running = timers(journey.story.case, journey.law)
    return journey.wakes(running[0].due_at + timedelta(hours=9)) if running else None


def says_nothing(step: NextStep, journey: Journey, silent: bool) -> bool:
    """Whether nobody does this: a refused choice is not reconsidered, and those who are silent do not speak."""
    if step.step in ("reconsider_decision", "decline_to_decide"):
        return True
    return silent and (step.step == "return_opinion" or moment_of(step, journey) in waited_for(journey.law))


def moment_of(step: NextStep, journey: Journey) -> str:
    record = (step.what or "").partition("/")[0]
    return f"record:{record}" if record else f"completed:{journey.case.stage}"


def waited_for(law: Pack) -> set[str]:
    """What a clock waits for whose end means something."""
    meaning = (OnExpiry.CONSENT, OnExpiry.LAPSE)
    return {clock.until for clock in law.clocks if clock.on_expiry.value in meaning}


def acted(step: NextStep, journey: Journey, facts: dict[str, Any]) -> Journey:
    if step.step == "verify_training":
        candidate = journey.case.standing[0]
        story = journey.story.having(candidate.person, facts["hours"], journey.today)
        return replace(journey, story=story).does(VerifyTraining(candidate_id=candidate.id), SCHOOL)
    if step.step == "hold_decision_meeting":
        return journey.does(
            meeting(journey, **facts["meeting"]), HOLDERS[journey.law.stage(journey.case.stage).duty.holder]
        )
    return journey.goes_on(step)


def test_three_names_for_one_seat_on_the_constitutional_court_stop_the_process() -> None:
    law = PACKS["za.jsc"]
    short = opening(law)
    while len(short.case.standing) < 3:
        short = short.goes_on()
    refusal = short.story.refuses(ListTooShort, *short.closing_act(), short.now)
    assert (refusal.facts["candidates"], refusal.facts["wanted"]) == (3, 4)
    assert short.ended().outcome == "appointed", "with a fourth name it goes on"


def test_vigilance_that_is_silent_is_recorded_as_no_reply() -> None:
    waiting = next(
        found
        for found in opening(PACKS["in.acc"]).way()
        if found.steps and "vigilance_clearance" in str(found.steps[0].what)
    )
    silent = waiting.on_day(waiting.case.clocks["vigilance_silence"].due_on + timedelta(days=1))
    expired = silent.story.then(ClockExpired)
    assert expired.clock == "vigilance_silence"
    assert (expired.deems, expired.silent_on) == ("record:vigilance_clearance", (waiting.case.standing[0].id,))
    assert silent.ended().outcome == "appointed"
