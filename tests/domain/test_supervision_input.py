"""An input bears three labels, is verified by somebody else, and shows nothing before when it is a lead."""

from collections.abc import Sequence

import pytest

from domain.command import Command
from domain.event import Event
from domain.identity import Actor, OfficerId, OrganId, PersonId
from domain.refusal import ActsInOwnCase, Refusal, ReviewsOwnWork, WrongOrgan
from domain.supervision_input import (
    INPUTS,
    DismissInput,
    InputIsSettled,
    InputNotFound,
    InputRecorded,
    InputStatus,
    Labels,
    LeadIsNoEvidence,
    Membership,
    RecordInput,
    ReferInput,
    Secrecy,
    Source,
    VerifyInput,
    Voice,
    fold_input,
    must_be_evidence,
)
from tests.domain.refusals import refused_apart
from tests.examples import PERSONNEL, SUPERVISION

COLLEAGUE = SUPERVISION.model_copy(update={"officer": OfficerId("officer-second-reviewer")})
ELSEWHERE = COLLEAGUE.model_copy(update={"organ": OrganId("audit-office")})
HEARD = Labels(membership=Membership.NON_PARTY, voice=Voice.MASS, source=Source.PUBLIC_OPINION)
WRITTEN = HEARD.model_copy(update={"source": Source.SYSTEM})
TEXT = "Three letters of this year were issued on the day of the decision."
VERIFY = VerifyInput(verified_with="The register of letters, pages 11 to 14.")
DISMISS = DismissInput(reason="The letters are of another registry.")
REFER = ReferInput(to=OrganId("audit-office"), remarks="An account of theirs.")


def record(labels: Labels = HEARD, secrecy: Secrecy = Secrecy.ORDINARY) -> list[Event]:
    return said([], RecordInput(labels=labels, text=TEXT, secrecy=secrecy))


def said(before: Sequence[Event], command: Command, actor: Actor = SUPERVISION) -> list[Event]:
    return [*before, *INPUTS[type(command)](fold_input(before), command, actor, "input0000001")]


def refused(kind: type[Refusal], before: Sequence[Event], command: Command | None, actor: Actor = COLLEAGUE) -> Refusal:
    """Of a command; without one, of citing the input as evidence."""
    if command is not None:
        return refused_apart(kind, lambda: said(before, command, actor))
    found = fold_input(before)
    assert found is not None
    return refused_apart(kind, lambda: must_be_evidence(found, 41))


def test_of_an_input_the_log_holds_in_the_open_that_it_came_and_whether_it_is_restricted() -> None:
    (recorded,) = record(secrecy=Secrecy.RESTRICTED)
    assert isinstance(recorded, InputRecorded) and recorded.labels == HEARD
    shown = recorded.without_sealed().model_dump(exclude_none=True)
    assert set(shown) == {"input_id", "secrecy", "organ", "recorded_by"}


@pytest.mark.parametrize(
    ("command", "status"),
    [(VERIFY, InputStatus.VERIFIED), (DISMISS, InputStatus.DISMISSED), (REFER, InputStatus.REFERRED)],
    ids=["verified", "dismissed", "referred"],
)
def test_an_input_is_verified_dismissed_or_referred(command: Command, status: InputStatus) -> None:
    found = fold_input(said(record(), command, COLLEAGUE))
    assert found is not None and found.status is status


def test_whoever_took_an_input_down_does_not_settle_it() -> None:
    refused(ReviewsOwnWork, record(), VERIFY, SUPERVISION)
    refused(ReviewsOwnWork, record(), DISMISS, SUPERVISION)


def test_what_is_settled_rests_and_what_was_referred_does_not() -> None:
    refused(InputIsSettled, said(record(), VERIFY, COLLEAGUE), DISMISS)
    assert fold_input(said(said(record(), REFER), VERIFY, COLLEAGUE))


def test_only_supervision_works_with_inputs_and_nobody_takes_down_what_is_about_them() -> None:
    refused(WrongOrgan, [], RecordInput(labels=HEARD, text=TEXT), PERSONNEL)
    refused(InputNotFound, [], VERIFY)
    about_me = RecordInput(labels=HEARD, text=TEXT, person_id=PersonId(SUPERVISION.officer))
    refused(ActsInOwnCase, [], about_me, SUPERVISION)


def test_a_restricted_item_is_for_the_organ_that_recorded_it_alone() -> None:
    refused(WrongOrgan, record(secrecy=Secrecy.RESTRICTED), VERIFY, ELSEWHERE)
    assert said(record(), VERIFY, ELSEWHERE), "an ordinary one is for all of supervision"


@pytest.mark.parametrize(
    ("labels", "secrecy", "lead"),
    [
        (WRITTEN, Secrecy.ORDINARY, False),
        (HEARD, Secrecy.ORDINARY, True),
        (WRITTEN, Secrecy.RESTRICTED, True),
        (None, Secrecy.ORDINARY, True),
    ],
)
def test_a_lead_is_evidence_only_once_it_is_verified(labels: Labels | None, secrecy: Secrecy, lead: bool) -> None:
    recorded = record(labels or WRITTEN, secrecy)
    if labels is None:
        recorded = [event.without_sealed() for event in recorded]
    found, verified = fold_input(recorded), fold_input(said(recorded, VERIFY, COLLEAGUE))
    assert found is not None and verified is not None and found.is_lead is lead
    must_be_evidence(verified, 41)
    if lead:
        assert refused(LeadIsNoEvidence, recorded, None).facts["position"] == 41
    else:
        must_be_evidence(found, 41)
