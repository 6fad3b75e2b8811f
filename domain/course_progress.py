"""How far somebody is in one course: the four records that a school keeps of a person and a course."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.replacing import put

Score = Annotated[int, Field(ge=0, le=100)]
Sitting = Annotated[int, Field(ge=1, le=9)]
Place = Annotated[int, Field(ge=1, le=400)]


class Stated(BaseModel):
    """What the school states of a person."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class Study(Stated):
    """What was covered, and how many hours of it outside of the sessions."""

    covered: str = Field(min_length=2, max_length=2000)
    hours_outside: int = Field(ge=0, le=5000)


class Attendance(Stated):
    """One session: hours attended, and hours of leave with its reason. What is left of it was absence."""

    session: Place
    attended_hours: int = Field(ge=0, le=24)
    leave_hours: int = Field(0, ge=0, le=24)
    leave_reason: str | None = Field(None, max_length=500)


class Examination(Stated):
    """One sitting of the examination. Units: `score` of a hundred."""

    sitting: Sitting
    score: Score
    held_on: date


class Assessment(Stated):
    """What the assessor says of somebody, and whether they passed in the assessor's judgement."""

    text: str = Field(min_length=5, max_length=2000)
    passed: bool


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """The four records of a person and a course, and whether leave ended it. Units: hours."""

    study: Study | None = None
    sessions: Mapping[int, Attendance] = field(default_factory=lambda: MappingProxyType({}))
    sittings: Mapping[int, Examination] = field(default_factory=lambda: MappingProxyType({}))
    assessment: Assessment | None = None
    ended_by_leave: bool = False
    completed: bool = False
    rated: bool = False

    @property
    def attended_hours(self) -> int:
        return sum(attended.attended_hours for attended in self.sessions.values())

    @property
    def leave_hours(self) -> int:
        return sum(attended.leave_hours for attended in self.sessions.values())

    @property
    def best_score(self) -> int | None:
        return max((sitting.score for sitting in self.sittings.values()), default=None)

    def attending(self, attendance: Attendance) -> "CourseProgress":
        """With a session as it is stated now."""
        return replace(self, sessions=put(self.sessions, attendance.session, attendance))

    def sitting(self, examination: Examination) -> "CourseProgress":
        """With a sitting as it is stated now."""
        return replace(self, sittings=put(self.sittings, examination.sitting, examination))
