"""A school that holds courses over HTTP: a facility, a course in it, and people who go through it."""

from dataclasses import dataclass
from typing import Any

from tests.desk import Desk, P, S
from tests.examples import at as moment

AMINA, WEI = {"person": "staff-4711"}, {"person": "staff-4712"}
HALL = {"title": "Lecture hall 2", "places": 30, "equipment": {"projector": 30}, "available_from_on": "2026-01-01"}
SESSIONS = [{"on": "2026-03-02", "hours": 6}, {"on": "2026-03-03", "hours": 6}]
STUDY = {"study": {"covered": "Chapters 1 to 6.", "hours_outside": 2}}
ASSESSMENT = {"assessment": {"text": "Settled every exercise case.", "passed": True}}


def arrangement(**changed: Any) -> dict[str, Any]:
    return {"places": 20, "hours": 14, "days": 2, "sessions": SESSIONS, **changed}


@dataclass
class Classroom:
    """A desk at which a school works."""

    desk: Desk

    async def facility(self, **changed: Any) -> str:
        return str((await self.desk.done("/facilities", HALL | changed, S))["facility_id"])

    def course_body(self, **changed: Any) -> dict[str, Any]:
        course = {"title": "Administrative law", "pack": "standard", "kind": "in_service", "method": "off_job"}
        return course | {"arrangement": arrangement(**changed)}

    async def course(self, **changed: Any) -> str:
        return str((await self.desk.done("/courses", self.course_body(**changed), S))["course_id"])

    async def enrolled(self, course_id: str, who: dict[str, str] = AMINA) -> str:
        answer = await self.desk.done(f"/courses/{course_id}/participants", who, S)
        return str(answer["person_id"])

    async def attended(self, course_id: str, session: int, *lines: dict[str, Any]) -> list[dict[str, Any]]:
        body = {"session": session, "lines": list(lines)}
        found: list[dict[str, Any]] = (await self.desk.done(f"/courses/{course_id}/attendance-records", body, S))[
            "lines"
        ]
        return found

    async def recorded(self, course_id: str, who: dict[str, str] = AMINA, *, score: int = 84) -> None:
        """All four records of somebody who was always there."""
        at = f"/courses/{course_id}"
        self.desk.clock.at = max(self.desk.clock.at, moment("2026-03-03"))
        examination = {"examination": {"sitting": 1, "score": score, "held_on": "2026-03-03"}}
        await self.desk.done(f"{at}/study-records", who | STUDY, S)
        for session in (1, 2):
            await self.attended(course_id, session, who | {"attended_hours": 6})
        await self.desk.done(f"{at}/examination-records", who | examination, S)
        await self.desk.done(f"{at}/assessment-records", who | ASSESSMENT, S)

    async def completed(self, course_id: str, who: dict[str, str] = AMINA) -> dict[str, Any]:
        return await self.desk.done(f"/courses/{course_id}/completions", who, S)

    async def standing(self, who: dict[str, str] = AMINA) -> dict[str, Any]:
        asked = who | {"pack": "standard", "rank": "officer"}
        answer = await self.desk.http.post("/api/v1/training-standings", json=asked, headers=self.desk.headers(P))
        found: dict[str, Any] = answer.json()
        return found

    async def shown(self, path: str) -> dict[str, Any]:
        await self.desk.project()
        answer = await self.desk.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
