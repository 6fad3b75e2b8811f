"""What one organ asks of another: a question with a day, the answer or the refusal to give one, and the silence."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.followed import Ending, running
from domain.identity import CaseId, OfficerId, OrganId, Role
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan
from domain.supervision_problem import NO_NAMES, Evidence, NamedOrgan, Subject
from domain.timer import Timer
from domain.working_days import Window

SEALED = "sealed for the two organs"
BOTH_ORGANS = "both_organs"
"""The audience of what is sealed: whoever acts for the organ that asked, or for the one that was asked."""

ASKING = (Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY)


class RequestState(StrEnum):
    """How a request stands, in one word."""

    ASKED = "asked"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AskOrgan(Command):
    """Ask another organ something, in the name of your own."""

    asked: NamedOrgan = Field(description="the organ that is to answer")
    question: str = Field(min_length=10, max_length=2000, description=NO_NAMES)
    subject: Subject
    case_id: CaseId | None = Field(None, pattern="^[0-9a-z]{12}$", description="a case that it is about")
    particulars: str | None = Field(None, max_length=8000, description=SEALED)


class AnswerRequest(Command):
    """Answer what your organ was asked, also late."""

    answer: str = Field(min_length=2, max_length=4000, description=NO_NAMES)
    proof: Evidence = ()
    particulars: str | None = Field(None, max_length=8000, description=SEALED)


class DeclineRequest(Command):
    """Say that your organ will not answer, and why."""

    reason: str = Field(min_length=10, max_length=2000, description=NO_NAMES)


class WithdrawRequest(Command):
    """Take back what your organ asked."""

    reason: str = Field(min_length=10, max_length=2000, description=NO_NAMES)


class OrganAsked(Event):
    under: ClassVar[tuple[str, ...]] = ("joint_supervision.request_answered",)
    request_id: str
    asked_by: OrganId
    asked: OrganId
    question: str
    subject: Subject
    case_id: CaseId | None = None
    due: Window
    timezone: str
    asked_on: date
    officer: OfficerId
    particulars: Annotated[str | None, Confidential(to=BOTH_ORGANS)] = None


class RequestAnswered(Event):
    """The answer, which is taken also when it comes late."""

    answer: str
    proof: tuple[int, ...]
    answered_on: date
    late: bool
    particulars: Annotated[str | None, Confidential(to=BOTH_ORGANS)] = None


class RequestDeclined(Event):
    reason: str
    declined_on: date


class RequestWithdrawn(Event):
    reason: str
    withdrawn_on: date


class RequestOverdue(Event):
    """The day has passed without an answer; it counts against the organ that was asked."""

    under: ClassVar[tuple[str, ...]] = ("joint_supervision.request_answered",)
    due_on: date
    asked: OrganId


class RequestNotFound(Refusal):
    rule = "house.a_request_is_made_first"


class OrganAsksItself(Refusal):
    rule = "house.an_organ_asks_another"


class RequestIsSettled(Refusal):
    rule = "house.a_request_is_settled_once"


@dataclass(frozen=True, slots=True)
class OrganRequest:
    """A request as its events have made it."""

    id: str
    asked_by: OrganId
    asked: OrganId
    officer: OfficerId
    due_on: date
    timezone: str
    state: RequestState = RequestState.ASKED

    @property
    def title(self) -> str:
        return f"Request {self.id} of {self.asked_by} to {self.asked}"

    @property
    def organ(self) -> str:
        return self.asked

    @property
    def waits_for(self) -> str:
        return "the organ that was asked answers, or says why it does not"

    @property
    def over(self) -> bool:
        return self.state not in (RequestState.ASKED, RequestState.OVERDUE)

    @property
    def clocks(self) -> tuple[Timer, ...]:
        return () if self.over else running(self._endings(), self.timezone)

    def _endings(self) -> Iterable[Ending]:
        if self.state is RequestState.ASKED:
            yield "answer", self.due_on, RequestOverdue(due_on=self.due_on, asked=self.asked)


def organ_request_stream(request_id: str) -> StreamId:
    """The stream of a request."""
    return StreamId(f"organ_request/{request_id}")


def fold_organ_request(events: Iterable[Event]) -> OrganRequest | None:
    """The request that a stream of events has made."""
    request: OrganRequest | None = None
    for event in events:
        request = _asked(event) if isinstance(event, OrganAsked) else request and _after(request, event)
    return request


def _asked(event: OrganAsked) -> OrganRequest:
    organs = (event.asked_by, event.asked, event.officer)
    return OrganRequest(event.request_id, *organs, event.due.closes_on, event.timezone)


def _after(request: OrganRequest, event: Event) -> OrganRequest:
    became = {
        RequestAnswered: RequestState.ANSWERED,
        RequestDeclined: RequestState.DECLINED,
        RequestWithdrawn: RequestState.WITHDRAWN,
        RequestOverdue: RequestState.OVERDUE,
    }.get(type(event))
    return replace(request, state=became) if became else request


def ask_organ(request: OrganRequest | None, command: AskOrgan, on: Occasion, request_id: str) -> list[Event]:
    """An organ that runs, supervises or decides asks another one, in its own name and for an answer by a day.

    Source: F51 of the mission; the pack's `joint_supervision.request_answered`.
    Refuses: WrongOrgan, OrganAsksItself, PublicAnswerNamesSomebody, BeyondTheCalendar.
    Idempotent by: the request's id.
    """
    if request is not None:
        return []
    if not any(on.acts_as(role) for role in ASKING):
        raise WrongOrgan(
            f"Requests between organs are made by personnel, supervision or the deciding body, and you act as "
            f"{', '.join(on.actor.roles) or 'anybody'} for {on.actor.organ}. Ask one of them to do it.",
            organ=on.actor.organ,
        )
    if command.asked == on.actor.organ:
        raise OrganAsksItself(
            f"You act for {on.actor.organ}, which would ask itself. Name another organ in `asked`.", field="asked"
        )
    refuse_personal_data(command.question, field="question")
    due = on.due(on.pack.joint_supervision.request_answered.value)
    kept = {"request_id": request_id, "due": due, "timezone": on.timezone, "asked_by": on.actor.organ}
    return [OrganAsked(**command.model_dump(), **kept, asked_on=on.today, officer=on.actor.officer)]


def answer_request(request: OrganRequest | None, command: AnswerRequest, on: Occasion, request_id: str) -> list[Event]:
    """The organ that was asked answers; late is better than never, and stays late on the record.

    Refuses: RequestNotFound, RequestIsSettled, WrongOrgan, ReviewsOwnWork, PublicAnswerNamesSomebody.
    """
    open_ = _answered_by(request, request_id, on)
    refuse_personal_data(command.answer, field="answer")
    late = on.today > open_.due_on
    return [RequestAnswered(**command.model_dump(), answered_on=on.today, late=late)]


def decline_request(
    request: OrganRequest | None, command: DeclineRequest, on: Occasion, request_id: str
) -> list[Event]:
    """The organ that was asked says in public why it does not answer.

    Refuses: RequestNotFound, RequestIsSettled, WrongOrgan, ReviewsOwnWork, PublicAnswerNamesSomebody.
    """
    _answered_by(request, request_id, on)
    refuse_personal_data(command.reason, field="reason")
    return [RequestDeclined(reason=command.reason, declined_on=on.today)]


def withdraw_request(
    request: OrganRequest | None, command: WithdrawRequest, on: Occasion, request_id: str
) -> list[Event]:
    """The organ that asked takes it back; a silence that was recorded stays recorded.

    Refuses: RequestNotFound, RequestIsSettled, WrongOrgan, PublicAnswerNamesSomebody.
    """
    open_ = _open(request, request_id)
    if on.actor.organ != open_.asked_by:
        raise WrongOrgan(
            f"Request {open_.id} was made by {open_.asked_by}, and you act for {on.actor.organ}. Ask them.",
            organ=on.actor.organ,
        )
    refuse_personal_data(command.reason, field="reason")
    return [RequestWithdrawn(reason=command.reason, withdrawn_on=on.today)]


def _open(request: OrganRequest | None, request_id: str) -> OrganRequest:
    if request is None:
        raise RequestNotFound(f"There is no request “{request_id}”. Check its id in the list, or make one.")
    if request.over:
        raise RequestIsSettled(f"Request {request.id} is {request.state} already. Make another one.")
    return request


def _answered_by(request: OrganRequest | None, request_id: str, on: Occasion) -> OrganRequest:
    open_ = _open(request, request_id)
    if on.actor.organ != open_.asked:
        raise WrongOrgan(
            f"Request {open_.id} is for {open_.asked} to answer, and you act for {on.actor.organ}. Ask them.",
            organ=on.actor.organ,
        )
    if open_.officer in on.actor.hands:
        raise ReviewsOwnWork(f"You made request {open_.id} yourself. Another officer of {open_.asked} must answer it.")
    return open_


REQUEST_EVENTS: tuple[type[Event], ...] = (
    OrganAsked,
    RequestAnswered,
    RequestDeclined,
    RequestWithdrawn,
    RequestOverdue,
)

REQUESTING: dict[type[Command], Callable[[OrganRequest | None, Any, Occasion, str], list[Event]]] = {
    AskOrgan: ask_organ,
    AnswerRequest: answer_request,
    DeclineRequest: decline_request,
    WithdrawRequest: withdraw_request,
}
"""Every command about a request with its decide function."""
