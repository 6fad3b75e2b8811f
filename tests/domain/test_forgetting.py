"""Nobody is forgotten by one hand, nor while an open matter needs them; the ground stays readable as a code."""

from datetime import date
from typing import Any

import pytest

from domain.event import Event
from domain.forgetting import (
    AlreadyForgotten,
    ApproveForgetting,
    Forgetting,
    ForgettingProposed,
    ForgettingState,
    ForgettingUnderWay,
    Ground,
    NoForgettingProposed,
    OneHandForgets,
    PersonForgotten,
    ProposeForgetting,
    RefuseForgetting,
    WithdrawForgetting,
    approve_forgetting,
    fold_forgetting,
    propose_forgetting,
    refuse_forgetting,
    withdraw_forgetting,
)
from domain.identity import Actor, Role
from domain.kept_person import (
    ActsInOpenCase,
    RetentionFloorRunning,
    StandsInOpenCase,
    StillInService,
    SupervisionNotSettled,
    Ties,
    UnderInquiry,
)
from domain.refusal import Refusal, WrongOrgan
from domain.retention import Floor
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, PERSONNEL, SUPERVISION, at, pack

START = at("2026-03-02")
PROPOSE = ProposeForgetting(person_id=CHEN, ground=Ground.REQUEST, reason="They asked for it in writing.")
APPROVE = ApproveForgetting(person_id=CHEN)
REFUSE = RefuseForgetting(person_id=CHEN, reason="A complaint is not settled.")
WITHDRAW = WithdrawForgetting(person_id=CHEN)
CITED = pack("standard").cite("retention.with_appointment.at_least")
BOTH = (Role.PERSONNEL, Role.SUPERVISION)
DECIDE: dict[type[Any], Any] = {
    ProposeForgetting: propose_forgetting,
    ApproveForgetting: approve_forgetting,
    RefuseForgetting: refuse_forgetting,
    WithdrawForgetting: withdraw_forgetting,
}


def decided(found: Forgetting | None, command: Any, actor: Actor, ties: Ties | None = None) -> list[Event]:
    more = {"ties": ties or Ties()} if isinstance(command, ProposeForgetting | ApproveForgetting) else {}
    events: list[Event] = DECIDE[type(command)](found, command, actor=actor, at=START, **more)
    return events


def after(*steps: tuple[Any, Actor]) -> Forgetting | None:
    events: list[Event] = []
    for command, actor in steps:
        events += decided(fold_forgetting(events), command, actor)
    return fold_forgetting(events)


def refused(found: Forgetting | None, kind: type[Refusal], command: Any, actor: Actor, ties: Ties | None = None) -> str:
    with pytest.raises(kind) as caught:
        decided(found, command, actor, ties)
    assert_whole(caught.value)
    return caught.value.sentence


PROPOSED = after((PROPOSE, PERSONNEL))


def test_personnel_propose_and_the_reason_is_sealed_with_the_persons_own_key() -> None:
    (proposed,) = decided(None, PROPOSE, PERSONNEL)
    assert isinstance(proposed, ForgettingProposed) and proposed.without_sealed().reason is None
    assert PROPOSED is not None and PROPOSED.awaits and PROPOSED.ground is Ground.REQUEST


def test_supervision_approves_or_refuses_and_personnel_withdraw() -> None:
    for command, actor, state in (
        (APPROVE, SUPERVISION, ForgettingState.APPROVED),
        (REFUSE, SUPERVISION, ForgettingState.REFUSED),
        (WITHDRAW, PERSONNEL, ForgettingState.WITHDRAWN),
    ):
        found = after((PROPOSE, PERSONNEL), (command, actor))
        assert found is not None and found.state is state
        for later, judge in ((APPROVE, SUPERVISION), (REFUSE, SUPERVISION), (WITHDRAW, PERSONNEL)):
            refused(found, NoForgettingProposed, later, judge)
    refused(None, NoForgettingProposed, APPROVE, SUPERVISION)


@pytest.mark.parametrize("command", [PROPOSE, APPROVE, REFUSE, WITHDRAW])
def test_each_half_belongs_to_its_department_and_no_token_of_both_does_either(command: Any) -> None:
    found = None if command is PROPOSE else PROPOSED
    mine, other = (PERSONNEL, SUPERVISION) if command in (PROPOSE, WITHDRAW) else (SUPERVISION, PERSONNEL)
    refused(found, WrongOrgan, command, other)
    refused(found, OneHandForgets, command, mine.model_copy(update={"roles": BOTH}))
    refused(found, OneHandForgets, command, mine.model_copy(update={"officer": CHEN}))


@pytest.mark.parametrize("command", [APPROVE, REFUSE])
def test_whoever_proposed_does_not_judge_it_in_another_office_nor_by_a_deputy(command: Any) -> None:
    again = SUPERVISION.model_copy(update={"officer": PERSONNEL.officer})
    refused(PROPOSED, OneHandForgets, command, again)
    refused(PROPOSED, OneHandForgets, command, SUPERVISION.model_copy(update={"on_behalf_of": PERSONNEL.officer}))


def test_it_is_proposed_once_at_a_time_and_again_after_a_no() -> None:
    refused(PROPOSED, ForgettingUnderWay, PROPOSE, PERSONNEL)
    refused(after((PROPOSE, PERSONNEL), (APPROVE, SUPERVISION)), ForgettingUnderWay, PROPOSE, PERSONNEL)
    assert decided(after((PROPOSE, PERSONNEL), (REFUSE, SUPERVISION)), PROPOSE, PERSONNEL)
    assert decided(after((PROPOSE, PERSONNEL), (WITHDRAW, PERSONNEL)), PROPOSE, PERSONNEL)


def test_the_forgotten_stay_forgotten() -> None:
    steps = [*decided(None, PROPOSE, PERSONNEL), *decided(PROPOSED, APPROVE, SUPERVISION)]
    tombstone = PersonForgotten(
        person_id=CHEN,
        forgotten_on=START.date(),
        ground=Ground.REQUEST,
        approved_on=START.date(),
        proposed_by=(PERSONNEL.officer,),
        approved_by=(SUPERVISION.officer,),
        sealed_parts=7,
    )
    found = fold_forgetting([*steps, tombstone])
    assert found is not None and (found.state, found.sealed_parts) == (ForgettingState.FORGOTTEN, 7)
    for command, actor in ((PROPOSE, PERSONNEL), (APPROVE, SUPERVISION), (REFUSE, SUPERVISION), (WITHDRAW, PERSONNEL)):
        assert "2 March 2026" in refused(found, AlreadyForgotten, command, actor)


def kept_by(ties: Ties, kind: type[Refusal]) -> str:
    said = refused(None, kind, PROPOSE, PERSONNEL, ties)
    assert refused(PROPOSED, kind, APPROVE, SUPERVISION, ties) == said
    return said


def test_whoever_an_open_matter_needs_is_kept_when_it_is_proposed_and_when_it_is_approved() -> None:
    refused(None, StandsInOpenCase, PROPOSE, PERSONNEL, Ties(candidate_in=("c1",)))
    assert "case c1. Wait" in kept_by(Ties(candidate_in=("c1",)), StandsInOpenCase)
    assert "c2 is held by a reviewer" in kept_by(Ties(candidate_in=("c1", "c2"), held_in=("c2",)), StandsInOpenCase)
    refused(None, ActsInOpenCase, PROPOSE, PERSONNEL, Ties(acted_in=("c1",)))
    refused(PROPOSED, UnderInquiry, APPROVE, SUPERVISION, Ties(inquiries=("i1",)))
    refused(PROPOSED, SupervisionNotSettled, APPROVE, SUPERVISION, Ties(unsettled=True))
    refused(None, StillInService, PROPOSE, PERSONNEL, Ties(serves=True))
    floors = tuple(Floor("the file of case c1", day, CITED) for day in (date(2027, 1, 1), date(2028, 3, 2)))
    refused(None, RetentionFloorRunning, PROPOSE, PERSONNEL, Ties(floors=floors))
    assert "until 2 March 2028" in kept_by(Ties(floors=floors), RetentionFloorRunning), "the last of them counts"
    assert "register of teachers" in kept_by(Ties(teaches=True), StillInService)
    assert decided(PROPOSED, REFUSE, SUPERVISION), "to say no, nothing has to be settled"
