"""Why a case stands where it stands: what may be done next by whom, what is missing, and when each clock ends and why.

It reads what was recorded up to a moment and the pack; it decides nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.appointment import Case, CaseEvent, ClosedCase, fold, underlying
from domain.case_opening import CaseResumed
from domain.clock import ClockResumed
from domain.date_words import Language, in_words
from domain.due_date import DueDatesRecounted
from domain.event import Event
from domain.law import Citation
from domain.next_step import NextStep, next_steps
from domain.pack import OnExpiry, Pack, Stage
from domain.prior_report import SuperiorSilent
from domain.stage import StageBegun, StageCompleted
from domain.timer import Timer, timers
from domain.training_verification import MakeUpTrainingReminded
from domain.working_days import Period, Window

_COUNTED_BACK: Mapping[Language, str] = {
    "en": "It lies {period} before the deadline, which is {on}.",
    "zh": "于截止日{on}前{period}提醒。",
}
_LEFT: Mapping[Language, str] = {
    "en": "It had stood still; what was left of it was counted from {on}.",
    "zh": "该期限曾中止，剩余期间自{on}起计算。",
}


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """A step that would take the case on, and the rule of the pack that asks for it."""

    step: NextStep
    asked_by: Citation | None


@dataclass(frozen=True, slots=True)
class Reminded:
    """The deadline of which a clock reminds, and how long before it."""

    due_on: date
    before: Period

    def in_words(self, language: Language) -> str:
        period, on = self.before.in_words(language), in_words(self.due_on, language)
        return _COUNTED_BACK[language].format(period=period, on=on)


@dataclass(frozen=True, slots=True)
class ExplainedClock:
    """A clock that runs: when it ends, how that day was counted, and what its end means.

    `window` is how the day was counted last; None where it was counted back, from the vacancy or from the deadline
    that it `reminds_of`. `stood_still`: it holds what a rest or a pause had left.
    """

    timer: Timer
    window: Window | None
    on_expiry: OnExpiry | None
    set_by: Citation | None
    meant_by: Citation | None
    recount: DueDatesRecounted | None = None
    stood_still: bool = False
    reminds_of: Reminded | None = None

    def why(self, language: Language) -> list[str] | None:
        """How the day was counted, in sentences; a day that was counted anew says so first."""
        if self.reminds_of is not None:
            return [self.reminds_of.in_words(language)]
        if self.window is None:
            return None
        anew = [self.recount.in_words(self.timer.name, language)] if self.recount else []
        left = [_LEFT[language].format(on=in_words(self.window.opens_on, language))] if self.stood_still else []
        return [*anew, *left, *self.window.explain(language)]

    @property
    def moved(self) -> bool:
        """The clock ends on another day than was counted: the case rested, or the clock was paused."""
        if self.recount is not None:
            return self.recount.after(self.timer.name) != self.timer.due_on
        return self.window is not None and self.window.closes_on != self.timer.due_on


class Progress(StrEnum):
    """How far a case is with a stage of its pack; one that has ended may have ended in it, or before it."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to_come"
    ENDED_HERE = "ended_here"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class TrackedStage:
    """A stage on the track of a case: how far the case is with it, since when, and until when it had run."""

    stage: Stage
    progress: Progress
    began_on: date | None
    completed_on: date | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a case stands at a moment."""

    at: datetime
    case: Case
    track: tuple[TrackedStage, ...]
    steps: tuple[ExplainedStep, ...]
    clocks: tuple[ExplainedClock, ...]


def explain(recorded: Iterable[tuple[datetime, Event]], pack: Pack, at: datetime) -> Explanation:
    """What the log says of a case at a moment, under the rules that it is decided by.

    Source: the case's pack; each step and each clock cites its rule.
    Units: the moment in UTC; days are those of the case's jurisdiction.
    """
    events = [event for recorded_at, event in recorded if recorded_at <= at]
    case = fold(events)
    counted = _counted(events)
    return Explanation(
        at=at,
        case=case,
        track=tuple(_tracked(stage, case, events) for stage in pack.stages),
        steps=tuple(_explained(step, case, pack) for step in next_steps(case, pack, _today(case, at))),
        clocks=tuple(_clock(timer, counted, pack) for timer in timers(case, pack)),
    )


@dataclass(frozen=True, slots=True)
class _Count:
    """How a clock's days were counted last, by a recount where it was one, and whether they are what was left."""

    window: Window
    recount: DueDatesRecounted | None
    stood_still: bool


def _counted(events: Iterable[Event]) -> dict[str, _Count]:
    found: dict[str, _Count] = {}
    for event in events:
        for name, window in event.windows().items() if isinstance(event, CaseEvent) else ():
            recount = event if isinstance(event, DueDatesRecounted) else None
            of_what_was_left = found[name].stood_still if recount else isinstance(event, CaseResumed | ClockResumed)
            found[name] = _Count(window, recount, of_what_was_left)
    return found


def _today(case: Case, at: datetime) -> date:
    known = underlying(case)
    return at.astimezone(ZoneInfo(known.timezone)).date() if known else at.date()


def _tracked(stage: Stage, case: Case, events: Iterable[Event]) -> TrackedStage:
    began_on = completed_on = None
    for event in events:
        match event:
            case StageBegun(stage=stage.id):
                began_on, completed_on = event.began_on, None
            case StageCompleted(stage=stage.id):
                completed_on = event.completed_on
    return TrackedStage(stage, _progress(stage, case), began_on, completed_on)


def _progress(stage: Stage, case: Case) -> Progress:
    known, ended = underlying(case), isinstance(case, ClosedCase)
    if known is not None and stage.id in known.completed:
        return Progress.DONE
    if known is not None and stage.id == known.stage:
        return Progress.ENDED_HERE if ended else Progress.NOW
    return Progress.NOT_REACHED if ended else Progress.TO_COME


def _explained(step: NextStep, case: Case, pack: Pack) -> ExplainedStep:
    rule = step.rule or _rule_of_step(step, case, pack)
    return ExplainedStep(step, _cited(rule, pack))


def _rule_of_step(step: NextStep, case: Case, pack: Pack) -> str | None:
    """The rule that a step of the stage itself is taken under."""
    known = underlying(case)
    match step.step:
        case "nominate_candidate" | "close_nominations":
            return "nomination.minimum_candidates"
        case "verify_training" if known is not None:
            return f"{pack.training_requirement(known.post.rank)[0]}.hours"
        case "open_public_notice":
            return "notice.minimum"
        case "dispose_objection":
            return "objections.answered"
        case "request_opinion" | "return_opinion":
            return _opinion(str(step.organ), pack)
        case "hold_decision_meeting":
            return "decision.quorum"
        case "confirm_probation":
            return "probation.length"
        case "record_make_up_training":
            return "training.make_up"
        case "report_to_superior" | "record_superior_reply":
            return f"prior_reports.{step.organ}.within"
        case "reconsider_decision":
            return "decision.reconsider_within"
        case "take_decision" | "decline_to_decide":
            return "decision.form"
        case "answer_query":
            return QUERY
        case name:
            return _rule_of_clock(name, pack)


def _rule_of_clock(name: str, pack: Pack) -> str | None:
    """The rule that sets how long a clock runs."""
    match name.split(":", 1):
        case ["stage", stage]:
            return f"stages.{stage}.limit.within"
        case ["clock", clock]:
            return f"clocks.{clock}.within"
        case ["opinion", organ]:
            return _opinion(organ, pack)
        case ["objection", _]:
            return "objections.answered"
        case ["query", _]:
            return QUERY
        case [known]:
            return RULE_OF.get(known)
    return None


QUERY = "supervision.query_answered"
RULE_OF = {
    "public_notice": "notice.minimum",
    "probation": "probation.length",
    "make_up_training": "training.make_up",
    "make_up_reminder": "training.remind_before",
    "reconsideration": "decision.reconsider_within",
}
MEANING_OF = {
    "objections.answered": "objections.on_expiry",
    "training.make_up": "training.on_make_up_expiry",
}
"""The rule that says what the end of a clock means, by the one that sets its length, where they are named apart."""


def _opinion(organ: str, pack: Pack) -> str | None:
    places = [place for place, rule in enumerate(pack.review.opinions) if rule.organ == organ]
    return f"review.opinions.{places[0]}.within" if places else None


def _clock(timer: Timer, counted: Mapping[str, _Count], pack: Pack) -> ExplainedClock:
    silent = timer.event
    rule = _rule_of_clock(timer.name, pack)
    if isinstance(silent, SuperiorSilent):
        rule = f"prior_reports.{silent.organ}.within"
    meaning = MEANING_OF.get(rule or "", (rule or "").removesuffix(".within") + ".on_expiry")
    rules = dict(pack.rules())
    count = counted.get(timer.name)
    return ExplainedClock(
        timer=timer,
        window=count.window if count else None,
        recount=count.recount if count else None,
        stood_still=count is not None and count.stood_still,
        reminds_of=_reminded(timer, pack),
        on_expiry=rules[meaning].value if meaning in rules else None,
        set_by=_cited(rule, pack),
        meant_by=_cited(meaning, pack),
    )


def _reminded(timer: Timer, pack: Pack) -> Reminded | None:
    before = pack.training_rules.remind_before if pack.training_rules else None
    if before is None or not isinstance(timer.event, MakeUpTrainingReminded):
        return None
    return Reminded(timer.event.due_on, before.value)


def _cited(rule: str | None, pack: Pack) -> Citation | None:
    return pack.cite(rule) if rule is not None and rule in dict(pack.rules()) else None
