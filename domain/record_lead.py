"""The time that must lie between what is on record and what follows it."""

from datetime import date

from domain.appointment import LiveCase
from domain.case_file import OnRecord
from domain.identity import CandidateId
from domain.occasion import Occasion
from domain.pack import RecordRule
from domain.refusal import Refusal
from domain.stage_gate import record_key
from domain.working_days import Counting


class RecordTooEarly(Refusal):
    rule = "records.lead"


def comes_after_its_lead(
    live: LiveCase, rule: RecordRule, candidate: CandidateId | None, dated_on: date, on: Occasion
) -> None:
    """A record comes after those that the pack puts before it, and not before the days between have passed.

    Source: the pack's `records.….lead` (ke.papa: memoranda are in before the hearing, s. 6(9)).
    Units: as the pack says; the earlier record's day does not count unless it says so.
    Refuses: RecordTooEarly.
    """
    for earlier in rule.lead.after if rule.lead else ():
        followed = on.pack.record(earlier)
        if followed is not None:
            whom = candidate if followed.each_candidate else None
            _has_waited(rule, followed, live.records.get(record_key(earlier, whom)), dated_on, on)


def _has_waited(rule: RecordRule, followed: RecordRule, before: OnRecord | None, dated_on: date, on: Occasion) -> None:
    path = f"records.{rule.id}.lead.at_least"
    if before is None or not before.complete:
        raise RecordTooEarly(
            f"“{rule.title.en}” comes after “{followed.title.en}”, which is not complete on record. Enter that first.",
            citation=on.cite(path),
            after=followed.id,
        )
    earliest = _earliest(rule, before, on)
    if dated_on < earliest:
        raise RecordTooEarly(
            f"“{rule.title.en}” is dated {dated_on:%-d %B %Y}, and the rule asks for "
            f"{on.pack.rule(path).value.in_words('en')} after “{followed.title.en}” of {before.dated_on:%-d %B %Y}. "
            f"Hold it on {earliest:%-d %B %Y} or later, and enter it then.",
            citation=on.cite(path),
            field="dated_on",
            after=followed.id,
            earliest_on=earliest,
        )


def _earliest(rule: RecordRule, before: OnRecord, on: Occasion) -> date:
    if rule.lead is None:
        return before.dated_on
    counting = rule.lead.counting.value if rule.lead.counting else Counting.EXCLUSIVE
    return on.due(rule.lead.at_least.value, start=before.dated_on, counting=counting).closes_on
