"""Entering what a stage needs on record, and concluding a stage that lives by its records."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.appointment import Case, CaseEvent, LiveCase, stage_of, under_way
from domain.case_file import OnRecord
from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner, not_held, ready
from domain.declaration import declared_before
from domain.event import Confidential, Event
from domain.identity import CandidateId, OfficerId, RecordKeeper, Role
from domain.nomination import out, standing_candidate
from domain.occasion import Occasion
from domain.pack import ON_RECORD, RecordRule
from domain.record_lead import RecordTooEarly as RecordTooEarly
from domain.record_lead import comes_after_its_lead
from domain.recusal import team_without_conflict
from domain.refusal import OutOfOrder, Refusal, UnknownChoice
from domain.replacing import replace
from domain.stage_gate import missing_before, record_key, refuse_when_shut

OLDEST = timedelta(days=366)
"""How long before its case a record may date; checks of an earlier round count as long as they are valid."""

REFERENCE = "where the paper is filed; stands in the public record: no names"


class EnterRecord(Command):
    """Put on record what the pack asks of a stage: a paper, a check, a conclusion, a meeting."""

    record: str = Field(description="id of the record in the pack")
    candidate_id: CandidateId | None = Field(None, description="whom it is about, where the pack asks for one of each")
    dated_on: date | None = Field(None, description="the day on which it was done; today when left out")
    in_order: bool = Field(True, description="false: it was done, and what it found is not in order")
    not_required: bool = Field(False, description="true: it was not done, since it is not required; `remarks` say why")
    paper: str = Field(min_length=3, max_length=300, description=REFERENCE)
    items: tuple[str, ...] = Field((), max_length=100, description="ids of the items that it holds")
    people: tuple[OfficerId, ...] = Field((), max_length=100, description="who took part, where a team is asked for")
    invited: int | None = Field(None, ge=1, le=100_000)
    present: int | None = Field(None, ge=0, le=100_000)
    remarks: str | None = Field(None, max_length=4000, description="sealed for supervision")

    @model_validator(mode="after")
    def what_was_not_done_found_nothing(self) -> Self:
        if self.not_required and (not self.in_order or self.items or self.people or self.present is not None):
            raise ValueError("not_required: what was not done found nothing; leave in_order, items and people out")
        return self


class ConcludeStage(Command):
    """State that a stage which lives by its records is over."""

    concludes: ClassVar[bool] = True


class RecordEntered(CaseEvent):
    """Something that the pack asks for is on record; entering it again takes the place of what was there."""

    schema_version: ClassVar[int] = 2
    record: str
    candidate_id: CandidateId | None = None
    dated_on: date
    in_order: bool
    not_required: bool = False
    paper: str
    items: tuple[str, ...] = ()
    people: tuple[OfficerId, ...] = ()
    invited: int | None = None
    present: int | None = None
    valid_until: date | None = None
    awaits: tuple[str, ...] = ()
    officer: OfficerId
    puts_out: bool = False
    deviation: str | None = None
    remarks: Annotated[str | None, Confidential(to="supervision")] = None

    def rules_applied(self) -> tuple[str, ...]:
        stated = (f"records.{self.record}.where_required",) if self.not_required else ()
        return (f"records.{self.record}.needed", *stated)

    def apply(self, case: LiveCase) -> Case:
        entered = OnRecord(
            dated_on=self.dated_on,
            in_order=self.in_order,
            valid_until=self.valid_until,
            awaits=frozenset(self.awaits),
            signed_by=frozenset({self.officer}),
        )
        after = case.with_record(record_key(self.record, self.candidate_id), entered)
        if self.puts_out and self.candidate_id is not None:
            return out(after, self.candidate_id, self.record)
        return after


class StageConcluded(CaseEvent):
    stage: str
    concluded_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, concluded=case.concluded | {self.stage})


class StageIsOver(Refusal):
    rule = "stages.order"


class RecordIsRequired(Refusal):
    rule = "records.needed"


class NoReasonWhyNotRequired(Refusal):
    rule = "records.where_required"
    unlawful = False


class RecordIncomplete(Refusal):
    rule = "records.items"


class TooFewPeople(Refusal):
    rule = "records.people"


class MeetingBelowQuorum(Refusal):
    rule = "records.quorum"


class RecordOutOfTime(Refusal):
    rule = "house.a_record_is_of_its_time"
    unlawful = False


class VouchesForOwnWork(Refusal):
    rule = "house.nobody_reviews_their_own_work"


def enter_record(case: Case, command: EnterRecord, on: Occasion) -> list[Event]:
    """What a stage needs goes on record at that stage or before it, by the organ whose duty the pack makes it.

    Source: the pack's `records` (cn.sr2019: the four checks may be made as early as the motion, S13).
    Refuses: UnknownChoice, WrongOrgan, ActsInOwnCase, StageIsOver, RecordOutOfTime, RecordIncomplete, TooFewPeople,
    MeetingBelowQuorum, ConflictedMember, DeclarationMissing, RecordTooEarly, ClockHasShutTheStage, RecordIsRequired,
    NoReasonWhyNotRequired.
    """
    live = under_way(case)
    rule = known_record(command.record, on)
    held_by(rule.by, command, on)
    nobody_acts_for_themselves(live, command, on)
    not_held(live, command, on, holder=rule.by)
    nobody_vouches_for_their_own_work(live, rule.by, on)
    its_stage_is_to_come(live, rule, on)
    waived = refuse_when_shut(live, on, f"record:{rule.id}")
    _about_whom_it_should_be(live, rule, command.candidate_id)
    dated_on = _day_of(live, command, on)
    if command.not_required:
        _may_be_stated_not_required(rule, command, on)
    else:
        _holds_what_it_must(rule, command, on)
    team_without_conflict(live, command.people, on)
    declared_before(live, rule.stage, {*on.actor.hands, *command.people}, on)
    comes_after_its_lead(live, rule, command.candidate_id, dated_on, on)
    signs_now = rule.by in rule.signers
    return [
        RecordEntered(
            **command.model_dump(exclude={"dated_on"}),
            dated_on=dated_on,
            valid_until=on.due(rule.valid.value, start=dated_on).closes_on if rule.valid else None,
            awaits=tuple(str(signer) for signer in rule.signers if not (signs_now and signer is rule.by)),
            officer=on.actor.officer,
            puts_out=rule.puts_out and not command.in_order,
            deviation=waived,
        )
    ]


def known_record(record: str, on: Occasion) -> RecordRule:
    """What the pack says of a record.

    Refuses: UnknownChoice.
    """
    rule = on.pack.record(record)
    if rule is None:
        known = [found.id for found in on.pack.records]
        raise UnknownChoice(
            f"`{on.pack.id}` asks for no record “{record}”; choose one of {', '.join(known) or 'none'}.",
            field="record",
            known=known,
        )
    return rule


def its_stage_is_to_come(live: LiveCase, rule: RecordRule, on: Occasion) -> None:
    """The stage that a record belongs to is not over, or lacks just that record.

    Refuses: StageIsOver.
    """
    lacked = {found.record.id for found in missing_before(live, on.pack, on.today)}
    if rule.stage in live.completed and rule.id not in lacked:
        stage = on.pack.stage(rule.stage)
        raise StageIsOver(
            f"“{rule.title.en}” belongs to the stage “{stage.title.en}”, which is over. "
            "What was on record then stands; state later findings at the present stage.",
            stage=stage.id,
        )


def _about_whom_it_should_be(live: LiveCase, rule: RecordRule, candidate_id: CandidateId | None) -> None:
    if not rule.each_candidate and candidate_id is not None:
        raise UnknownChoice(
            f"“{rule.title.en}” is about the case, not about a candidate. Leave `candidate_id` out.",
            field="candidate_id",
        )
    if rule.each_candidate:
        standing_candidate(live, candidate_id or CandidateId(""))


def nobody_vouches_for_their_own_work(live: LiveCase, holder: RecordKeeper, on: Occasion) -> None:
    """What supervision or the deciding body puts its name to is nobody's who runs the case.

    Refuses: VouchesForOwnWork.
    """
    if holder is not Role.PERSONNEL:
        not_by_its_runner(live, on, VouchesForOwnWork, f"put {holder}'s name to a record of it", "Another officer")


def _day_of(live: LiveCase, command: EnterRecord, on: Occasion) -> date:
    dated_on = command.dated_on or on.today
    if live.opened_on is not None and dated_on < live.opened_on - OLDEST:
        raise RecordOutOfTime(
            f"{dated_on:%-d %B %Y} lies more than a year before the case, which was opened on "
            f"{live.opened_on:%-d %B %Y}. Enter what was done for this case, with its day.",
            field="dated_on",
            opened_on=live.opened_on,
        )
    if dated_on > on.today:
        raise RecordOutOfTime(
            f"{dated_on:%-d %B %Y} is still to come: today is {on.today:%-d %B %Y}. Enter it when it has been done.",
            field="dated_on",
            today=on.today,
        )
    return dated_on


def _may_be_stated_not_required(rule: RecordRule, command: EnterRecord, on: Occasion) -> None:
    """The statement takes the record's place where the pack leaves room for it: dated, filed and signed like it."""
    if rule.where_required is None or not rule.where_required.value:
        raise RecordIsRequired(
            f"“{rule.title.en}” is always required, so nobody states that it is not. Have it done, and enter it.",
            citation=on.cite(f"records.{rule.id}.needed"),
            field="not_required",
        )
    if not command.remarks:
        raise NoReasonWhyNotRequired(
            f"“{rule.title.en}” is stated not to be required, without a reason. State in `remarks` why it is not.",
            citation=on.cite(f"records.{rule.id}.where_required"),
            field="remarks",
        )


def _holds_what_it_must(rule: RecordRule, command: EnterRecord, on: Occasion) -> None:
    path = f"records.{rule.id}"
    if rule.items is not None:
        _all_items(rule.items.value, command, f"{path}.items", on)
    wanted = rule.people.value if rule.people else 0
    if len(set(command.people)) < wanted:
        raise TooFewPeople(
            f"“{rule.title.en}” names {len(set(command.people))} people, and the rule asks for at least {wanted}. "
            "Name everybody who took part.",
            citation=on.cite(f"{path}.people"),
            field="people",
            people=len(set(command.people)),
            wanted=wanted,
        )
    if rule.quorum is not None:
        _is_quorate(rule, command, f"{path}.quorum", on)


def _all_items(wanted: Collection[str], command: EnterRecord, path: str, on: Occasion) -> None:
    if any(item not in wanted for item in command.items):
        raise UnknownChoice(f"Items of this record are {', '.join(wanted)}; choose from them.", field="items")
    if missing := [item for item in wanted if item not in command.items]:
        raise RecordIncomplete(
            f"The record lacks {', '.join(missing)}. Until it is complete it counts for nothing, and starts no clock. "
            "Enter it with all of its items.",
            citation=on.cite(path),
            field="items",
            missing=missing,
        )


def _is_quorate(rule: RecordRule, command: EnterRecord, path: str, on: Occasion) -> None:
    if rule.quorum is None or command.invited is None or command.present is None:
        raise RecordIncomplete(
            "How many were invited and how many were present is missing. State `invited` and `present`.",
            citation=on.cite(path),
            field="invited",
        )
    if command.present < rule.quorum.value * command.invited:
        raise MeetingBelowQuorum(
            f"{command.present} of {command.invited} invited were present, and the rule asks for {rule.quorum.value} "
            "of them. Convene it anew.",
            citation=on.cite(path),
            field="present",
            present=command.present,
            invited=command.invited,
        )


def conclude_stage(case: Case, command: ConcludeStage, on: Occasion) -> list[Event]:
    """A stage that lives by its records ends when they are complete and its duty holder says so.

    Source: the pack's `stages` and `records`.
    Refuses: WrongOrgan, OutOfOrder, RecordMissing, ListTooShort, ClockHasShutTheStage.
    """
    now = stage_of(under_way(case), on.pack)
    if now.kind not in ON_RECORD:
        raise OutOfOrder(
            f"“{now.title.en}” ends by its own acts, not by being concluded. Ask `explain` what it still needs.",
            stage=now.id,
            duty_holder=str(now.duty.holder),
        )
    live = ready(case, command, on)
    return [StageConcluded(stage=live.stage, concluded_on=on.today)]
