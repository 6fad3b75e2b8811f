"""A reviewer's query: asked of whoever runs the case, answered by a day, and counted when it is not."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, stage_of, under_way
from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner, ready
from domain.event import Confidential, Event
from domain.identity import Role, short_id
from domain.occasion import Occasion
from domain.refusal import Refusal, ReviewsOwnWork, UnknownChoice
from domain.replacing import replace
from domain.supervised import Query
from domain.working_days import Window

Runner = Literal[Role.PERSONNEL, Role.SCHOOL, Role.DECISION_BODY]


class QueryRunner(Command):
    """Ask whoever runs the case to explain something."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    question: str = Field(min_length=10, max_length=4000, description="stands in the record: no personal data")
    asked_of: Runner | None = Field(None, description="left out: the stage's duty holder, or personnel")


class AnswerQuery(Command):
    """Answer a reviewer's query."""

    query_id: str
    answer: str = Field(min_length=3, max_length=8000, description="sealed for supervision")


class RunnerQueried(CaseEvent):
    under: ClassVar[tuple[str, ...]] = ("supervision.query_answered",)
    query_id: str
    asked_of: Role
    asked_on: date
    question: str
    answer_due: Window

    def windows(self) -> Mapping[str, Window]:
        return {f"query:{self.query_id}": self.answer_due}

    def apply(self, case: LiveCase) -> Case:
        query = Query(self.query_id, self.asked_of, self.asked_on, self.answer_due.closes_on)
        return replace(case, supervised=case.supervised.with_query(query))


class QueryAnswered(CaseEvent):
    query_id: str
    answered_on: date
    answer: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return with_query(case, self.query_id, answered=True)


class QueryAnswerOverdue(CaseEvent):
    """The answer to a query is late; the silence counts against whoever was asked."""

    under: ClassVar[tuple[str, ...]] = ("supervision.query_answered",)
    query_id: str
    asked_of: Role
    due_on: date

    def apply(self, case: LiveCase) -> Case:
        return with_query(case, self.query_id, overdue=True)


class NoQueriesInThisPack(Refusal):
    rule = "house.a_query_has_a_day_by_which_it_is_answered"


def with_query(case: LiveCase, query_id: str, **changed: bool | date) -> LiveCase:
    """The case with one of its queries changed."""
    query = replace(case.supervised.queries[query_id], **changed)  # type: ignore[arg-type]
    return replace(case, supervised=case.supervised.with_query(query))


def query_runner(case: Case, command: QueryRunner, on: Occasion) -> list[Event]:
    """Supervision asks, and whoever runs the stage owes an answer by a day.

    Source: the pack's `supervision.query_answered` (F30 of the mission).
    Refuses: WrongOrgan, ActsInOwnCase, ReviewsOwnWork, NoQueriesInThisPack, BeyondTheCalendar.
    """
    live = ready(case, command, on)
    not_by_its_runner(live, on, ReviewsOwnWork, "query it")
    if on.pack.supervision is None:
        raise NoQueriesInThisPack(
            f"`{on.pack.id}` sets no day by which a query is answered, so none can be asked under it. "
            "Place a hold, or open an inquiry."
        )
    holder = stage_of(live, on.pack).duty.holder
    return [
        RunnerQueried(
            query_id=short_id(live.id, "query", on.command_id),
            asked_of=command.asked_of or (Role.PERSONNEL if holder is Role.SUPERVISION else holder),
            asked_on=on.today,
            question=command.question,
            answer_due=on.due(on.pack.supervision.query_answered.value),
        )
    ]


def answer_query(case: Case, command: AnswerQuery, on: Occasion) -> list[Event]:
    """Whoever was asked answers, once; a late answer is taken too.

    Refuses: UnknownChoice, WrongOrgan, ActsInOwnCase.
    """
    live = under_way(case)
    nobody_acts_for_themselves(live, command, on)
    query = live.supervised.queries.get(command.query_id)
    if query is None or query.answered:
        known = [found.id for found in live.supervised.open_queries]
        raise UnknownChoice(
            f"“{command.query_id}” is not an open query of this case; choose one of {', '.join(known) or 'none'}.",
            field="query_id",
            known=known,
        )
    held_by(query.asked_of, command, on)
    return [QueryAnswered(query_id=query.id, answered_on=on.today, answer=command.answer)]
