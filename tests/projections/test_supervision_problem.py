"""Whatever becomes of problems, the register says of each what its own events say."""

from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

from domain.command import Command
from domain.identity import Actor, OfficerId
from domain.problem_mending import AcceptRemedy, RefuseRemedy, ReopenProblem, ReportRemedy
from domain.refusal import Refusal
from domain.supervision_problem import fold_problem, problem_stream
from domain.timer import timer_command_id
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.supervision_problem_recording import record_problem
from projections.supervision_problem import problem_counts, problems_page
from tests.desk import MORNING, Desk
from tests.domain.test_supervision_problem import OPEN
from tests.examples import PERSONNEL, SUPERVISION, reference

ANOTHER = SUPERVISION.model_copy(update={"officer": OfficerId("officer-second-reviewer")})
STEPS: list[tuple[Command, Actor]] = [
    (ReportRemedy(remedy="It was put right."), PERSONNEL),
    (RefuseRemedy(reason="It came back in May."), ANOTHER),
    (AcceptRemedy(), ANOTHER),
    (ReopenProblem(reason="It came back in June."), SUPERVISION),
]


async def _lived(desk: Desk, problem: str, chance: Random) -> None:
    stream, when = problem_stream(problem), MORNING
    for place in range(chance.randint(1, 9)):
        command, actor = chance.choice(STEPS) if place else (OPEN, SUPERVISION)
        command_id = timer_command_id(stream, command.name(), str(place))
        asked = Asked(stream, command, actor, command_id, when, reference("standard"))
        with suppress(Refusal):
            await record_problem(desk.house.recorder, problem, asked)
        when += timedelta(days=chance.randint(0, 45))


async def test_the_register_says_what_the_events_of_each_problem_say(desk: Desk) -> None:
    chance = Random(7)
    problems = [f"problem{number:05}" for number in range(24)]
    for problem in problems:
        await _lived(desk, problem, chance)
    await desk.project()
    rows = {row.problem_id: row for row in await problems_page(desk.house.pool, limit=100)}
    states: dict[str, int] = {}
    for problem in problems:
        stored = await desk.house.store.read_stream(problem_stream(problem))
        events = [decode(row).event for row in stored]
        folded, row = fold_problem(events), rows[problem]
        assert folded is not None
        shown: Any = (row.state, row.overdue, row.escalated, row.due_on, len(row.remedies), row.mended_on is not None)
        told = (folded.state, folded.overdue, folded.escalated, folded.due_on, folded.remedies, folded.mended)
        assert shown == told
        assert row.times_overdue == sum(event.alias == "remedy_overdue" for event in events)
        assert (row.last_position, len(row.reopened)) == (
            stored[-1].position,
            sum(event.alias == "problem_reopened" for event in events),
        )
        states[folded.state] = states.get(folded.state, 0) + 1
    assert (await problem_counts(desk.house.pool)).by_state == states and len(states) >= 4
