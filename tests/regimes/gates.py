"""What each gate of a pack refuses, found by walking its rules: the case in which just that one fact is missing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

from domain.command import Command
from domain.decision import HoldDecisionMeeting
from domain.deviation import AllowDeviation
from domain.identity import Actor, CandidateId, OfficerId
from domain.next_step import NextStep
from domain.pack import Pack, RecordRule, StageKind
from domain.probation import ConfirmProbation
from domain.public_notice import OpenPublicNotice
from domain.stage_gate import record_key
from runtime.example_records import record
from tests.examples import SUPERVISION
from tests.on_record import HOLDERS
from tests.regimes.whole_case import BEGINNING, Journey, command_for, meeting, opening


@dataclass(frozen=True)
class Gate:
    """A case that lacks one fact, the wish that its rule refuses, and the case that has it."""

    rule: str
    lacking: Journey
    wish: Command
    actor: Actor
    mended: Journey

    def refused_by(self) -> str:
        return self.lacking.refused(self.wish, self.actor).rule_path


def gates(law: Pack) -> Iterator[Gate]:
    """Every gate that the rules of a pack set, in the order of the pack."""
    for path, _ in law.rules():
        for pattern, proof in PROOFS.items():
            if re.fullmatch(pattern, path):
                yield from proof(law, path)


def rule_of(law: Pack, path: str) -> RecordRule:
    rule = law.record(path.split(".")[1])
    assert rule is not None
    return rule


def closing(path: str, lacking: Journey) -> Gate:
    """The gate that holds the act by which the stage ends."""
    return Gate(path, lacking, *lacking.closing_act(), mended=lacking.without())


def a_record_is_needed(law: Pack, path: str) -> Iterator[Gate]:
    rule = rule_of(law, path)
    followers = [found.id for found in law.records if found.lead and rule.id in found.lead.after]
    when, _, what = rule.needed.value.partition(":")
    yield from a_record_is_not_stated_away(law, path)
    if when in ("always", "unless"):
        yield closing(path, opening(law).without(rule.id, *followers).at_the_end_of(rule.stage))
    elif when == "rank":
        yield closing(path, opening(law, rank=what).without(rule.id, *followers).at_the_end_of(rule.stage))
    elif when == "exceptional":
        excepted = opening(law).with_an_exception()
        yield closing(path, excepted.without(rule.id, *followers).at_the_end_of(rule.stage))
    elif when == "late":
        yield closing(path, late(opening(law), what).without(rule.id, *followers).at_the_end_of(rule.stage))


def a_record_is_not_stated_away(law: Pack, path: str) -> Iterator[Gate]:
    """A statement, with a reason, that what is always required is not."""
    rule = rule_of(law, path)
    if rule.where_required is None:
        before, candidate = before_it(law, rule)
        stated = record(rule, candidate, not_required=True, remarks="It is not the custom here.")
        yield Gate(path, before, stated, HOLDERS[rule.by], mended=before)


def it_is_said_why_it_is_not_required(law: Pack, path: str) -> Iterator[Gate]:
    rule = rule_of(law, path)
    before, candidate = before_it(law, rule)
    wish = record(rule, candidate, not_required=True)
    stated = before.does(wish.model_copy(update={"remarks": "No economic duties."}), HOLDERS[rule.by])
    yield Gate(path, before, wish, HOLDERS[rule.by], mended=stated)


def late(journey: Journey, clock: str) -> Journey:
    """The case once a clock of it has run out before its end came."""
    running = next(found for found in journey.way() if clock in found.case.clocks)
    return running.on_day(running.case.clocks[clock].due_on + timedelta(days=1))


def a_record_is_whole(law: Pack, path: str) -> Iterator[Gate]:
    """One with one item, one person, or one of those present too few."""
    rule = rule_of(law, path)
    before, candidate = before_it(law, rule)
    whole = record(rule, candidate)
    poor = {
        "items": [whole.model_copy(update={"items": tuple(set(whole.items) - {item})}) for item in whole.items],
        "people": [whole.model_copy(update={"people": whole.people[1:]})],
        "quorum": [whole.model_copy(update={"present": (whole.present or 1) - 1})],
    }
    for wish in poor[path.split(".")[2]]:
        yield Gate(path, before, wish, HOLDERS[rule.by], mended=before)


def a_record_comes_late_enough(law: Pack, path: str) -> Iterator[Gate]:
    """One of the very day of what it follows."""
    rule = rule_of(law, path)
    before, candidate = before_it(law, rule)
    assert rule.lead is not None
    for name in rule.lead.after:
        led = law.record(name)
        whom = candidate if led and led.each_candidate else None
        dated_on = before.case.records[record_key(name, whom)].dated_on
        yield Gate(path, before, record(rule, candidate, dated_on=dated_on), HOLDERS[rule.by], mended=before)


def before_it(law: Pack, rule: RecordRule) -> tuple[Journey, CandidateId | None]:
    """The case at the moment at which the record comes next, and whom it is about."""
    start = opening(law)
    when, _, what = rule.needed.value.partition(":")
    if when == "late":
        start = late(start, what)
    if when == "exceptional":
        start = start.with_an_exception()
    if when == "rank":
        start = opening(law, rank=what)
    for journey in start.way():
        step = next(iter(journey.steps), None)
        if step is not None and step.step == "enter_record" and (step.what or "").split("/")[0] == rule.id:
            about = (step.what or "").partition("/")[2]
            return journey, CandidateId(about) if about else None
    raise AssertionError(f"{law.id}: `{rule.id}` never comes next")


def a_record_is_signed(law: Pack, path: str) -> Iterator[Gate]:
    rule = rule_of(law, path)
    if set(rule.signers) - {rule.by}:
        yield closing(path, opening(law).without(f"sign:{rule.id}").at_the_end_of(rule.stage))


def a_record_is_valid(law: Pack, path: str) -> Iterator[Gate]:
    rule = rule_of(law, path)
    complete = opening(law).at_the_end_of(rule.stage)
    ends = [found.valid_until for key, found in complete.case.records.items() if key.split("/")[0] == rule.id]
    old = complete.on_day(max(end for end in ends if end is not None) + timedelta(days=1))
    if old.outcome is None:  # where the stage's own limit lapses first, the record never grows old in it
        yield closing(path, old)


def a_list_is_long_enough(law: Pack, path: str) -> Iterator[Gate]:
    """One name too few. Where two rules speak of the same list the longer one refuses."""
    nomination = next(stage for stage in law.stages if stage.kind is StageKind.NOMINATION)
    beyond = nomination.names_beyond_vacancies
    wanted = {
        "nomination.minimum_candidates": law.nomination.minimum_candidates.value,
        f"stages.{nomination.id}.names_beyond_vacancies": 1 + beyond.value if beyond else 0,
    }
    assert path in wanted, f"{path}: a list of another stage; prove it here"
    before = opening(law).at_the_end_of(nomination.id)
    short = opening(law).until(nomination.id)
    while len(short.case.standing) < wanted[path] - 1:
        short = short.goes_on()
    short = replace(short.on_record(), now=before.now)
    others = max(length for rule, length in wanted.items() if rule != path)
    if others < wanted[path]:
        yield closing(path, short)


def every_organ_is_heard(law: Pack, path: str) -> Iterator[Gate]:
    organ = law.review.opinions[int(path.split(".")[2])].organ
    review = next(stage for stage in law.stages if stage.kind is StageKind.SUPERVISION_REVIEW)
    yield closing("review.opinions", opening(law).without(f"opinion:{organ}").at_the_end_of(review.id))


def a_notice_stands_long_enough(law: Pack, path: str) -> Iterator[Gate]:
    before = at_the_end_of_kind(law, StageKind.PUBLIC_NOTICE)
    wish = OpenPublicNotice(opens_on=before.today, closes_on=before.today)
    yield Gate(path, before, wish, before.closing_act()[1], mended=before)


def a_meeting_is_quorate(law: Pack, path: str) -> Iterator[Gate]:
    before = at_the_end_of_kind(law, StageKind.DECISION)
    short = ceil(law.rule(path).value * 9) - 1
    whole = meeting(before)
    members = tuple(
        member.model_copy(update={"present": place < short, "chief": place == short - 1})
        for place, member in enumerate(whole.members)
    )
    ballots = tuple(ballot.model_copy(update={"statements": ballot.statements[:short]}) for ballot in whole.ballots)
    wish = whole.model_copy(update={"members": members, "ballots": ballots})
    yield Gate(path, before, wish, before.closing_act()[1], mended=before)


def the_chief_is_last(law: Pack, path: str) -> Iterator[Gate]:
    if not law.rule(path).value:
        return
    before = at_the_end_of_kind(law, StageKind.DECISION)
    whole: HoldDecisionMeeting = meeting(before)
    ballots = tuple(ballot.model_copy(update={"statements": ballot.statements[::-1]}) for ballot in whole.ballots)
    yield Gate(path, before, whole.model_copy(update={"ballots": ballots}), before.closing_act()[1], mended=before)


def a_probation_runs_its_time(law: Pack, path: str) -> Iterator[Gate]:
    before = opening(law).until(next(stage.id for stage in law.stages if stage.kind is StageKind.PROBATION))
    yield Gate(path, before.on_record(), ConfirmProbation(), before.closing_act()[1], mended=before)


def a_clock_that_shuts(law: Pack, path: str) -> Iterator[Gate]:
    rule = law.clock(path.split(".")[1])
    if rule is None or law.rule(path).value != "block" or not rule.until.startswith("completed:"):
        return
    stage = rule.until.partition(":")[2]
    soon = (BEGINNING + timedelta(days=15)).date()
    shut = (opening(law, vacant_on=soon) if rule.backwards else late(opening(law), rule.id)).until(stage)
    code = next(iter(law.deviations.codes))
    waiver = AllowDeviation(rule=path, code=code, reason="The river took the bridge.")
    mended = shut.does(waiver, SUPERVISION) if law.rule(path).waivable else opening(law)
    yield Gate(path, shut, *shut.closing_act(), mended=mended)


def a_declaration_is_made(law: Pack, path: str) -> Iterator[Gate]:
    """Nobody declares before the stage; then one of a team does not."""
    for stage in law.rule(path).value:
        yield closing(path, opening(law).until(stage).without("declare_interests").at_the_end_of(stage))
        for rule in (found for found in law.records if found.stage == stage and found.people):
            before, candidate = before_it(law, rule)
            whole = record(rule, candidate)
            wish = whole.model_copy(update={"people": (*whole.people, OfficerId("officer-who-is-silent"))})
            yield Gate(path, before, wish, HOLDERS[rule.by], mended=before)


def whoever_chooses_is_looked_up(law: Pack, path: str) -> Iterator[Gate]:
    assert law.conflicts is not None
    decision = next(stage.id for stage in law.stages if stage.kind is StageKind.DECISION)
    if law.rule(path).value and decision in law.conflicts.declare_before.value:
        yield closing(path, opening(law).without("cross_check_interests").at_the_end_of(decision))


def criteria_come_first(law: Pack, path: str) -> Iterator[Gate]:
    if law.rule(path).value:
        nomination = next(stage for stage in law.stages if stage.kind is StageKind.NOMINATION)
        lacking = opening(law).without("set_criteria").until(nomination.id).on_record()
        wish = command_for(NextStep(by=nomination.duty.holder, step="nominate_candidate"), lacking)
        yield Gate(path, lacking, *wish, mended=lacking.without())


def every_point_is_watched(law: Pack, path: str) -> Iterator[Gate]:
    if law.rule(path).value:
        for stage in law.stages:
            if stage.kind in (StageKind.APPOINTMENT, StageKind.PROBATION):
                begun = opening(law).until(stage.id)
                yield closing(path, begun.without("attend_supervision_point").at_the_end_of(stage.id))


def at_the_end_of_kind(law: Pack, kind: StageKind) -> Journey:
    return opening(law).at_the_end_of(next(stage.id for stage in law.stages if stage.kind is kind))


PROOFS: dict[str, Callable[[Pack, str], Iterator[Gate]]] = {
    r"records\.\w+\.needed": a_record_is_needed,
    r"records\.\w+\.where_required": it_is_said_why_it_is_not_required,
    r"records\.\w+\.(items|people|quorum)": a_record_is_whole,
    r"records\.\w+\.lead\.at_least": a_record_comes_late_enough,
    r"records\.\w+\.signed_by": a_record_is_signed,
    r"records\.\w+\.valid": a_record_is_valid,
    r"nomination\.minimum_candidates|stages\.\w+\.names_beyond_vacancies": a_list_is_long_enough,
    r"review\.opinions\.\d+\.within": every_organ_is_heard,
    r"notice\.minimum": a_notice_stands_long_enough,
    r"decision\.quorum": a_meeting_is_quorate,
    r"decision\.chief_speaks_last": the_chief_is_last,
    r"probation\.length": a_probation_runs_its_time,
    r"clocks\.\w+\.on_expiry": a_clock_that_shuts,
    r"conflicts\.declare_before": a_declaration_is_made,
    r"conflicts\.cross_check": whoever_chooses_is_looked_up,
    r"merit\.required": criteria_come_first,
    r"supervision\.every_point_attended": every_point_is_watched,
}
"""How each kind of rule that is a gate is proved to be one."""

NO_GATE = (
    r"stages\.\w+\.limit\.\w+|stages\.\w+\.duty\..*|clocks\.\w+\.(within|counting|may_pause)|records\.\w+\.lead\.counting"
    r"|training\..*|notice\.(counting|fields|never|live_until|indexed_while_live)"
    r"|objections\..*|review\.opinions\.\d+\.on_expiry|decision\.\w+"
    r"|deviations\..*|exceptions\..*|prior_reports\..*"
    r"|conflicts\.(recuse|declare)|merit\.(criteria|refused)|supervision\.(query_answered|reverse_review_from)"
    r"|retention\..*"
)
"""Rules that measure, name or time something, or whose gates need another story than one case: their own tests hold
them."""
