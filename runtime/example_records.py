"""What a stage of an example needs on record, with everything that its rule asks for."""

from datetime import date, timedelta
from math import ceil
from typing import Any

from domain.appointment import LiveCase
from domain.identity import CandidateId, OfficerId, Role
from domain.next_step import NextStep, next_steps
from domain.pack import Pack, RecordRule
from domain.record import EnterRecord
from domain.record_signature import SignRecord

INVITED = 30


def record(rule: RecordRule, candidate: CandidateId | None = None, **changed: Any) -> EnterRecord:
    """A record with everything that its rule asks for, but for what is changed."""
    said: dict[str, Any] = {"record": rule.id, "candidate_id": candidate, "paper": f"{rule.id} 1/2026"}
    if changed.get("not_required"):
        return EnterRecord(**said | changed)
    said |= {
        "items": tuple(rule.items.value) if rule.items else (),
        "people": tuple(OfficerId(f"officer-{place}") for place in range(rule.people.value if rule.people else 0)),
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


def next_on_record(case: LiveCase, law: Pack, today: date) -> tuple[EnterRecord | SignRecord, Role] | None:
    """The next entry or signature that the stage lacks and whose it is; what others follow was done a week ago."""
    asked = ("enter_record", "sign_record")
    missing = next((step for step in next_steps(case, law, today) if step.step in asked), None)
    if missing is None:
        return None
    what = (missing.what or "").partition("/")[0]
    followed = any(rule.lead and what in rule.lead.after for rule in law.records)
    dated = {"dated_on": today - timedelta(days=7)} if followed else {}
    return command_on_record(missing, law, **dated), Role(missing.by)
