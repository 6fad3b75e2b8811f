"""Which streams outside of cases a workflow follows, and how each is folded."""

from collections.abc import Callable, Iterable

from domain.event import Event, StreamId
from domain.followed import Followed
from domain.joint_meeting_standing import fold_joint_meeting
from domain.organ_request import fold_organ_request
from domain.supervision_problem import fold_problem
from domain.supervision_watch import fold_watch
from domain.survey import fold_survey

FOLDS: dict[str, Callable[[Iterable[Event]], Followed | None]] = {
    "problem": fold_problem,
    "joint_meeting": fold_joint_meeting,
    "organ_request": fold_organ_request,
    "survey": fold_survey,
    "supervision_watch": fold_watch,
}
"""By the first part of the stream's name, which is also the first part of its workflow's id."""


def kind_of(stream: StreamId) -> str:
    """The first part of a stream's name."""
    return stream.partition("/")[0]


def fold_followed(stream: StreamId, events: Iterable[Event]) -> Followed | None:
    """What the events of such a stream have made; None before the first."""
    return FOLDS[kind_of(stream)](events)
