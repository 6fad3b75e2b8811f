"""No clock of any pack is without an end, and whatever time does to a case, somebody is named who can act in it."""

import pytest

from domain.identity import Role
from domain.next_step import ENGINE
from domain.pack import Pack
from domain.timer import timers
from tests.regimes.packs import EVERY_PACK
from tests.regimes.whole_case import Journey, opening


def when_nobody_acts(journey: Journey) -> Journey:
    """The case once every clock that runs, or is started by the end of another, has come to its own end."""
    for _ in range(100):
        running = timers(journey.story.case, journey.law)
        if not running:
            return journey
        journey = journey.wakes(running[0].due_at)
    raise AssertionError(f"clocks that never stop: {[timer.name for timer in running]}")


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_time_ends_every_clock_and_then_the_case_is_over_or_waits_for_somebody(law: Pack) -> None:
    for journey in opening(law).way():
        late = when_nobody_acts(journey)
        if late.outcome is None:
            waits_for = {step.by for step in late.steps}
            assert waits_for and ENGINE not in waits_for and waits_for <= set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_every_clock_of_a_pack_runs_in_some_case_of_it_and_comes_to_its_day(law: Pack) -> None:
    seen = {timer.name for journey in opening(law).way() for timer in timers(journey.story.case, journey.law)}
    limits = {f"stage:{stage.id}" for stage in law.stages if stage.limit}
    opinions = {f"opinion:{rule.organ}" for rule in law.review.opinions}
    assert {f"clock:{rule.id}" for rule in law.clocks} | limits | opinions <= seen
