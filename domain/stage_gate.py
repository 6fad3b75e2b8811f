"""What a stage still lacks before it may end: records, names on the list, and clocks that have not shut it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.appointment import LiveCase, stage_of
from domain.identity import CandidateId, RecordKeeper
from domain.occasion import Occasion
from domain.pack import ON_RECORD, ClockRule, OnExpiry, Pack, RecordRule, Stage, StageKind
from domain.refusal import Refusal
from domain.replacing import replace


class RecordMissing(Refusal):
    rule = "records.needed"


class ListTooShort(Refusal):
    rule = "stages.names_beyond_vacancies"


class ClockHasShutTheStage(Refusal):
    rule = "clocks.on_expiry"


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A record that is needed and not good: which rule asks, about whom, why, and who must act."""

    rule: str
    record: RecordRule
    candidate: CandidateId | None
    why: str
    waits_for: tuple[RecordKeeper, ...]

    @property
    def step(self) -> str:
        """The command that mends it."""
        return "sign_record" if self.why == "unsigned" else "enter_record"


def record_key(record: str, candidate: CandidateId | None) -> str:
    """The name under which a case keeps a record."""
    return record if candidate is None else f"{record}/{candidate}"


def is_needed(record: RecordRule, candidate: CandidateId | None, case: LiveCase) -> bool:
    """Whether the case is one that the record is needed in; one on a candidate, by what was excepted for them.

    Source: the pack's `records.….needed`.
    """
    if f"records.{record.id}.needed" in case.deviations:
        return False
    match record.needed.value.split(":"):
        case ["exceptional"]:
            return case.excepted(None, candidate) if candidate else bool(case.exceptions)
        case ["unless", kind]:
            return not case.excepted(kind, candidate)
        case ["rank", rank]:
            return case.post.rank == rank
        case ["late", clock]:
            return clock in case.clocks and case.clocks[clock].expired
        case _:
            return True


def missing_records(case: LiveCase, pack: Pack, stage: str, today: date) -> tuple[MissingRecord, ...]:
    """What a stage needs on record and does not have, in the order of the pack."""
    return tuple(
        missing
        for record in pack.records
        if record.stage == stage
        for candidate in _whom(record, case)
        if is_needed(record, candidate, case) and (missing := _missing(record, candidate, case, today)) is not None
    )


def _whom(record: RecordRule, case: LiveCase) -> Iterator[CandidateId | None]:
    if not record.each_candidate:
        yield None
        return
    for candidate in case.standing:
        if case.chosen in (None, candidate.id):
            yield candidate.id


def _missing(record: RecordRule, candidate: CandidateId | None, case: LiveCase, today: date) -> MissingRecord | None:
    entered = case.records.get(record_key(record.id, candidate))
    if entered is None:
        return MissingRecord(f"records.{record.id}.needed", record, candidate, "absent", (record.by,))
    if not entered.in_order:
        return MissingRecord(f"records.{record.id}.needed", record, candidate, "not_in_order", (record.by,))
    if entered.awaits:
        waits_for = tuple(signer for signer in record.signers if signer in entered.awaits)
        return MissingRecord(f"records.{record.id}.signed_by", record, candidate, "unsigned", waits_for)
    if entered.valid_until is not None and entered.valid_until < today:
        return MissingRecord(f"records.{record.id}.valid", record, candidate, "expired", (record.by,))
    return None


def names_wanted(stage: Stage, case: LiveCase) -> int | None:
    """How many candidates the list of a stage must have.

    Source: the pack's `stages.….names_beyond_vacancies` (South Africa, Judicial Service Commission: vacancies and 3).
    """
    path = f"stages.{stage.id}.names_beyond_vacancies"
    if stage.names_beyond_vacancies is None or path in case.deviations:
        return None
    return case.post.vacancies + stage.names_beyond_vacancies.value


def shut_by(case: LiveCase, pack: Pack, moment: str) -> ClockRule | None:
    """The clock that has run out and no longer lets a moment come.

    Source: the pack's `clocks.….on_expiry`, where it is `block`.
    """
    for rule in pack.clocks:
        clock = case.clocks.get(rule.id)
        waived = f"clocks.{rule.id}.on_expiry" in case.deviations
        if (
            clock
            and clock.expired
            and not clock.stopped
            and clock.on_expiry is OnExpiry.BLOCK
            and rule.until == moment
            and not waived
        ):
            return rule
    return None


def consented_by_silence(case: LiveCase, pack: Pack, stage: Stage) -> ClockRule | None:
    """The clock whose silence stands for the end of a stage, or of a later one: then nothing is asked of it any more.

    It stands for no stage in which somebody is judged or noticed, and where several stand it has chosen nobody.
    Source: the pack's `clocks.….on_expiry`, where it is `consent` (ke.papa: deemed approval, s. 3).
    """
    if stage.kind not in ON_RECORD | {StageKind.DECISION}:
        return None
    chooses = stage.kind is StageKind.DECISION
    if chooses and case.chosen is None:
        return None
    order = [found.id for found in pack.stages]
    for rule in pack.clocks:
        what, _, until = rule.until.partition(":")
        clock = case.clocks.get(rule.id)
        if what != "completed" or clock is None or not clock.deemed:
            continue
        # A decision is passed by the silence of whoever owed it, never by a clock of a later stage.
        if stage.id == until or (not chooses and order.index(stage.id) < order.index(until)):
            return rule
    return None


def missing_names(stage: Stage, case: LiveCase) -> int:
    """How many names the list of a stage lacks.

    Source: the pack's `stages.….names_beyond_vacancies`.
    """
    return max(0, (names_wanted(stage, case) or 0) - len(case.standing))


def is_held(case: LiveCase, pack: Pack, stage: Stage, today: date) -> bool:
    """Whether something that the pack wants keeps a stage from ending."""
    shut = shut_by(case, pack, f"completed:{stage.id}")
    return bool(shut or missing_records(case, pack, stage.id, today) or missing_names(stage, case))


def stage_may_end(case: LiveCase, on: Occasion) -> None:
    """The stage has what the pack asks for, so that the act that ends it may be done.

    Source: the pack's `records`, `clocks` and `stages.….names_beyond_vacancies`.
    Refuses: RecordMissing, ListTooShort, ClockHasShutTheStage.
    """
    stage = stage_of(case, on.pack)
    refuse_when_shut(case, on, f"completed:{stage.id}")
    if missing := (*missing_before(case, on.pack, on.today), *missing_records(case, on.pack, stage.id, on.today)):
        raise _records_missing(missing, stage, on)
    if short := missing_names(stage, case):
        wanted = len(case.standing) + short
        raise ListTooShort(
            f"{len(case.standing)} candidates stand and the list needs {wanted}: one for each of {case.post.vacancies} "
            f"to be filled, and {wanted - case.post.vacancies} more. Nominate more people; until then this waits.",
            citation=on.cite(f"stages.{stage.id}.names_beyond_vacancies"),
            candidates=len(case.standing),
            wanted=wanted,
        )


def missing_before(case: LiveCase, pack: Pack, today: date) -> tuple[MissingRecord, ...]:
    """What stages that are over need now, when somebody is to be chosen or appointed.

    An exception may have fallen since, and what was good then may be too old; silence has stood for some stages.
    What was good at the decision need not be made anew for the letter.
    """
    kind = pack.stage(case.stage).kind
    if kind not in (StageKind.DECISION, StageKind.APPOINTMENT):
        return ()
    missing = [found for stage in case.completed for found in _still_missing(case, pack, stage, today)]
    return tuple(found for found in missing if kind is StageKind.DECISION or found.why != "expired")


def _still_missing(case: LiveCase, pack: Pack, stage: str, today: date) -> tuple[MissingRecord, ...]:
    known = any(found.id == stage for found in pack.stages)
    return missing_records(case, pack, stage, today) if known and stage not in case.by_silence else ()


def waivers_used(case: LiveCase, pack: Pack, stage: Stage, today: date) -> tuple[str, ...]:
    """The rules without whose waiver a stage could not end: the event that ends it names them."""
    return tuple(
        rule
        for rule in sorted(case.deviations)
        if is_held(replace(case, deviations=case.deviations - {rule}), pack, stage, today)
    )


def refuse_when_shut(case: LiveCase, on: Occasion, moment: str) -> str | None:
    """A moment can no longer come once the clock that waited for it has run out and blocks.

    Gives the rule by whose waiver it comes all the same.
    Refuses: ClockHasShutTheStage.
    """
    if (rule := shut_by(case, on.pack, moment)) is not None:
        due_on = case.clocks[rule.id].due_on
        raise ClockHasShutTheStage(
            f"The clock “{rule.title.en}” ran out on {due_on:%-d %B %Y}, and after it this cannot be done. "
            "Ask for a deviation where the pack allows one, or withdraw the case.",
            citation=on.cite(f"clocks.{rule.id}.on_expiry"),
            clock=rule.id,
            due_on=due_on,
        )
    waived = shut_by(replace(case, deviations=frozenset()), on.pack, moment)
    return f"clocks.{waived.id}.on_expiry" if waived else None


def _records_missing(missing: tuple[MissingRecord, ...], stage: Stage, on: Occasion) -> RecordMissing:
    first = missing[0]
    about = f" on candidate {first.candidate}" if first.candidate else ""
    more = f" Beside it {len(missing) - 1} more must be put right." if len(missing) > 1 else ""
    reason = {
        "absent": "is not on record",
        "not_in_order": "is on record as not in order",
        "unsigned": f"is not signed by {', '.join(first.waits_for)}",
        "expired": "is no longer valid",
    }[first.why]
    return RecordMissing(
        f"“{stage.title.en}” cannot end: “{first.record.title.en}”{about} {reason}. "
        f"Ask {' and '.join(first.waits_for)} to `{first.step}`.{more}",
        citation=on.cite(first.rule),
        missing=[record_key(found.record.id, found.candidate) for found in missing],
        why=first.why,
        duty_holder=str(first.waits_for[0]),
    )
