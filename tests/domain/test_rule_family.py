"""Where two families rule one matter, both must pass: the stricter counts, and where neither is, both are asked."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from domain.conflict import DeclareInterests
from domain.decision import DecisionMeetingHeld, VoteWithoutQuorum
from domain.interests import Relation, RelationKind
from domain.law import Family
from domain.nomination import CloseNominations, TooFewCandidates, WithdrawCandidate
from domain.pack import Pack
from domain.public_notice import NoticePeriodTooShort, OpenPublicNotice, PublicNoticeOpened
from domain.recusal import ConflictedOfficer
from domain.rule_family import sides
from domain.training_verification import ConditionalPassNotAllowed, TrainingResult, TrainingVerified, VerifyTraining
from eventstore.packs import text_of
from tests.domain.refusals import refused
from tests.domain.variants import Change, under, variant
from tests.examples import CHEN, DECIDERS, PERSONNEL, SCHOOL, at, pack
from tests.lives import at_stage, meeting, only_candidate, opened

START = at("2026-03-02")
LATER = at("2026-03-20")
LAW = {"title": {"en": "Public Service Act", "zh": "公务员法"}, "family": "law"}
HOURS = "training.requirements.1.hours"


def ruled_twice(path: str, value: Any, changes: Change | None = None) -> Pack:
    """The standard pack, where the law says something of a matter as well."""
    other = {
        "value": value,
        "says": {"en": "The law asks for it.", "zh": "法律有此规定。"},
        "source": {"instrument": "act", "article": "s. 9"},
        "confidence": "general_knowledge",
    }
    return variant("standard", {"instruments.act": LAW, f"{path}.also": [other]} | (changes or {}))


def test_the_longer_notice_counts_whichever_family_asks_for_it() -> None:
    for days, counted in ((3, 5), (5, 5), (8, 8)):
        law = ruled_twice("notice.minimum", {"n": days, "unit": "working_day"})
        story = under(law, at_stage("standard", "public_notice", START)).when(OpenPublicNotice(), PERSONNEL, START)
        assert story.then(PublicNoticeOpened).window.counted == counted


def test_a_notice_that_passes_one_family_alone_is_refused_and_both_are_named() -> None:
    law = ruled_twice("notice.minimum", {"n": 8, "unit": "working_day"})
    story = under(law, at_stage("standard", "public_notice", START))
    enough_for_the_house = OpenPublicNotice(closes_on=date(2026, 3, 9))
    refusal = refused(story, NoticePeriodTooShort, enough_for_the_house, PERSONNEL, START)
    assert "the house rule asks for 5 working days" in refusal.sentence
    assert "the law asks for 8 working days (Public Service Act s. 9)" in refusal.sentence
    assert refusal.facts["minimum"] == 8
    assert refusal.citation is not None
    assert [other.article for other in refusal.citation.also] == ["s. 9"]


def test_periods_of_different_units_are_not_compared_but_both_are_kept() -> None:
    law = ruled_twice("notice.minimum", {"n": 10, "unit": "day"})
    (found,) = law.collisions()
    assert found.stricter is None and [side.value.n for side in found.sides] == [5, 10]
    story = under(law, at_stage("standard", "public_notice", START))
    five_working_days = OpenPublicNotice(closes_on=date(2026, 3, 9))
    refused(story, NoticePeriodTooShort, five_working_days, PERSONNEL, START)
    assert story.when(OpenPublicNotice(), PERSONNEL, START).then(PublicNoticeOpened).window.closes_on == date(
        2026, 3, 12
    )


def test_the_longer_list_counts() -> None:
    law = ruled_twice("nomination.minimum_candidates", 2)
    refusal = refused(under(law, opened("standard", START)), TooFewCandidates, CloseNominations(), PERSONNEL, START)
    assert refusal.facts["minimum"] == 2 and "the law asks for 2" in refusal.sentence


def test_the_higher_quorum_and_the_higher_majority_count() -> None:
    quorum = under(ruled_twice("decision.quorum", "8/9"), at_stage("standard", "decision", START))
    ballots = meeting(quorum, LATER).ballots
    vote = meeting(quorum, LATER, present=7).model_copy(update={"ballots": ballots})
    refusal = refused(quorum, VoteWithoutQuorum, vote, DECIDERS, LATER)
    assert refusal.facts["quorum"] == 8 and "the law asks for 8/9" in refusal.sentence
    majority = under(ruled_twice("decision.majority", "2/3"), at_stage("standard", "decision", START))
    held = majority.when(meeting(majority, LATER), DECIDERS, LATER).then(DecisionMeetingHeld)
    assert held.votes_needed == 7
    milder = under(ruled_twice("decision.majority", "1/3"), at_stage("standard", "decision", START))
    assert milder.when(meeting(milder, LATER), DECIDERS, LATER).then(DecisionMeetingHeld).votes_needed == 5


def test_the_higher_number_of_hours_counts() -> None:
    strict = {
        f"{HOURS}.waivable": False,
        "training.make_up": None,
        "training.on_make_up_expiry": None,
        "training.remind_before": None,
    }
    law = ruled_twice(HOURS, 60, strict)
    story = under(law, at_stage("standard", "training_verification", START))
    story = story.having(CHEN, 50, START.date())
    wish = VerifyTraining(candidate_id=only_candidate(story))
    assert story.when(wish, SCHOOL, START).then(TrainingVerified).result is TrainingResult.NOT_MET
    conditional = wish.model_copy(update={"conditional": True})
    refusal = refused(story, ConditionalPassNotAllowed, conditional, SCHOOL, START)
    assert refusal.facts["required_hours"] == 60 and "the law asks for 60" in refusal.sentence


def test_both_sides_of_a_collision_are_listed_with_their_sources_and_who_is_stricter() -> None:
    (found,) = ruled_twice("decision.quorum", "3/4").collisions()
    assert (found.path, found.stricter) == ("decision.quorum", Family.LAW)
    assert [(side.family, side.value, side.article) for side in found.sides] == [
        (Family.HOUSE, Fraction(2, 3), pack("standard").rule("decision.quorum").source.article),
        (Family.LAW, Fraction(3, 4), "s. 9"),
    ]
    assert found.model_dump(mode="json")["sides"][1]["value"] == "3/4"


def test_whoever_either_family_recuses_withdraws() -> None:
    law = ruled_twice("conflicts.recuse", ["business"], {"conflicts.recuse.value": ["spouse"]})
    assert law.conflicts is not None and law.conflicts.recusing == {RelationKind.SPOUSE, RelationKind.BUSINESS}
    story = under(law, at_stage("standard", "training_verification", START))
    tie = Relation(candidate_id=only_candidate(story), kind=RelationKind.BUSINESS)
    story = story.when(DeclareInterests(relations=(tie,)), PERSONNEL, START)
    wish = WithdrawCandidate(candidate_id=only_candidate(story))
    refusal = refused(story, ConflictedOfficer, wish, PERSONNEL, START)
    assert refusal.citation is not None and [other.article for other in refusal.citation.also] == ["s. 9"]
    with pytest.raises(ValidationError, match="must be declared as well"):
        ruled_twice("conflicts.recuse", ["spouse"], {"conflicts.declare.value": ["lineal"]})


def test_the_party_rule_and_the_civil_services_own_name_the_same_relations() -> None:
    law = pack("cn.sr2019")
    party, civil_service = sides(law.rule("conflicts.recuse"), law.instruments)
    assert (party.family, civil_service.family) == (Family.PARTY_RULE, Family.LAW)
    assert party.value == civil_service.value and civil_service.confidence == "weak"
    assert law.collisions() == ()


def test_families_that_agree_do_not_collide() -> None:
    assert ruled_twice("decision.quorum", "2/3").collisions() == ()


@pytest.mark.parametrize(
    ("path", "changes", "told"),
    [
        ("decision.quorum", {"instruments.act": LAW | {"family": "house"}}, "each another one"),
        ("decision.quorum", {"instruments.act": {"title": LAW["title"]}}, "must say its `family`"),
        ("decision.quorum", {"instruments.act": LAW, "instruments.house.family": None}, "must say its `family`"),
        ("probation.length", {}, "no gate asks for it"),
        (HOURS, {}, "waived by neither"),
        ("decision.majority", {}, "below 1"),
    ],
)
def test_a_counterpart_without_an_effect_is_no_pack(path: str, changes: Change, told: str) -> None:
    value: Any = {"probation.length": {"n": 1, "unit": "year"}, HOURS: 60}.get(path, 1)
    with pytest.raises(ValidationError, match=told):
        ruled_twice(path, value, changes)


def test_a_counterpart_from_an_instrument_that_the_pack_does_not_have_is_no_pack() -> None:
    content = yaml.safe_load(
        yaml.safe_dump(ruled_twice("decision.quorum", "3/4").model_dump(mode="json", by_alias=True))
    )
    del content["instruments"]["act"]
    with pytest.raises(ValidationError, match="not in `instruments`"):
        Pack.model_validate(content)


def test_the_text_of_a_pack_keeps_its_counterparts_and_says_nothing_where_there_are_none() -> None:
    law = ruled_twice("decision.quorum", "3/4")
    assert Pack.model_validate_json(text_of(law)) == law
    assert '"also"' in text_of(law) and '"also"' not in text_of(pack("standard"))


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_every_instrument_of_the_first_packs_says_whose_rule_it_is(pack_id: str) -> None:
    assert [name for name, found in pack(pack_id).instruments.items() if found.family is None] == []
