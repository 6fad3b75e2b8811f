"""What somebody studies in an example: personnel send them to a course, the school enrols, records and completes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from domain.arrangement import Arrangement, Session
from domain.command import Command
from domain.course import Known, ScheduleCourse, course_stream, schedule_course
from domain.course_attendance import CourseEndedByLeave, RecordAttendance, record_attendance
from domain.course_completion import CompleteCourse, complete_course
from domain.course_progress import Assessment, Attendance, Examination, Study
from domain.course_record import (
    Class,
    RecordAssessment,
    RecordExamination,
    RecordStudy,
    record_assessment,
    record_examination,
    record_study,
)
from domain.event import Event, PackReference, StreamId
from domain.identity import Actor, CourseId, PersonId, short_id
from domain.in_service import RegisterService, register_service
from domain.pack import Pack
from domain.participant import EnrolParticipant, SendToCourse, enrol_participant, send_to_course
from domain.training_file import TrainingFile, training_file_stream
from domain.training_standing import training_standing
from eventstore.course_recording import read_course, record_arrangement, record_in_course
from eventstore.stream_recording import Kept, Wish
from eventstore.training_files import read_training_file
from eventstore.training_recording import record_in_training_file
from runtime.example_teller import Teller
from runtime.example_training import has_studied

HOURS_A_DAY = 8
Decide = Callable[..., list[Event]]


@dataclass
class Studies:
    """One person's training in a life, told as it happens."""

    life: Teller
    person: PersonId
    pack: PackReference
    law: Pack
    recorded: int = 0

    @classmethod
    async def of(cls, life: Teller, reference: str) -> "Studies":
        house, at = life.skipped.house, await life.skipped.now()
        pack = await house.packs.latest(life.pack_id, at)
        return cls(life, await house.keys.subject_for(reference), pack, await house.packs.get(pack))

    async def serves(self, since_on: date, hours: int) -> None:
        """Personnel register where they serve; so many hours are on file from before."""
        at, post = await self.life.skipped.now(), self.life.post
        service = RegisterService(
            person_id=self.person, unit=post.unit, pack=self.life.pack_id, rank=post.rank, since_on=since_on
        )
        actor = self.life.officers["personnel"]
        await self._into_file(service, partial(register_service, command=service, actor=actor, at=at), actor, at)
        school = self.life.officers["school"]
        await has_studied(self.life.skipped.house, school, self.person, self.life.name, hours, at)

    async def stands(self) -> None:
        """How they stand against the rank of the post is told."""
        house, at = self.life.skipped.house, await self.life.skipped.now()
        file = (await read_training_file(house.store, house.keys, self.person)).file
        found = training_standing(file, self.law, self.life.post.rank, at.astimezone(self.life.zone).date())
        lack = "in order" if found.in_order else f"out of order, {found.missing_hours} hours are missing"
        await self._tell(f"{found.hours} of {found.required_hours} hours of training are on file: {lack}")

    async def is_sent_to(self, title: str, *days: str) -> CourseId:
        """A course of so many days, to which personnel send them, and in which the school gives them a place."""
        at, course_id = await self.life.skipped.now(), CourseId(short_id("example", self.life.name, title))
        sessions = tuple(Session(on=date.fromisoformat(day), hours=HOURS_A_DAY) for day in days)
        arranged = Arrangement(places=20, hours=HOURS_A_DAY * len(days), days=len(days), sessions=sessions)
        course = ScheduleCourse(title=title, pack=self.pack, kind="in_service", method="off_job", arrangement=arranged)
        school, personnel = self.life.officers["school"], self.life.officers["personnel"]
        house, wish = self.life.skipped.house, self._wish(course_stream(course_id), course, school, at)
        known = Known(self.law.training_rules)
        decided = partial(schedule_course, course_id=course_id, command=course, actor=school, known=known)
        await record_arrangement(house.store, house.keys, wish, course_id, decided)
        sent = SendToCourse(person_id=self.person, reason="Lacks hours for the post.")
        enrolled = EnrolParticipant(person_id=self.person)
        for command, decide, actor in ((sent, send_to_course, personnel), (enrolled, enrol_participant, school)):
            wish = self._wish(course_stream(course_id), command, actor, at)
            placed: Decide = partial(decide, command=command, actor=actor, at=at)  # type: ignore[arg-type]
            await record_in_course(house.store, house.keys, wish, placed)
        await self._tell(f"sent to the course “{title}” of {arranged.hours} hours, and enrolled by the school")
        return course_id

    async def attends(self, course_id: CourseId, session: int, leave_hours: int = 0) -> None:
        """A session of a course, and what leave in it leads to."""
        stated = Attendance(
            session=session,
            attended_hours=HOURS_A_DAY - leave_hours,
            leave_hours=leave_hours,
            leave_reason="Called back to the dam." if leave_hours else None,
        )
        command = RecordAttendance(person_id=self.person, attendance=stated)
        kept = await self._of_course(course_id, command, record_attendance)
        for event in kept.events:
            if isinstance(event, CourseEndedByLeave):
                await self._tell(f"{event.because} The course has ended by itself, and nothing of it counts")

    async def completes(self, course_id: CourseId, score: int) -> None:
        """The four records of a course that was attended in full, and its completion."""
        house, today = self.life.skipped.house, (await self.life.skipped.now()).astimezone(self.life.zone).date()
        course = (await read_course(house.store, course_id)).course
        assert course is not None
        study = Study(covered="The whole of the course.", hours_outside=0)
        await self._of_course(course_id, RecordStudy(person_id=self.person, study=study), record_study)
        for session in range(1, len(course.arrangement.sessions) + 1):
            await self.attends(course_id, session)
        sitting = Examination(sitting=1, score=score, held_on=today)
        examined = RecordExamination(person_id=self.person, examination=sitting)
        await self._of_course(course_id, examined, record_examination)
        said = Assessment(text="Settled every exercise case.", passed=True)
        await self._of_course(course_id, RecordAssessment(person_id=self.person, assessment=said), record_assessment)
        await self._of_course(course_id, CompleteCourse(person_id=self.person), complete_course)
        await self._tell(f"“{course.title}”: study, attendance, examination ({score} points) and assessment; passed")

    async def _of_course(self, course_id: CourseId, command: Command, decide: Decide) -> Kept:
        at, school = await self.life.skipped.now(), self.life.officers["school"]
        course = (await read_course(self.life.skipped.house.store, course_id)).course
        of = Class(course, self.law.training_rules)
        return await self._into_file(command, partial(decide, command=command, of=of, actor=school, at=at), school, at)

    async def _into_file(
        self, command: Command, decide: Callable[[TrainingFile], list[Event]], actor: Actor, at: datetime
    ) -> Kept:
        house, wish = self.life.skipped.house, self._wish(training_file_stream(self.person), command, actor, at)
        return await record_in_training_file(house.store, house.keys, self.person, wish, decide)

    def _wish(self, stream: StreamId, command: Command, actor: Actor, at: datetime) -> Wish:
        self.recorded += 1
        command_id = uuid5(NAMESPACE_URL, f"investiture/example/{self.life.name}/studies/{self.recorded}")
        return Wish(stream, command, actor, command_id, at, self.pack)

    async def _tell(self, what: str) -> None:
        self.life.tell(await self.life.skipped.now(), self.life.name, what)
