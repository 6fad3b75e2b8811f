"""What may happen next in a case, by whom, or which clock it waits for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.appointment import Case, LiveCase, SuspendedCase, stage_of
from domain.attendance import concerned_in
from domain.declaration import CROSS_CHECK, DECLARE_BEFORE, asked_before, declared_as, not_looked_up
from domain.identity import OrganId, Role
from domain.pack import Pack, StageKind
from domain.prior_report import awaited
from domain.stage_gate import MissingRecord, missing_before, missing_names, missing_records, record_key, shut_by
from domain.supervision_point import POINTS_ATTENDED, points_awaited

ENGINE = "engine"
"""Who acts when only time must pass."""

FREE = frozenset({"report_to_superior", "record_superior_reply", "attend_supervision_point"})
"""Steps beside a stage's own: nobody declares for them."""

OF_A_BODY = frozenset({"hold_decision_meeting"})
CHOOSES = OF_A_BODY | {"take_decision", "decline_to_decide"}
"""Steps by which somebody is chosen or not: whoever votes, or decides alone, is looked up as well."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What would take the case on: a command and whose it is, or a clock of the engine's.

    `by_on` is the day on which silence gets its meaning, or on which the clock ends; `what` is the record that is
    missing, or the officer to be looked up, and `rule` the rule of the pack that asks for it.
    """

    by: str
    step: str
    organ: OrganId | None = None
    by_on: date | None = None
    what: str | None = None
    rule: str | None = None


def next_steps(case: Case, pack: Pack, today: date) -> tuple[NextStep, ...]:
    """The steps that would take a case on from where it stands; none once it has ended.

    Source: the pack's `stages` with their duty holders.
    """
    match case:
        case SuspendedCase(case=resting):
            return (*_objections(resting), NextStep(Role.SUPERVISION, "resume_case"))
        case LiveCase():
            if held := _held_for_good(case, pack):
                return held
            known = (*_supervised(case), *_pauses(case), *_records(case, pack, today))
            return tuple(dict.fromkeys((*known, *_with_declarations(case, pack, _steps(case, pack, today)))))
        case _:
            return ()


def _supervised(case: LiveCase) -> Iterator[NextStep]:
    if case.supervised.holds:
        yield NextStep(Role.SUPERVISION, "lift_hold")
    for query in case.supervised.open_queries:
        yield NextStep(query.asked_of, "answer_query", by_on=query.due_on)
    for relation in case.undecided_relations:
        yield NextStep(Role.SUPERVISION, "decide_conflict", what=relation, rule="conflicts.declare")
    yield from _objections(case)


def _objections(case: LiveCase) -> Iterator[NextStep]:
    for objection in case.undisposed_objections:
        yield NextStep(Role.SUPERVISION, "dispose_objection", what=objection.id, by_on=objection.answer_due_on)


def _pauses(case: LiveCase) -> Iterator[NextStep]:
    for name, clock in case.clocks.items():
        if clock.goes_on_on is not None:
            yield NextStep(Role.SUPERVISION, "resume_clock", by_on=clock.goes_on_on, what=name)


def _records(case: LiveCase, pack: Pack, today: date) -> Iterator[NextStep]:
    for missing in (*missing_before(case, pack, today), *missing_records(case, pack, case.stage, today)):
        what = record_key(missing.record.id, missing.candidate)
        for holder in missing.waits_for:
            step = NextStep(holder, missing.step, what=what, rule=missing.rule)
            asked = asked_before(missing.record.stage, pack)
            yield _declaration(step, None) if asked and _a_hand_is_missing(case, step, missing) else step


def _a_hand_is_missing(case: LiveCase, step: NextStep, missing: MissingRecord) -> bool:
    """Whether too few have declared of those who enter or sign a record, or took part in what it is of."""
    declared = declared_as(case, Role(step.by))
    team = missing.record.people.value if missing.record.people and step.step == "enter_record" else 0
    return not declared or len(set(declared) - concerned_in(case)) < team


def _declaration(step: NextStep, organ: OrganId | None) -> NextStep:
    return NextStep(step.by, "declare_interests", organ, rule=DECLARE_BEFORE)


def _with_declarations(case: LiveCase, pack: Pack, steps: Iterable[NextStep]) -> Iterator[NextStep]:
    """The steps of a stage, behind the declarations and look-ups that the pack asks of whoever takes them."""
    asked = asked_before(case.stage, pack)
    for step in steps:
        if not asked or step.by == ENGINE or step.step in FREE:
            yield step
            continue
        organ = step.organ if step.step == "return_opinion" else None
        declared = declared_as(case, Role(step.by), organ)
        if not declared or step.step in OF_A_BODY:
            yield _declaration(step, organ)  # each member for themselves; how many come is known by nobody before
        left = not_looked_up(case, declared, pack) if step.step in CHOOSES else ()
        if len(left) == len(declared) or step.step in OF_A_BODY:
            yield from (NextStep(Role.PERSONNEL, "cross_check_interests", what=each, rule=CROSS_CHECK) for each in left)
        if len(left) < len(declared) and not (left and step.step in OF_A_BODY):
            yield step


def _steps(case: LiveCase, pack: Pack, today: date) -> Iterator[NextStep]:
    stage = stage_of(case, pack)
    holder = stage.duty.holder
    match stage.kind:
        case StageKind.NOMINATION:
            if pack.merit is not None and pack.merit.required.value and not case.criteria and not case.candidates:
                yield NextStep(holder, "set_criteria", rule="merit.required")
                return
            yield NextStep(holder, "nominate_candidate")
            if case.standing and not _names_short(case, pack):
                yield NextStep(holder, "close_nominations")
        case StageKind.TRAINING_VERIFICATION:
            yield NextStep(holder, "verify_training")
        case StageKind.PUBLIC_NOTICE:
            yield from _notice(case, holder)
        case StageKind.SUPERVISION_REVIEW:
            yield from _review(case, pack, holder)
        case StageKind.DECISION if awaits := awaited(case, pack):
            yield from _prior_reports(case, awaits)
        case StageKind.DECISION:
            yield from _decision(case, pack, holder)
        case StageKind.APPOINTMENT:
            yield from _points(case, pack) or (NextStep(holder, "issue_appointment"),)
        case StageKind.PROBATION:
            yield from _probation(case, pack, holder)
        case _:
            if not missing_records(case, pack, stage.id, today):
                yield NextStep(holder, "conclude_stage")


def _names_short(case: LiveCase, pack: Pack) -> bool:
    path = "nomination.minimum_candidates"
    minimum = 0 if path in case.deviations else pack.nomination.minimum_candidates.value
    return len(case.standing) < minimum or missing_names(stage_of(case, pack), case) > 0


def _held_for_good(case: LiveCase, pack: Pack) -> tuple[NextStep, ...]:
    """A stage that can no longer end is given up, or goes on by a deviation where its rule may be waived."""
    stage = stage_of(case, pack)
    shut = shut_by(case, pack, f"completed:{stage.id}")
    rule = f"clocks.{shut.id}.on_expiry" if shut else None
    if rule is None and case.nominations_closed and missing_names(stage, case):
        rule = f"stages.{stage.id}.names_beyond_vacancies"
    if rule is None:
        return ()
    waiver = (NextStep(pack.deviations.approved_by, "allow_deviation", what=rule, rule=rule),)
    return (*(waiver if pack.rule(rule).waivable else ()), NextStep(Role.PERSONNEL, "withdraw_case", rule=rule))


def _notice(case: LiveCase, holder: Role) -> Iterator[NextStep]:
    if case.notice is None:
        yield NextStep(holder, "open_public_notice")
        return
    if case.notice.elapsed_on is None:
        yield NextStep(ENGINE, "public_notice", by_on=case.notice.window.closes_on)


def _review(case: LiveCase, pack: Pack, holder: Role) -> Iterator[NextStep]:
    for rule in pack.review.opinions:
        organ = OrganId(rule.organ)
        asked = case.opinions.get(organ)
        if asked is None:
            yield NextStep(holder, "request_opinion", organ=organ)
        elif not asked.answered:
            yield NextStep(Role.SUPERVISION, "return_opinion", organ=organ, by_on=asked.due_on)
    if all((found := case.opinions.get(OrganId(rule.organ))) and found.answered for rule in pack.review.opinions):
        yield NextStep(holder, "conclude_supervision_review")


def _prior_reports(case: LiveCase, awaits: Mapping[str, OrganId]) -> Iterator[NextStep]:
    for matter, organ in awaits.items():
        report = case.prior_reports.get(matter)
        if report is None or report.answered:
            yield NextStep(Role.PERSONNEL, "report_to_superior", organ=organ, what=matter)
        else:
            yield NextStep(Role.SUPERVISION, "record_superior_reply", organ, report.due_on, what=matter)


def _decision(case: LiveCase, pack: Pack, holder: Role) -> Iterator[NextStep]:
    if case.not_passed:
        yield NextStep(holder, "reconsider_decision", by_on=case.reconsider_by)
        yield NextStep(ENGINE, "reconsideration", by_on=case.reconsider_by)
    elif case.undisposed_objections:
        return  # nobody is chosen before they are disposed of, which stands among the steps already
    elif pack.decision.by_authority:
        yield NextStep(holder, "take_decision")
        yield NextStep(holder, "decline_to_decide")
    else:
        yield NextStep(holder, "hold_decision_meeting")


def _points(case: LiveCase, pack: Pack, *, also_of_this_stage: bool = False) -> tuple[NextStep, ...]:
    """The supervision points without which nobody is appointed or confirmed, each by the organ that watches."""
    return tuple(
        NextStep(
            pack.stage(stage).duty.watched_by, "attend_supervision_point", what=f"{stage} {point}", rule=POINTS_ATTENDED
        )
        for stage, point in points_awaited(case, pack, also_of_this_stage=also_of_this_stage)
    )


def _probation(case: LiveCase, pack: Pack, holder: Role) -> Iterator[NextStep]:
    office = case.appointed
    if office is None:
        return
    if case.probation_outcome is None and office.probation_ended:
        yield from _points(case, pack, also_of_this_stage=True) or (NextStep(holder, "confirm_probation"),)
    elif case.probation_outcome is None and office.probation_ends_on is not None:
        yield NextStep(ENGINE, "probation", by_on=office.probation_ends_on)
    if office.make_up_due_on is not None and not office.made_up:
        yield NextStep(Role.SCHOOL, "record_make_up_training", by_on=office.make_up_due_on)
