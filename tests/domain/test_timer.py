"""A clock runs to the end of its civil day where the case is, and what it records removes it."""

from datetime import date, timedelta

import pytest

from domain.appointment import LiveCase
from domain.identity import SYSTEM
from domain.objection import Channel, LodgeObjection
from domain.pack import OnExpiry
from domain.public_notice import OpenPublicNotice
from domain.refusal import WrongOrgan
from domain.supervision_review import RequestOpinion
from domain.timer import LetTimerRunOut, TimerStillRunning, timers
from tests.domain.refusals import refused
from tests.domain.variants import variant
from tests.examples import CO_MANAGING, DISCIPLINE, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, run_out
from tests.spec import Story

START = at("2026-03-02")


KINDS = pytest.mark.parametrize("kind", ["notice", "objection", "opinions", "limit", "office"])


def with_clocks() -> dict[str, Story]:
    """Stories in which each kind of clock runs."""
    noticed = at_stage("standard", "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)
    letter = LodgeObjection(channel=Channel.WEB, grounds="The listed results are another person's.")
    review = at_stage("cn.sr2019", "supervision_review", START)
    for organ in (DISCIPLINE, CO_MANAGING):
        review = review.when(RequestOpinion(organ=organ.organ), SUPERVISION, START)
    return {
        "notice": noticed,
        "objection": noticed.when(letter, SUPERVISION, START),
        "opinions": review,
        "limit": at_stage("standard", "decision", START),
        "office": at_stage("cn.sr2019", "probation", START, hours=0, conditional=True),
    }


@KINDS
def test_a_clock_that_has_run_out_records_its_event_and_is_gone(kind: str) -> None:
    story = with_clocks()[kind]
    for timer in timers(story.case, story.pack):
        ended = run_out(story, timer.name)
        assert ended.latest[0] == timer.event
        assert timer.name not in {left.name for left in timers(ended.case, ended.pack)}
        if isinstance(ended.case, LiveCase):
            assert ended.when(LetTimerRunOut(timer=timer.name), SYSTEM, timer.due_at).latest == ()


@KINDS
def test_no_clock_runs_out_an_instant_early(kind: str) -> None:
    story = with_clocks()[kind]
    running = timers(story.case, story.pack)
    assert running and [timer.due_at for timer in running] == sorted(timer.due_at for timer in running)
    for timer in running:
        command = LetTimerRunOut(timer=timer.name)
        early = timer.due_at - timedelta(microseconds=1)
        assert refused(story, TimerStillRunning, command, SYSTEM, early).facts["due_on"] == timer.due_on


def test_a_clock_ends_with_its_day_where_the_case_is() -> None:
    stories = with_clocks()
    (london,) = timers(stories["notice"].case, stories["notice"].pack)
    assert (london.due_on, london.due_at) == (date(2026, 3, 9), at("2026-03-10", hour=0, timezone="Europe/London"))
    beijing = timers(stories["opinions"].case, stories["opinions"].pack)[0]
    assert (beijing.due_on, beijing.due_at) == (date(2026, 3, 16), at("2026-03-17", hour=0))


def test_only_the_engine_lets_a_clock_run_out() -> None:
    refused(with_clocks()["limit"], WrongOrgan, LetTimerRunOut(timer="stage:decision"), SUPERVISION, at("2027-01-01"))


@pytest.mark.parametrize("name", ["public_notice", "opinion:nobody", "no such clock"])
def test_a_clock_that_is_gone_records_nothing(name: str) -> None:
    story = with_clocks()["limit"].when(LetTimerRunOut(timer=name), SYSTEM, at("2027-01-01"))
    assert story.latest == ()


def test_every_meaning_of_silence_can_be_told_by_some_clock_of_a_pack() -> None:
    path = "review.opinions.0.on_expiry.value"
    told = {variant("cn.sr2019", {path: str(meaning)}).review.opinions[0].on_expiry.value for meaning in OnExpiry}
    assert told == set(OnExpiry)
