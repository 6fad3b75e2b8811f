"""Signing what is on record: each organ that the pack asks puts its own hand under it."""

from dataclasses import replace
from datetime import date

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.command import Command, held_by, nobody_acts_for_themselves, not_held
from domain.declaration import declared_before
from domain.event import Event
from domain.identity import CandidateId, OfficerId
from domain.occasion import Occasion
from domain.record import its_stage_is_to_come, known_record, nobody_vouches_for_their_own_work
from domain.record_lead import RecordTooEarly as RecordTooEarly
from domain.refusal import Refusal
from domain.stage_gate import record_key


class SignRecord(Command):
    """Put one's organ's signature under what is on record."""

    record: str
    candidate_id: CandidateId | None = None


class RecordSigned(CaseEvent):
    record: str
    candidate_id: CandidateId | None = None
    signed_on: date
    signed_as: str
    officer: OfficerId

    def rules_applied(self) -> tuple[str, ...]:
        return (f"records.{self.record}.signed_by",)

    def apply(self, case: LiveCase) -> Case:
        key = record_key(self.record, self.candidate_id)
        entered = case.records[key]
        signed = replace(
            entered, awaits=entered.awaits - {self.signed_as}, signed_by=entered.signed_by | {self.officer}
        )
        return case.with_record(key, signed)


class NothingToSign(Refusal):
    rule = "house.a_signature_stands_under_something"


class SignedAlready(Refusal):
    rule = "house.each_signature_is_another_hand"


def sign_record(case: Case, command: SignRecord, on: Occasion) -> list[Event]:
    """A record that needs several organs' signatures gets each from another officer.

    Source: the pack's `records.….signed_by` (cn.sr2019: the conclusion on integrity is signed by both the secretary and
    the discipline secretary, Art. 31).
    Refuses: UnknownChoice, NothingToSign, WrongOrgan, ActsInOwnCase, SignedAlready, DeclarationMissing, StageIsOver.
    """
    live = under_way(case)
    rule = known_record(command.record, on)
    its_stage_is_to_come(live, rule, on)
    nobody_acts_for_themselves(live, command, on)
    entered = live.records.get(record_key(rule.id, command.candidate_id))
    if entered is None or not entered.awaits:
        raise NothingToSign(
            f"“{rule.title.en}” awaits no signature here: it is not on record, or everybody has signed.",
            record=rule.id,
        )
    awaited = [signer for signer in rule.signers if signer in entered.awaits]
    signed_as = next((signer for signer in awaited if on.acts_as(signer)), awaited[0])
    held_by(signed_as, command, on)
    not_held(live, command, on, holder=signed_as)
    nobody_vouches_for_their_own_work(live, signed_as, on)
    if on.actor.hands & entered.signed_by:
        raise SignedAlready("You have entered or signed this record already. The other signature is another officer's.")
    declared_before(live, rule.stage, on.actor.hands, on)
    return [
        RecordSigned(
            record=rule.id,
            candidate_id=command.candidate_id,
            signed_on=on.today,
            signed_as=str(signed_as),
            officer=on.actor.officer,
        )
    ]
