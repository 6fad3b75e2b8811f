"""A notice stands for no fewer days than the pack asks, counted by the calendar of the case."""

from datetime import date

import pytest

from domain.objection import Channel, LodgeObjection
from domain.public_notice import (
    NoticeAlreadyOpen,
    NoticeInThePast,
    NoticePeriodTooShort,
    OpenPublicNotice,
    PublicNoticeElapsed,
    PublicNoticeOpened,
)
from domain.refusal import BeyondTheCalendar
from domain.stage import StageCompleted
from domain.timer import timers
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, DECIDERS, LI, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, nominated, opened, past_records, reviewed, run_out, trained
from tests.lives import meeting as meeting_of
from tests.spec import Story

INCLUSIVE = {"notice.counting.value": "inclusive"}
OVER_NATIONAL_DAY_2012 = OpenPublicNotice(opens_on=date(2012, 9, 29), closes_on=date(2012, 10, 5))


def in_china(day: str) -> Story:
    return at_stage("cn.sr2019", "public_notice", at(day))


def test_a_notice_over_national_day_2026_closes_on_13_october() -> None:
    opened_notice = in_china("2026-09-30").when(OpenPublicNotice(), PERSONNEL, at("2026-09-30"))
    window = opened_notice.then(PublicNoticeOpened).window
    assert (window.opens_on, window.closes_on, window.counted) == (date(2026, 9, 30), date(2026, 10, 13), 5)
    assert timers(opened_notice.case, opened_notice.pack)[0].due_at == at("2026-10-14", hour=0)


def test_a_notice_one_day_shorter_is_refused_with_what_is_missing() -> None:
    wish = OpenPublicNotice(closes_on=date(2026, 10, 12))
    refusal = refused(in_china("2026-09-30"), NoticePeriodTooShort, wish, PERSONNEL, at("2026-09-30"))
    assert refusal.facts["counted"] == 4 and refusal.facts["minimum"] == 5
    assert refusal.facts["earliest_close_on"] == date(2026, 10, 13)
    assert any("National Day" in str(sentence) for sentence in refusal.facts["why"] or [])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "counted", "earliest", "words"),
    [
        ({}, 0, date(2012, 10, 12), "the opening day not counted"),
        (INCLUSIVE, 1, date(2012, 10, 11), "both ends counted"),
    ],
)
def test_a_notice_inside_a_holiday_is_refused_with_its_working_days(
    changes: dict[str, str], counted: int, earliest: date, words: str
) -> None:
    """Of 29 September to 5 October 2012 only the first, a make-up Saturday, was worked."""
    story = under(variant("cn.sr2019", changes), in_china("2012-09-29"))
    refusal = refused(story, NoticePeriodTooShort, OVER_NATIONAL_DAY_2012, PERSONNEL, at("2012-09-29"))
    assert (refusal.facts["counted"], refusal.facts["minimum"]) == (counted, 5)
    assert refusal.facts["unit"] == "working_day"
    assert refusal.facts["earliest_close_on"] == earliest
    assert f"has {counted} of the 5 working days" in refusal.sentence and words in refusal.sentence
    assert refusal.field == "closes_on"
    assert refusal.citation is not None
    assert (refusal.citation.article, refusal.citation.confidence, refusal.citation.verified) == (
        "Art. 42",
        "confirmed",
        True,
    )


def test_a_longer_notice_is_counted_as_the_pack_counts() -> None:
    story = under(variant("cn.sr2019", INCLUSIVE), in_china("2009-11-10"))
    wish = OpenPublicNotice(opens_on=date(2009, 11, 10), closes_on=date(2009, 11, 18))
    window = story.when(wish, PERSONNEL, at("2009-11-10")).then(PublicNoticeOpened).window
    assert (window.counted, window.closes_on) == (7, date(2009, 11, 18))


def test_a_notice_that_would_close_before_it_opens_is_too_short() -> None:
    wish = OpenPublicNotice(opens_on=date(2026, 3, 9), closes_on=date(2026, 3, 6))
    refusal = refused(in_china("2026-03-02"), NoticePeriodTooShort, wish, PERSONNEL, at("2026-03-02"))
    assert refusal.facts["counted"] == 0


def test_a_notice_does_not_open_on_a_day_that_is_over() -> None:
    wish = OpenPublicNotice(opens_on=date(2026, 3, 1))
    refusal = refused(in_china("2026-03-02"), NoticeInThePast, wish, PERSONNEL, at("2026-03-02"))
    assert refusal.facts["today"] == date(2026, 3, 2)


def test_today_is_the_day_where_the_case_is() -> None:
    late_in_london = at("2026-03-02", hour=23, timezone="Europe/London")
    chinese, english = in_china("2026-03-02"), at_stage("standard", "public_notice", at("2026-03-02"))
    wish = OpenPublicNotice(opens_on=date(2026, 3, 2))
    assert english.when(wish, PERSONNEL, late_in_london).then(PublicNoticeOpened).window.opens_on == date(2026, 3, 2)
    refused(chinese, NoticeInThePast, wish, PERSONNEL, late_in_london)


@pytest.mark.parametrize(
    "wish",
    [
        OpenPublicNotice(opens_on=date.max),
        OpenPublicNotice(opens_on=date(9998, 12, 28)),
        OpenPublicNotice(opens_on=date(9998, 12, 1), closes_on=date(9998, 12, 31)),
        OpenPublicNotice(closes_on=date(2126, 3, 2)),
    ],
)
def test_a_notice_in_a_time_that_nobody_can_count_is_refused(wish: OpenPublicNotice) -> None:
    refusal = refused(in_china("2026-03-02"), BeyondTheCalendar, wish, PERSONNEL, at("2026-03-02"))
    assert not refusal.unlawful


def test_a_year_without_a_published_calendar_makes_the_window_provisional() -> None:
    wish = OpenPublicNotice(opens_on=date(2031, 9, 29))
    window = in_china("2026-03-02").when(wish, PERSONNEL, at("2026-03-02")).then(PublicNoticeOpened).window
    assert window.provisional and window.unpublished_years == (2031,)


def test_a_case_has_one_notice_even_after_its_days_have_run() -> None:
    story = in_china("2026-03-02").when(OpenPublicNotice(), PERSONNEL, at("2026-03-02"))
    refusal = refused(story, NoticeAlreadyOpen, OpenPublicNotice(), PERSONNEL, at("2026-03-03"))
    assert refusal.facts["notice_id"] == story.then(PublicNoticeOpened).notice_id
    letter = LodgeObjection(channel=Channel.LETTER, grounds="The listed results are another person's.")
    story = run_out(story.when(letter, SUPERVISION, at("2026-03-03")), "public_notice")
    refused(story, NoticeAlreadyOpen, OpenPublicNotice(), PERSONNEL, at("2026-04-01"))


@pytest.mark.parametrize(("pack_id", "following"), [("standard", "supervision_review"), ("cn.sr2019", "appointment")])
def test_the_case_goes_on_by_itself_when_the_notice_has_run(pack_id: str, following: str) -> None:
    story = at_stage(pack_id, "public_notice", at("2026-03-02")).when(OpenPublicNotice(), PERSONNEL, at("2026-03-02"))
    story = run_out(story, "public_notice")
    assert story.then(PublicNoticeElapsed).closed_on == date(2026, 3, 9)
    assert story.then(StageCompleted).stage == "public_notice"
    assert live(story).stage == following
    assert "public_notice" not in [timer.name for timer in timers(story.case, story.pack)]


def test_before_the_decision_the_notice_shows_everybody_and_after_it_the_chosen_alone() -> None:
    start = at("2026-03-02")
    before = trained(nominated(opened("standard", start), start, CHEN, LI), start)
    shown = before.when(OpenPublicNotice(), PERSONNEL, start).then(PublicNoticeOpened)
    assert shown.candidates == tuple(live(before).candidates)
    after = reviewed(trained(nominated(opened("cn.sr2019", start), start, CHEN, LI), start), start)
    after = past_records(after, start)
    first, second = live(after).candidates
    vote = meeting_of(after, start)
    fewer = vote.ballots[1].statements[:1]
    doubtful = vote.ballots[1].model_copy(
        update={"statements": (fewer[0].model_copy(update={"says": "disagree"}), *vote.ballots[1].statements[1:])}
    )
    after = after.when(vote.model_copy(update={"ballots": (vote.ballots[0], doubtful)}), DECIDERS, start)
    assert after.when(OpenPublicNotice(), PERSONNEL, start).then(PublicNoticeOpened).candidates == (first,)
    assert second in live(after).candidates


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_the_notice_records_the_fields_that_its_pack_shows(pack_id: str) -> None:
    story = at_stage(pack_id, "public_notice", at("2026-03-02")).when(OpenPublicNotice(), PERSONNEL, at("2026-03-02"))
    notice = story.then(PublicNoticeOpened)
    assert notice.fields == story.pack.notice.fields.value
    assert not set(notice.fields) & set(story.pack.notice.never.value)
    assert notice.rules_applied() == ("notice.minimum", "notice.counting", "notice.fields")
