"""Whatever anybody tries, in whatever order, nobody accepts their own remedy, and each problem waits for somebody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.command import Command
from domain.event import Event
from domain.identity import SYSTEM, Actor, OfficerId, OrganId, Role
from domain.occasion import Occasion
from domain.problem_mending import MENDING, AcceptRemedy, OpenProblem, RefuseRemedy, ReopenProblem, ReportRemedy
from domain.refusal import Refusal
from domain.supervision_problem import ProblemOpened, RemedyAccepted, RemedyRefused, RemedyReported, fold_problem
from runtime.calendars import calendar_for
from tests.domain.test_supervision_problem import OPEN, PROBLEM
from tests.examples import at, pack

START = at("2026-03-02")
ORGANS = [OrganId(name) for name in ("personnel-department", "supervision-organ", "training-school")]
ROLES = [Role.PERSONNEL, Role.SUPERVISION, Role.SCHOOL, Role.DECISION_BODY]
OFFICERS = [OfficerId(f"officer-{number}") for number in range(4)]


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    """Somebody with any roles in any organ, perhaps in somebody's place."""
    roles = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=4, unique=True))
    stands_in = draw(st.one_of(st.none(), st.sampled_from(OFFICERS)))
    officer, organ = draw(st.sampled_from(OFFICERS)), draw(st.sampled_from(ORGANS))
    return Actor(officer=officer, organ=organ, roles=tuple(roles), on_behalf_of=stands_in)


@st.composite
def openings(draw: st.DrawFn) -> OpenProblem:
    owner, accepting = draw(st.sampled_from(ORGANS)), draw(st.sampled_from(ORGANS))
    return OPEN.model_copy(update={"owner": owner, "accepting": accepting})


COMMANDS: st.SearchStrategy[Command] = st.one_of(
    openings(),
    st.just(ReportRemedy(remedy="It was put right.")),
    st.just(AcceptRemedy()),
    st.just(RefuseRemedy(reason="It came back in May.")),
    st.just(ReopenProblem(reason="It came back in June.")),
)
STEPS = st.lists(st.tuples(COMMANDS, actors(), st.integers(0, 25)), min_size=10, max_size=40)


def lived(steps: Sequence[tuple[Command, Actor, int]]) -> list[tuple[Actor, Event]]:
    """What a problem's stream holds after those steps, with its clocks, and whose act each event was."""
    told: list[tuple[Actor, Event]] = []
    when = START
    for command, actor, days in steps:
        when += timedelta(days=days)
        told += [(SYSTEM, event) for event in _ended(told, when)]
        problem = fold_problem(event for _, event in told)
        on = Occasion(when, actor, pack("standard"), calendar_for("GB-ENG"), "command", "Europe/London")
        try:
            told += [(actor, event) for event in MENDING[type(command)](problem, command, on, PROBLEM)]
        except Refusal:
            continue
    return told


def _ended(told: list[tuple[Actor, Event]], when: datetime) -> list[Event]:
    problem = fold_problem(event for _, event in told)
    return [clock.event for clock in problem.clocks if clock.due_at <= when] if problem else []


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_no_remedy_is_judged_by_its_owner_or_by_whoever_found_the_problem_or_reported_it(
    steps: list[tuple[Command, Actor, int]],
) -> None:
    """F40, F53."""
    hands: set[OfficerId] = set()
    owner = None
    for actor, event in lived(steps):
        match event:
            case ProblemOpened():
                owner = event.owner
                assert event.owner != event.accepting
                hands.add(actor.officer)
            case RemedyReported():
                assert actor.organ == owner
                hands.add(actor.officer)
            case RemedyAccepted() | RemedyRefused():
                assert actor.organ != owner and not actor.hands & hands


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_a_problem_always_waits_for_somebody_until_it_is_mended_and_its_day_is_called_once(
    steps: list[tuple[Command, Actor, int]],
) -> None:
    events = [event for _, event in lived(steps)]
    for count in range(1, len(events) + 1):
        problem = fold_problem(events[:count])
        assert problem is not None
        assert problem.over == (not problem.clocks and problem.mended)
        assert problem.organ in (problem.owner, problem.accepting)
    assert all(not isinstance(second, type(first)) for first, second in pairwise(events))
