"""Whether a pack's stages, records and clocks can carry a case to its end: what is checked when a pack is loaded."""

from typing import TYPE_CHECKING

from domain.clock_rule import ClockRule, OnExpiry
from domain.record_rule import RecordRule
from domain.stage_kind import ON_RECORD, StageKind
from domain.stage_rule import Stage

if TYPE_CHECKING:
    from domain.pack import Pack

NEEDS = {
    StageKind.TRAINING_VERIFICATION: (StageKind.NOMINATION,),
    StageKind.PUBLIC_NOTICE: (StageKind.NOMINATION,),
    StageKind.SUPERVISION_REVIEW: (StageKind.NOMINATION,),
    StageKind.DECISION: (StageKind.NOMINATION,),
    StageKind.APPOINTMENT: (StageKind.DECISION,),
    StageKind.PROBATION: (StageKind.APPOINTMENT,),
}
"""What a kind of stage cannot do without."""

FOLLOWS = {
    StageKind.DECISION: (StageKind.TRAINING_VERIFICATION,),
    StageKind.APPOINTMENT: (StageKind.PUBLIC_NOTICE, StageKind.SUPERVISION_REVIEW),
}
"""What must come before a kind of stage where a pack has both: nobody takes office before they were judged."""


def refuse_an_order_that_never_finishes(stages: tuple[Stage, ...]) -> None:
    """Each stage comes once, after what it requires, and the last one can end a case.

    Refuses: ValueError, naming the stage.
    """
    kinds = {stage.kind for stage in stages}
    seen_ids: set[str] = set()
    seen_kinds: set[StageKind] = set()
    for stage in stages:
        if stage.id in seen_ids or (stage.kind in seen_kinds and stage.kind not in ON_RECORD):
            raise ValueError(f"stages: `{stage.id}` stands twice; a case passes each stage once")
        if late := [needed for needed in stage.requires if needed not in seen_ids]:
            raise ValueError(f"stages: `{stage.id}` requires {late}, which do not come before it: it could never begin")
        wanted = (*NEEDS.get(stage.kind, ()), *(kind for kind in FOLLOWS.get(stage.kind, ()) if kind in kinds))
        if late := [kind for kind in wanted if kind not in seen_kinds]:
            raise ValueError(
                f"stages: `{stage.id}` needs {[str(kind) for kind in late]} before it: it could never finish"
            )
        seen_ids.add(stage.id)
        seen_kinds.add(stage.kind)
    if StageKind.NOMINATION in kinds and StageKind.APPOINTMENT not in kinds:
        raise ValueError("stages: `appointment` is missing: whoever is nominated could never come into office")


def refuse_what_points_nowhere(pack: "Pack") -> None:
    """Each record belongs to a stage, each clock runs between moments that can come, and no name stands twice.

    Refuses: ValueError, naming the record or the clock.
    """
    stages = {stage.id: stage for stage in pack.stages}
    for record in pack.records:
        _refuse_record(record, pack, stages)
    for clock in pack.clocks:
        for moment in (clock.starts, clock.until):
            _refuse_moment(clock, moment, pack, stages)
        _refuse_consent_to_a_judgement(clock, stages)
        _refuse_a_clock_that_never_runs(clock, pack)
    named = {"records": [found.id for found in pack.records], "clocks": [found.id for found in pack.clocks]}
    for what, ids in named.items():
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"{what}: {twice} stand twice; give each a name of its own")


def _refuse_record(record: RecordRule, pack: "Pack", stages: "dict[str, Stage]") -> None:
    if record.stage not in stages:
        raise ValueError(f"records: `{record.id}` belongs to `{record.stage}`, which is no stage of this pack")
    _refuse_lead(record, pack)
    _refuse_occurrence(record, pack)
    _refuse_what_is_counted_from_nothing(record, pack)
    if record.each_candidate and not _somebody_stands(record.stage, pack):
        raise ValueError(f"records: `{record.id}` is about each candidate, and nobody is nominated by then")


def _refuse_lead(record: RecordRule, pack: "Pack") -> None:
    for earlier in record.lead.after if record.lead else ():
        before = pack.record(earlier)
        if before is None:
            raise ValueError(f"records: `{record.id}` follows `{earlier}`, which is no record of this pack")
        if earlier == record.id or (before.each_candidate and not record.each_candidate):
            raise ValueError(
                f"records: `{record.id}` cannot follow `{earlier}`: that is itself, or about one candidate"
            )


def _refuse_what_is_counted_from_nothing(record: RecordRule, pack: "Pack") -> None:
    """A record that may not be required opens nothing else by not being there: no clock, and no record after it."""
    if record.where_required is None or not record.where_required.value:
        return
    led = [found.id for found in pack.records if found.lead and record.id in found.lead.after]
    clocks = [clock.id for clock in pack.clocks if f"record:{record.id}" in (clock.starts, clock.until)]
    if counted := [*led, *clocks]:
        raise ValueError(
            f"records: `{record.id}` may be stated not to be required, and {counted} count from it or wait for it; "
            "have them do so by another record"
        )


def _refuse_occurrence(record: RecordRule, pack: "Pack") -> None:
    known = {
        "late": ("a clock", {clock.id for clock in pack.clocks}),
        "unless": ("an exception", {rule.id for rule in pack.exceptions}),
        "rank": ("a rank", {rank.id for rank in pack.ranks}),
    }
    when, _, name = record.needed.value.partition(":")
    if when in known and name not in known[when][1]:
        raise ValueError(f"records: `{record.id}` is needed by `{name}`, which is not {known[when][0]} of this pack")


def _somebody_stands(stage_id: str, pack: "Pack") -> bool:
    until = [stage.id for stage in pack.stages].index(stage_id)
    return any(stage.kind is StageKind.NOMINATION for stage in pack.stages[: until + 1])


def _refuse_moment(clock: ClockRule, moment: str, pack: "Pack", stages: "dict[str, Stage]") -> None:
    what, _, name = moment.partition(":")
    if what in ("begun", "completed") and name not in stages:
        raise ValueError(f"clocks: `{clock.id}` names the stage `{name}`, which is not in this pack")
    if what == "record" and pack.record(name) is None:
        raise ValueError(f"clocks: `{clock.id}` names the record `{name}`, which is not in this pack")


def _refuse_consent_to_a_judgement(clock: ClockRule, stages: "dict[str, Stage]") -> None:
    """Silence may stand for a paper, a stage on record, or the decision of a body; never for a notice or an office."""
    what, _, name = clock.until.partition(":")
    if clock.on_expiry.value is not OnExpiry.CONSENT or what == "record":
        return
    if stages[name].kind not in ON_RECORD | {StageKind.DECISION}:
        raise ValueError(
            f"clocks: `{clock.id}`: silence cannot stand for the stage `{name}`; write block, lapse or escalate"
        )


def _refuse_a_clock_that_never_runs(clock: ClockRule, pack: "Pack") -> None:
    if _place(clock.starts, pack) > _place(clock.until, pack):
        raise ValueError(
            f"clocks: `{clock.id}` starts at `{clock.starts}`, which comes after its end `{clock.until}`: "
            "it could never run; turn them round, or put the stages in another order"
        )


def _place(moment: str, pack: "Pack") -> tuple[int, int]:
    """When a moment comes in the order of the stages: a stage begins, then its records come, then it is completed."""
    what, _, name = moment.partition(":")
    record = pack.record(name) if what == "record" else None
    stage = record.stage if record else name
    ids = [found.id for found in pack.stages]
    return (ids.index(stage), ["begun", "record", "completed"].index(what)) if stage in ids else (-1, 0)
