"""Whether a candidate has the training that the post's rank asks for, and making it up afterwards.

Both are read from the person's training file, which only a school can write; nobody states hours to a case.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import ClassVar

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Appointed
from domain.command import Command, ready, waiver_used
from domain.event import Event
from domain.identity import CandidateId, PersonId, Role
from domain.nomination import out, standing_candidate
from domain.occasion import Occasion
from domain.pack import OnExpiry, Pack, StageKind
from domain.refusal import Refusal
from domain.training_file import FileAsKept
from domain.training_rules import TrainingPart
from domain.training_standing import (
    TrainingStanding,
    hours_beside,
    parts_beside,
    training_standing,
    years_failed_running,
)
from domain.working_days import before

MAKE_UP_TIMER = "make_up_training"
REMINDER_TIMER = "make_up_reminder"
CLOSES = "training.closes_after_failing"


class TrainingResult(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    CONDITIONAL = "conditional"


class VerifyTraining(Command):
    """The school has a candidate's training file held against the post; below it, it may ask for a conditional pass."""

    stage: ClassVar[StageKind | None] = StageKind.TRAINING_VERIFICATION
    candidate_id: CandidateId
    conditional: bool = False
    """Ask for a conditional pass, to be made up after the appointment."""


class RecordMakeUpTraining(Command):
    """The school has the training owed held against the file: what was studied since."""

    stage: ClassVar[StageKind | None] = StageKind.PROBATION
    by: ClassVar[Role | None] = Role.SCHOOL


class TrainingVerified(CaseEvent):
    """A candidate's training against what the post asks for, and the file that this was read from.

    `file_version` and `file_hash` are the place of the file's last event in the log, `counted` the entries that gave
    the hours. `deviation` is the rule that was waived for a file that fell short. `failed_years`: years without a
    break that ended out of order, where the pack closes promotion for them.
    """

    schema_version: ClassVar[int] = 2
    candidate_id: CandidateId
    result: TrainingResult
    hours: int
    required_hours: int
    window_from_on: date
    window_to_on: date
    requirement: str
    days: int
    missing_hours: int
    basis: str | None = None
    deviation: str | None = None
    required_days: int | None = None
    file_version: int | None = None
    file_hash: str | None = None
    counted: tuple[int, ...] = ()
    failed_years: int | None = None

    def rules_applied(self) -> tuple[str, ...]:
        closes = (CLOSES,) if self.failed_years else ()
        return (f"{self.requirement}.hours", f"{self.requirement}.window", *closes)

    def apply(self, case: LiveCase) -> Case:
        candidate = replace(
            case.candidates[self.candidate_id],
            training=str(self.result),
            training_counted=self.counted,
            hours_owed=self.missing_hours if self.result is TrainingResult.CONDITIONAL else 0,
        )
        verified = case.with_candidate(candidate)
        return out(verified, self.candidate_id, "not_trained") if self.result is TrainingResult.NOT_MET else verified


class MakeUpTrainingRecorded(CaseEvent):
    """The hours owed are on file."""

    schema_version: ClassVar[int] = 2
    under: ClassVar[tuple[str, ...]] = ("training.make_up",)
    recorded_on: date
    hours: int
    basis: str | None = None
    file_version: int | None = None
    file_hash: str | None = None

    def apply(self, case: LiveCase) -> Case:
        return replace(case, appointed=replace(case.appointed, made_up=True)) if case.appointed else case


class MakeUpTrainingReminded(CaseEvent):
    """The deadline of the training owed is near."""

    under: ClassVar[tuple[str, ...]] = ("training.make_up", "training.remind_before")
    reminded_on: date
    due_on: date
    hours_owed: int

    def apply(self, case: LiveCase) -> Case:
        return replace(case, appointed=replace(case.appointed, make_up_reminded=True)) if case.appointed else case


class MakeUpTrainingExpired(CaseEvent):
    """The make-up deadline has passed without the training."""

    under: ClassVar[tuple[str, ...]] = ("training.make_up", "training.on_make_up_expiry")
    due_on: date
    on_expiry: OnExpiry

    def apply(self, case: LiveCase) -> Case:
        if case.appointed is None:
            return case
        office = replace(
            case.appointed,
            make_up_expired=True,
            make_up_lapsed=self.on_expiry is OnExpiry.LAPSE,
            made_up=self.on_expiry is OnExpiry.CONSENT,
        )
        return replace(case, appointed=office)


class TrainingAlreadyVerified(Refusal):
    rule = "house.one_verification_a_candidate"


class ConditionalPassNotAllowed(Refusal):
    rule = "training.make_up"


class PromotionClosed(Refusal):
    rule = CLOSES


class NothingToMakeUp(Refusal):
    rule = "training.make_up"


class StillShortOfHours(Refusal):
    rule = "training.make_up"


def verify_training(case: Case, command: VerifyTraining, on: Occasion) -> list[Event]:
    """Training is met when the file is in order; else it is not met, or met on condition of making it up.

    Source: the pack's requirement for the rank (cn.sr2019: Training Regulations Art. 14, make-up SR-2019 Art. 8(5)).
    Units: hours attended, days of training.
    Refuses: OutOfOrder, WrongOrgan, UnknownChoice, TrainingAlreadyVerified, ConditionalPassNotAllowed, PromotionClosed.
    """
    live = ready(case, command, on)
    candidate = standing_candidate(live, command.candidate_id)
    if candidate.training is not None:
        raise TrainingAlreadyVerified(
            f"The training of {candidate.id} was already verified: {candidate.training}. "
            "Verify the candidates who are still to be verified.",
            result=candidate.training,
        )
    kept = file_of(on, candidate.person)
    standing = training_standing(kept.file, on.pack, live.post.rank, on.today)
    failed_years = _years_that_close(kept, live, on)
    opened = waiver_used(live, CLOSES, holds=failed_years is None)
    waived = waiver_used(live, f"{standing.path}.hours", holds=standing.in_order)
    if failed_years is not None and opened is None:
        result, waived = _closed(command, on, failed_years), None
    else:
        result = TrainingResult.MET if standing.in_order or waived else _short(command, on, standing)
    return [
        TrainingVerified(
            candidate_id=candidate.id,
            result=result,
            hours=standing.hours,
            required_hours=standing.required_hours,
            window_from_on=standing.window_from_on,
            window_to_on=on.today,
            requirement=standing.path,
            deviation=waived or opened,
            days=standing.days,
            required_days=standing.required_days,
            missing_hours=standing.missing_hours,
            file_version=kept.version,
            file_hash=kept.head.hex(),
            counted=standing.counted,
            failed_years=failed_years,
        )
    ]


def file_of(on: Occasion, person: PersonId) -> FileAsKept:
    """The training file that the command is decided upon; to be asked without one is a fault of the caller."""
    if on.training is None or on.training.file.person != person:
        raise LookupError(f"the training file of {person} was not read for this command")
    return on.training


def _years_that_close(kept: FileAsKept, live: LiveCase, on: Occasion) -> int | None:
    """Years failed without a break, when they are so many that the pack closes promotion.

    They are failed at the rank that the register has the candidate at; where it is another pack's, at the post's.
    Source: the pack's `training.closes_after_failing` (a local practice, S79: two years running).
    """
    limit, since_on = on.pack.training.closes_after_failing, kept.file.in_service_since
    if limit is None or since_on is None:
        return None
    service = kept.file.service
    known = service is not None and service.pack == on.pack.id and service.rank in {rank.id for rank in on.pack.ranks}
    rank = service.rank if service is not None and known else live.post.rank
    failed = years_failed_running(kept.file, on.pack, rank, on.today, since_on)
    return failed if failed >= limit.value else None


def _closed(command: VerifyTraining, on: Occasion, failed_years: int) -> TrainingResult:
    """Not met, whatever is on file: a conditional pass opens nothing that these years have closed."""
    if command.conditional:
        raise PromotionClosed(
            f"Training was out of order at the end of {failed_years} years running, and that closes promotion; no "
            "conditional pass opens it. Record it as not met, or have the deviation allowed.",
            citation=on.cite(CLOSES),
            failed_years=failed_years,
        )
    return TrainingResult.NOT_MET


def _short(command: VerifyTraining, on: Occasion, standing: TrainingStanding) -> TrainingResult:
    """What follows of a file that is not in order: not met, or a conditional pass where it was asked for."""
    if not command.conditional:
        return TrainingResult.NOT_MET
    if on.pack.training.make_up is None:
        raise ConditionalPassNotAllowed(
            f"`{on.pack.id}` knows no conditional pass: {standing.required_hours} hours are required and "
            f"{standing.hours} count. Record the training as not met, or wait until it is complete."
            f"{on.pack.both_sides(f'{standing.path}.hours')}",
            citation=on.cite(f"{standing.path}.hours"),
            hours=standing.hours,
            required_hours=standing.required_hours,
        )
    return TrainingResult.CONDITIONAL


def record_make_up_training(case: Case, command: RecordMakeUpTraining, on: Occasion) -> list[Event]:
    """The training owed is made up once the hours that were missing at the verification are on file.

    Source: the pack's `training.make_up`.
    Units: hours of trainings that the verification did not count.
    Refuses: OutOfOrder, WrongOrgan, NothingToMakeUp, StillShortOfHours.
    """
    live = ready(case, command, on)
    office = live.appointed
    if office is None or office.make_up_due_on is None or office.made_up:
        raise NothingToMakeUp(
            "Nothing is owed: the training was complete, or has been made up since. Go on with the probation.",
            citation=on.cite("training.make_up") if on.pack.training.make_up else None,
        )
    made_up = made_up_by(on.today, live, on)
    if made_up is None:
        hours = _hours_made_up(on.today, live, office, on)
        of_parts = _of_parts(_parts_missing(on.today, live, office, on))
        raise StillShortOfHours(
            f"{hours} hours beside those of the verification are on file and {office.hours_owed} are owed{of_parts}. "
            f"Complete them by {office.make_up_due_on:%-d %B %Y}.",
            citation=on.cite("training.make_up") if on.pack.training.make_up else None,
            hours=hours,
            hours_owed=office.hours_owed,
            due_on=office.make_up_due_on,
        )
    return [made_up]


def made_up_by(day: date, case: LiveCase, on: Occasion) -> MakeUpTrainingRecorded | None:
    """That the training owed was over by a day, if it was; also the clock asks, before it says that it was not.

    Units: hours of trainings that ended up to that day, whenever the school put them on file.
    """
    office = case.appointed
    if office is None:
        return None
    hours = _hours_made_up(day, case, office, on)
    if hours < office.hours_owed or _parts_missing(day, case, office, on):
        return None
    kept = file_of(on, case.candidates[office.candidate].person)
    return MakeUpTrainingRecorded(recorded_on=day, hours=hours, file_version=kept.version, file_hash=kept.head.hex())


def _parts_missing(day: date, case: LiveCase, office: Appointed, on: Occasion) -> tuple[tuple[TrainingPart, int], ...]:
    """Hours of one part make up for no other: what each part lacked at the verification is asked for again."""
    candidate = case.candidates[office.candidate]
    file = file_of(on, candidate.person).file
    return parts_beside(file, on.pack, case.post.rank, candidate.training_counted, day)


def _of_parts(missing: tuple[tuple[TrainingPart, int], ...]) -> str:
    return "".join(f"; {hours} of them of `{part.id}` are still missing" for part, hours in missing)


def _hours_made_up(day: date, case: LiveCase, office: Appointed, on: Occasion) -> int:
    candidate = case.candidates[office.candidate]
    file = file_of(on, candidate.person).file
    return hours_beside(file, on.pack, case.post.rank, candidate.training_counted, day)


def training_clocks(office: Appointed, pack: Pack) -> Iterator[tuple[str, date, Event]]:
    """The clocks of training that is owed: the reminder, and the deadline.

    Source: the pack's `training.remind_before`, `training.make_up` and `training.on_make_up_expiry`.
    """
    rules, due_on = pack.training_rules, office.make_up_due_on
    if rules is None or due_on is None or rules.on_make_up_expiry is None or office.made_up or office.make_up_expired:
        return
    if rules.remind_before is not None and not office.make_up_reminded:
        remind_on = before(due_on, rules.remind_before.value)
        reminded = MakeUpTrainingReminded(reminded_on=remind_on, due_on=due_on, hours_owed=office.hours_owed)
        if remind_on > office.effective_on:  # before the office began there is nothing to be reminded of
            yield REMINDER_TIMER, remind_on, reminded
    yield MAKE_UP_TIMER, due_on, MakeUpTrainingExpired(due_on=due_on, on_expiry=rules.on_make_up_expiry.value)
