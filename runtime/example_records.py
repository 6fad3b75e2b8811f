"""What a stage of an example needs on record, with everything that its rule asks for."""

from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil
from typing import Any, NamedTuple

from domain.appointment import LiveCase, stage_of
from domain.command import Command
from domain.conflict import CrossCheckInterests, DeclareInterests
from domain.declaration import asked_before, declared_as, interests_of, not_looked_up
from domain.identity import CandidateId, OfficerId, Role
from domain.next_step import NextStep, next_steps
from domain.pack import ON_RECORD, Pack, RecordRule, StageKind
from domain.record import EnterRecord
from domain.record_signature import SignRecord

INVITED = 30
TEAM = tuple(OfficerId(f"officer-{place}") for place in range(9))


def record(rule: RecordRule, candidate: CandidateId | None = None, **changed: Any) -> EnterRecord:
    """A record with everything that its rule asks for, but for what is changed."""
    said: dict[str, Any] = {"record": rule.id, "candidate_id": candidate, "paper": f"{rule.id} 1/2026"}
    if changed.get("not_required"):
        return EnterRecord(**said | changed)
    said |= {
        "items": tuple(rule.items.value) if rule.items else (),
        "people": TEAM[: rule.people.value if rule.people else 0],
        "invited": INVITED if rule.quorum else None,
        "present": ceil(rule.quorum.value * INVITED) if rule.quorum else None,
    }
    return EnterRecord(**said | changed)


def command_on_record(step: NextStep, law: Pack, **changed: Any) -> EnterRecord | SignRecord:
    """The entry or the signature that a step asks for."""
    name, _, about = (step.what or "").partition("/")
    candidate = CandidateId(about) if about else None
    if step.step == "sign_record":
        return SignRecord(record=name, candidate_id=candidate)
    rule = law.record(name)
    assert rule is not None
    return record(rule, candidate, **changed)


class Asked(NamedTuple):
    """A step that a case lacks, as whom it is taken, and by which officer where that is not whoever speaks for them."""

    command: Command
    role: Role
    officer: OfficerId | None = None


def next_on_record(case: LiveCase, law: Pack, today: date) -> Asked | None:
    """The next declaration, entry or signature that the stage lacks; what others follow was done a week ago."""
    missing = next((step for step in next_steps(case, law, today) if _is_on_record(step, case, law)), None)
    if missing is None:
        return None
    role = Role(missing.by)
    if missing.step == "declare_interests":
        undeclared = (name for name in TEAM if name not in declared_as(case, role))
        return Asked(DeclareInterests(), role, next(undeclared) if declared_as(case, role) else None)
    what = (missing.what or "").partition("/")[0]
    followed = any(rule.lead and what in rule.lead.after for rule in law.records)
    dated = {"dated_on": today - timedelta(days=7)} if followed else {}
    command = command_on_record(missing, law, **dated)
    people = command.people if asked_before(stage_of(case, law).id, law) and isinstance(command, EnterRecord) else ()
    silent = next((name for name in people if name not in declared_as(case, role)), None)
    return Asked(DeclareInterests(), role, silent) if silent else Asked(command, role)


def _is_on_record(step: NextStep, case: LiveCase, law: Pack) -> bool:
    declares = step.step == "declare_interests" and stage_of(case, law).kind in ON_RECORD
    return declares or step.step in ("enter_record", "sign_record")


def next_before_the_vote(case: LiveCase, law: Pack, voters: Iterable[OfficerId]) -> Asked | None:
    """The next declaration or look-up that is lacking of those who will vote, or record the vote."""
    stage = stage_of(case, law)
    if stage.kind is not StageKind.DECISION or not asked_before(stage.id, law) or law.conflicts is None:
        return None
    for voter in voters:
        if interests_of(case, voter).kept_out:
            continue
        if voter not in declared_as(case, stage.duty.holder):
            return Asked(DeclareInterests(), stage.duty.holder, voter)
        if not_looked_up(case, (voter,), law):
            check = CrossCheckInterests(officer=voter, registers=law.conflicts.cross_check.value)
            return Asked(check, Role.PERSONNEL)
    return None
