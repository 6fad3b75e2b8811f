"""What the public files itself holds the case at once; a moderator turns away only what nobody has looked at."""

import pytest

from domain.hold import HoldCode, PlaceHold
from domain.identity import PUBLIC, ObjectionId, OfficerId
from domain.moderation_reasons import MODERATION_REASONS, PRESENT
from domain.objection import (
    About,
    Channel,
    Disposal,
    DisposeObjection,
    LodgeObjection,
    ObjectionDisposed,
    ObjectionLodged,
    RanTheCase,
    ReceiptMisplaced,
    objection_id_of,
)
from domain.objection_admission import (
    AcknowledgeObjection,
    AdmitObjection,
    AlreadyAcknowledged,
    AwaitsNoAdmission,
    ObjectionAcknowledged,
    ObjectionRejected,
    RejectObjection,
)
from domain.public_answer import PublicAnswerNamesSomebody
from domain.public_notice import OpenPublicNotice
from domain.refusal import CaseHasEnded, UnknownChoice, WrongOrgan
from domain.sender import Identity, NameMisplaced
from tests.domain.refusals import refused
from tests.examples import CASE, MODERATOR, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, run_out
from tests.spec import Story

START = at("2026-03-02")
LATER = at("2026-03-20")
HASH = "5e" * 32


def noticed() -> Story:
    return at_stage("standard", "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)


def filed(**said: object) -> LodgeObjection:
    whole = {"channel": Channel.WEB, "grounds": "On 3 May 2025 the accounts were signed unread.", "receipt_hash": HASH}
    return LodgeObjection.model_validate(whole | said)


def held(**said: object) -> Story:
    return noticed().when(filed(**said), PUBLIC, START)


def only(story: Story) -> ObjectionId:
    (found,) = live(story).objections
    return found


def rejecting(story: Story, reason: str = "no_content") -> RejectObjection:
    return RejectObjection(objection_id=only(story), reason=reason)


def test_the_public_files_by_itself_and_the_case_is_held() -> None:
    story = held(attachments=2)
    lodged = story.then(ObjectionLodged)
    assert (lodged.receipt_hash, lodged.attachments, lodged.awaits_admission) == (HASH, 2, False)
    assert live(run_out(story, "public_notice")).stage == "public_notice"


def test_the_id_of_an_objection_is_known_before_it_is_lodged() -> None:
    before = noticed()
    assert only(before.when(filed(), PUBLIC, START)) == objection_id_of(CASE, f"command-{before.commands}")


def test_what_the_public_files_has_a_receipt_and_comes_by_the_web() -> None:
    assert refused(noticed(), ReceiptMisplaced, filed(receipt_hash=None), PUBLIC, START).field == "receipt_hash"
    assert refused(noticed(), ReceiptMisplaced, filed(channel=Channel.LETTER), PUBLIC, START).field == "channel"


@pytest.mark.parametrize("said", [{}, {"receipt_hash": None, "attachments": 1}])
def test_what_an_officer_takes_down_has_no_receipt_and_no_files(said: dict[str, object]) -> None:
    refused(noticed(), ReceiptMisplaced, filed(**said), SUPERVISION, START)
    refused(noticed(), ReceiptMisplaced, filed(receipt_hash=None, awaits_admission=True), SUPERVISION, START)


def test_the_public_does_nothing_else() -> None:
    story = held(awaits_admission=True)
    dispose = DisposeObjection(objection_id=only(story), outcome=Disposal.DISMISSED, reasons="There is nothing to it.")
    admit, acknowledge = AdmitObjection(objection_id=only(story)), AcknowledgeObjection(objection_id=only(story))
    for command in (dispose, admit, acknowledge, rejecting(story)):
        refused(story, WrongOrgan, command, PUBLIC, START)


@pytest.mark.parametrize(
    ("said", "identity", "for_personnel"),
    [
        ({}, Identity.ANONYMOUS, None),
        ({"objector": "Mr Grey"}, Identity.CONFIDENTIAL, None),
        ({"objector": "Mr Grey", "identity": "confidential"}, Identity.CONFIDENTIAL, None),
        ({"objector": "Mr Grey", "identity": "named"}, Identity.NAMED, "Mr Grey"),
        ({"objector": "Mr Grey", "identity": "named", "about": "candidate"}, Identity.NAMED, "Mr Grey"),
        ({"objector": "Mr Grey", "identity": "named", "about": "personnel_department"}, Identity.NAMED, None),
    ],
)
def test_personnel_learn_a_name_only_of_whoever_gave_it_to_all_and_not_about_themselves(
    said: dict[str, object], identity: Identity, for_personnel: str | None
) -> None:
    lodged = held(**said).then(ObjectionLodged)
    assert (lodged.identity, lodged.named_objector) == (identity, for_personnel)


def test_nothing_public_tells_what_an_objection_is_about_or_whose_it_is() -> None:
    plain = {"objector": "Mr Grey", "identity": "named"}
    shown = [
        held(**plain, about=about).then(ObjectionLodged).without_sealed().model_dump()
        for about in (About.PERSONNEL_DEPARTMENT, About.PROCEDURE)
    ]
    assert shown[0] == shown[1]
    assert not {"identity", "about", "objector", "named_objector", "grounds"} & {
        name for name, value in shown[0].items() if value is not None
    }


@pytest.mark.parametrize(
    "said", [{"identity": "anonymous", "objector": "Mr Grey"}, {"identity": "named"}, {"identity": "confidential"}]
)
def test_a_name_is_given_or_it_is_not(said: dict[str, object]) -> None:
    assert refused(noticed(), NameMisplaced, filed(**said), PUBLIC, START).field == "objector"


@pytest.mark.parametrize(("day", "late"), [("2026-03-09", False), ("2026-03-10", True)])
def test_an_acknowledgement_after_its_day_is_counted_as_late(day: str, late: bool) -> None:
    story = held().when(AcknowledgeObjection(objection_id=only(held())), SUPERVISION, at(day))
    said = story.then(ObjectionAcknowledged)
    assert (said.late, said.rules_applied()) == (late, ("objections.acknowledged",))
    again = AcknowledgeObjection(objection_id=only(story))
    refused(story, AlreadyAcknowledged, again, SUPERVISION, LATER)


def test_what_awaits_a_moderator_holds_the_case_and_a_rejection_releases_it() -> None:
    story = run_out(held(awaits_admission=True), "public_notice")
    assert live(story).stage == "public_notice"
    story = story.when(rejecting(story), MODERATOR, LATER)
    said = story.then(ObjectionRejected)
    assert (said.reason, said.reasons_version) == ("no_content", PRESENT)
    assert live(story).stage == "supervision_review"


@pytest.mark.parametrize("look", [AdmitObjection, AcknowledgeObjection])
def test_what_somebody_has_looked_at_no_moderator_turns_away(
    look: type[AdmitObjection] | type[AcknowledgeObjection],
) -> None:
    story = held(awaits_admission=True)
    story = story.when(look(objection_id=only(story)), MODERATOR if look is AdmitObjection else SUPERVISION, START)
    refused(story, AwaitsNoAdmission, rejecting(story), MODERATOR, START)
    refused(story, AwaitsNoAdmission, AdmitObjection(objection_id=only(story)), MODERATOR, START)
    assert live(run_out(story, "public_notice")).stage == "public_notice"


def test_what_came_with_its_proof_is_not_for_moderators() -> None:
    story = held()
    refused(story, AwaitsNoAdmission, rejecting(story), MODERATOR, START)


def test_supervision_may_dispose_of_what_no_moderator_has_looked_at() -> None:
    story = held(awaits_admission=True)
    wish = DisposeObjection(objection_id=only(story), outcome=Disposal.DISMISSED, reasons="There is nothing to it.")
    story = story.when(wish, SUPERVISION, START)
    assert refused(story, UnknownChoice, rejecting(story), MODERATOR, START).field == "objection_id"


def test_moderation_is_for_moderators_who_did_not_run_the_case() -> None:
    story = held(awaits_admission=True)
    for actor in (PERSONNEL, SUPERVISION):
        refused(story, WrongOrgan, rejecting(story), actor, START)
        refused(story, WrongOrgan, AdmitObjection(objection_id=only(story)), actor, START)
    refused(story, WrongOrgan, AcknowledgeObjection(objection_id=only(story)), MODERATOR, START)
    ran_it = MODERATOR.model_copy(update={"officer": OfficerId(PERSONNEL.officer)})
    refused(story, RanTheCase, rejecting(story), ran_it, START)


def test_a_rejection_is_for_a_reason_of_the_present_list() -> None:
    story = held(awaits_admission=True)
    for code in ("whim", "personal_data", "not_about_the_notice"):
        refusal = refused(story, UnknownChoice, rejecting(story, code), MODERATOR, START)
        assert (refusal.field, refusal.facts["known"]) == (
            "reason",
            [found.code for found in MODERATION_REASONS[PRESENT] if found.no_objection],
        )
    old = RejectObjection(objection_id=only(story), reason="no_content", reasons_version=PRESENT + 1)
    assert refused(story, UnknownChoice, old, MODERATOR, START).field == "reasons_version"


def test_an_objection_is_disposed_of_with_words_for_everybody() -> None:
    story = held()
    wish = DisposeObjection(
        objection_id=only(story),
        outcome=Disposal.DISMISSED,
        reasons="The delivery note was found.",
        public_answer="The papers of 2025-05-03 were looked at; they are in order (12 sheets).",
    )
    assert story.when(wish, SUPERVISION, START).then(ObjectionDisposed).public_answer == wish.public_answer


@pytest.mark.parametrize("words", ["Write to grey@example.org.", "Call 138 0013 8000.", "It was 11010519491231002X."])
def test_words_for_everybody_reach_nobody(words: str) -> None:
    story = held()
    wish = DisposeObjection(
        objection_id=only(story), outcome=Disposal.DISMISSED, reasons="The note was found.", public_answer=words
    )
    assert refused(story, PublicAnswerNamesSomebody, wish, SUPERVISION, START).field == "public_answer"


def test_a_case_that_has_ended_keeps_its_objections_as_they_are() -> None:
    story = held(candidate_id=next(iter(live(noticed()).candidates)))
    wish = DisposeObjection(objection_id=only(story), outcome=Disposal.UPHELD, reasons="The delivery never came.")
    refused(
        story.when(wish, SUPERVISION, START), CaseHasEnded, AdmitObjection(objection_id=only(story)), MODERATOR, START
    )


def test_a_hold_stops_neither_the_public_nor_a_moderator() -> None:
    held_case = noticed().when(PlaceHold(code=HoldCode.PROCEDURE, reason="The list was changed."), SUPERVISION, START)
    story = held_case.when(filed(awaits_admission=True), PUBLIC, START)
    assert story.when(rejecting(story), MODERATOR, START).then(ObjectionRejected).reason == "no_content"
