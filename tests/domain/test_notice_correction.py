"""What a standing notice says is put right in public, and what is essential is read for the whole of the days."""

from datetime import date

import pytest

from domain.case_opening import SuspendCase
from domain.exceptional_appointment import ProposeException
from domain.identity import CandidateId
from domain.notice_correction import (
    CorrectPublicNotice,
    NoNoticeToCorrect,
    NothingToCorrect,
    NoticeStandsNoLonger,
    ParticularOutOfForm,
    PublicNoticeCorrected,
    ReasonWasDecidedUpon,
)
from domain.objection import Channel, LodgeObjection
from domain.public_notice import OpenPublicNotice, PublicNoticeElapsed, PublicNoticeOpened
from domain.refusal import UnknownChoice, WrongOrgan
from domain.timer import timers
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, only_candidate, run_out, trained
from tests.spec import Story

START = at("2026-03-02")
LATER = at("2026-03-05")
WHY = "A letter of the name was left out."
TITLE = CorrectPublicNotice(particular="post_title", says="Head Clerk of Records", reason="The title was cut off.")
RESTARTS = {
    "value": ["full_name"],
    "says": {"en": "A corrected name begins the days anew.", "zh": "更正姓名的，公示期重新计算。"},
    "source": {"instrument": "house"},
    "confidence": "own_choice",
}


def noticed(**days: date) -> Story:
    return at_stage("standard", "public_notice", START).when(OpenPublicNotice(**days), PERSONNEL, START)


def correcting(story: Story, particular: str = "full_name", says: str = "Chen Yan") -> CorrectPublicNotice:
    return CorrectPublicNotice(particular=particular, says=says, candidate_id=only_candidate(story), reason=WHY)


def closing(story: Story) -> date:
    return next(timer.due_on for timer in timers(story.case, story.pack) if timer.name == "public_notice")


@pytest.mark.parametrize("particular", ["full_name", "present_post", "exceptional_reason"])
def test_a_correction_of_what_is_essential_begins_the_days_anew(particular: str) -> None:
    story = noticed()
    assert closing(story) == date(2026, 3, 9)
    story = story.when(correcting(story, particular), PERSONNEL, LATER)
    corrected = story.then(PublicNoticeCorrected)
    assert corrected.essential and corrected.window.opens_on == date(2026, 3, 5)
    assert corrected.window.counted == 5 and closing(story) == date(2026, 3, 12)
    assert corrected.rules_applied() == ("notice.fields", "notice.minimum", "notice.counting")
    assert run_out(story, "public_notice").then(PublicNoticeElapsed).closed_on == date(2026, 3, 12)


@pytest.mark.parametrize("particular", ["education", "results"])
def test_a_minor_correction_leaves_the_days_as_they_were(particular: str) -> None:
    story = noticed()
    before = story.then(PublicNoticeOpened).window
    story = story.when(correcting(story, particular), PERSONNEL, LATER)
    corrected = story.then(PublicNoticeCorrected)
    assert not corrected.essential and corrected.window == before and closing(story) == date(2026, 3, 9)
    assert corrected.rules_applied() == ("notice.fields",)


def test_days_that_begin_anew_never_close_earlier_than_the_public_was_told() -> None:
    story = noticed(closes_on=date(2026, 4, 30))
    story = story.when(correcting(story), PERSONNEL, LATER)
    assert closing(story) == date(2026, 4, 30)
    assert story.then(PublicNoticeCorrected).window.opens_on == date(2026, 3, 2)


def test_a_notice_that_has_not_opened_yet_keeps_its_days() -> None:
    story = noticed(opens_on=date(2026, 3, 16))
    told = closing(story)
    story = story.when(correcting(story), PERSONNEL, LATER)
    assert story.then(PublicNoticeCorrected).window.opens_on == date(2026, 3, 16) and closing(story) == told


def test_the_pack_says_which_corrections_begin_the_days_anew() -> None:
    story = under(variant("standard", {"notice.correction_restarts": RESTARTS}), noticed())
    assert story.when(correcting(story), PERSONNEL, LATER).then(PublicNoticeCorrected).essential
    assert not story.when(correcting(story, "present_post"), PERSONNEL, LATER).then(PublicNoticeCorrected).essential
    assert not story.when(TITLE, PERSONNEL, LATER).then(PublicNoticeCorrected).essential


def test_a_correction_of_a_person_is_sealed_with_their_key_and_one_of_the_post_is_public() -> None:
    story = noticed()
    of_person = story.when(correcting(story), PERSONNEL, LATER).then(PublicNoticeCorrected)
    assert (of_person.person_id, of_person.says, of_person.post_says) == (CHEN, "Chen Yan", None)
    assert of_person.without_sealed().says is None
    corrected = story.when(TITLE, PERSONNEL, LATER)
    of_post = corrected.then(PublicNoticeCorrected)
    assert (of_post.person_id, of_post.says, of_post.post_says) == (None, None, "Head Clerk of Records")
    assert live(corrected).post.title == "Head Clerk of Records" and live(corrected).post.unit == "Registry"
    assert of_post.essential


def test_each_correction_has_the_next_number() -> None:
    story = noticed()
    first = story.when(correcting(story, "results"), PERSONNEL, LATER)
    second = first.when(TITLE, PERSONNEL, LATER)
    assert [first.then(PublicNoticeCorrected).number, second.then(PublicNoticeCorrected).number] == [2, 3]
    notice = live(second).notice
    assert notice is not None and notice.version == 3


def test_a_case_that_rests_has_its_notice_corrected() -> None:
    story = noticed().when(SuspendCase(reason="A court has to rule on the post first."), SUPERVISION, START)
    assert story.when(TITLE, PERSONNEL, LATER).then(PublicNoticeCorrected).number == 2


def test_the_clock_of_a_corrected_notice_runs_to_the_end_of_its_new_last_day() -> None:
    story = noticed()
    story = story.when(correcting(story), PERSONNEL, LATER)
    assert timers(story.case, story.pack)[0].due_at == at("2026-03-13", hour=0, timezone="Europe/London")


def test_there_is_nothing_to_correct_before_a_notice_opens() -> None:
    refused(at_stage("standard", "public_notice", START), NoNoticeToCorrect, TITLE, PERSONNEL, START)


def test_a_notice_is_not_corrected_after_its_days_whoever_objected() -> None:
    story = noticed()
    late = refused(story, NoticeStandsNoLonger, TITLE, PERSONNEL, at("2026-03-10"))
    assert late.facts["closed_on"] == date(2026, 3, 9)
    letter = LodgeObjection(channel=Channel.LETTER, grounds="The listed results are another person's.")
    held = run_out(story.when(letter, SUPERVISION, LATER), "public_notice")
    refused(held, NoticeStandsNoLonger, TITLE, PERSONNEL, at("2026-03-10"))


def test_only_personnel_correct_a_notice() -> None:
    refused(noticed(), WrongOrgan, TITLE, SUPERVISION, LATER)


@pytest.mark.parametrize("particular", ["birth_year_month", "party", "identity_number", "hash"])
def test_what_the_notice_does_not_show_is_not_corrected_in_it(particular: str) -> None:
    story = noticed()
    refusal = refused(story, UnknownChoice, correcting(story, particular), PERSONNEL, LATER)
    assert refusal.field == "particular" and "full_name" in (refusal.facts["known"] or [])  # type: ignore[operator]


def test_whose_particular_it_is_must_be_said_and_must_be_somebody_in_the_notice() -> None:
    story = noticed()
    nobody = CorrectPublicNotice(particular="full_name", says="Chen Yan", reason=WHY)
    assert refused(story, UnknownChoice, nobody, PERSONNEL, LATER).field == "candidate_id"
    stranger = nobody.model_copy(update={"candidate_id": CandidateId("nobody")})
    refused(story, UnknownChoice, stranger, PERSONNEL, LATER)
    of_post = TITLE.model_copy(update={"candidate_id": only_candidate(story)})
    assert refused(story, UnknownChoice, of_post, PERSONNEL, LATER).field == "candidate_id"


def test_a_correction_that_changes_nothing_is_refused() -> None:
    same = CorrectPublicNotice(particular="unit", says="Registry", reason="It was written wrongly.")
    assert refused(noticed(), NothingToCorrect, same, PERSONNEL, LATER).field == "says"


def test_a_particular_keeps_its_form_and_is_not_repeated_in_the_refusal() -> None:
    story = noticed()
    refusal = refused(story, ParticularOutOfForm, correcting(story, says="Y" * 201), PERSONNEL, LATER)
    assert refusal.field == "says" and "YYY" not in refusal.sentence and "200" in refusal.sentence


def test_the_reason_of_an_exception_is_not_changed_by_a_correction() -> None:
    story = at_stage("standard", "training_verification", START)
    story = story.when(ProposeException(kind="no_competition", reason="Nobody else is qualified."), PERSONNEL, START)
    story = trained(story, START).when(OpenPublicNotice(), PERSONNEL, START)
    refusal = refused(story, ReasonWasDecidedUpon, correcting(story, "exceptional_reason"), PERSONNEL, LATER)
    assert refusal.field == "particular"


def test_after_the_decision_only_the_chosen_candidate_is_in_the_notice() -> None:
    story = at_stage("cn.sr2019", "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)
    stranger = CorrectPublicNotice(
        particular="full_name", says="Chen Yan", candidate_id=CandidateId("another"), reason=WHY
    )
    assert refused(story, UnknownChoice, stranger, PERSONNEL, LATER).facts["known"] == [live(story).chosen]
    assert story.when(correcting(story), PERSONNEL, LATER).then(PublicNoticeCorrected).essential
