"""What reaches supervision in the example of a quarter, and what it looks at of its own accord."""

from domain.identity import OrganId, short_id
from domain.inquiry import InquiryOutcome
from domain.supervision_input import (
    INPUTS,
    Labels,
    Membership,
    RecordInput,
    Source,
    VerifyInput,
    Voice,
    fold_input,
    supervision_input_stream,
)
from domain.supervision_point import Observation
from domain.supervision_problem import Subject, SubjectKind
from domain.supervision_watch import AttendWatchPoint, ConcludeWatch, OpenWatch, supervision_watch_stream
from eventstore.stream_recording import Kept
from eventstore.supervision_watch_recording import record_watch
from runtime.example_together import Together

SCHOOL = OrganId("training-school")


async def somebody_tells(told: Together) -> int:
    """Where on the log it stands that another officer found true what somebody had told of."""
    input_id = short_id("example", "input")
    labels = Labels(membership=Membership.NON_PARTY, voice=Voice.MASS, source=Source.PUBLIC_OPINION)
    text = "People say that the sheets of the spring term were signed when the course was over."
    about = Subject(kind=SubjectKind.ORGAN, id=SCHOOL)
    await _takes_in(told, input_id, "supervision", RecordInput(labels=labels, subject=about, text=text))
    await told.says("somebody tells supervision about the school: public opinion, so a lead and no evidence yet")
    shown = VerifyInput(verified_with="The sheets of the spring term, and the dates in their files.")
    kept = await _takes_in(told, input_id, "discipline", shown)
    await told.says("another officer of supervision verifies it")
    return kept.position


async def _takes_in(told: Together, input_id: str, who: str, command: RecordInput | VerifyInput) -> Kept:
    decide = INPUTS[type(command)]
    return await told.records(
        supervision_input_stream(input_id),
        who,
        command,
        lambda events, asked: decide(fold_input(events), command, asked.actor, input_id),
    )


async def school_is_watched(told: Together) -> None:
    watch_id = short_id("example", "watch")
    opened = OpenWatch(
        subject=Subject(kind=SubjectKind.TRAINING, id=SCHOOL),
        points=("How attendance is taken", "Who signs for evening classes"),
        grounds="A lead about the attendance sheets of the spring term.",
    )
    seen = (
        AttendWatchPoint(point=1, observation=Observation.NONE, text="A sheet at the door, signed at once."),
        AttendWatchPoint(point=2, observation=Observation.REMARK, text="One teacher signs for the whole evening."),
    )
    ended = ConcludeWatch(outcome=InquiryOutcome.SHORTCOMINGS, remarks="For the joint meeting.")
    for command in (opened, *seen, ended):
        asked = await told.asked(supervision_watch_stream(watch_id), "supervision", command)
        await record_watch(told.house.recorder, watch_id, asked)
    await told.says("supervision looks at the school of its own accord, point by point")
