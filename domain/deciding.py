"""The one place where a command becomes events: its own, and what follows of itself."""

from dataclasses import replace

from domain.appointment import Case, LiveCase, fold, underlying
from domain.case_file import Candidate
from domain.catalogue import DECIDE
from domain.command import Command
from domain.due_date import later_than_counted
from domain.event import Event
from domain.identity import PersonId
from domain.occasion import Occasion
from domain.recusal import without_conflict
from domain.stage import advance
from domain.timer import LetTimerRunOut
from domain.training_verification import MAKE_UP_TIMER, RecordMakeUpTraining, VerifyTraining


def decide(case: Case, command: Command, on: Occasion) -> list[Event]:
    """The facts that a command leads to, stage changes included, so that one append records them together.

    Whoever is conflicted is stopped here, before any rule of the command, so that no command can be left out.

    Refuses: what `without_conflict` and the command's decide function refuse.
    """
    without_conflict(case, command, on)
    # A clock that ends by days of a calendar since published is given the days that it was still owed instead.
    events = later_than_counted(case, command, on) or DECIDE[type(command)](case, command, on)
    if on.new_law is not None:  # what follows of a move follows under the law that the case was moved to
        on = replace(on, pack=on.new_law.pack)
    return [*events, *advance(fold(events, case), on)] if events else []


def whose_training(case: Case, command: Command) -> PersonId | None:
    """Whose training file a command is decided upon; None for one that asks about nobody's training."""
    live = underlying(case)
    if live is None:
        return None
    match command:
        case VerifyTraining(candidate_id=candidate_id):
            found = live.candidates.get(candidate_id)
        case RecordMakeUpTraining():
            found = _appointee(live)
        case LetTimerRunOut(timer=timer) if timer == MAKE_UP_TIMER:
            found = _appointee(live)
        case _:
            found = None
    return found.person if found else None


def _appointee(case: LiveCase) -> Candidate | None:
    return case.candidates.get(case.appointed.candidate) if case.appointed else None
