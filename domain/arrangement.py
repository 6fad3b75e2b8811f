"""How a course is held: places, hours, sessions, facility, needs and teachers; and that these add up."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.command import Command
from domain.facility import Equipment, Places
from domain.identity import FacilityId, PersonId

SessionHours = Annotated[int, Field(ge=1, le=24)]


class Session(BaseModel):
    """One sitting of a course: a day, and its hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date
    hours: SessionHours


class Arrangement(BaseModel):
    """How a course is held. What its hours have beyond those of its sessions is studied outside of them.

    Units: `places` for participants; `hours` and `days` of the whole course; `needs` are places with an equipment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    places: Places
    hours: int = Field(ge=1, le=5000)
    days: int = Field(ge=0, le=400, description="days of training that it counts for")
    sessions: tuple[Session, ...] = Field(max_length=400, description="one or more, in the order of their days")
    facility_id: FacilityId | None = Field(None, max_length=40)
    needs: Equipment = Field(default_factory=dict, max_length=40, description="places that need it, by its name")
    teachers: tuple[PersonId, ...] = Field((), max_length=60, description="pseudonyms of registered teachers")

    @property
    def session_days(self) -> tuple[date, ...]:
        return tuple(sorted({session.on for session in self.sessions}))

    @property
    def began_on(self) -> date:
        return self.sessions[0].on

    @property
    def ended_on(self) -> date:
        return self.sessions[-1].on

    @property
    def hours_outside(self) -> int:
        """Hours that are studied outside of the sessions."""
        return self.hours - sum(session.hours for session in self.sessions)


class Arranged(Command):
    """A command that says how a course is held."""

    arrangement: Arrangement

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        days = [session.on for session in self.arrangement.sessions]
        if not days:
            raise ValueError("a course has at least one session; name its day and hours")
        if days != sorted(days):
            raise ValueError("the sessions do not stand in the order of their days; sort them")
        if self.arrangement.hours_outside < 0:
            raise ValueError("the sessions have more hours than the course; correct one of them")
        if self.arrangement.days > len(set(days)):
            raise ValueError("the course counts for more days than its sessions have; correct one of them")
        if len(set(self.arrangement.teachers)) != len(self.arrangement.teachers):
            raise ValueError("a teacher stands in it twice; name each once")
        return self
