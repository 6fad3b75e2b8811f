"""The pages on which a joint meeting is found and held: agenda, dossier of the item, findings and resolutions."""

from domain.joint_meeting import ItemAbout, ItemKind, MeetingKind, Seat
from domain.law import Language
from domain.supervision_problem import ProblemType, Severity, SubjectKind
from pages.staff_page import StaffPage
from pages.translations import words

STATES = ("convened", "agenda_settled", "open", "closed", "concluded", "not_held", "cancelled")


def _called(language: Language) -> dict[str, object]:
    t = words(language)
    kinds = {str(kind): t(f"meeting.kind.{kind}") for kind in MeetingKind}
    return {"kinds": kinds, "states": {state: t(f"meeting.state.{state}") for state in STATES}}


def _room(language: Language) -> dict[str, object]:
    t = words(language)
    return {
        "items": {str(kind): t(f"meeting.item.{kind}") for kind in ItemKind},
        "abouts": {str(about): t(f"meeting.about.{about}") for about in ItemAbout},
        "types": {str(kind): t(f"meeting.type.{kind}") for kind in ProblemType},
        "severities": {str(level): t(f"meeting.severity.{level}") for level in Severity},
        "subjects": {str(kind): t(f"meeting.subject.{kind}") for kind in SubjectKind},
        "seats": {str(seat): t(f"meeting.seat.{seat}") for seat in Seat},
        **_called(language),
    }


JOINT_MEETINGS = StaffPage("/joint-meetings", "joint_meeting_list", ("meeting",), _called)
JOINT_MEETING = StaffPage("/joint-meetings/{meeting_id}", "joint_meeting", ("room", "meeting"), _room)
