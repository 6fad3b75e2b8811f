"""What the record of a case must hold under its pack, and of each such fact: where it is, or why it is not there.

It reads nothing but what is public of a case's events, so the statement is the same for whoever reads it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.case_opening import CaseOpened
from domain.case_trail import CaseTrail, ended_on
from domain.clock import ClockExpired
from domain.deviation import DeviationAllowed
from domain.event import Event, PackReference, Recorded
from domain.identity import CandidateId
from domain.law import Text
from domain.nomination import NominationsClosed
from domain.pack import Pack, RecordRule, Stage
from domain.query import QueryAnswered, QueryAnswerOverdue, RunnerQueried
from domain.record import RecordEntered
from domain.record_signature import RecordSigned
from domain.required_acts import Act, acts_of_stage
from domain.required_declarations import declarations_of_stage
from domain.stage import CaseEnded, StageBegun, StageCompleted
from domain.training_verification import TrainingVerified


class Standing(StrEnum):
    """How a required fact stands."""

    PRESENT = "present"
    WAIVED = "waived"
    NOT_DUE = "not_due"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Required:
    """A fact that the record must hold: of which kind, about whom, by which rule, and how it stands.

    `positions` are those of the events that it rests on; of one that was waived, those of the waiver. `why` says what
    keeps it from being there, and is empty where it is.
    """

    kind: str
    what: str
    title: Text
    standing: Standing
    positions: tuple[int, ...] = ()
    stage: str | None = None
    about: str | None = None
    rule: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Completeness:
    """The statement of a case's completeness."""

    facts: tuple[Required, ...]

    @property
    def missing(self) -> tuple[Required, ...]:
        return tuple(fact for fact in self.facts if fact.standing is Standing.MISSING)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that is due by now."""
        return not self.missing

    @property
    def counts(self) -> Counter[Standing]:
        return Counter(fact.standing for fact in self.facts)


def completeness(
    rows: Sequence[Recorded[Event]], pack: Pack, today: date, earlier: Mapping[PackReference, Pack] | None = None
) -> Completeness:
    """Of everything that a case's pack asks for: whether it is there, and where, or why it is not.

    A stage that was completed under another version of the pack is held against that one, given in `earlier`.
    Source: the pack's `stages`, `records`, `review`, `conflicts`, `merit` and `supervision`.
    """
    trail = CaseTrail(rows, pack)
    statement = _Statement(trail, today, earlier or {})
    return Completeness(tuple(statement.facts()))


class _Statement:
    """The facts that are required of one case, in the order of its pack."""

    def __init__(self, trail: CaseTrail, today: date, earlier: Mapping[PackReference, Pack]):
        self.trail, self.today, self.earlier = trail, today, earlier
        self.waivers = {row.event.rule: row for row in trail.every(DeviationAllowed)}

    def facts(self) -> Iterator[Required]:
        opening = Act("opening", "case_opened", Text(en="The case is opened", zh="立案"), (CaseOpened,))
        yield self._act(opening, None, due=True)
        for stage in self.trail.pack.stages:
            law = self._law_of(stage)
            asked = next((found for found in law.stages if found.id == stage.id), stage)
            yield from self._stage(asked, law)
        yield from self._queries()
        yield from self._departures()
        ending = Act("ending", "case_ended", Text(en="The case is ended", zh="结案"), (CaseEnded,))
        yield self._act(ending, None, due=self.trail.is_over(self.trail.pack.stages[-1].id))

    def _law_of(self, stage: Stage) -> Pack:
        """The version of the pack under which a stage ended, or that it is under now."""
        end = self.trail.last(StageCompleted, stage=stage.id)
        law = self.earlier.get(end.pack) if end and end.pack else None
        return law if law and any(found.id == stage.id for found in law.stages) else self.trail.pack

    def _stage(self, stage: Stage, law: Pack) -> Iterator[Required]:
        begun = Act("stage", "stage_begun", Text(en="begun", zh="开始"), (StageBegun,), {"stage": stage.id})
        yield self._act(begun, stage, due=self.trail.has_begun(stage.id))
        due = self.trail.is_over(stage.id)
        for rule in (found for found in law.records if found.stage == stage.id):
            yield from self._record(rule, stage)
        for act in acts_of_stage(stage, law, self.trail):
            yield self._act(act, stage, due=self.trail.is_over(act.due_with) if act.due_with else due)
        for act in declarations_of_stage(stage, law, self.trail):
            yield self._act(act, stage, due=True)
        done = Act("stage", "stage_completed", Text(en="completed", zh="完成"), (StageCompleted,), {"stage": stage.id})
        yield self._act(done, stage, due=due)

    def _record(self, rule: RecordRule, stage: Stage) -> Iterator[Required]:
        for candidate in self.trail.whom(stage) if rule.each_candidate else (None,):
            if not self._is_needed(rule, candidate):
                continue
            path = f"records.{rule.id}.needed"
            yield self._fact(
                "record", rule.id, rule.title, stage, candidate, path, self._entered(rule, candidate, stage)
            )
            for signer in rule.signers:
                signed = self._signed(rule, candidate, signer)
                signing = f"records.{rule.id}.signed_by"
                yield self._fact("signature", f"{rule.id}:{signer}", rule.title, stage, candidate, signing, signed)

    def _is_needed(self, rule: RecordRule, candidate: CandidateId | None) -> bool:
        """Whether the case is one that a record is needed in.

        Source: the pack's `records.….needed`.
        """
        match rule.needed.value.split(":"):
            case ["exceptional"]:
                return bool(self.trail.exceptions(candidate))
            case ["unless", kind]:
                return kind not in self.trail.exceptions(candidate)
            case ["rank", rank]:
                return self.trail.rank == rank
            case ["late", clock]:
                return bool(self.trail.every(ClockExpired, clock=clock))
            case _:
                return True

    def _entered(self, rule: RecordRule, candidate: CandidateId | None, stage: Stage) -> tuple[str, tuple[int, ...]]:
        """Why a record is not good, or nothing; and where it is."""
        entered = self.trail.last(RecordEntered, record=rule.id, candidate_id=candidate)
        if entered is None:
            return ("", (deemed,)) if (deemed := self._deemed(rule, candidate)) is not None else ("absent", ())
        if not entered.event.in_order:
            return "not_in_order", (entered.position,)
        good_on = ended_on(self.trail.end_of(stage.id)) or self.today
        if entered.event.valid_until is not None and entered.event.valid_until < good_on:
            return "expired", (entered.position,)
        return "", (entered.position,)

    def _deemed(self, rule: RecordRule, candidate: CandidateId | None) -> int | None:
        """The clock whose silence stands for a record."""
        return next(
            (
                row.position
                for row in self.trail.every(ClockExpired, deems=f"record:{rule.id}")
                if candidate is None or candidate in row.event.silent_on
            ),
            None,
        )

    def _signed(self, rule: RecordRule, candidate: CandidateId | None, signer: str) -> tuple[str, tuple[int, ...]]:
        entered = self.trail.last(RecordEntered, record=rule.id, candidate_id=candidate)
        if entered is None and (deemed := self._deemed(rule, candidate)) is not None:
            return "", (deemed,)
        if entered and (entered.event.not_required or signer not in entered.event.awaits):
            return "", (entered.position,)  # whoever enters what they sign has signed it with that
        signed = self.trail.last(RecordSigned, record=rule.id, candidate_id=candidate, signed_as=signer)
        if signed is None or (entered and signed.position < entered.position):
            return "unsigned", ()
        return "", (signed.position,)

    def _fact(
        self,
        kind: str,
        what: str,
        title: Text,
        stage: Stage,
        about: CandidateId | None,
        rule: str,
        found: tuple[str, tuple[int, ...]],
    ) -> Required:
        why, positions = found
        standing, positions, why = self._standing(why, positions, stage, rule, due=self.trail.is_over(stage.id))
        return Required(kind, what, title, standing, positions, stage.id, about, rule, why)

    def _act(self, act: Act, stage: Stage | None, *, due: bool) -> Required:
        why, positions = act.found_in(self.trail)
        standing, positions, why = self._standing(why, positions, stage, act.rule, due=due)
        return Required(
            act.kind, act.what, act.title, standing, positions, stage.id if stage else None, act.about, act.rule, why
        )

    def _standing(
        self, why: str, positions: tuple[int, ...], stage: Stage | None, rule: str | None, *, due: bool
    ) -> tuple[Standing, tuple[int, ...], str]:
        if not why:
            return Standing.PRESENT, positions, ""
        if rule in self.waivers:
            return Standing.WAIVED, (self.waivers[rule].position,), "deviation"
        if stage is not None and (silent := self.trail.silence_of(stage.id)) is not None:
            return Standing.WAIVED, (silent.position,), "silence"
        if due:
            return Standing.MISSING, positions, why
        return Standing.NOT_DUE, positions, self._not_yet(stage)

    def _not_yet(self, stage: Stage | None) -> str:
        if self.trail.ended is not None:
            return "ended_before"
        return "under_way" if stage is None or self.trail.has_begun(stage.id) else "ahead"

    def _queries(self) -> Iterator[Required]:
        asked = {row.event.query_id: row for row in self.trail.every(RunnerQueried)}
        late = {row.event.query_id for row in self.trail.every(QueryAnswerOverdue)}
        for query in dict.fromkeys((*asked, *(row.event.query_id for row in self.trail.every(QueryAnswered)))):
            said = {"query_id": query}
            title = Text(en="A reviewer's query is answered", zh="审核人员的询问得到答复")
            answer = Act("query", "query_answered", title, (QueryAnswered,), said, about=query)
            yield self._act(answer, None, due=query in late or self.trail.ended is not None)

    def _departures(self) -> Iterator[Required]:
        """A rule that something was done without was waived by somebody who may."""
        for rule in dict.fromkeys(self._waivers_used()):
            title = Text(en="The departure from a rule was allowed", zh="偏离规则经批准")
            yield self._act(
                Act("deviation", "deviation_allowed", title, (DeviationAllowed,), {"rule": rule}, about=rule),
                None,
                due=True,
            )

    def _waivers_used(self) -> Iterator[str]:
        for completed in self.trail.every(StageCompleted):
            yield from completed.event.deviations
        rows: list[Recorded[Any]] = [*self.trail.every(NominationsClosed), *self.trail.every(TrainingVerified)]
        for row in (*rows, *self.trail.every(RecordEntered)):
            if row.event.deviation is not None:
                yield row.event.deviation
