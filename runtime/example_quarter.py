"""A quarter of supervising together, told as an example: surveys, a request in vain, a meeting, a finding mended."""

from collections.abc import AsyncIterator
from datetime import date, datetime

from domain.command import Command
from domain.event import Event
from domain.identity import short_id
from domain.joint_meeting import AgendaItemPlaced, FindingMade, MinutesDrawnUp, joint_meeting_stream
from domain.joint_meeting_minutes import CloseMeeting, SignMinutes
from domain.joint_meeting_sitting import (
    AdoptResolution,
    MakeFinding,
    OpenMeeting,
    RecordMeetingAttendance,
    RecordStatement,
)
from domain.law import Text
from domain.organ_request import AskOrgan, RequestOverdue, organ_request_stream
from domain.problem_mending import AcceptRemedy, RefuseRemedy, ReportRemedy
from domain.supervision_problem import ProblemType, Severity, Subject, SubjectKind, problem_stream
from domain.survey import survey_stream
from domain.survey_ballot import Answers
from domain.survey_method import (
    PublishSurveyMethod,
    SurveyMethod,
    VoterClass,
    publish_survey_method,
    survey_method_stream,
)
from domain.survey_running import CountSurvey, IssueSurveyCodes, ProposeSurvey
from domain.yearly_report import DrawUpYearlyReport, yearly_report_stream
from eventstore.ballot_box import BallotBox
from eventstore.followed_recording import Asked
from eventstore.joint_meeting_recording import record_joint_meeting
from eventstore.organ_request_recording import record_organ_request
from eventstore.stream_recording import Kept, Wish
from eventstore.supervision_problem_recording import record_problem
from eventstore.survey_recording import cast_ballot, issue_codes, record_count, record_proposal
from eventstore.yearly_report_recording import record_yearly_report
from projections.joint_meeting import next_meeting
from projections.yearly_report import year_matter
from runtime.example_channels import SCHOOL, school_is_watched, somebody_tells
from runtime.example_planning import school_answers_the_inspection, school_is_inspected, training_is_planned
from runtime.example_together import PACK, ZONE, Together
from runtime.joint_meeting import MeetingSchedule
from runtime.survey import SurveyFollowUp

REPORTED_YEAR = 2026
REQUEST = short_id("example", "request")
CLASSES = (
    ("leaders", "Leaders", "领导班子", 12),
    ("staff", "Staff", "干部职工", 30),
    ("public", "The public", "群众", 90),
)
CONTENT, DISCONTENT = ("very", "satisfied", "satisfied", "basically"), ("satisfied", "basically", "rather_not", "not")
"""What people answered in the first survey and in the second, each in turn."""


async def a_quarter_together(told: Together) -> AsyncIterator[datetime]:
    """Two surveys, of which the second falls; a request in vain; a yearly report; a meeting; a remedy refused once."""
    yield told.at("2026-10-12")
    await training_is_planned(told)
    method_id = await _method_is_published(told)
    first = await _survey_is_set(told, method_id, "2026-10-19", "2026-10-30")
    yield told.at("2026-10-20")
    await _people_answer(told, first, CONTENT)
    yield told.at("2026-11-02")
    await _is_counted(told, first)
    yield told.at("2027-01-11")
    await _is_asked_in_vain(told)
    position = await somebody_tells(told)
    await school_is_watched(told)
    yield told.at("2027-01-12")
    await _year_is_reported(told)
    second = await _survey_is_set(told, method_id, "2027-01-18", "2027-01-29", follows=first)
    yield told.at("2027-01-19")
    await _people_answer(told, second, DISCONTENT)
    yield told.at("2027-02-01")
    await _silence_is_recorded(told)
    await school_is_inspected(told)
    await _is_counted(told, second)
    meeting_id, held_on = await _meeting_convenes(told)
    yield told.at(held_on)
    problem_id = await _meeting_is_held(told, meeting_id, position)
    yield told.at(held_on, 15)
    await _minutes_are_signed(told, meeting_id)
    yield told.at("2027-04-26")
    await school_answers_the_inspection(told)
    await _is_mended(told, problem_id, "The sheets of the spring term are signed by two teachers.")
    await _judges(told, problem_id, RefuseRemedy(reason="The sheets of the evening classes are still signed by one."))
    yield told.at("2027-05-10")
    await _is_mended(told, problem_id, "Evening classes have two teachers on each sheet, too.")
    await _judges(told, problem_id, AcceptRemedy())


async def _method_is_published(told: Together) -> str:
    method_id = short_id("example", "survey method")
    method = SurveyMethod(
        unit="The county (example)",
        classes=tuple(VoterClass(id=name, says=Text(en=en, zh=zh), size=size) for name, en, zh, size in CLASSES),
        owner=told.officers["personnel"].organ,
        accepting=told.officers["supervision"].organ,
    )
    command = PublishSurveyMethod(method=method)

    def decide(_: object, asked: Asked) -> list[Event]:
        today = asked.at.astimezone(ZONE).date()
        return publish_survey_method(method_id, command, actor=asked.actor, today=today, versions=0)

    await told.records(survey_method_stream(method_id), "supervision", command, decide)
    await told.says("the method of the survey is published, with its weights, before anybody is asked")
    return method_id


async def _survey_is_set(told: Together, method_id: str, opens: str, closes: str, follows: str | None = None) -> str:
    survey_id = short_id("example", "survey", opens)
    command = ProposeSurvey(
        method_id=method_id, opens_on=date.fromisoformat(opens), closes_on=date.fromisoformat(closes), follows=follows
    )
    await record_proposal(
        told.house.recorder, survey_id, await told.asked(survey_stream(survey_id), "supervision", command)
    )
    return survey_id


async def _people_answer(told: Together, survey_id: str, said: tuple[str, ...]) -> None:
    recorder, box, cast = told.house.recorder, BallotBox(told.house.pool, told.house.keys), 0
    for name, _, _, size in CLASSES:
        command = IssueSurveyCodes(voter_class=name, codes=size)
        asked = await told.asked(survey_stream(survey_id), "supervision", command)
        given = await issue_codes(recorder, box, survey_id, asked)
        for place, code in enumerate(given.codes[: size - 1]):
            answer = said[place % len(said)]
            choices = {"overall": answer, "daily": answer, "rectification": "unknown", "recognition": "basically"}
            await cast_ballot(
                told.house.recorder, box, survey_id, code, Answers(choices=choices), await told.skipped.now()
            )
            cast += 1
    await told.says(f"{cast} people answer with codes that nothing ties to them")


async def _is_counted(told: Together, survey_id: str) -> None:
    box = BallotBox(told.house.pool, told.house.keys)
    asked = await told.asked(survey_stream(survey_id), "supervision", CountSurvey())
    await record_count(told.house.recorder, box, survey_id, asked)
    await told.project()
    opened = await SurveyFollowUp(told.house, lambda: asked.at).sweep()
    more = f"; the index opens {opened} problem(s) by itself" if opened else ""
    await told.says(f"the ballots are counted, and destroyed with their keys{more}")


async def _is_asked_in_vain(told: Together) -> None:
    question = "Which letters of 2026 were issued on the day of the decision?"
    subject = Subject(kind=SubjectKind.ORGAN, id=told.officers["personnel"].organ)
    command = AskOrgan(asked=told.officers["personnel"].organ, question=question, subject=subject)
    asked = await told.asked(organ_request_stream(REQUEST), "supervision", command)
    await record_organ_request(told.house.recorder, REQUEST, asked)
    await told.skipped.carry()
    await told.says("supervision asks personnel something, to be answered within ten working days")


async def _silence_is_recorded(told: Together) -> None:
    async def overdue() -> bool:
        return any(isinstance(event, RequestOverdue) for event in await told.events(organ_request_stream(REQUEST)))

    await told.skipped.until(overdue, "the silence of personnel to be recorded")
    await told.says("personnel was silent past its day, which is on record and counts against it")


async def _year_is_reported(told: Together) -> None:
    await told.project()
    command = DrawUpYearlyReport(year=REPORTED_YEAR)
    asked = await told.asked(yearly_report_stream(REPORTED_YEAR), "personnel", command)
    wish = Wish(asked.stream, command, asked.actor, asked.command_id, asked.at)
    matter = await year_matter(told.house.pool, told.house.packs, REPORTED_YEAR, asked.at)
    await record_yearly_report(told.house.store, told.house.keys, wish, matter)
    told_of = f"{sum(count.n for count in matter.letters)} letters, {len(matter.indices)} indices"
    await told.says(f"the report of {REPORTED_YEAR} is drawn up: {told_of}; its hash fixes it")


async def _meeting_convenes(told: Together) -> tuple[str, date]:
    at = await told.skipped.now()
    schedule = MeetingSchedule(told.house, lambda: at)
    await schedule.sweep()
    await told.project()
    await schedule.sweep()
    await told.project()
    meeting = await next_meeting(told.house.pool, PACK)
    assert meeting is not None
    events = await told.events(joint_meeting_stream(meeting.meeting_id))
    kinds = sorted({str(event.kind).replace("_", " ") for event in events if isinstance(event, AgendaItemPlaced)})
    day = f"{meeting.held_on:%-d %B %Y}"
    await told.says(f"the joint meeting of {day} is convened by itself, and its agenda fills: {', '.join(kinds)}")
    return meeting.meeting_id, meeting.held_on


async def _meets(told: Together, meeting_id: str, who: str, command: Command) -> Kept:
    asked = await told.asked(joint_meeting_stream(meeting_id), who, command)
    return await record_joint_meeting(told.house.recorder, meeting_id, asked)


async def _meeting_is_held(told: Together, meeting_id: str, position: int) -> str:
    for who in ("personnel", "supervision"):
        actor = told.officers[who]
        await _meets(told, meeting_id, who, RecordMeetingAttendance(organ=actor.organ, present=(actor.officer,)))
    await _meets(told, meeting_id, "personnel", OpenMeeting())
    shared = RecordStatement(organ=told.officers["supervision"].organ, text="Attendance sheets were signed afterwards.")
    await _meets(told, meeting_id, "supervision", shared)
    finding = MakeFinding(
        type=ProblemType.TRAINING,
        severity=Severity.SERIOUS,
        subject=Subject(kind=SubjectKind.ORGAN, id=SCHOOL),
        finding="Attendance sheets of the spring term were signed after the course.",
        evidence=(position,),
        owner=SCHOOL,
        accepting=told.officers["supervision"].organ,
    )
    kept = await _meets(told, meeting_id, "personnel", finding)
    made = next(event for event in kept.events if isinstance(event, FindingMade))
    resolution = AdoptResolution(
        text="Personnel answers within ten working days, or says why not.",
        owner=told.officers["personnel"].organ,
        accepting=told.officers["supervision"].organ,
        due_on=date(2027, 5, 31),
    )
    await _meets(told, meeting_id, "personnel", resolution)
    await _meets(told, meeting_id, "personnel", CloseMeeting())
    await told.says("both departments meet: a finding for the school to mend, a resolution for personnel to carry out")
    return made.problem_id


async def _minutes_are_signed(told: Together, meeting_id: str) -> None:
    drawn = next(
        event for event in await told.events(joint_meeting_stream(meeting_id)) if isinstance(event, MinutesDrawnUp)
    )
    for who in ("personnel", "supervision"):
        await _meets(told, meeting_id, who, SignMinutes(digest=drawn.digest))
    await told.says("both sign the minutes, which nothing can change")


async def _is_mended(told: Together, problem_id: str, remedy: str) -> None:
    asked = await told.asked(problem_stream(problem_id), "school", ReportRemedy(remedy=remedy))
    await record_problem(told.house.recorder, problem_id, asked)
    await told.says("the school says what it did about the finding")


async def _judges(told: Together, problem_id: str, command: AcceptRemedy | RefuseRemedy) -> None:
    await record_problem(
        told.house.recorder, problem_id, await told.asked(problem_stream(problem_id), "supervision", command)
    )
    await told.says(
        "supervision accepts the remedy" if isinstance(command, AcceptRemedy) else "supervision refuses the remedy"
    )
